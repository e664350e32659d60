from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="Metric")


@_attrs_define
class Metric:
    """How one metric judged a run. Of a binary metric, v1 sends `type` and `score`, v2 `eval_type` and `passed`.

    Attributes:
        id (int | Unset):
        name (None | str | Unset):
        type_ (None | str | Unset): binary (until 2026-08 binary_workflow_adherence or binary_qualitative),
            continuous_qualitative, numeric or enum.
        eval_type (None | str | Unset): The same in v2; binary, continuous_qualitative, numeric or enum.
        passed (bool | None | Unset): Of a binary metric, in v2.
        score (float | None | Unset): For a binary metric 0 is a failure.
        score_normalized (float | None | Unset):
        explanation (list[str] | None | str | Unset):
        enum (None | str | Unset): The value of a metric of type enum.
        extra (Any | Unset): Details that depend on the metric.
    """

    id: int | Unset = UNSET
    name: None | str | Unset = UNSET
    type_: None | str | Unset = UNSET
    eval_type: None | str | Unset = UNSET
    passed: bool | None | Unset = UNSET
    score: float | None | Unset = UNSET
    score_normalized: float | None | Unset = UNSET
    explanation: list[str] | None | str | Unset = UNSET
    enum: None | str | Unset = UNSET
    extra: Any | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        type_: None | str | Unset
        if isinstance(self.type_, Unset):
            type_ = UNSET
        else:
            type_ = self.type_

        eval_type: None | str | Unset
        if isinstance(self.eval_type, Unset):
            eval_type = UNSET
        else:
            eval_type = self.eval_type

        passed: bool | None | Unset
        if isinstance(self.passed, Unset):
            passed = UNSET
        else:
            passed = self.passed

        score: float | None | Unset
        if isinstance(self.score, Unset):
            score = UNSET
        else:
            score = self.score

        score_normalized: float | None | Unset
        if isinstance(self.score_normalized, Unset):
            score_normalized = UNSET
        else:
            score_normalized = self.score_normalized

        explanation: list[str] | None | str | Unset
        if isinstance(self.explanation, Unset):
            explanation = UNSET
        elif isinstance(self.explanation, list):
            explanation = self.explanation

        else:
            explanation = self.explanation

        enum: None | str | Unset
        if isinstance(self.enum, Unset):
            enum = UNSET
        else:
            enum = self.enum

        extra = self.extra

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if id is not UNSET:
            field_dict["id"] = id
        if name is not UNSET:
            field_dict["name"] = name
        if type_ is not UNSET:
            field_dict["type"] = type_
        if eval_type is not UNSET:
            field_dict["eval_type"] = eval_type
        if passed is not UNSET:
            field_dict["passed"] = passed
        if score is not UNSET:
            field_dict["score"] = score
        if score_normalized is not UNSET:
            field_dict["score_normalized"] = score_normalized
        if explanation is not UNSET:
            field_dict["explanation"] = explanation
        if enum is not UNSET:
            field_dict["enum"] = enum
        if extra is not UNSET:
            field_dict["extra"] = extra

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        id = d.pop("id", UNSET)

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        def _parse_type_(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        type_ = _parse_type_(d.pop("type", UNSET))

        def _parse_eval_type(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        eval_type = _parse_eval_type(d.pop("eval_type", UNSET))

        def _parse_passed(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        passed = _parse_passed(d.pop("passed", UNSET))

        def _parse_score(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        score = _parse_score(d.pop("score", UNSET))

        def _parse_score_normalized(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        score_normalized = _parse_score_normalized(d.pop("score_normalized", UNSET))

        def _parse_explanation(data: object) -> list[str] | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                explanation_type_1 = cast(list[str], data)

                return explanation_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | str | Unset, data)

        explanation = _parse_explanation(d.pop("explanation", UNSET))

        def _parse_enum(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        enum = _parse_enum(d.pop("enum", UNSET))

        extra = d.pop("extra", UNSET)

        metric = cls(
            id=id,
            name=name,
            type_=type_,
            eval_type=eval_type,
            passed=passed,
            score=score,
            score_normalized=score_normalized,
            explanation=explanation,
            enum=enum,
            extra=extra,
        )

        metric.additional_properties = d
        return metric

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
