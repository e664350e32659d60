"""What the server said when it accepted a launch."""

import re
from typing import Any

from attrs import field, frozen

from cekura_client.core import decoding
from cekura_client.core.decoding import UnreadableError
from cekura_client.core.lenient import integer
from cekura_client.core.plan import RunPlan
from cekura_client.core.recovery import Candidate
from cekura_client.core.runs import Run, counted, runs_of
from cekura_client.core.verdicts import normal_status

# Of results that have begun; an error might well say that it is "failed".
_BEGUN = {"pending", "in_queue", "scaling_up", "running", "in_progress", "evaluating"}
_RESULT_PATH = re.compile(r"/results/([0-9]{1,18})/?(?:[?#].*)?")


@frozen
class Launch:
    """A launch that the server has accepted.

    Attributes:
        result_id: What to wait for.
        status: Of the result at the start; "" where the server sent none.
        runs: Those that the answer names; often not yet with all they will have.
        plan: How many runs were asked for.
        raw: The answer as it came; of a recovered launch, what the list of results shows.
        name: The name of the result as it was sent; None for a websocket launch.
        recovered: Whether the answer was lost, and the launch was found again by its name.
    """

    result_id: int
    status: str
    runs: tuple[Run, ...] = field(repr=counted)
    plan: RunPlan
    raw: dict[str, Any] = field(repr=False)
    name: str | None = None
    recovered: bool = False

    @property
    def planned_runs(self) -> int | None:
        """How many runs were asked for; None where only the server knows the exact number."""
        return None if self.plan.at_most else self.plan.runs

    @classmethod
    def read(
        cls, body: bytes, plan: RunPlan, *, name: str | None = None, location: str = ""
    ) -> "Launch":
        """From the answer to a launch.

        The id is taken from `id`, `result.id` or `result_id`, in this order: the page shows the
        first, its prose speaks of the second, and the vendor's tools read the third as well. The same
        in `data`, or in a list of one. An answer that breaks off yields its id, too, if that stands
        whole in it; and where the body has none, the header `Location` may name the result.

        Raises:
            UnreadableError: no id is found.
        """
        problem = UnreadableError("it has no id of a result")
        for decode in (decoding.value, decoding.beginning):
            try:
                document = decode(body)
            except UnreadableError as error:
                if decode is decoding.value:
                    problem = error
                continue
            if (found := _result_in(document)) is not None:
                raw = document if isinstance(document, dict) else found
                return cls._of(found, plan, raw, name)
        if (result_id := _located(location)) is not None:
            found = {"id": result_id}
            return cls._of(found, plan, found, name)
        raise problem

    @classmethod
    def recover(cls, found: Candidate, plan: RunPlan) -> "Launch":
        """From the list of results."""
        raw = {**found.raw, "id": found.result_id}
        return cls._of(raw, plan, raw, found.name, recovered=True)

    @classmethod
    def _of(
        cls,
        found: dict[str, Any],
        plan: RunPlan,
        raw: dict[str, Any],
        name: str | None,
        *,
        recovered: bool = False,
    ) -> "Launch":
        result_id = _id(found)
        assert result_id is not None
        fields = decoding.from_document(found, ended=False)
        status, runs = normal_status(fields.status), runs_of(fields)
        return cls(result_id, status, runs, plan, raw, name, recovered)


def was_started(body: bytes, location: str) -> bool:
    """Whether an answer that refuses a launch names its result all the same.

    A gateway may put its own status on the answer to a launch that was executed.
    """
    if _located(location) is not None:
        return True
    found = _found(body)
    # An id alone might be that of the error, or of what it is about.
    return found is not None and (
        isinstance(found.get("runs"), list | dict) or normal_status(found.get("status")) in _BEGUN
    )


def has_an_id(body: bytes) -> bool:
    """Whether a number stands where the id of a result would stand."""
    return _found(body) is not None


def _found(body: bytes) -> dict[str, Any] | None:
    try:
        return _result_in(decoding.value(body))
    except UnreadableError:
        return None


def _result_in(value: Any) -> dict[str, Any] | None:
    """The object that has the id of a result."""
    if isinstance(value, list):
        return _result_in(value[0]) if len(value) == 1 and isinstance(value[0], dict) else None
    if not isinstance(value, dict):
        return None
    if _positive(value.get("id")) is None:
        result = value.get("result")
        if isinstance(result, dict) and _positive(result.get("id")) is not None:
            return result
        if _positive(value.get("result_id")) is None:
            return _result_in(value.get("data"))
    return value


def _id(found: dict[str, Any]) -> int | None:
    own = _positive(found.get("id"))
    return _positive(found.get("result_id")) if own is None else own


def _positive(value: Any) -> int | None:
    number = integer(value)
    return number if number is not None and number > 0 else None


def _located(location: str) -> int | None:
    """The result that an address is that of."""
    found = _RESULT_PATH.search(location)
    return None if found is None or found.end() < len(location) else int(found[1])
