"""A whole world without sockets, from a seed: launches that go wrong in every way, and a check of each.

The library's operations yield effects and its clock is injected. So here a world performs the effects:
processes that share a record of launches or do not, a server that executes, delays, loses, doubles
and shifts answers, rivals on the same account, interruptions, kills and full disks. Every decision is an
entry in a list of numbers: a story can be replayed, shortened and told.

Left out, because nobody could be right about it: another client of the account that launches the same name,
agent, scenarios and number of runs within the very window of an attempt. The checker excuses a caller
who is given that result, and the report counts how often it did. Not in this world: two threads between two
effects (`operations.claims` has a lock for that), and real sockets (`scripts.chaos`).

Usage: python -m scripts.simulate [--launches N] [--seed N] [--mutants] [--replay 'P1=1;P1.1=0,1,8']
"""
