"""The outcome of a run as tables."""

from collections import Counter
from collections.abc import Mapping, Sequence

from cekura_client.record import ACCEPTED, REFUSED, UNKNOWN
from scripts.chaos.account import CHECKS, INTERRUPTED, Finding, Said, Server
from scripts.chaos.calls import KINDS, RIVALS, Call
from scripts.chaos.proxy import FATES


def _table(rows: Sequence[Sequence[object]]) -> str:
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in texts
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def fates(drawn: Mapping[tuple[str, str], int]) -> str:
    rows = [(fate.name, drawn["POST", fate.name], drawn["GET", fate.name]) for fate in FATES]
    total = ("all", sum(row[1] for row in rows), sum(row[2] for row in rows))
    return _table([("what was done to a request", "launches", "reads"), *rows, total])


def outcomes(calls: Sequence[Call], said: Mapping[int, Said], server: Server) -> str:
    head = (
        "kind of launch",
        "calls",
        "executed",
        "accepted",
        "recovered",
        "refused",
        "unknown",
        "interrupted",
    )
    rows: list[list[object]] = [[*head, "unknown, executed"]]
    for kind in (*KINDS, RIVALS, None):
        numbers = [call.number for call in calls if kind in (call.kind, None)]
        told = [(n, said[n]) for n in numbers if n in said]
        counts = Counter(of.what for _, of in told)
        rows.append(
            [
                kind.name if kind else "all",
                len(numbers),
                sum(server.committed.get(n, 0) for n in numbers),
                counts[ACCEPTED],
                sum(of.recovered for _, of in told),
                counts[REFUSED],
                counts[UNKNOWN],
                counts[INTERRUPTED],
                sum(of.what == UNKNOWN and n in server.committed for n, of in told),
            ]
        )
    return _table(rows)


def verdicts(findings: Sequence[Finding]) -> str:
    counts = Counter(finding.check for finding in findings)
    rows = [(check, counts[check], "WRONG" if counts[check] else "OK") for check in CHECKS]
    return _table([("what must not be", "found", ""), *rows])


def shown(
    finding: Finding, calls: Mapping[int, Call], said: Mapping[int, Said], server: Server
) -> str:
    number = finding.number
    lines = [f"{finding.check}: call {number}. {finding.detail}"]
    if number in calls:
        told = said.get(number, Said("nothing"))
        own = [result for result, owner in server.results.items() if owner == number]
        lines += [
            f"kind: {calls[number].kind.name}",
            f"fates: {[fate.name for fate in server.sent.get(number, ())]}",
            f"the client said: {told.what}, result {told.result_id}, recovered: {told.recovered}",
            f"the server has: executed {server.committed.get(number, 0)} times, results {own}",
            *told.detail.splitlines(),
        ]
    return "\n    ".join(lines)
