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
    """
    Attributes:
        id (int):
            Unique identifier for the Result
            Example: `123`
        name (None | str | Unset):
            Name of the Result
            Example: `"Test Result 1"`
        agent (int | Unset):
            ID of the AI agent that was tested
            Example: `123`
        agent_name (None | str | Unset):
            Name of the AI agent that was tested
            Example: `"Test Agent 1"`
        agent_inbound (bool | Unset):
            Whether the agent is configured for inbound calls (true) or outbound calls (false)
            Example: `true` or `false`
        status (KnownStatus | str | Unset):
            Current status of the result


            * `running` - Running
            * `completed` - Completed
            * `failed` - Failed
            * `pending` - Pending
            * `in_progress` - In Progress
            * `evaluating` - Evaluating
            * `in_queue` - In Queue
            * `timeout` - Timeout
            * `cancelled` - Cancelled
            * `scaling_up` - Scaling Up
        success_rate (float | Unset): Success rate of the test runs as a decimal (0.0 to 1.0) Default: 0.0.
        run_as_text (bool | Unset):
            Whether this test was run in text mode instead of voice mode
            Example: `true` or `false`
             Default: False.
        is_cronjob (bool | None | Unset):
            Whether this result was created by a scheduled cronjob
            Example: `true` or `false`
        runs (list[RunDetail] | Unset): Run summaries for this result. For full run data including transcripts and
            metric scores, fetch the result detail endpoint — there `runs` is a dict keyed by run ID.
        met_expected_outcome_count (int | None | Unset):
            Number of test runs that met the expected outcome criteria
            Example: `10`
        total_expected_outcome_count (int | None | Unset):
            Total number of test runs that were evaluated for expected outcomes
            Example: `10`
        total_runs_count (int | None | Unset):
            Total number of test runs associated with this result
            Example: `10`
        completed_runs_count (int | None | Unset):
            Number of test runs that have completed successfully
            Example: `10`
        success_runs_count (int | None | Unset):
            Number of test runs that were marked as successful
            Example: `10`
        failed_runs_count (int | None | Unset):
            Number of test runs that failed or encountered errors
            Example: `10`
        scenarios (list[ScenarioReference] | Unset):
            List of scenario names used in the test runs for this result
            Example:
            ```json
            [
                {
                    "id": 123,
                    "name": "Scenario 1"
                },
                {
                    "id": 456,
                    "name": "Scenario 2"
                }
            ]
            ```
        run_type (None | str | Unset): Run Execution Type
        agent_version (None | str | Unset): The agent version (history record) this result ran against, or null.
        created_at (datetime.datetime | Unset):
            Timestamp when this test result was created
            Example: `2021-01-01 00:00:00`
        updated_at (datetime.datetime | Unset): Timestamp when this test result was last updated
    """

    id: int
    name: None | str | Unset = UNSET
    agent: int | Unset = UNSET
    agent_name: None | str | Unset = UNSET
    agent_inbound: bool | Unset = UNSET
    status: KnownStatus | str | Unset = UNSET
    success_rate: float | Unset = 0.0
    run_as_text: bool | Unset = False
    is_cronjob: bool | None | Unset = UNSET
    runs: list[RunDetail] | Unset = UNSET
    met_expected_outcome_count: int | None | Unset = UNSET
    total_expected_outcome_count: int | None | Unset = UNSET
    total_runs_count: int | None | Unset = UNSET
    completed_runs_count: int | None | Unset = UNSET
    success_runs_count: int | None | Unset = UNSET
    failed_runs_count: int | None | Unset = UNSET
    scenarios: list[ScenarioReference] | Unset = UNSET
    run_type: None | str | Unset = UNSET
    agent_version: None | str | Unset = UNSET
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

        agent = self.agent

        agent_name: None | str | Unset
        if isinstance(self.agent_name, Unset):
            agent_name = UNSET
        else:
            agent_name = self.agent_name

        agent_inbound = self.agent_inbound

        status: str | Unset
        if isinstance(self.status, Unset):
            status = UNSET
        elif isinstance(self.status, str):
            status = self.status
        else:
            status = self.status

        success_rate = self.success_rate

        run_as_text = self.run_as_text

        is_cronjob: bool | None | Unset
        if isinstance(self.is_cronjob, Unset):
            is_cronjob = UNSET
        else:
            is_cronjob = self.is_cronjob

        runs: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.runs, Unset):
            runs = []
            for runs_item_data in self.runs:
                runs_item = runs_item_data.to_dict()
                runs.append(runs_item)

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

        scenarios: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.scenarios, Unset):
            scenarios = []
            for scenarios_item_data in self.scenarios:
                scenarios_item = scenarios_item_data.to_dict()
                scenarios.append(scenarios_item)

        run_type: None | str | Unset
        if isinstance(self.run_type, Unset):
            run_type = UNSET
        else:
            run_type = self.run_type

        agent_version: None | str | Unset
        if isinstance(self.agent_version, Unset):
            agent_version = UNSET
        else:
            agent_version = self.agent_version

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
        if agent_inbound is not UNSET:
            field_dict["agent_inbound"] = agent_inbound
        if status is not UNSET:
            field_dict["status"] = status
        if success_rate is not UNSET:
            field_dict["success_rate"] = success_rate
        if run_as_text is not UNSET:
            field_dict["run_as_text"] = run_as_text
        if is_cronjob is not UNSET:
            field_dict["is_cronjob"] = is_cronjob
        if runs is not UNSET:
            field_dict["runs"] = runs
        if met_expected_outcome_count is not UNSET:
            field_dict["met_expected_outcome_count"] = met_expected_outcome_count
        if total_expected_outcome_count is not UNSET:
            field_dict["total_expected_outcome_count"] = total_expected_outcome_count
        if total_runs_count is not UNSET:
            field_dict["total_runs_count"] = total_runs_count
        if completed_runs_count is not UNSET:
            field_dict["completed_runs_count"] = completed_runs_count
        if success_runs_count is not UNSET:
            field_dict["success_runs_count"] = success_runs_count
        if failed_runs_count is not UNSET:
            field_dict["failed_runs_count"] = failed_runs_count
        if scenarios is not UNSET:
            field_dict["scenarios"] = scenarios
        if run_type is not UNSET:
            field_dict["run_type"] = run_type
        if agent_version is not UNSET:
            field_dict["agent_version"] = agent_version
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

        agent = d.pop("agent", UNSET)

        def _parse_agent_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        agent_name = _parse_agent_name(d.pop("agent_name", UNSET))

        agent_inbound = d.pop("agent_inbound", UNSET)

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

        success_rate = d.pop("success_rate", UNSET)

        run_as_text = d.pop("run_as_text", UNSET)

        def _parse_is_cronjob(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        is_cronjob = _parse_is_cronjob(d.pop("is_cronjob", UNSET))

        _runs = d.pop("runs", UNSET)
        runs: list[RunDetail] | Unset = UNSET
        if _runs is not UNSET:
            runs = []
            for runs_item_data in _runs:
                runs_item = RunDetail.from_dict(runs_item_data)

                runs.append(runs_item)

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

        _scenarios = d.pop("scenarios", UNSET)
        scenarios: list[ScenarioReference] | Unset = UNSET
        if _scenarios is not UNSET:
            scenarios = []
            for scenarios_item_data in _scenarios:
                scenarios_item = ScenarioReference.from_dict(scenarios_item_data)

                scenarios.append(scenarios_item)

        def _parse_run_type(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        run_type = _parse_run_type(d.pop("run_type", UNSET))

        def _parse_agent_version(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        agent_version = _parse_agent_version(d.pop("agent_version", UNSET))

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
            agent_inbound=agent_inbound,
            status=status,
            success_rate=success_rate,
            run_as_text=run_as_text,
            is_cronjob=is_cronjob,
            runs=runs,
            met_expected_outcome_count=met_expected_outcome_count,
            total_expected_outcome_count=total_expected_outcome_count,
            total_runs_count=total_runs_count,
            completed_runs_count=completed_runs_count,
            success_runs_count=success_runs_count,
            failed_runs_count=failed_runs_count,
            scenarios=scenarios,
            run_type=run_type,
            agent_version=agent_version,
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
