from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.known_status import KnownStatus, check_known_status
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.run_detail import RunDetail
    from ..models.scenario_reference import ScenarioReference


T = TypeVar("T", bound="ResultSummary")


@_attrs_define
class ResultSummary:
    """A result as the list shows it, its runs in a list.

    Attributes:
        id (int):
        name (None | str | Unset):
        agent (int | None | Unset):
        agent_name (None | str | Unset):
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
        runs (list[RunDetail] | Unset):
        scenarios (list[ScenarioReference] | Unset):
        created_at (datetime.datetime | Unset):
        updated_at (datetime.datetime | Unset):
    """

    id: int
    name: None | str | Unset = UNSET
    agent: int | None | Unset = UNSET
    agent_name: None | str | Unset = UNSET
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
    runs: list[RunDetail] | Unset = UNSET
    scenarios: list[ScenarioReference] | Unset = UNSET
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

        runs: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.runs, Unset):
            runs = []
            for runs_item_data in self.runs:
                runs_item = runs_item_data.to_dict()
                runs.append(runs_item)

        scenarios: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.scenarios, Unset):
            scenarios = []
            for scenarios_item_data in self.scenarios:
                scenarios_item = scenarios_item_data.to_dict()
                scenarios.append(scenarios_item)

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
        if scenarios is not UNSET:
            field_dict["scenarios"] = scenarios
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if updated_at is not UNSET:
            field_dict["updated_at"] = updated_at

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.run_detail import RunDetail
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
        runs: list[RunDetail] | Unset = UNSET
        if _runs is not UNSET:
            runs = []
            for runs_item_data in _runs:
                runs_item = RunDetail.from_dict(runs_item_data)

                runs.append(runs_item)

        _scenarios = d.pop("scenarios", UNSET)
        scenarios: list[ScenarioReference] | Unset = UNSET
        if _scenarios is not UNSET:
            scenarios = []
            for scenarios_item_data in _scenarios:
                scenarios_item = ScenarioReference.from_dict(scenarios_item_data)

                scenarios.append(scenarios_item)

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

        result_summary = cls(
            id=id,
            name=name,
            agent=agent,
            agent_name=agent_name,
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
            scenarios=scenarios,
            created_at=created_at,
            updated_at=updated_at,
        )

        result_summary.additional_properties = d
        return result_summary

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
