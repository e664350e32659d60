from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="OutcomeAlignment")


@_attrs_define
class OutcomeAlignment:
    """Whether one part of the expected outcome was met.

    Attributes:
        outcome (None | str | Unset):
        prompt_part (None | str | Unset):
        aligned (bool | None | Unset):
    """

    outcome: None | str | Unset = UNSET
    prompt_part: None | str | Unset = UNSET
    aligned: bool | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        outcome: None | str | Unset
        if isinstance(self.outcome, Unset):
            outcome = UNSET
        else:
            outcome = self.outcome

        prompt_part: None | str | Unset
        if isinstance(self.prompt_part, Unset):
            prompt_part = UNSET
        else:
            prompt_part = self.prompt_part

        aligned: bool | None | Unset
        if isinstance(self.aligned, Unset):
            aligned = UNSET
        else:
            aligned = self.aligned

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if outcome is not UNSET:
            field_dict["outcome"] = outcome
        if prompt_part is not UNSET:
            field_dict["prompt_part"] = prompt_part
        if aligned is not UNSET:
            field_dict["aligned"] = aligned

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)

        def _parse_outcome(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        outcome = _parse_outcome(d.pop("outcome", UNSET))

        def _parse_prompt_part(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        prompt_part = _parse_prompt_part(d.pop("prompt_part", UNSET))

        def _parse_aligned(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        aligned = _parse_aligned(d.pop("aligned", UNSET))

        outcome_alignment = cls(
            outcome=outcome,
            prompt_part=prompt_part,
            aligned=aligned,
        )

        outcome_alignment.additional_properties = d
        return outcome_alignment

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
