"""A file that remembers every launch, also one whose process was killed before the answer came.

Each launch writes one line of JSON before it is sent and one when its outcome is known. A launch that
has only the first may have been accepted and may be billed; `Cekura.recover` looks for it::

    from cekura_client import Cekura, CekuraError
    from cekura_client.record import LaunchRecord

    with Cekura(record="launches.jsonl") as cekura:
        for launch in LaunchRecord("launches.jsonl").unsettled():
            try:
                print(cekura.recover(launch))
            except CekuraError as error:
                print(launch, error)

Several processes may share the file. The API key is not in it, and websocket addresses stand there
without credentials and queries.
"""

import errno
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import Attribute, asdict, evolve, field, fields, frozen
from attrs.validators import instance_of, optional

from cekura_client.core.lenient import integer
from cekura_client.core.plan import RunPlan
from cekura_client.core.recovery import may_be_same

ACCEPTED, REFUSED, UNKNOWN = "accepted", "refused", "unknown"


# Of outcomes that contradict each other, the more certain one holds.
_CERTAINTY = (None, UNKNOWN, REFUSED, ACCEPTED)
# Seconds for which a launch is tried at most, where an older record does not say until when.
_LONGEST = 600.0


def _is_time(instance: object, attribute: "Attribute[Any]", value: object) -> None:
    """A time of this era: what comes of another file is not taken for a launch."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e11:
        raise ValueError(f"{attribute.name} is not a time")


def _plan(value: object) -> RunPlan:
    """What a record says of the number of runs. A version that knows other factors may have written it."""
    if isinstance(value, RunPlan):
        return value
    known = {field.name for field in fields(RunPlan)}
    given: dict[str, Any] = dict(value) if isinstance(value, dict) else {"unknown": value}
    if given.keys() <= known and all(
        isinstance(item, int) or (item is None and name == "scenarios")
        for name, item in given.items()
    ):
        return RunPlan(**given)
    return RunPlan(None)


@frozen
class RecordedLaunch:
    """A launch as the file remembers it.

    Attributes:
        token: Its own, unique.
        operation: `run_voice`, `run_websocket` or `run_vapi_webrtc`.
        base_url: The address it was sent to.
        began: When it was sent, in seconds since 1970.
        until: When the last attempt to send it must have ended, also if the process was killed.
        name: Of the result; None for a websocket launch.
        own_name: Whether the name was made by this library.
        agent: Id of the agent that was asked for, if one was.
        plan: How many runs it asked for, as far as that was known.
        sent: The body of the request, websocket addresses redacted.
        outcome: "accepted", "refused" (nothing was started), "unknown", or None where nothing was
            written after it was sent.
        result_id: Of an accepted launch.
        detail: Of another outcome, what the error said.
        ended: Where the outcome is unknown, when the last attempt to send it had ended.
    """

    token: str = field(validator=instance_of(str))
    operation: str = field(validator=instance_of(str))
    base_url: str = field(validator=instance_of(str))
    began: float = field(validator=_is_time)
    until: float | None = field(default=None, validator=optional(_is_time))
    name: str | None = field(default=None, validator=optional(instance_of(str)))
    own_name: bool = field(default=False, validator=instance_of(bool))
    agent: int | None = field(default=None, validator=optional(instance_of(int)))
    plan: RunPlan = field(default=RunPlan(None), converter=_plan)
    sent: dict[str, Any] = field(factory=dict, repr=False, validator=instance_of(dict))
    outcome: str | None = field(default=None, validator=optional(instance_of(str)))
    result_id: int | None = field(default=None, validator=optional(instance_of(int)))
    detail: str = field(default="", validator=instance_of(str))
    ended: float | None = field(default=None, validator=optional(_is_time))

    def first_line(self) -> dict[str, Any]:
        """What is written before it is sent."""
        return asdict(self, filter=lambda field, _: field.name not in _LATER)

    @property
    def scenarios(self) -> tuple[int, ...]:
        """Ids of the scenarios that were asked for; empty where only the server knows."""
        listed = self.sent.get("scenarios")
        ids = [
            integer(each.get("scenario") if isinstance(each, dict) else each)
            for each in (listed if isinstance(listed, list) else ())
        ]
        return tuple(each for each in ids if each is not None)

    @property
    def latest_end(self) -> float:
        """When the last attempt to send it had certainly ended."""
        return min(
            time for time in (self.ended, self.until, self.began + _LONGEST) if time is not None
        )

    @property
    def settled(self) -> bool:
        """Whether it is certain what became of it."""
        return self.outcome in (ACCEPTED, REFUSED)


_LATER = {"outcome", "result_id", "detail", "ended"}


def _for_the_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


_FIELDS = {field.name for field in fields(RecordedLaunch)}


def _certainty(launch: RecordedLaunch) -> int:
    return _CERTAINTY.index(launch.outcome) if launch.outcome in _CERTAINTY else 0


class LaunchRecord:
    """The file.

    Args:
        path: Made when the first launch is written; its folder must exist.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)

    def __repr__(self) -> str:
        return f"LaunchRecord({str(self.path)!r})"

    def append(self, line: Mapping[str, Any]) -> None:
        """Add one line and wait until it is on the disk.

        Raises:
            OSError: it cannot be written.
        """
        # Half of a pair of surrogates, which a server may send, has no UTF-8; the escape is JSON, too.
        data = json.dumps(dict(line), ensure_ascii=False).encode(errors="backslashreplace") + b"\n"
        # One write to a file opened for appending, so that lines of several processes do not mix.
        with open(self.path, "ab+", buffering=0, opener=_for_the_owner) as file:
            if file.seek(0, os.SEEK_END):
                file.seek(-1, os.SEEK_END)
                # A process killed while writing has left half a line: it must not spoil this one.
                data = data if file.read(1) == b"\n" else b"\n" + data
            if file.write(data) < len(data):
                raise OSError(errno.ENOSPC, "only a part of the line could be written")
            os.fsync(file.fileno())

    def launches(self) -> list[RecordedLaunch]:
        """All launches in the file, the oldest first; none if there is no file.

        Lines that cannot be read are passed over.

        Raises:
            OSError: there is a file, but it cannot be read.
        """
        found: dict[str, RecordedLaunch] = {}
        try:
            lines = self.path.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        for line in lines:
            try:
                said = {key: value for key, value in json.loads(line).items() if key in _FIELDS}
                before = found.get(said["token"])
                after = RecordedLaunch(**said) if before is None else evolve(before, **said)
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
                continue
            if before is None or _certainty(after) >= _certainty(before):
                found[after.token] = after
        return list(found.values())

    def rivals(self, launch: RecordedLaunch) -> list[RecordedLaunch]:
        """The launches to the same address that could have made the same result.

        Those that have its name and can have its agent, and those that are known to be a result; also
        the launch itself, as the file knows it now: its answer may have come after all.
        """
        return [
            other
            for other in self.launches()
            if other.base_url == launch.base_url
            and (
                other.result_id is not None
                or (other.name == launch.name and may_be_same(other.agent, launch.agent))
            )
        ]

    def unsettled(self) -> list[RecordedLaunch]:
        """The launches of which it is not certain what became, the oldest first."""
        return [launch for launch in self.launches() if not launch.settled]
