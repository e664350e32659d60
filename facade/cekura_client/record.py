"""A file that remembers every launch, also one whose process was killed before the answer came.

Each launch writes one line of JSON before it is sent and one when its outcome is known. A launch that
has only the first may have been accepted and may be billed; `Cekura.recover` looks for it::

    from cekura_client import Cekura
    from cekura_client.record import LaunchRecord

    with Cekura(record="launches.jsonl") as cekura:
        for launch in LaunchRecord("launches.jsonl").unsettled():
            print(cekura.recover(launch))

Several processes may share the file. The API key is not in it, and websocket addresses stand there
without credentials and queries.
"""

import errno
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import asdict, evolve, field, fields, frozen
from attrs.validators import instance_of, optional

from cekura_client.core.plan import RunPlan

ACCEPTED, REFUSED, UNKNOWN = "accepted", "refused", "unknown"


def _plan(value: RunPlan | dict[str, Any]) -> RunPlan:
    return RunPlan(**value) if isinstance(value, dict) else value


@frozen
class RecordedLaunch:
    """A launch as the file remembers it.

    Attributes:
        token: Its own, unique.
        operation: `run_voice`, `run_websocket` or `run_vapi_webrtc`.
        base_url: The address it was sent to.
        began: When it was sent, in seconds since 1970.
        name: Of the result; None for a websocket launch.
        own_name: Whether the name was made by this library.
        agent: Id of the agent that was asked for, if one was.
        plan: How many runs it asked for, as far as that was known.
        sent: The body of the request, websocket addresses redacted.
        outcome: "accepted", "refused" (nothing was started), "unknown", or None where nothing was
            written after it was sent.
        result_id: Of an accepted launch.
        detail: Of another outcome, what the error said.
    """

    token: str = field(validator=instance_of(str))
    operation: str = field(validator=instance_of(str))
    base_url: str = field(validator=instance_of(str))
    began: float = field(validator=instance_of((int, float)))
    name: str | None = field(default=None, validator=optional(instance_of(str)))
    own_name: bool = field(default=False, validator=instance_of(bool))
    agent: int | None = field(default=None, validator=optional(instance_of(int)))
    plan: RunPlan = field(default=RunPlan(None), converter=_plan)
    sent: dict[str, Any] = field(factory=dict, repr=False, validator=instance_of(dict))
    outcome: str | None = field(default=None, validator=optional(instance_of(str)))
    result_id: int | None = field(default=None, validator=optional(instance_of(int)))
    detail: str = field(default="", validator=instance_of(str))

    def first_line(self) -> dict[str, Any]:
        """What is written before it is sent."""
        return asdict(self, filter=lambda field, _: field.name not in _LATER)

    @property
    def settled(self) -> bool:
        """Whether it is certain what became of it."""
        return self.outcome in (ACCEPTED, REFUSED)


_LATER = {"outcome", "result_id", "detail"}


def _for_the_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


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
        data = json.dumps(dict(line), ensure_ascii=False).encode() + b"\n"
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
        known = {field.name for field in fields(RecordedLaunch)}
        for line in lines:
            try:
                said = {key: value for key, value in json.loads(line).items() if key in known}
                token = said["token"]
                if token in found:
                    found[token] = evolve(found[token], **said)
                else:
                    found[token] = RecordedLaunch(**said)
            except (ValueError, TypeError, KeyError, AttributeError):
                continue
        return list(found.values())

    def unsettled(self) -> list[RecordedLaunch]:
        """The launches of which it is not certain what became, the oldest first."""
        return [launch for launch in self.launches() if not launch.settled]
