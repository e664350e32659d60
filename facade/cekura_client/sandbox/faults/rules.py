"""Faults. Each is a rule: which requests it applies to, how often, and what it does."""

import random
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Annotated, Any

import msgspec

ALL, LAUNCHES = "*", "launch"

_FRAMING = {"content-length", "transfer-encoding", "connection"}

Seconds = Annotated[float, msgspec.Meta(ge=0)]
Count = Annotated[int, msgspec.Meta(ge=1)]


class Fault(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """One rule.

    Attributes:
        operation: run_voice, get_result, …; "launch" for every launch, or "*" for every request.
            Checked when the rule is added.
        nth: apply only to the nth of these requests, counted from when the rule was added.
        times: apply at most this often.
        probability: apply to this share of the requests, drawn from the sandbox's `seed`.
        delay: seconds before anything is done.
        commit: execute the request before `status` or `drop`; otherwise it is not executed.
        status: answer with this status instead.
        body: answer with this body. Text is sent as HTML, anything else as JSON.
        headers: answer with these headers, such as Retry-After.
        redirect: answer 307 with this address.
        drop: close the connection without an answer.
        cut: close the connection after this number of bytes of the answer's body.
        slow: send the answer's body over this number of seconds.
        hide: hide the launched result from the list of results for this number of seconds.
    """

    operation: str = "*"
    nth: Count | None = None
    times: Count | None = None
    probability: Annotated[float, msgspec.Meta(ge=0, le=1)] = 1.0
    delay: Seconds = 0.0
    commit: bool = False
    status: Annotated[int, msgspec.Meta(ge=200, le=599)] | None = None
    body: Any = None
    headers: dict[str, str] = {}
    redirect: str | None = None
    drop: bool = False
    cut: Annotated[int, msgspec.Meta(ge=0)] | None = None
    slow: Seconds | None = None
    hide: Seconds | None = None

    def __post_init__(self) -> None:
        instead = [n for n in ("status", "redirect", "drop", "cut") if getattr(self, n)]
        instead += ["cut"] if self.cut == 0 else []
        if len(instead) > 1:
            raise ValueError(f"one answer cannot be {' and '.join(instead)}")
        effects = [self.delay, self.slow is not None, self.hide is not None, *instead]
        if not any(effects):
            raise ValueError("the rule does nothing: give delay, status, redirect, drop, cut, …")
        if self.commit and not (self.status or self.drop):
            raise ValueError("commit goes with status or drop; everything else is carried out")
        if (self.body is not None or self.headers) and not self.status:
            raise ValueError("body and headers go with status")
        for text in (*self.headers, *self.headers.values(), self.redirect or ""):
            if not (text.isascii() and (text.isprintable() or not text)):
                raise ValueError(f"headers and redirect are printable ASCII, not {text!r}")
        if framing := _FRAMING & {name.lower() for name in self.headers}:
            raise ValueError(f"{framing.pop()} is not to be given: use cut, slow or drop")
        if isinstance(self.body, str) and any("\ud800" <= c <= "\udfff" for c in self.body):
            raise ValueError("body: half of a surrogate pair cannot be sent")

    @property
    def kind(self) -> str:
        """A short name for its effect."""
        kinds = {
            "status": self.status,
            "redirect": self.redirect,
            "drop": self.drop,
            "cut": self.cut is not None,
            "slow": self.slow is not None,
            "hide": self.hide is not None,
        }
        name = next((name for name, given in kinds.items() if given), "delay")
        shown = f"{name} {self.status}" if name == "status" else name
        return f"{shown} after commit" if self.commit else shown


@dataclass
class _Rule:
    fault: Fault
    met: int = 0  # requests that it is about
    applied: int = 0


class Faults:
    """The rules of one sandbox. The oldest rule that applies to a request is used.

    Args:
        operations: the names of all operations.
        launches: the names of the launches.
        seed: the random seed.
        clock: the time in seconds.
    """

    def __init__(
        self,
        operations: Collection[str],
        launches: Collection[str],
        seed: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._operations = operations
        self._launches = launches
        self._random = random.Random(seed)
        self._clock = clock
        self._rules: list[_Rule] = []
        self._hidden: dict[int, float] = {}
        self._lock = Lock()  # rules are made from other threads than the server's

    def add(self, **fields: Any) -> None:
        """Make a rule; the arguments are the fields of `Fault`.

        Raises:
            ValueError: they do not make a rule; the message says why.
        """
        self.take(self.read(fields))

    def read(self, given: object) -> Fault:
        """A rule from a mapping, not yet in force.

        Raises:
            ValueError: a field is unknown or of another type, or the rule makes no sense.
        """
        try:
            rule = msgspec.convert(given, Fault)
        except msgspec.ValidationError as error:
            raise ValueError(f"not a valid fault: {error}") from None
        self._check_operation(rule)
        return rule

    def take(self, rule: Fault) -> None:
        """One more rule.

        Raises:
            ValueError: the operation is unknown.
        """
        self._check_operation(rule)
        with self._lock:
            self._rules.append(_Rule(rule))

    def clear(self) -> None:
        """Remove all rules. Hidden results stay hidden."""
        with self._lock:
            self._rules.clear()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Each rule as a mapping, with how many requests matched it and how many it changed."""
        with self._lock:
            rules = list(self._rules)
        for rule in rules:
            fields = msgspec.to_builtins(rule.fault)
            yield {
                "operation": rule.fault.operation,
                **fields,
                "met": rule.met,
                "applied": rule.applied,
            }

    def pick(self, operation: str | None) -> Fault | None:
        """The fault for this request, if any. Every matching rule counts the request."""
        picked: Fault | None = None
        with self._lock:
            for rule in self._rules:
                if not self._is_about(rule.fault, operation):
                    continue
                rule.met += 1
                if picked is None and self._applies(rule):
                    rule.applied += 1
                    picked = rule.fault
        return picked

    def _check_operation(self, rule: Fault) -> None:
        known = (ALL, LAUNCHES, *self._operations)
        if rule.operation not in known:
            raise ValueError(
                f"not a valid fault: unknown operation {rule.operation!r}; "
                f"there are {', '.join(known)}"
            )

    def _is_about(self, rule: Fault, operation: str | None) -> bool:
        """Whether requests for this operation count for the rule."""
        named = self._launches if rule.operation == LAUNCHES else (rule.operation,)
        return rule.operation == ALL or operation in named

    def _applies(self, rule: _Rule) -> bool:
        wanted = rule.fault
        if wanted.nth is not None and rule.met != wanted.nth:
            return False
        if wanted.times is not None and rule.applied >= wanted.times:
            return False
        return wanted.probability == 1 or self._random.random() < wanted.probability

    def hide(self, result_id: int, seconds: float) -> None:
        """Hide a result from the list for this many seconds."""
        self._hidden[result_id] = self._clock() + seconds

    def hides(self, result_id: int) -> bool:
        """Whether the list hides it now."""
        until = self._hidden.get(result_id)
        return until is not None and self._clock() < until
