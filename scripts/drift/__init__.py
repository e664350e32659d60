"""What changed between two states of the specification, whom it affects, and what to do.

``compare`` walks both documents operation by operation (`operations`, `schemas`) and says what
changed on the wire and in the names; what the walk has not judged is looked at leaf by leaf
(`leftovers`), so that no difference goes unmentioned. `rules` has what each kind of change means,
`affected` who notices it here, and `report` writes it down.
"""
