"""What changed between two states of the specification, whom it affects, and what to do.

``compare`` brings both documents into one normal form (`normal`) and walks through them, operation
by operation (`operations`) and keyword by keyword (`schemas`); a keyword without a rule is reported
as such. `rules` says what each kind of change means, `impact` whom it concerns here, and `report`
writes it down.
"""
