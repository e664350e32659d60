"""What the client said, held against what the server has."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cekura_client.record import ACCEPTED, UNKNOWN
from scripts.chaos.calls import Call, call_number

TOO_MANY = 429  # after it a launch may be sent again
BUG, INTERRUPTED = "bug", "interrupted"
API_KEY = "chaos-key-8Hq2vX"


@dataclass(frozen=True)
class Said:
    """What the client said of a call: "accepted", "refused", "unknown", "interrupted" or "bug".

    Attributes:
        word: Whether an interruption left with word of the launch.
        read: The id of the result that was read afterwards, if one was.
    """

    what: str
    result_id: int | None = None
    detail: str = ""
    word: bool = False
    read: int | None = None


@dataclass(frozen=True)
class Server:
    """What the server has.

    Attributes:
        results: The call that each result belongs to, by its id.
        sent: The status of the answer to each launch that came, by call and in order; None where
            the answer was lost.
    """

    results: Mapping[int, int]
    sent: Mapping[int, Sequence[int | None]]

    def executed(self, number: int) -> int:
        """How often a launch of this call was executed."""
        return list(self.results.values()).count(number)


@dataclass(frozen=True)
class Finding:
    """A promise that was not kept."""

    check: str
    number: int
    detail: str = ""


CHECKS = (
    "launched twice",
    "sent again, though it might have been executed",
    "executed, but neither its id nor 'unknown' was reported",
    "the id of another launch was reported",
    "interrupted without a word, though it may be running",
    "another result was read than was asked for",
    "another exception than documented",
    "no outcome: the call was not made in time",
    "the record does not say the same",
    "the API key is in the record",
)
TWICE, AGAIN, LOST, WRONG_ID, SILENT, OTHER, RAISED, NO_OUTCOME, RECORD, KEY = CHECKS


def compare(
    calls: Sequence[Call], said: Mapping[int, Said], server: Server, record: str
) -> list[Finding]:
    """All that is wrong with the client's account; `record` is the text of its file."""
    found = [finding for call in calls for finding in _compared(call, said, server)]
    found += [Finding(KEY, 0)] * (API_KEY in record)
    return found + list(_record_compared(calls, said, server, record))


def _compared(call: Call, said: Mapping[int, Said], server: Server) -> Iterator[Finding]:
    number, told = call.number, said.get(call.number)
    executed = server.executed(number)
    if executed > 1:
        yield Finding(TWICE, number)
    if any(status != TOO_MANY for status in server.sent.get(number, ())[:-1]):
        yield Finding(AGAIN, number)
    if told is None:
        yield Finding(NO_OUTCOME, number)
        return
    right = server.results.get(told.result_id or 0) == number
    kept = (told.what == ACCEPTED and right) or told.what in (UNKNOWN, INTERRUPTED)
    wrong = {
        LOST: executed and not kept,
        WRONG_ID: told.result_id is not None and not right,
        SILENT: told.what == INTERRUPTED and executed and not told.word,
        OTHER: told.read is not None and told.read != told.result_id,
        RAISED: told.what == BUG,
    }
    yield from (Finding(check, number) for check, found in wrong.items() if found)


def _record_compared(
    calls: Sequence[Call], said: Mapping[int, Said], server: Server, record: str
) -> Iterator[Finding]:
    numbers: dict[str, int] = {}
    begun: Counter[int] = Counter()
    ended: dict[int, list[tuple[str, int | None]]] = defaultdict(list)
    # Where two write at once, an empty line may come between theirs; it says nothing.
    for line in filter(None, record.split("\n")):
        try:
            entry = json.loads(line)
            if "sent" in entry:
                number = numbers[entry["token"]] = call_number(entry["sent"])
                begun[number] += 1
            else:
                outcome = entry["outcome"], entry.get("result_id")
                ended[numbers[entry["token"]]].append(outcome)
        except (ValueError, KeyError, TypeError):
            yield Finding(RECORD, 0, f"cannot be read, or out of order: {line[:200]}")
    for call in calls:
        told = said.get(call.number)
        if told is None:
            continue
        if told.what == INTERRUPTED:
            yield from _cut_off(call.number, begun, ended, server)
            continue
        if begun[call.number] != 1:
            yield Finding(RECORD, call.number, f"{begun[call.number]} first lines")
        if ended[call.number] != [(told.what, told.result_id)]:
            yield Finding(RECORD, call.number, f"it says {ended[call.number]}")


def _cut_off(
    number: int,
    begun: Mapping[int, int],
    ended: Mapping[int, Sequence[tuple[str, int | None]]],
    server: Server,
) -> Iterator[Finding]:
    """Of a call that was interrupted, the record may lack the outcome; it may not lack the launch."""
    if server.executed(number) and not begun.get(number):
        yield Finding(RECORD, number, "it is not there")
    for outcome, result_id in ended.get(number, ()):
        right = {ACCEPTED: server.results.get(result_id or 0) == number, UNKNOWN: True}
        if not right.get(outcome, not server.executed(number)):
            yield Finding(RECORD, number, f"it says {outcome}, {result_id}")
