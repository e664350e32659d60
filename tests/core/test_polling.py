import itertools
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cekura_client import InvalidRequestError, Polling


@given(st.floats(0, 1, exclude_max=True))
def test_pauses_grow_from_two_to_thirty_seconds_within_the_jitter(chance: float) -> None:
    """The first is about 2 s, none is above 30 s by more than a tenth, and they reach 30 s."""
    pauses = list(itertools.islice(Polling().pauses(lambda: chance), 20))
    assert 1.8 <= pauses[0] <= 2.2
    assert max(pauses) <= 33
    assert pauses == sorted(pauses)
    assert pauses[-1] >= 27


@pytest.mark.parametrize(
    "wrong",
    [
        {"first": 0},
        {"first": math.nan},
        {"first": 40},
        {"longest": math.inf},
        {"growth": 0.5},
        {"jitter": 1},
        {"jitter": -0.1},
        {"grace": -1},
        {"first": "2"},
        {"growth": None},
        {"jitter": True},
    ],
)
def test_figures_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    """The error names the figure, the value and the rule."""
    with pytest.raises(InvalidRequestError, match=r"Polling\.\w+ must be .*; got "):
        Polling(**wrong)
