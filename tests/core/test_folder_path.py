import contextlib
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cekura_client import FolderPathError, FolderPathWarning, InvalidRequestError
from cekura_client.core.folder_path import LONGEST_LEVEL, LONGEST_PATH, folder_path
from cekura_client.core.launch_kinds import KINDS

_level = (
    st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="./\\"), min_size=1)
    .map(str.strip)
    .filter(lambda level: 0 < len(level) <= LONGEST_LEVEL)
)
_legal = (
    st.lists(_level, min_size=1, max_size=8)
    .map(".".join)
    .filter(lambda path: len(path) <= LONGEST_PATH)
)


@given(_legal)
def test_every_legal_path_is_accepted_and_sent_unchanged(path: str) -> None:
    """Levels of any script, with blanks inside, go to the server as they are."""
    found = KINDS["run_voice"].check({"folder_path": path, "project_id": 1})
    assert found.body == {"folder_path": path, "project_id": 1}
    assert found.plan.runs is None


@given(st.text())
def test_any_text_is_accepted_or_refused_with_the_one_error(text: str) -> None:
    """Any text raises `FolderPathError` or is returned unchanged."""
    with warnings.catch_warnings(), contextlib.suppress(FolderPathError):
        warnings.simplefilter("ignore", FolderPathWarning)
        assert folder_path("folder_path", text) == text


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("", "must not be blank"),
        ("   ", "must not be blank"),
        (".Inbound", "level 1 of '.Inbound' is empty"),
        ("Sales.", "level 2 of 'Sales.' is empty"),
        ("Sales..Inbound", "level 2 of 'Sales..Inbound' is empty"),
        ("Sales. Inbound", "level 2 of 'Sales. Inbound' starts or ends with a space"),
        ("Sales .Inbound", "level 1 of 'Sales .Inbound' starts or ends with a space"),
        ("Sales.In\nbound", r"contains the control character '\n'"),
        ("Sales.In\x00bound", r"contains the control character '\x00'"),
        ("Sales.\ud800", "contains the control character"),
        ("a" * 101, "is 101 characters long; the maximum is 100"),
        (".".join(["a" * 60] * 5), "is 304 characters long; the maximum is 300"),
        (7, "must be text such as 'Sales.Inbound'; got int"),
        (["Sales", "Inbound"], "must be text such as 'Sales.Inbound'; got list"),
    ],
)
def test_what_is_wrong_is_said(path: object, says: str) -> None:
    """The error names the level, the problem and an example."""
    with pytest.raises(FolderPathError) as caught:
        folder_path("folder_path", path)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    "path", ["a" * 100, ".".join(["a" * 99] * 3), "Booking.Happy path", "販売"]
)
def test_the_limits_themselves_are_legal(path: str) -> None:
    """100 characters a level and 300 in all are still accepted."""
    assert folder_path("folder_path", path) == path


@pytest.mark.parametrize("path", ["Sales/Inbound", "Sales\\Inbound"])
def test_a_slash_is_sent_but_warned_about(path: str) -> None:
    """A slash is valid, so it is not an error; the warning shows the probable intention."""
    with pytest.warns(FolderPathWarning, match=r"Did you mean 'Sales\.Inbound'"):
        assert folder_path("folder_path", path) == path


def test_a_folder_path_error_is_an_invalid_request_and_a_value_error() -> None:
    """`except ValueError` catches it."""
    assert issubclass(FolderPathError, InvalidRequestError)
    assert issubclass(InvalidRequestError, ValueError)
