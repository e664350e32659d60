"""Launch under fire, and then compare the client's account with the server's, launch by launch.

A proxy in front of the sandbox damages what passes through it, at random (`proxy.py` has
the table). Through it a thousand launches are made, by threads that share a `Cekura` and by tasks
that share an `AsyncCekura`. Afterwards the sandbox's own list says what was really launched, and the
client must have told the truth about every single call. Takes about a minute; exit status 0 if all
is well, 1 if not.

Usage: python -m scripts.chaos [--launches N] [--seed N] [--mode sync|async|both] [--sharing N]
"""
