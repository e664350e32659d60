from typing import Literal

AllScenarios = Literal["all"]

ALL_SCENARIOS_VALUES: set[AllScenarios] = {
    "all",
}


def check_all_scenarios(value: str) -> AllScenarios:
    if value in ALL_SCENARIOS_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {ALL_SCENARIOS_VALUES!r}"
    )
