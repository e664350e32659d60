from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.known_status import KnownStatus, check_known_status
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.evaluation import Evaluation
    from ..models.expected_outcome import ExpectedOutcome
    from ..models.scenario_reference import ScenarioReference


T = TypeVar("T", bound="RunDetail")


@_attrs_define
class RunDetail:
    """One call of one scenario.

    Attributes:
        id (int):
        scenario (int | ScenarioReference | Unset): The scenario's id, or its id and name.
        scenario_name (None | str | Unset):
        status (KnownStatus | str | Unset):
        success (bool | None | Unset): Whether the run passed its evaluation; null until it is scored, which may be a
            while after it completed. Until July 2026 it was documented to mean only that the run ended.
        error_message (None | str | Unset): Why the call did not work; "" or null where it did.
        number (None | str | Unset):
        outbound_number (None | str | Unset):
        inbound_number (None | str | Unset):
        duration (None | str | Unset): Minutes and seconds, MM:SS.
        outbound_dial_window_opens_at (None | str | Unset):
        outbound_dial_window_seconds (int | None | Unset):
        outbound_dial_window_closes_at (None | str | Unset): Of an outbound run, until when the agent must dial; the run
            ends as `timeout` otherwise.
        timestamp (None | str | Unset):
        executed_at (None | str | Unset):
        personality_name (None | str | Unset):
        metadata (Any | Unset):
        expected_outcome (ExpectedOutcome | None | Unset):
        evaluation (Evaluation | None | Unset):
        transcript_object (Any | Unset): The conversation; long.
    """

    id: int
    scenario: int | ScenarioReference | Unset = UNSET
    scenario_name: None | str | Unset = UNSET
    status: KnownStatus | str | Unset = UNSET
    success: bool | None | Unset = UNSET
    error_message: None | str | Unset = UNSET
    number: None | str | Unset = UNSET
    outbound_number: None | str | Unset = UNSET
    inbound_number: None | str | Unset = UNSET
    duration: None | str | Unset = UNSET
    outbound_dial_window_opens_at: None | str | Unset = UNSET
    outbound_dial_window_seconds: int | None | Unset = UNSET
    outbound_dial_window_closes_at: None | str | Unset = UNSET
    timestamp: None | str | Unset = UNSET
    executed_at: None | str | Unset = UNSET
    personality_name: None | str | Unset = UNSET
    metadata: Any | Unset = UNSET
    expected_outcome: ExpectedOutcome | None | Unset = UNSET
    evaluation: Evaluation | None | Unset = UNSET
    transcript_object: Any | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.evaluation import Evaluation
        from ..models.expected_outcome import ExpectedOutcome
        from ..models.scenario_reference import ScenarioReference

        id = self.id

        scenario: dict[str, Any] | int | Unset
        if isinstance(self.scenario, Unset):
            scenario = UNSET
        elif isinstance(self.scenario, ScenarioReference):
            scenario = self.scenario.to_dict()
        else:
            scenario = self.scenario

        scenario_name: None | str | Unset
        if isinstance(self.scenario_name, Unset):
            scenario_name = UNSET
        else:
            scenario_name = self.scenario_name

        status: str | Unset
        if isinstance(self.status, Unset):
            status = UNSET
        elif isinstance(self.status, str):
            status = self.status
        else:
            status = self.status

        success: bool | None | Unset
        if isinstance(self.success, Unset):
            success = UNSET
        else:
            success = self.success

        error_message: None | str | Unset
        if isinstance(self.error_message, Unset):
            error_message = UNSET
        else:
            error_message = self.error_message

        number: None | str | Unset
        if isinstance(self.number, Unset):
            number = UNSET
        else:
            number = self.number

        outbound_number: None | str | Unset
        if isinstance(self.outbound_number, Unset):
            outbound_number = UNSET
        else:
            outbound_number = self.outbound_number

        inbound_number: None | str | Unset
        if isinstance(self.inbound_number, Unset):
            inbound_number = UNSET
        else:
            inbound_number = self.inbound_number

        duration: None | str | Unset
        if isinstance(self.duration, Unset):
            duration = UNSET
        else:
            duration = self.duration

        outbound_dial_window_opens_at: None | str | Unset
        if isinstance(self.outbound_dial_window_opens_at, Unset):
            outbound_dial_window_opens_at = UNSET
        else:
            outbound_dial_window_opens_at = self.outbound_dial_window_opens_at

        outbound_dial_window_seconds: int | None | Unset
        if isinstance(self.outbound_dial_window_seconds, Unset):
            outbound_dial_window_seconds = UNSET
        else:
            outbound_dial_window_seconds = self.outbound_dial_window_seconds

        outbound_dial_window_closes_at: None | str | Unset
        if isinstance(self.outbound_dial_window_closes_at, Unset):
            outbound_dial_window_closes_at = UNSET
        else:
            outbound_dial_window_closes_at = self.outbound_dial_window_closes_at

        timestamp: None | str | Unset
        if isinstance(self.timestamp, Unset):
            timestamp = UNSET
        else:
            timestamp = self.timestamp

        executed_at: None | str | Unset
        if isinstance(self.executed_at, Unset):
            executed_at = UNSET
        else:
            executed_at = self.executed_at

        personality_name: None | str | Unset
        if isinstance(self.personality_name, Unset):
            personality_name = UNSET
        else:
            personality_name = self.personality_name

        metadata = self.metadata

        expected_outcome: dict[str, Any] | None | Unset
        if isinstance(self.expected_outcome, Unset):
            expected_outcome = UNSET
        elif isinstance(self.expected_outcome, ExpectedOutcome):
            expected_outcome = self.expected_outcome.to_dict()
        else:
            expected_outcome = self.expected_outcome

        evaluation: dict[str, Any] | None | Unset
        if isinstance(self.evaluation, Unset):
            evaluation = UNSET
        elif isinstance(self.evaluation, Evaluation):
            evaluation = self.evaluation.to_dict()
        else:
            evaluation = self.evaluation

        transcript_object = self.transcript_object

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
            }
        )
        if scenario is not UNSET:
            field_dict["scenario"] = scenario
        if scenario_name is not UNSET:
            field_dict["scenario_name"] = scenario_name
        if status is not UNSET:
            field_dict["status"] = status
        if success is not UNSET:
            field_dict["success"] = success
        if error_message is not UNSET:
            field_dict["error_message"] = error_message
        if number is not UNSET:
            field_dict["number"] = number
        if outbound_number is not UNSET:
            field_dict["outbound_number"] = outbound_number
        if inbound_number is not UNSET:
            field_dict["inbound_number"] = inbound_number
        if duration is not UNSET:
            field_dict["duration"] = duration
        if outbound_dial_window_opens_at is not UNSET:
            field_dict["outbound_dial_window_opens_at"] = outbound_dial_window_opens_at
        if outbound_dial_window_seconds is not UNSET:
            field_dict["outbound_dial_window_seconds"] = outbound_dial_window_seconds
        if outbound_dial_window_closes_at is not UNSET:
            field_dict["outbound_dial_window_closes_at"] = (
                outbound_dial_window_closes_at
            )
        if timestamp is not UNSET:
            field_dict["timestamp"] = timestamp
        if executed_at is not UNSET:
            field_dict["executed_at"] = executed_at
        if personality_name is not UNSET:
            field_dict["personality_name"] = personality_name
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if expected_outcome is not UNSET:
            field_dict["expected_outcome"] = expected_outcome
        if evaluation is not UNSET:
            field_dict["evaluation"] = evaluation
        if transcript_object is not UNSET:
            field_dict["transcript_object"] = transcript_object

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.evaluation import Evaluation
        from ..models.expected_outcome import ExpectedOutcome
        from ..models.scenario_reference import ScenarioReference

        d = dict(src_dict)
        id = d.pop("id")

        def _parse_scenario(data: object) -> int | ScenarioReference | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                scenario_type_1 = ScenarioReference.from_dict(data)

                return scenario_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(int | ScenarioReference | Unset, data)

        scenario = _parse_scenario(d.pop("scenario", UNSET))

        def _parse_scenario_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        scenario_name = _parse_scenario_name(d.pop("scenario_name", UNSET))

        def _parse_status(data: object) -> KnownStatus | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                status_type_0 = check_known_status(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(KnownStatus | str | Unset, data)

        status = _parse_status(d.pop("status", UNSET))

        def _parse_success(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        success = _parse_success(d.pop("success", UNSET))

        def _parse_error_message(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        error_message = _parse_error_message(d.pop("error_message", UNSET))

        def _parse_number(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        number = _parse_number(d.pop("number", UNSET))

        def _parse_outbound_number(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        outbound_number = _parse_outbound_number(d.pop("outbound_number", UNSET))

        def _parse_inbound_number(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        inbound_number = _parse_inbound_number(d.pop("inbound_number", UNSET))

        def _parse_duration(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        duration = _parse_duration(d.pop("duration", UNSET))

        def _parse_outbound_dial_window_opens_at(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        outbound_dial_window_opens_at = _parse_outbound_dial_window_opens_at(
            d.pop("outbound_dial_window_opens_at", UNSET)
        )

        def _parse_outbound_dial_window_seconds(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        outbound_dial_window_seconds = _parse_outbound_dial_window_seconds(
            d.pop("outbound_dial_window_seconds", UNSET)
        )

        def _parse_outbound_dial_window_closes_at(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        outbound_dial_window_closes_at = _parse_outbound_dial_window_closes_at(
            d.pop("outbound_dial_window_closes_at", UNSET)
        )

        def _parse_timestamp(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        timestamp = _parse_timestamp(d.pop("timestamp", UNSET))

        def _parse_executed_at(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        executed_at = _parse_executed_at(d.pop("executed_at", UNSET))

        def _parse_personality_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        personality_name = _parse_personality_name(d.pop("personality_name", UNSET))

        metadata = d.pop("metadata", UNSET)

        def _parse_expected_outcome(data: object) -> ExpectedOutcome | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                expected_outcome_type_0 = ExpectedOutcome.from_dict(data)

                return expected_outcome_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ExpectedOutcome | None | Unset, data)

        expected_outcome = _parse_expected_outcome(d.pop("expected_outcome", UNSET))

        def _parse_evaluation(data: object) -> Evaluation | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                evaluation_type_0 = Evaluation.from_dict(data)

                return evaluation_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Evaluation | None | Unset, data)

        evaluation = _parse_evaluation(d.pop("evaluation", UNSET))

        transcript_object = d.pop("transcript_object", UNSET)

        run_detail = cls(
            id=id,
            scenario=scenario,
            scenario_name=scenario_name,
            status=status,
            success=success,
            error_message=error_message,
            number=number,
            outbound_number=outbound_number,
            inbound_number=inbound_number,
            duration=duration,
            outbound_dial_window_opens_at=outbound_dial_window_opens_at,
            outbound_dial_window_seconds=outbound_dial_window_seconds,
            outbound_dial_window_closes_at=outbound_dial_window_closes_at,
            timestamp=timestamp,
            executed_at=executed_at,
            personality_name=personality_name,
            metadata=metadata,
            expected_outcome=expected_outcome,
            evaluation=evaluation,
            transcript_object=transcript_object,
        )

        run_detail.additional_properties = d
        return run_detail

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
