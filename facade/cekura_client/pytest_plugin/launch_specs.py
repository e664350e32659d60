"""The launches that markers specify, checked before anything is sent."""

from __future__ import annotations

import json
import warnings
from collections import Counter
from functools import cached_property
from hashlib import sha256
from typing import cast

import pytest
from attrs import field, frozen

from cekura_client.core.checks import positive, seconds
from cekura_client.core.description import CheckedLaunch, unknown
from cekura_client.core.errors import InvalidRequestError
from cekura_client.core.folder_path import FolderPathWarning
from cekura_client.pytest_plugin.names import FIXTURES, RESULT, RUN, RunSlot, markers


# Compared by identity. Processes compare the key.
@frozen(eq=False, slots=False)
class LaunchSpec:
    """The launch that a marker specifies.

    Attributes:
        owner: The id of the node with the marker.
        checked: The checked launch.
        timeout: Seconds to wait.
        warnings: The warnings that the check of its arguments caused.
    """

    owner: str
    checked: CheckedLaunch
    timeout: float
    warnings: tuple[Warning, ...] = field(default=(), repr=False)

    @property
    def kind(self) -> str:
        """The short name of the launch, e.g. `voice`."""
        return self.checked.kind.word

    @cached_property
    def key(self) -> str:
        """Identifies the launch in every process, whatever the order of sets in a test file."""
        body = {name: _sorted(value) for name, value in self.checked.body.items()}
        identity = [self.owner, self.checked.kind.operation, body, self.timeout]
        return sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:16]

    @cached_property
    def runs(self) -> dict[int, int]:
        """The number of runs of each scenario; empty if only the server knows it."""
        chosen, planned = self.checked.body.get("scenarios"), self.checked.plan.runs
        if not isinstance(chosen, list) or planned is None:
            return {}
        each = planned // len(chosen)
        return {scenario: n * each for scenario, n in Counter(map(_id, chosen)).items()}

    @property
    def slots(self) -> list[RunSlot]:
        """A slot for each run."""
        return [RunSlot(scenario, i + 1) for scenario, n in self.runs.items() for i in range(n)]

    def narrowed(self, scenarios: set[int]) -> CheckedLaunch:
        """The launch with only these scenarios. Repeats the warnings of the check."""
        for warning in self.warnings:
            warnings.warn(warning, stacklevel=2)
        return self.checked.only(lambda scenario: _id(scenario) in scenarios)

    def wanted(self, items: list[pytest.Item]) -> set[int]:
        """The scenarios that the selected tests need."""
        found: set[int] = set()
        for item in items:
            names = fixtures(item)
            if not names & FIXTURES or not self.is_of(item):
                continue
            if RESULT in names:
                return set(self.runs)
            # A unittest test has no parameters. It will be refused.
            if call := getattr(item, "callspec", None):
                found.add(cast("RunSlot", call.params[RUN]).scenario)
        return found

    def is_of(self, item: pytest.Item) -> bool:
        """Whether a test shares this launch."""
        try:
            spec = spec_of(item)
        except InvalidRequestError:  # that test will report it
            return False
        return spec is not None and spec.key == self.key


class LaunchSpecs:
    """The markers read so far. Each is read once, because an argument may be an iterator."""

    def __init__(self) -> None:
        # Keeps the marker, so that no other can get its id.
        self._known: dict[tuple[int, str], tuple[pytest.Mark, LaunchSpec]] = {}

    def of(self, mark: pytest.Mark, owner: str) -> LaunchSpec:
        """The launch that a marker at this node specifies."""
        place = (id(mark), owner)
        if place not in self._known:
            self._known[place] = (mark, _checked(mark, owner))
        return self._known[place][1]


# The launches of a session.
_LAUNCH_SPECS: pytest.StashKey[LaunchSpecs] = pytest.StashKey()


def spec_of(item: pytest.Item) -> LaunchSpec | None:
    """The launch of the nearest marker of a test; None if it has no marker.

    Raises:
        InvalidRequestError: the arguments are wrong, or one place has several markers.
    """
    marks = [(node, mark) for node, mark in item.iter_markers_with_node() if mark.name in markers()]
    if not marks:
        return None
    nearest = marks[0][0]
    here = [mark for node, mark in marks if node is nearest]
    if len(here) > 1:
        names = " and ".join(mark.name for mark in here)
        raise InvalidRequestError(
            f"several markers at one place: {names}; use one marker per launch"
        )
    # Without the brackets, because all variants of a test share a marker.
    name = getattr(item, "originalname", None) or item.name
    above = "" if item.parent is None else item.parent.nodeid
    owner = f"{above}::{name}" if nearest is item else nearest.nodeid
    return item.config.stash.setdefault(_LAUNCH_SPECS, LaunchSpecs()).of(here[0], owner)


def fixtures(item: pytest.Item) -> set[str]:
    """The names of the fixtures that a test uses, directly or not."""
    return {*getattr(item, "fixturenames", ())}


def _checked(mark: pytest.Mark, owner: str) -> LaunchSpec:
    if mark.args:
        raise InvalidRequestError(
            "pass the arguments of the marker by name, e.g. scenarios=[101, 102]"
        )
    kind, given = markers()[mark.name], dict(mark.kwargs)
    timeout = given.pop("timeout", None)
    for name in given.keys() - kind.arguments.keys():
        raise InvalidRequestError(unknown(name, [*kind.arguments, "timeout"]))
    with warnings.catch_warnings(record=True) as caught:
        # Repeated at the launch, where pytest knows the test that they belong to.
        warnings.simplefilter("always", FolderPathWarning)
        checked = kind.check(given)
    said = tuple(each.message for each in caught if isinstance(each.message, Warning))
    return LaunchSpec(
        owner, checked, seconds("timeout", 3600 if timeout is None else timeout), said
    )


def _id(scenario: object) -> int:
    """The id of a checked scenario, which is a mapping for websocket launches."""
    value = scenario["scenario"] if isinstance(scenario, dict) else scenario
    return positive("scenario", value)


def _sorted(value: object) -> object:
    return sorted(map(json.dumps, value)) if isinstance(value, list) else value
