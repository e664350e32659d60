"""What the server said when it accepted a launch."""

import re
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from cekura_client.core import decoding
from cekura_client.core.coercion import integer
from cekura_client.core.decoding import UnreadableError
from cekura_client.core.plan import RunPlan
from cekura_client.core.runs import Run, counted, runs_of
from cekura_client.core.verdicts import normal_status

if TYPE_CHECKING:
    from cekura_api.models import StartResponse

# Where an answer breaks off, an id that is its first field is certainly that of the result; the
# character behind it shows that the number is whole.
_ID_FIRST = re.compile(rb'\s*\{\s*"id"\s*:\s*([0-9]{1,18})\s*[,}]')


Parse = Callable[[dict[str, Any]], "StartResponse | None"]


def _no_model(_: dict[str, Any]) -> None:
    return None


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
    _parse: Parse = field(default=_no_model, repr=False, eq=False)

    @property
    def planned_runs(self) -> int | None:
        """How many runs were asked for; None where only the server knows the exact number."""
        return None if self.plan.at_most else self.plan.runs

    @cached_property
    def model(self) -> "StartResponse | None":
        """The answer as a model of the generated client; None where it does not fit one."""
        return self._parse(self.raw)

    @classmethod
    def read(
        cls, body: bytes, plan: RunPlan, *, name: str | None = None, parse: Parse = _no_model
    ) -> "Launch":
        """From the answer to a launch.

        The id is taken from `id`, `result.id` or `result_id`, in this order: the page shows the
        first, its prose speaks of the second, and the vendor's tools read the third as well.

        An answer that breaks off yields its id, too, if that stands whole at its beginning.

        Raises:
            UnreadableError: no id is found.
        """
        try:
            document = decoding.document(body)
        except UnreadableError:
            if (start := _ID_FIRST.match(body)) is None:
                raise
            document = {"id": int(start[1])}
        return cls.of(document, plan, name=name, parse=parse)

    @classmethod
    def of(
        cls,
        document: dict[str, Any],
        plan: RunPlan,
        *,
        name: str | None = None,
        recovered: bool = False,
        parse: Parse = _no_model,
    ) -> "Launch":
        """From an answer that is decoded already; see `read`."""
        nested = document.get("result")
        candidates = (
            document.get("id"),
            nested.get("id") if isinstance(nested, dict) else None,
            document.get("result_id"),
        )
        result_id = next((i for i in map(integer, candidates) if i is not None), None)
        if result_id is None:
            raise UnreadableError("it has no id of a result")
        whole = nested if document.get("id") is None and isinstance(nested, dict) else document
        fields = decoding.from_document(whole, ended=False)
        status, runs = normal_status(fields.status), runs_of(fields)
        return cls(result_id, status, runs, plan, document, name, recovered, parse)
