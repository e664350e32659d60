"""What the server said when it accepted a launch."""

import re
from typing import Any
from urllib.parse import urlsplit

from attrs import field, frozen

from cekura_client.core import decoding
from cekura_client.core.decoding import UnreadableError
from cekura_client.core.lenient import integer
from cekura_client.core.plan import RunPlan
from cekura_client.core.recovery import Candidate
from cekura_client.core.runs import Run, counted, runs_of
from cekura_client.core.verdicts import normal_status

# What an error says of itself, where a result says how far it is.
_OF_ERRORS = {
    "error",
    "errors",
    "failed",
    "failure",
    "fail",
    "invalid",
    "refused",
    "denied",
    "nok",
    "ko",
}
_RESULT_PATH = re.compile(r"(?:.*/)?results/([0-9]{1,18})/?")
_ID_FIELDS = {
    "id",
    "pk",
    "result",
    "result_id",
    "resultid",
    "results",
    "run",
    "runs",
    "run_id",
    "runid",
}
_ID_IN_TEXT = re.compile(
    r"(?<![\w-])(?:results?[ _-]?id|id|results?|runs?)\b\W{0,8}\d", re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


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
        scenarios: Ids of the scenarios that were asked for, each as often as it was listed; empty where
            only the server knows.
    """

    result_id: int
    status: str
    runs: tuple[Run, ...] = field(repr=counted)
    plan: RunPlan
    raw: dict[str, Any] = field(repr=False)
    name: str | None = None
    recovered: bool = False
    scenarios: tuple[int, ...] = ()

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


def was_started(body: bytes, location: str, *, whole: bool) -> bool:
    """Whether an answer that refuses a launch names its result all the same.

    A gateway may put its own status on the answer to a launch that was executed.

    Args:
        body: What there is of the body.
        location: The header `Location`, or "".
        whole: Whether the body is all there.
    """
    if _located(location) is not None:
        return True
    for decode in (decoding.value,) if whole else (decoding.value, decoding.beginning):
        try:
            document = decode(body)
        except UnreadableError:
            continue
        found = _result_in(document)
        # An id alone might be that of the error, or of what it is about.
        if found is not None and (
            _is_a_result(found) or (isinstance(document, dict) and found is document.get("result"))
        ):
            return True
    return False


def _is_a_result(found: dict[str, Any]) -> bool:
    if isinstance(found.get("runs"), list | dict) or _positive(found.get("id")) is None:
        return True
    status = normal_status(found.get("status"))
    return bool(status) and not status.isdigit() and status not in _OF_ERRORS


def breaks_off(body: bytes) -> bool:
    """Whether a body begins as JSON and is none."""
    if body.lstrip()[:1] not in (b"{", b"["):
        return False
    try:
        decoding.value(body)
    except UnreadableError:
        return True
    return False


def may_hold_an_id(body: bytes) -> bool:
    """Whether the id of a result may stand anywhere in a body, in whatever form.

    Only what is understood is said to hold none: JSON, or a page of text.
    """
    try:
        return _names_an_id(decoding.value(body))
    except UnreadableError:
        pass
    try:
        text = body.decode().strip()
    except UnicodeDecodeError:
        return True
    if text[:1] in ("{", "[") or _CONTROL.search(text):
        return True
    return _ID_IN_TEXT.search(text) is not None


def _names_an_id(value: Any) -> bool:
    if isinstance(value, dict):
        return any(
            (str(key).lower() in _ID_FIELDS and item not in (None, "", [], {}))
            or _names_an_id(item)
            for key, item in value.items()
        )
    if isinstance(value, list):
        return any(map(_names_an_id, value))
    return isinstance(value, str) and _ID_IN_TEXT.search(value) is not None


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
    """The result that an address is that of, by its path alone."""
    try:
        found = _RESULT_PATH.fullmatch(urlsplit(location).path)
    except ValueError:
        return None
    return None if found is None else int(found[1])
