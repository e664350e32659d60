from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.scenario_with_websocket import ScenarioWithWebsocket


T = TypeVar("T", bound="RunScenariosWithWebsockets")


@_attrs_define
class RunScenariosWithWebsockets:
    """
    Attributes:
        scenarios (list[ScenarioWithWebsocket]): List of scenario+websocket pairs. Each element must be an object with
            two keys: `scenario` (integer evaluator ID) and `websocket_url` (string, ws:// or wss:// URL). Example:
            [{"scenario": 101, "websocket_url": "wss://agent-a.example.com/chat"}, {"scenario": 102, "websocket_url":
            "wss://agent-b.example.com/chat"}]
        frequency (int): Frequency to run
        agent (int | None | Unset): Agent to use. Required if none of the scenarios have an agent.
        mock_tool_names (list[str] | None | Unset): Names of mock tools to activate for this run. Omit (or send null) to
            mock every tool configured on the agent; send an empty list to mock none so every tool keeps its original
            endpoint; send specific names to mock only those. Tools that belong to an MCP server should be selected via the
            MCP server's name or key, which mocks all of that server's tools as one unit. Legacy MCP sub-tool names are
            accepted as aliases for the whole parent MCP.
    """

    scenarios: list[ScenarioWithWebsocket]
    frequency: int
    agent: int | None | Unset = UNSET
    mock_tool_names: list[str] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        scenarios = []
        for scenarios_item_data in self.scenarios:
            scenarios_item = scenarios_item_data.to_dict()
            scenarios.append(scenarios_item)

        frequency = self.frequency

        agent: int | None | Unset
        if isinstance(self.agent, Unset):
            agent = UNSET
        else:
            agent = self.agent

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
                "frequency": frequency,
            }
        )
        if agent is not UNSET:
            field_dict["agent"] = agent
        if mock_tool_names is not UNSET:
            field_dict["mock_tool_names"] = mock_tool_names

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.scenario_with_websocket import ScenarioWithWebsocket

        d = dict(src_dict)
        scenarios = []
        _scenarios = d.pop("scenarios")
        for scenarios_item_data in _scenarios:
            scenarios_item = ScenarioWithWebsocket.from_dict(scenarios_item_data)

            scenarios.append(scenarios_item)

        frequency = d.pop("frequency")

        def _parse_agent(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        agent = _parse_agent(d.pop("agent", UNSET))

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

        run_scenarios_with_websockets = cls(
            scenarios=scenarios,
            frequency=frequency,
            agent=agent,
            mock_tool_names=mock_tool_names,
        )

        run_scenarios_with_websockets.additional_properties = d
        return run_scenarios_with_websockets

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
