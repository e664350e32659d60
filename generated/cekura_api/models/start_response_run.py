from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.known_status import KnownStatus, check_known_status
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.test_profile_data import TestProfileData


T = TypeVar("T", bound="StartResponseRun")


@_attrs_define
class StartResponseRun:
    """
    Attributes:
        id (int | Unset): ID of the run
        status (KnownStatus | str | Unset): Status of the run
        scenario (int | Unset): ID of the scenario
        number (None | str | Unset): For outbound runs (agent.inbound=False). The given number that must be called from
            the phone number configured in the cekura agent. Example: +11234567890.
        inbound_number (None | str | Unset): For inbound runs (agent.inbound=True). The agent's configured phone number
            will receive calls from this number. Example: +11234567890.
        scenario_name (str | Unset): Name of the scenario
        test_profile_data (None | TestProfileData | Unset): Details of the test profile associated with this run
            scenario
        outbound_dial_window_opens_at (datetime.datetime | None | Unset): When the outbound dial window opened (run
            transitioned to pending/waiting-for-call). Null until dispatched.
        outbound_dial_window_seconds (int | None | Unset): Duration of the outbound dial window in seconds.
        outbound_dial_window_closes_at (datetime.datetime | None | Unset): Deadline by which your agent must dial the
            outbound number (opens_at + outbound_dial_window_seconds). Dials after this are dropped and the run returns
            status: timeout.
    """

    id: int | Unset = UNSET
    status: KnownStatus | str | Unset = UNSET
    scenario: int | Unset = UNSET
    number: None | str | Unset = UNSET
    inbound_number: None | str | Unset = UNSET
    scenario_name: str | Unset = UNSET
    test_profile_data: None | TestProfileData | Unset = UNSET
    outbound_dial_window_opens_at: datetime.datetime | None | Unset = UNSET
    outbound_dial_window_seconds: int | None | Unset = UNSET
    outbound_dial_window_closes_at: datetime.datetime | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.test_profile_data import TestProfileData

        id = self.id

        status: str | Unset
        if isinstance(self.status, Unset):
            status = UNSET
        elif isinstance(self.status, str):
            status = self.status
        else:
            status = self.status

        scenario = self.scenario

        number: None | str | Unset
        if isinstance(self.number, Unset):
            number = UNSET
        else:
            number = self.number

        inbound_number: None | str | Unset
        if isinstance(self.inbound_number, Unset):
            inbound_number = UNSET
        else:
            inbound_number = self.inbound_number

        scenario_name = self.scenario_name

        test_profile_data: dict[str, Any] | None | Unset
        if isinstance(self.test_profile_data, Unset):
            test_profile_data = UNSET
        elif isinstance(self.test_profile_data, TestProfileData):
            test_profile_data = self.test_profile_data.to_dict()
        else:
            test_profile_data = self.test_profile_data

        outbound_dial_window_opens_at: None | str | Unset
        if isinstance(self.outbound_dial_window_opens_at, Unset):
            outbound_dial_window_opens_at = UNSET
        elif isinstance(self.outbound_dial_window_opens_at, datetime.datetime):
            outbound_dial_window_opens_at = (
                self.outbound_dial_window_opens_at.isoformat()
            )
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
        elif isinstance(self.outbound_dial_window_closes_at, datetime.datetime):
            outbound_dial_window_closes_at = (
                self.outbound_dial_window_closes_at.isoformat()
            )
        else:
            outbound_dial_window_closes_at = self.outbound_dial_window_closes_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if id is not UNSET:
            field_dict["id"] = id
        if status is not UNSET:
            field_dict["status"] = status
        if scenario is not UNSET:
            field_dict["scenario"] = scenario
        if number is not UNSET:
            field_dict["number"] = number
        if inbound_number is not UNSET:
            field_dict["inbound_number"] = inbound_number
        if scenario_name is not UNSET:
            field_dict["scenario_name"] = scenario_name
        if test_profile_data is not UNSET:
            field_dict["test_profile_data"] = test_profile_data
        if outbound_dial_window_opens_at is not UNSET:
            field_dict["outbound_dial_window_opens_at"] = outbound_dial_window_opens_at
        if outbound_dial_window_seconds is not UNSET:
            field_dict["outbound_dial_window_seconds"] = outbound_dial_window_seconds
        if outbound_dial_window_closes_at is not UNSET:
            field_dict["outbound_dial_window_closes_at"] = (
                outbound_dial_window_closes_at
            )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.test_profile_data import TestProfileData

        d = dict(src_dict)
        id = d.pop("id", UNSET)

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

        scenario = d.pop("scenario", UNSET)

        def _parse_number(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        number = _parse_number(d.pop("number", UNSET))

        def _parse_inbound_number(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        inbound_number = _parse_inbound_number(d.pop("inbound_number", UNSET))

        scenario_name = d.pop("scenario_name", UNSET)

        def _parse_test_profile_data(data: object) -> None | TestProfileData | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                test_profile_data_type_0 = TestProfileData.from_dict(data)

                return test_profile_data_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | TestProfileData | Unset, data)

        test_profile_data = _parse_test_profile_data(d.pop("test_profile_data", UNSET))

        def _parse_outbound_dial_window_opens_at(
            data: object,
        ) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                outbound_dial_window_opens_at_type_0 = datetime.datetime.fromisoformat(
                    data
                )

                return outbound_dial_window_opens_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

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

        def _parse_outbound_dial_window_closes_at(
            data: object,
        ) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                outbound_dial_window_closes_at_type_0 = datetime.datetime.fromisoformat(
                    data
                )

                return outbound_dial_window_closes_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        outbound_dial_window_closes_at = _parse_outbound_dial_window_closes_at(
            d.pop("outbound_dial_window_closes_at", UNSET)
        )

        start_response_run = cls(
            id=id,
            status=status,
            scenario=scenario,
            number=number,
            inbound_number=inbound_number,
            scenario_name=scenario_name,
            test_profile_data=test_profile_data,
            outbound_dial_window_opens_at=outbound_dial_window_opens_at,
            outbound_dial_window_seconds=outbound_dial_window_seconds,
            outbound_dial_window_closes_at=outbound_dial_window_closes_at,
        )

        start_response_run.additional_properties = d
        return start_response_run

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
