from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="RunScenariosVapiWebRTCRequest")


@_attrs_define
class RunScenariosVapiWebRTCRequest:
    """
    Attributes:
        scenarios (list[int]): List of scenario IDs to run
        vapi_assistant_id (str): The VAPI assistant ID to test against
        agent_id (int | Unset): Agent ID (optional if scenarios all belong to one agent)
        project_id (int | Unset):
        frequency (int | Unset):  Default: 1.
        name (str | Unset):
        concurrency_limit (int | Unset):
        mock_tool_names (list[str] | None | Unset): Names of mock tools to activate for this run. Omit (or send null) to
            mock every tool configured on the agent; send an empty list to mock none so every tool keeps its original
            endpoint; send specific names to mock only those.
    """

    scenarios: list[int]
    vapi_assistant_id: str
    agent_id: int | Unset = UNSET
    project_id: int | Unset = UNSET
    frequency: int | Unset = 1
    name: str | Unset = UNSET
    concurrency_limit: int | Unset = UNSET
    mock_tool_names: list[str] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        scenarios = self.scenarios

        vapi_assistant_id = self.vapi_assistant_id

        agent_id = self.agent_id

        project_id = self.project_id

        frequency = self.frequency

        name = self.name

        concurrency_limit = self.concurrency_limit

        mock_tool_names: list[str] | None | Unset
        if isinstance(self.mock_tool_names, Unset):
            mock_tool_names = UNSET
        elif isinstance(self.mock_tool_names, list):
            mock_tool_names = self.mock_tool_names

        else:
            mock_tool_names = self.mock_tool_names

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "scenarios": scenarios,
                "vapi_assistant_id": vapi_assistant_id,
            }
        )
        if agent_id is not UNSET:
            field_dict["agent_id"] = agent_id
        if project_id is not UNSET:
            field_dict["project_id"] = project_id
        if frequency is not UNSET:
            field_dict["frequency"] = frequency
        if name is not UNSET:
            field_dict["name"] = name
        if concurrency_limit is not UNSET:
            field_dict["concurrency_limit"] = concurrency_limit
        if mock_tool_names is not UNSET:
            field_dict["mock_tool_names"] = mock_tool_names

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        scenarios = cast(list[int], d.pop("scenarios"))

        vapi_assistant_id = d.pop("vapi_assistant_id")

        agent_id = d.pop("agent_id", UNSET)

        project_id = d.pop("project_id", UNSET)

        frequency = d.pop("frequency", UNSET)

        name = d.pop("name", UNSET)

        concurrency_limit = d.pop("concurrency_limit", UNSET)

        def _parse_mock_tool_names(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                mock_tool_names_type_0 = cast(list[str], data)

                return mock_tool_names_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        mock_tool_names = _parse_mock_tool_names(d.pop("mock_tool_names", UNSET))

        run_scenarios_vapi_web_rtc_request = cls(
            scenarios=scenarios,
            vapi_assistant_id=vapi_assistant_id,
            agent_id=agent_id,
            project_id=project_id,
            frequency=frequency,
            name=name,
            concurrency_limit=concurrency_limit,
            mock_tool_names=mock_tool_names,
        )

        run_scenarios_vapi_web_rtc_request.additional_properties = d
        return run_scenarios_vapi_web_rtc_request

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
