"""What a marker asks for, found out before anything is sent."""

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
from cekura_client.pytest_plugin.names import FIXTURES, RESULT, RUN, Slot, markers


# Compared by identity; the key is what processes agree on.
@frozen(eq=False, slots=False)
class Order:
    """One launch that a marker asks for.

    Attributes:
        owner: The id of the node that carries the marker.
        checked: The launch.
        timeout: Seconds to wait.
        warnings: What its arguments were warned about when they were checked.
    """

    owner: str
    checked: CheckedLaunch
    timeout: float
    warnings: tuple[Warning, ...] = field(default=(), repr=False)

    @property
    def kind(self) -> str:
        """Of the launch, in a word."""
        return self.checked.kind.word

    @cached_property
    def key(self) -> str:
        """The same in every process, whatever order the sets of a test file have there."""
        body = {name: _sorted(value) for name, value in self.checked.body.items()}
        identity = [self.owner, self.checked.kind.operation, body, self.timeout]
        return sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:16]

    @cached_property
    def runs(self) -> dict[int, int]:
        """How many runs each scenario has; empty where only the server knows."""
        chosen, planned = self.checked.body.get("scenarios"), self.checked.plan.runs
        if not isinstance(chosen, list) or planned is None:
            return {}
        each = planned // len(chosen)
        return {scenario: n * each for scenario, n in Counter(map(_id, chosen)).items()}

    @property
    def slots(self) -> list[Slot]:
        """One for each run."""
        return [Slot(scenario, i + 1) for scenario, n in self.runs.items() for i in range(n)]

    def narrowed(self, scenarios: set[int]) -> CheckedLaunch:
        """The launch with some of its scenarios; what it was warned about is said here."""
        for warning in self.warnings:
            warnings.warn(warning, stacklevel=2)
        return self.checked.only(lambda scenario: _id(scenario) in scenarios)

    def wanted(self, items: list[pytest.Item]) -> set[int]:
        """The scenarios that selected tests need."""
        found: set[int] = set()
        for item in items:
            names = fixtures(item)
            if not names & FIXTURES or not self.is_of(item):
                continue
            if RESULT in names:
                return set(self.runs)
            # Without it is a test of unittest, which has no parameters, and will be refused.
            if call := getattr(item, "callspec", None):
                found.add(cast("Slot", call.params[RUN]).scenario)
        return found

    def is_of(self, item: pytest.Item) -> bool:
        """Whether a test shares this launch."""
        try:
            order = order_of(item)
        except InvalidRequestError:  # which that test itself will say
            return False
        return order is not None and order.key == self.key


class Orders:
    """The markers that were looked at. Each once, since an argument may be an iterator."""

    def __init__(self) -> None:
        # With the marker, or another might be given its id.
        self._known: dict[tuple[int, str], tuple[pytest.Mark, Order]] = {}

    def of(self, mark: pytest.Mark, owner: str) -> Order:
        """What a marker at this node asks for."""
        place = (id(mark), owner)
        if place not in self._known:
            self._known[place] = (mark, _checked(mark, owner))
        return self._known[place][1]


# What the markers of a session ask for.
_ORDERS: pytest.StashKey[Orders] = pytest.StashKey()


def order_of(item: pytest.Item) -> Order | None:
    """What the nearest marker of a test asks for; None where there is none.

    Raises:
        InvalidRequestError: no such launch is possible, or one place has several markers.
    """
    marks = [(node, mark) for node, mark in item.iter_markers_with_node() if mark.name in markers()]
    if not marks:
        return None
    nearest = marks[0][0]
    here = [mark for node, mark in marks if node is nearest]
    if len(here) > 1:
        names = " and ".join(mark.name for mark in here)
        raise InvalidRequestError(f"{names} at one place: a launch is asked for by one marker")
    # Without the brackets: all variants of a test share the marker of its function.
    name = getattr(item, "originalname", None) or item.name
    above = "" if item.parent is None else item.parent.nodeid
    owner = f"{above}::{name}" if nearest is item else nearest.nodeid
    return item.config.stash.setdefault(_ORDERS, Orders()).of(here[0], owner)


def fixtures(item: pytest.Item) -> set[str]:
    """The names of the fixtures that a test uses, directly or not."""
    return {*getattr(item, "fixturenames", ())}


def _checked(mark: pytest.Mark, owner: str) -> Order:
    if mark.args:
        raise InvalidRequestError("its arguments must be given by name, e.g. scenarios=[101, 102]")
    kind, given = markers()[mark.name], dict(mark.kwargs)
    timeout = given.pop("timeout", None)
    for name in given.keys() - kind.arguments.keys():
        raise InvalidRequestError(unknown(name, [*kind.arguments, "timeout"]))
    with warnings.catch_warnings(record=True) as caught:
        # They are repeated with the launch, where pytest can say of which test they are.
        warnings.simplefilter("always", FolderPathWarning)
        checked = kind.check(given)
    said = tuple(each.message for each in caught if isinstance(each.message, Warning))
    return Order(owner, checked, seconds("timeout", 3600 if timeout is None else timeout), said)


def _id(scenario: object) -> int:
    """Of one that was checked: of a websocket launch it is a mapping."""
    value = scenario["scenario"] if isinstance(scenario, dict) else scenario
    return positive("scenario", value)


def _sorted(value: object) -> object:
    return sorted(map(json.dumps, value)) if isinstance(value, list) else value
