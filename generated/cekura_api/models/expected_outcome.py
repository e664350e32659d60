from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.outcome_alignment import OutcomeAlignment


T = TypeVar("T", bound="ExpectedOutcome")


@_attrs_define
class ExpectedOutcome:
    """How far the expected outcome of the scenario was met; empty where none was set.

    Attributes:
        score (float | None | Unset): 0 to 100; 100 is fully met.
        explanation (list[str] | Unset):
        outcome_alignments (list[OutcomeAlignment] | Unset):
    """

    score: float | None | Unset = UNSET
    explanation: list[str] | Unset = UNSET
    outcome_alignments: list[OutcomeAlignment] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        score: float | None | Unset
        if isinstance(self.score, Unset):
            score = UNSET
        else:
            score = self.score

        explanation: list[str] | Unset = UNSET
        if not isinstance(self.explanation, Unset):
            explanation = self.explanation

        outcome_alignments: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.outcome_alignments, Unset):
            outcome_alignments = []
            for outcome_alignments_item_data in self.outcome_alignments:
                outcome_alignments_item = outcome_alignments_item_data.to_dict()
                outcome_alignments.append(outcome_alignments_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if score is not UNSET:
            field_dict["score"] = score
        if explanation is not UNSET:
            field_dict["explanation"] = explanation
        if outcome_alignments is not UNSET:
            field_dict["outcome_alignments"] = outcome_alignments

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.outcome_alignment import OutcomeAlignment

        d = dict(src_dict)

        def _parse_score(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        score = _parse_score(d.pop("score", UNSET))

        explanation = cast(list[str], d.pop("explanation", UNSET))

        _outcome_alignments = d.pop("outcome_alignments", UNSET)
        outcome_alignments: list[OutcomeAlignment] | Unset = UNSET
        if _outcome_alignments is not UNSET:
            outcome_alignments = []
            for outcome_alignments_item_data in _outcome_alignments:
                outcome_alignments_item = OutcomeAlignment.from_dict(
                    outcome_alignments_item_data
                )

                outcome_alignments.append(outcome_alignments_item)

        expected_outcome = cls(
            score=score,
            explanation=explanation,
            outcome_alignments=outcome_alignments,
        )

        expected_outcome.additional_properties = d
        return expected_outcome

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
