"""Launch under fire, and then compare the client's account with the server's, launch by launch.

A sandbox damages launches and reads at random (`calls.py` has the table). A thousand launches are
made, by threads that share a `Cekura`, by tasks that share an `AsyncCekura` and are cancelled now and
then, and by rival processes that launch the same names and are interrupted by signals; all share one
record. Afterwards the sandbox's journal says what was really launched, and the client must have told
the truth about every single call. This is about real sockets, signals and files; what a server can
say, and when, is left to `scripts.simulate`. Takes about a minute; exit status 0 if all is well, 1 if
not.

Usage: python -m scripts.chaos [--launches N] [--seed N]
"""
