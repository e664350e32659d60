from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.known_status import KnownStatus, check_known_status
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.result_detail_runs import ResultDetailRuns
    from ..models.scenario_reference import ScenarioReference


T = TypeVar("T", bound="ResultDetail")


@_attrs_define
class ResultDetail:
    """A result with all its runs.

    Attributes:
        id (int):
        name (None | str | Unset):
        agent (int | None | Unset):
        agent_name (None | str | Unset):
        agent_version (None | str | Unset):
        status (KnownStatus | str | Unset): How far a result or a run has come. Ended are completed, failed, timeout and
            cancelled; anything else, known or not, is still going on.
        success_rate (float | None | Unset): Of unclear unit, 0 to 1 or percent: compute it from the runs instead.
        run_as_text (bool | None | Unset):
        is_cronjob (bool | None | Unset):
        total_runs_count (int | None | Unset):
        completed_runs_count (int | None | Unset):
        success_runs_count (int | None | Unset):
        failed_runs_count (int | None | Unset):
        met_expected_outcome_count (int | None | Unset):
        total_expected_outcome_count (int | None | Unset):
        runs (ResultDetailRuns | Unset): The runs, keyed by their id as text. Trust the run's own `id`, not the key.
        connected_runs (list[int] | None | Unset): Ids of the runs whose call was connected.
        not_connected_runs (list[int] | None | Unset): Ids of the runs whose call was never connected.
        successful_calls (list[int] | None | Unset): Ids of the runs that completed.
        failed_infrastructure_runs (list[int] | None | Unset): Ids of the runs that the metric for infrastructure
            failed; null without that metric.
        failed_workflow_runs (list[int] | None | Unset): Ids of the runs that the metric for the expected outcome
            failed; null without that metric.
        scenarios (list[ScenarioReference] | Unset):
        total_duration (None | str | Unset): Minutes and seconds, MM:SS.
        failed_reasons (Any | Unset): Why runs failed; an object with issues, a list, or null.
        run_settings (Any | Unset): What the launch overrode.
        overall_evaluation (Any | Unset): Summaries of the metrics.
        ai_summary (Any | Unset): Filled in some time after the end.
        next_steps (Any | Unset): Filled in some time after the end.
        created_at (datetime.datetime | Unset):
        updated_at (datetime.datetime | Unset):
    """

    id: int
    name: None | str | Unset = UNSET
    agent: int | None | Unset = UNSET
    agent_name: None | str | Unset = UNSET
    agent_version: None | str | Unset = UNSET
    status: KnownStatus | str | Unset = UNSET
    success_rate: float | None | Unset = UNSET
    run_as_text: bool | None | Unset = UNSET
    is_cronjob: bool | None | Unset = UNSET
    total_runs_count: int | None | Unset = UNSET
    completed_runs_count: int | None | Unset = UNSET
    success_runs_count: int | None | Unset = UNSET
    failed_runs_count: int | None | Unset = UNSET
    met_expected_outcome_count: int | None | Unset = UNSET
    total_expected_outcome_count: int | None | Unset = UNSET
    runs: ResultDetailRuns | Unset = UNSET
    connected_runs: list[int] | None | Unset = UNSET
    not_connected_runs: list[int] | None | Unset = UNSET
    successful_calls: list[int] | None | Unset = UNSET
    failed_infrastructure_runs: list[int] | None | Unset = UNSET
    failed_workflow_runs: list[int] | None | Unset = UNSET
    scenarios: list[ScenarioReference] | Unset = UNSET
    total_duration: None | str | Unset = UNSET
    failed_reasons: Any | Unset = UNSET
    run_settings: Any | Unset = UNSET
    overall_evaluation: Any | Unset = UNSET
    ai_summary: Any | Unset = UNSET
    next_steps: Any | Unset = UNSET
    created_at: datetime.datetime | Unset = UNSET
    updated_at: datetime.datetime | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        agent: int | None | Unset
        if isinstance(self.agent, Unset):
            agent = UNSET
        else:
            agent = self.agent

        agent_name: None | str | Unset
        if isinstance(self.agent_name, Unset):
            agent_name = UNSET
        else:
            agent_name = self.agent_name

        agent_version: None | str | Unset
        if isinstance(self.agent_version, Unset):
            agent_version = UNSET
        else:
            agent_version = self.agent_version

        status: str | Unset
        if isinstance(self.status, Unset):
            status = UNSET
        elif isinstance(self.status, str):
            status = self.status
        else:
            status = self.status

        success_rate: float | None | Unset
        if isinstance(self.success_rate, Unset):
            success_rate = UNSET
        else:
            success_rate = self.success_rate

        run_as_text: bool | None | Unset
        if isinstance(self.run_as_text, Unset):
            run_as_text = UNSET
        else:
            run_as_text = self.run_as_text

        is_cronjob: bool | None | Unset
        if isinstance(self.is_cronjob, Unset):
            is_cronjob = UNSET
        else:
            is_cronjob = self.is_cronjob

        total_runs_count: int | None | Unset
        if isinstance(self.total_runs_count, Unset):
            total_runs_count = UNSET
        else:
            total_runs_count = self.total_runs_count

        completed_runs_count: int | None | Unset
        if isinstance(self.completed_runs_count, Unset):
            completed_runs_count = UNSET
        else:
            completed_runs_count = self.completed_runs_count

        success_runs_count: int | None | Unset
        if isinstance(self.success_runs_count, Unset):
            success_runs_count = UNSET
        else:
            success_runs_count = self.success_runs_count

        failed_runs_count: int | None | Unset
        if isinstance(self.failed_runs_count, Unset):
            failed_runs_count = UNSET
        else:
            failed_runs_count = self.failed_runs_count

        met_expected_outcome_count: int | None | Unset
        if isinstance(self.met_expected_outcome_count, Unset):
            met_expected_outcome_count = UNSET
        else:
            met_expected_outcome_count = self.met_expected_outcome_count

        total_expected_outcome_count: int | None | Unset
        if isinstance(self.total_expected_outcome_count, Unset):
            total_expected_outcome_count = UNSET
        else:
            total_expected_outcome_count = self.total_expected_outcome_count

        runs: dict[str, Any] | Unset = UNSET
        if not isinstance(self.runs, Unset):
            runs = self.runs.to_dict()

        connected_runs: list[int] | None | Unset
        if isinstance(self.connected_runs, Unset):
            connected_runs = UNSET
        elif isinstance(self.connected_runs, list):
            connected_runs = self.connected_runs

        else:
            connected_runs = self.connected_runs

        not_connected_runs: list[int] | None | Unset
        if isinstance(self.not_connected_runs, Unset):
            not_connected_runs = UNSET
        elif isinstance(self.not_connected_runs, list):
            not_connected_runs = self.not_connected_runs

        else:
            not_connected_runs = self.not_connected_runs

        successful_calls: list[int] | None | Unset
        if isinstance(self.successful_calls, Unset):
            successful_calls = UNSET
        elif isinstance(self.successful_calls, list):
            successful_calls = self.successful_calls

        else:
            successful_calls = self.successful_calls

        failed_infrastructure_runs: list[int] | None | Unset
        if isinstance(self.failed_infrastructure_runs, Unset):
            failed_infrastructure_runs = UNSET
        elif isinstance(self.failed_infrastructure_runs, list):
            failed_infrastructure_runs = self.failed_infrastructure_runs

        else:
            failed_infrastructure_runs = self.failed_infrastructure_runs

        failed_workflow_runs: list[int] | None | Unset
        if isinstance(self.failed_workflow_runs, Unset):
            failed_workflow_runs = UNSET
        elif isinstance(self.failed_workflow_runs, list):
            failed_workflow_runs = self.failed_workflow_runs

        else:
            failed_workflow_runs = self.failed_workflow_runs

        scenarios: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.scenarios, Unset):
            scenarios = []
            for scenarios_item_data in self.scenarios:
                scenarios_item = scenarios_item_data.to_dict()
                scenarios.append(scenarios_item)

        total_duration: None | str | Unset
        if isinstance(self.total_duration, Unset):
            total_duration = UNSET
        else:
            total_duration = self.total_duration

        failed_reasons = self.failed_reasons

        run_settings = self.run_settings

        overall_evaluation = self.overall_evaluation

        ai_summary = self.ai_summary

        next_steps = self.next_steps

        created_at: str | Unset = UNSET
        if not isinstance(self.created_at, Unset):
            created_at = self.created_at.isoformat()

        updated_at: str | Unset = UNSET
        if not isinstance(self.updated_at, Unset):
            updated_at = self.updated_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
            }
        )
        if name is not UNSET:
            field_dict["name"] = name
        if agent is not UNSET:
            field_dict["agent"] = agent
        if agent_name is not UNSET:
            field_dict["agent_name"] = agent_name
        if agent_version is not UNSET:
            field_dict["agent_version"] = agent_version
        if status is not UNSET:
            field_dict["status"] = status
        if success_rate is not UNSET:
            field_dict["success_rate"] = success_rate
        if run_as_text is not UNSET:
            field_dict["run_as_text"] = run_as_text
        if is_cronjob is not UNSET:
            field_dict["is_cronjob"] = is_cronjob
        if total_runs_count is not UNSET:
            field_dict["total_runs_count"] = total_runs_count
        if completed_runs_count is not UNSET:
            field_dict["completed_runs_count"] = completed_runs_count
        if success_runs_count is not UNSET:
            field_dict["success_runs_count"] = success_runs_count
        if failed_runs_count is not UNSET:
            field_dict["failed_runs_count"] = failed_runs_count
        if met_expected_outcome_count is not UNSET:
            field_dict["met_expected_outcome_count"] = met_expected_outcome_count
        if total_expected_outcome_count is not UNSET:
            field_dict["total_expected_outcome_count"] = total_expected_outcome_count
        if runs is not UNSET:
            field_dict["runs"] = runs
        if connected_runs is not UNSET:
            field_dict["connected_runs"] = connected_runs
        if not_connected_runs is not UNSET:
            field_dict["not_connected_runs"] = not_connected_runs
        if successful_calls is not UNSET:
            field_dict["successful_calls"] = successful_calls
        if failed_infrastructure_runs is not UNSET:
            field_dict["failed_infrastructure_runs"] = failed_infrastructure_runs
        if failed_workflow_runs is not UNSET:
            field_dict["failed_workflow_runs"] = failed_workflow_runs
        if scenarios is not UNSET:
            field_dict["scenarios"] = scenarios
        if total_duration is not UNSET:
            field_dict["total_duration"] = total_duration
        if failed_reasons is not UNSET:
            field_dict["failed_reasons"] = failed_reasons
        if run_settings is not UNSET:
            field_dict["run_settings"] = run_settings
        if overall_evaluation is not UNSET:
            field_dict["overall_evaluation"] = overall_evaluation
        if ai_summary is not UNSET:
            field_dict["ai_summary"] = ai_summary
        if next_steps is not UNSET:
            field_dict["next_steps"] = next_steps
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if updated_at is not UNSET:
            field_dict["updated_at"] = updated_at

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.result_detail_runs import ResultDetailRuns
        from ..models.scenario_reference import ScenarioReference

        d = dict(src_dict)
        id = d.pop("id")

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        def _parse_agent(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        agent = _parse_agent(d.pop("agent", UNSET))

        def _parse_agent_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        agent_name = _parse_agent_name(d.pop("agent_name", UNSET))

        def _parse_agent_version(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        agent_version = _parse_agent_version(d.pop("agent_version", UNSET))

        def _parse_status(data: object) -> KnownStatus | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                componentsschemas_status_type_0 = check_known_status(data)

                return componentsschemas_status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(KnownStatus | str | Unset, data)

        status = _parse_status(d.pop("status", UNSET))

        def _parse_success_rate(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        success_rate = _parse_success_rate(d.pop("success_rate", UNSET))

        def _parse_run_as_text(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        run_as_text = _parse_run_as_text(d.pop("run_as_text", UNSET))

        def _parse_is_cronjob(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        is_cronjob = _parse_is_cronjob(d.pop("is_cronjob", UNSET))

        def _parse_total_runs_count(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        total_runs_count = _parse_total_runs_count(d.pop("total_runs_count", UNSET))

        def _parse_completed_runs_count(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        completed_runs_count = _parse_completed_runs_count(
            d.pop("completed_runs_count", UNSET)
        )

        def _parse_success_runs_count(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        success_runs_count = _parse_success_runs_count(
            d.pop("success_runs_count", UNSET)
        )

        def _parse_failed_runs_count(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        failed_runs_count = _parse_failed_runs_count(d.pop("failed_runs_count", UNSET))

        def _parse_met_expected_outcome_count(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        met_expected_outcome_count = _parse_met_expected_outcome_count(
            d.pop("met_expected_outcome_count", UNSET)
        )

        def _parse_total_expected_outcome_count(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        total_expected_outcome_count = _parse_total_expected_outcome_count(
            d.pop("total_expected_outcome_count", UNSET)
        )

        _runs = d.pop("runs", UNSET)
        runs: ResultDetailRuns | Unset
        if isinstance(_runs, Unset):
            runs = UNSET
        else:
            runs = ResultDetailRuns.from_dict(_runs)

        def _parse_connected_runs(data: object) -> list[int] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                connected_runs_type_0 = cast(list[int], data)

                return connected_runs_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[int] | None | Unset, data)

        connected_runs = _parse_connected_runs(d.pop("connected_runs", UNSET))

        def _parse_not_connected_runs(data: object) -> list[int] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                not_connected_runs_type_0 = cast(list[int], data)

                return not_connected_runs_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[int] | None | Unset, data)

        not_connected_runs = _parse_not_connected_runs(
            d.pop("not_connected_runs", UNSET)
        )

        def _parse_successful_calls(data: object) -> list[int] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                successful_calls_type_0 = cast(list[int], data)

                return successful_calls_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[int] | None | Unset, data)

        successful_calls = _parse_successful_calls(d.pop("successful_calls", UNSET))

        def _parse_failed_infrastructure_runs(data: object) -> list[int] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                failed_infrastructure_runs_type_0 = cast(list[int], data)

                return failed_infrastructure_runs_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[int] | None | Unset, data)

        failed_infrastructure_runs = _parse_failed_infrastructure_runs(
            d.pop("failed_infrastructure_runs", UNSET)
        )

        def _parse_failed_workflow_runs(data: object) -> list[int] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                failed_workflow_runs_type_0 = cast(list[int], data)

                return failed_workflow_runs_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[int] | None | Unset, data)

        failed_workflow_runs = _parse_failed_workflow_runs(
            d.pop("failed_workflow_runs", UNSET)
        )

        _scenarios = d.pop("scenarios", UNSET)
        scenarios: list[ScenarioReference] | Unset = UNSET
        if _scenarios is not UNSET:
            scenarios = []
            for scenarios_item_data in _scenarios:
                scenarios_item = ScenarioReference.from_dict(scenarios_item_data)

                scenarios.append(scenarios_item)

        def _parse_total_duration(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        total_duration = _parse_total_duration(d.pop("total_duration", UNSET))

        failed_reasons = d.pop("failed_reasons", UNSET)

        run_settings = d.pop("run_settings", UNSET)

        overall_evaluation = d.pop("overall_evaluation", UNSET)

        ai_summary = d.pop("ai_summary", UNSET)

        next_steps = d.pop("next_steps", UNSET)

        _created_at = d.pop("created_at", UNSET)
        created_at: datetime.datetime | Unset
        if isinstance(_created_at, Unset):
            created_at = UNSET
        else:
            created_at = datetime.datetime.fromisoformat(_created_at)

        _updated_at = d.pop("updated_at", UNSET)
        updated_at: datetime.datetime | Unset
        if isinstance(_updated_at, Unset):
            updated_at = UNSET
        else:
            updated_at = datetime.datetime.fromisoformat(_updated_at)

        result_detail = cls(
            id=id,
            name=name,
            agent=agent,
            agent_name=agent_name,
            agent_version=agent_version,
            status=status,
            success_rate=success_rate,
            run_as_text=run_as_text,
            is_cronjob=is_cronjob,
            total_runs_count=total_runs_count,
            completed_runs_count=completed_runs_count,
            success_runs_count=success_runs_count,
            failed_runs_count=failed_runs_count,
            met_expected_outcome_count=met_expected_outcome_count,
            total_expected_outcome_count=total_expected_outcome_count,
            runs=runs,
            connected_runs=connected_runs,
            not_connected_runs=not_connected_runs,
            successful_calls=successful_calls,
            failed_infrastructure_runs=failed_infrastructure_runs,
            failed_workflow_runs=failed_workflow_runs,
            scenarios=scenarios,
            total_duration=total_duration,
            failed_reasons=failed_reasons,
            run_settings=run_settings,
            overall_evaluation=overall_evaluation,
            ai_summary=ai_summary,
            next_steps=next_steps,
            created_at=created_at,
            updated_at=updated_at,
        )

        result_detail.additional_properties = d
        return result_detail

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
