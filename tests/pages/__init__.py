"""The YAML of the three published pages that this client was first made from.

`since.txt` has every leaf in which the sources have departed from them; `python -m tests.pages` writes
it anew.
"""
