"""What the server said when it accepted a launch."""

from typing import Any

from attrs import field, frozen

from cekura_client.core import decoding
from cekura_client.core.coercion import integer
from cekura_client.core.decoding import UnreadableError
from cekura_client.core.plan import RunPlan
from cekura_client.core.runs import Run, counted, runs_of
from cekura_client.core.verdicts import normal_status


@frozen
class Launch:
    """A launch that the server has accepted.

    Attributes:
        result_id: What to wait for.
        status: Of the result at the start; "" where the server sent none.
        runs: Those that the answer names; often not yet with all they will have.
        plan: How many runs were asked for.
        raw: The answer as it came.
    """

    result_id: int
    status: str
    runs: tuple[Run, ...] = field(repr=counted)
    plan: RunPlan
    raw: dict[str, Any] = field(repr=False)

    @property
    def planned_runs(self) -> int | None:
        """How many runs were asked for; None where only the server knows."""
        return self.plan.runs

    @classmethod
    def read(cls, body: bytes, plan: RunPlan) -> "Launch":
        """From the answer to a launch.

        The id is taken from `id`, `result.id` or `result_id`, in this order: the page shows the
        first, its prose speaks of the second, and the vendor's tools read the third as well.

        Raises:
            UnreadableError: no id is found.
        """
        document = decoding.document(body)
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
        return cls(result_id, normal_status(fields.status), runs_of(fields), plan, document)
