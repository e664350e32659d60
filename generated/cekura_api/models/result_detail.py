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
    """
    Attributes:
        id (int):
        name (None | str | Unset):
            Name of the result
            Example: `"Test Result 1"`
        agent (int | Unset):
        agent_name (None | str | Unset): Name of the agent associated with this result
        agent_version (None | str | Unset): The agent version (history record) this result ran against, or null.
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
        met_expected_outcome_count (int | None | Unset): Number of runs that fully met their expected outcomes with a
            score of 100
        total_expected_outcome_count (int | None | Unset): Total number of runs that had expected outcomes defined
        success_rate (float | Unset):
            Success rate of the test runs
        run_as_text (bool | Unset):
            Whether this test was run in text mode instead of voice mode
            Example: `true` or `false`
        is_cronjob (bool | None | Unset): Whether this result was created by a scheduled cronjob
        runs (ResultDetailRuns | Unset): Run objects keyed by run ID string (e.g. {"12345": {...}}). The list endpoint
            returns `runs` as an array of summaries instead.
        overall_evaluation (Any | Unset):
            Overall evaluation of the test runs
            Example:
            ```json
            {
                "success_rate": "number",
                "metric_summary": {
                  "metric_id": {
                    "id": "integer",
                    "name": "string",
                    "type": "string",
                    "score": "number",
                    "explanation": "string (optional)",
                    "function_name": "string",
                    "vocera_defined_metric_code": "string (optional)",
                    "p50": "number (for numeric metrics)"
                  }
                },
                "worst_performing_metrics": {
                  "binary_adherence": [
                    "array of metric_ids"
                  ]
                },
                "numeric_metrics": [
                  {
                    "name": "string",
                    "type": "numeric",
                    "value": "number",
                    "percentiles": {
                      "p50": "number"
                    }
                  }
                ],
                "enum_metrics": [
                  "array of metric_ids"
                ],
                "extra_metrics": [
                  {
                    "name": "string (e.g., 'Expected Outcome', 'Average Ringing Duration')",
                    "type": "string",
                    "value": "number",
                    "percentiles": {
                      "p50": "number (optional)"
                    }
                  }
                ]
            }
        total_duration (None | str | Unset):
            Total duration of the test runs for this result
            Example: `22:30`
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
        connected_runs (list[int] | None | Unset): List of run IDs that got connected successfully (have transcript
            data). Returns empty list if no connected runs.
        not_connected_runs (list[int] | None | Unset): List of run IDs that never connected (no transcript data).
            Returns empty list if every run connected.
        failed_infrastructure_runs (list[int] | None | Unset): List of run IDs that failed infrastructure issues metric
            (score=0). Returns null if metric not found, empty list if metric exists but no failures.
        failed_workflow_runs (list[int] | None | Unset): List of run IDs that failed expected outcome metric (score=0).
            Returns null if metric not found, empty list if metric exists but no failures.
        successful_calls (list[int] | None | Unset): List of run IDs that completed successfully. Returns empty list if
            no successful runs.
        scenarios (list[ScenarioReference] | Unset):
            List of scenario names used in the test runs for this result
            Example: ```
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
        critical_categories (Any | Unset):
            List of critical categories for this result
            Example:
            ```json
            [
                {
                  "id": 2950,
                  "name": "Pronunciation Analysis",
                  "eval_type": "continuous_qualitative",
                  "simulation_enabled": true,
                  "observability_enabled": true
                },
                {
                  "id": 3284,
                  "name": "Latency",
                  "eval_type": "numeric",
                  "simulation_enabled": true,
                  "observability_enabled": false
                },
                {
                  "id": 3295,
                  "name": "Detect Silence in Conversation",
                  "eval_type": "binary",
                  "simulation_enabled": true,
                  "observability_enabled": true
                }
              ]
            ```
        metrics (Any | Unset):
        runs_by_tags (Any | Unset):
        latency_data (Any | Unset):
        failed_reasons (Any | Unset):
            Failed reasons of the test runs
            Example:
            ```json
            {
                "issues": [
                  {
                    "rank": 1,
                    "run_ids": [
                      34588
                    ],
                    "description": "The agent did not provide the standard greeting, emergency disclaimer, or ask how they
            could help.",
                    "affected_count": 1
                  },
                  {
                    "rank": 2,
                    "run_ids": [
                      34588
                    ],
                    "description": "The agent did not explain the distinction between the primary care and express
            clinics.",
                    "affected_count": 1
                  }
                ],
                "total_failed_runs": 1
              }
            ```
        ai_summary (Any | Unset):
            LLM-generated narrative summary of the result, structured for the Results-page UI.
            Example:
            ```json
            {
                "what_happened": "8 of 10 runs failed, 2 passed. All 8 failures cluster into 3 distinct causes.",
                "why_it_happened": "The default test profile isn't seeded in the production backend, so every auth-required
            workflow exits before PIN/address steps run.",
                "how_to_fix": "Seed the test profile in production, tighten the competitor-mention guardrail, and add CA-
            only store phrasing to the FAQ flow.",
                "generated_from_runs_count": 10,
                "generated_at": "2026-05-25T12:00:00Z"
            }
            ```
        ai_summary_status (str | Unset): Generation state of the async AI summary, derived so the UI can show a reliable
            state instead of guessing from an empty `ai_summary`. `completed` = summary populated; `skipped_no_failures` =
            no failed runs, nothing to summarize; `pending` = there are failed runs but the summary isn't ready yet (still
            generating).
        next_steps (Any | Unset):
            LLM-suggested next steps to fix the issues found in this result, ordered by impact.
            Example:
            ```json
            [
                {"title": "Seed test profile in production", "description": "Unblocks 6 runs; ~5 min."},
                {"title": "Tighten competitor guardrail", "description": "1 prompt edit; review drift run."}
            ]
            ```
        path_coverage (Any | Unset):
            Workflow-coverage summary for this result: which of the agent's critical paths the
            runs exercised, and which they missed.
            Example:
            ```json
            {
                "coverage_pct": 66.7,
                "total_paths": 3,
                "covered_paths": ["Book appointment", "Reschedule appointment"],
                "uncovered_paths": ["Cancel appointment"],
                "generated_at": "2026-07-14T12:00:00Z"
            }
            ```
        performance_metrics (Any | Unset): Per-rubric-rule performance breakdown. One entry per rule in the project's
            rubric_config: metric name, aggregated value across the result's runs, and whether that aggregate meets the
            rule's conditions.
        run_type (None | str | Unset): Run Execution Type
        run_settings (Any | Unset): Snapshot of the override-relevant request payload (personality_ids, frequency,
            concurrency_limit, connection-specific overrides, etc.).
        created_at (datetime.datetime | Unset):
            Timestamp when this test result was created
            Example: `2021-01-01 00:00:00`
        updated_at (datetime.datetime | Unset):
            Timestamp when this test result was last updated
            Example: `2021-01-01 00:00:00`
    """

    id: int
    name: None | str | Unset = UNSET
    agent: int | Unset = UNSET
    agent_name: None | str | Unset = UNSET
    agent_version: None | str | Unset = UNSET
    status: KnownStatus | str | Unset = UNSET
    met_expected_outcome_count: int | None | Unset = UNSET
    total_expected_outcome_count: int | None | Unset = UNSET
    success_rate: float | Unset = UNSET
    run_as_text: bool | Unset = UNSET
    is_cronjob: bool | None | Unset = UNSET
    runs: ResultDetailRuns | Unset = UNSET
    overall_evaluation: Any | Unset = UNSET
    total_duration: None | str | Unset = UNSET
    total_runs_count: int | None | Unset = UNSET
    completed_runs_count: int | None | Unset = UNSET
    success_runs_count: int | None | Unset = UNSET
    failed_runs_count: int | None | Unset = UNSET
    connected_runs: list[int] | None | Unset = UNSET
    not_connected_runs: list[int] | None | Unset = UNSET
    failed_infrastructure_runs: list[int] | None | Unset = UNSET
    failed_workflow_runs: list[int] | None | Unset = UNSET
    successful_calls: list[int] | None | Unset = UNSET
    scenarios: list[ScenarioReference] | Unset = UNSET
    critical_categories: Any | Unset = UNSET
    metrics: Any | Unset = UNSET
    runs_by_tags: Any | Unset = UNSET
    latency_data: Any | Unset = UNSET
    failed_reasons: Any | Unset = UNSET
    ai_summary: Any | Unset = UNSET
    ai_summary_status: str | Unset = UNSET
    next_steps: Any | Unset = UNSET
    path_coverage: Any | Unset = UNSET
    performance_metrics: Any | Unset = UNSET
    run_type: None | str | Unset = UNSET
    run_settings: Any | Unset = UNSET
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

        success_rate = self.success_rate

        run_as_text = self.run_as_text

        is_cronjob: bool | None | Unset
        if isinstance(self.is_cronjob, Unset):
            is_cronjob = UNSET
        else:
            is_cronjob = self.is_cronjob

        runs: dict[str, Any] | Unset = UNSET
        if not isinstance(self.runs, Unset):
            runs = self.runs.to_dict()

        overall_evaluation = self.overall_evaluation

        total_duration: None | str | Unset
        if isinstance(self.total_duration, Unset):
            total_duration = UNSET
        else:
            total_duration = self.total_duration

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

        successful_calls: list[int] | None | Unset
        if isinstance(self.successful_calls, Unset):
            successful_calls = UNSET
        elif isinstance(self.successful_calls, list):
            successful_calls = self.successful_calls

        else:
            successful_calls = self.successful_calls

        scenarios: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.scenarios, Unset):
            scenarios = []
            for scenarios_item_data in self.scenarios:
                scenarios_item = scenarios_item_data.to_dict()
                scenarios.append(scenarios_item)

        critical_categories = self.critical_categories

        metrics = self.metrics

        runs_by_tags = self.runs_by_tags

        latency_data = self.latency_data

        failed_reasons = self.failed_reasons

        ai_summary = self.ai_summary

        ai_summary_status = self.ai_summary_status

        next_steps = self.next_steps

        path_coverage = self.path_coverage

        performance_metrics = self.performance_metrics

        run_type: None | str | Unset
        if isinstance(self.run_type, Unset):
            run_type = UNSET
        else:
            run_type = self.run_type

        run_settings = self.run_settings

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
        if met_expected_outcome_count is not UNSET:
            field_dict["met_expected_outcome_count"] = met_expected_outcome_count
        if total_expected_outcome_count is not UNSET:
            field_dict["total_expected_outcome_count"] = total_expected_outcome_count
        if success_rate is not UNSET:
            field_dict["success_rate"] = success_rate
        if run_as_text is not UNSET:
            field_dict["run_as_text"] = run_as_text
        if is_cronjob is not UNSET:
            field_dict["is_cronjob"] = is_cronjob
        if runs is not UNSET:
            field_dict["runs"] = runs
        if overall_evaluation is not UNSET:
            field_dict["overall_evaluation"] = overall_evaluation
        if total_duration is not UNSET:
            field_dict["total_duration"] = total_duration
        if total_runs_count is not UNSET:
            field_dict["total_runs_count"] = total_runs_count
        if completed_runs_count is not UNSET:
            field_dict["completed_runs_count"] = completed_runs_count
        if success_runs_count is not UNSET:
            field_dict["success_runs_count"] = success_runs_count
        if failed_runs_count is not UNSET:
            field_dict["failed_runs_count"] = failed_runs_count
        if connected_runs is not UNSET:
            field_dict["connected_runs"] = connected_runs
        if not_connected_runs is not UNSET:
            field_dict["not_connected_runs"] = not_connected_runs
        if failed_infrastructure_runs is not UNSET:
            field_dict["failed_infrastructure_runs"] = failed_infrastructure_runs
        if failed_workflow_runs is not UNSET:
            field_dict["failed_workflow_runs"] = failed_workflow_runs
        if successful_calls is not UNSET:
            field_dict["successful_calls"] = successful_calls
        if scenarios is not UNSET:
            field_dict["scenarios"] = scenarios
        if critical_categories is not UNSET:
            field_dict["critical_categories"] = critical_categories
        if metrics is not UNSET:
            field_dict["metrics"] = metrics
        if runs_by_tags is not UNSET:
            field_dict["runs_by_tags"] = runs_by_tags
        if latency_data is not UNSET:
            field_dict["latency_data"] = latency_data
        if failed_reasons is not UNSET:
            field_dict["failed_reasons"] = failed_reasons
        if ai_summary is not UNSET:
            field_dict["ai_summary"] = ai_summary
        if ai_summary_status is not UNSET:
            field_dict["ai_summary_status"] = ai_summary_status
        if next_steps is not UNSET:
            field_dict["next_steps"] = next_steps
        if path_coverage is not UNSET:
            field_dict["path_coverage"] = path_coverage
        if performance_metrics is not UNSET:
            field_dict["performance_metrics"] = performance_metrics
        if run_type is not UNSET:
            field_dict["run_type"] = run_type
        if run_settings is not UNSET:
            field_dict["run_settings"] = run_settings
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

        agent = d.pop("agent", UNSET)

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
                status_type_0 = check_known_status(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(KnownStatus | str | Unset, data)

        status = _parse_status(d.pop("status", UNSET))

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
        runs: ResultDetailRuns | Unset
        if isinstance(_runs, Unset):
            runs = UNSET
        else:
            runs = ResultDetailRuns.from_dict(_runs)

        overall_evaluation = d.pop("overall_evaluation", UNSET)

        def _parse_total_duration(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        total_duration = _parse_total_duration(d.pop("total_duration", UNSET))

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

        _scenarios = d.pop("scenarios", UNSET)
        scenarios: list[ScenarioReference] | Unset = UNSET
        if _scenarios is not UNSET:
            scenarios = []
            for scenarios_item_data in _scenarios:
                scenarios_item = ScenarioReference.from_dict(scenarios_item_data)

                scenarios.append(scenarios_item)

        critical_categories = d.pop("critical_categories", UNSET)

        metrics = d.pop("metrics", UNSET)

        runs_by_tags = d.pop("runs_by_tags", UNSET)

        latency_data = d.pop("latency_data", UNSET)

        failed_reasons = d.pop("failed_reasons", UNSET)

        ai_summary = d.pop("ai_summary", UNSET)

        ai_summary_status = d.pop("ai_summary_status", UNSET)

        next_steps = d.pop("next_steps", UNSET)

        path_coverage = d.pop("path_coverage", UNSET)

        performance_metrics = d.pop("performance_metrics", UNSET)

        def _parse_run_type(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        run_type = _parse_run_type(d.pop("run_type", UNSET))

        run_settings = d.pop("run_settings", UNSET)

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
            met_expected_outcome_count=met_expected_outcome_count,
            total_expected_outcome_count=total_expected_outcome_count,
            success_rate=success_rate,
            run_as_text=run_as_text,
            is_cronjob=is_cronjob,
            runs=runs,
            overall_evaluation=overall_evaluation,
            total_duration=total_duration,
            total_runs_count=total_runs_count,
            completed_runs_count=completed_runs_count,
            success_runs_count=success_runs_count,
            failed_runs_count=failed_runs_count,
            connected_runs=connected_runs,
            not_connected_runs=not_connected_runs,
            failed_infrastructure_runs=failed_infrastructure_runs,
            failed_workflow_runs=failed_workflow_runs,
            successful_calls=successful_calls,
            scenarios=scenarios,
            critical_categories=critical_categories,
            metrics=metrics,
            runs_by_tags=runs_by_tags,
            latency_data=latency_data,
            failed_reasons=failed_reasons,
            ai_summary=ai_summary,
            ai_summary_status=ai_summary_status,
            next_steps=next_steps,
            path_coverage=path_coverage,
            performance_metrics=performance_metrics,
            run_type=run_type,
            run_settings=run_settings,
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
