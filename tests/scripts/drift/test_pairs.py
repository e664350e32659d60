"""Six changes that the vendor made, told from the published documents before and after."""

from pathlib import Path

import pytest

from scripts.drift.changes import Change, Drift
from scripts.drift.compare import compare
from scripts.published import obtain

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "drift"

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the published documents are kept beside the project, not in it"
)

RUN = "POST /test_framework/v1/scenarios/run_scenarios/"
WEBRTC = "POST /test_framework/v1/scenarios/run_scenarios_vapi_webrtc/"
WEBSOCKETS = "POST /test_framework/v1/scenarios/run_scenarios_with_websockets/"
RESULTS = "GET /test_framework/v1/results/"
RESULT = "GET /test_framework/v1/results/{id}/"

Told = tuple[str, str, str, str, tuple[str, ...]]


def _drift(old: str, new: str) -> Drift:
    one, other = (obtain(str(FOLDER / f"{name}.json")).document for name in (old, new))
    return compare(one, other)


def _told(change: Change) -> Told:
    return (
        *(change.level.label, change.rule.axis, change.kind, change.name),
        tuple(sorted(change.operations)),
    )


def _new(kind: str, name: str, *operations: str) -> Told:
    return "additive", "wire", f"{kind}-property-added", name, operations


def _renamed(kind: str, operation: str) -> Told:
    return "possibly breaking", "surface", f"{kind}-renamed", "", (operation,)


EXTERNAL = tuple(
    f"POST /test_framework/v1/scenarios-external/{name}/"
    for name in ("run_scenarios", "run_scenarios_vapi_webrtc", "run_scenarios_with_websockets")
)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            "2025-05-21-1e9fc3dd",
            "2025-05-21-4d0f8735",
            [
                (
                    *("breaking", "wire", "request-property-renamed", "frequency"),
                    EXTERNAL[:1],
                )
            ],
            id="freq becomes frequency",
        ),
        pytest.param(
            "2025-11-17-78ed7347",
            "2025-11-24-8e5000f5",
            [_renamed("operation-id", name) for name in (RESULTS, RESULT, RUN, WEBRTC, WEBSOCKETS)],
            id="five operationIds",
        ),
        pytest.param(
            "2026-04-20-24cbc30b",
            "2026-04-21-9d68afcf",
            [
                *(_renamed("tag", name) for name in (RUN, WEBSOCKETS)),
                *(_new("request", name, RUN) for name in ("folder_path", "concurrency_limit")),
                *[("docs", "docs", "docs-changed", "", (RUN,))] * 4,
                *[("docs", "docs", "docs-changed", "", (WEBSOCKETS,))] * 3,
            ],
            id="a tag and two fields",
        ),
        pytest.param("2026-05-11-44da69cb", "2026-05-12-086c10a3", [], id="nothing"),
        pytest.param(
            "2026-07-08-81b991eb",
            "2026-07-10-4d60f2b0",
            [_new("request", "mock_tool_names", name) for name in (RUN, WEBRTC, WEBSOCKETS)],
            id="mock_tool_names",
        ),
        pytest.param(
            "2025-05-23-995fccda",
            "2025-06-05-d78d79c7",
            [_new(side, "tool_ids", *EXTERNAL[1:]) for side in ("request", "response")],
            id="3.0.3 becomes 3.1.0",
        ),
    ],
)
def test_what_the_vendor_changed(old: str, new: str, expected: list[Told]) -> None:
    """The changes of a published document are these and no others."""
    assert sorted(map(_told, _drift(old, new).changes)) == sorted(expected)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2026-05-11-44da69cb", "2026-05-12-086c10a3"),
        ("2025-05-23-995fccda", "2025-06-05-d78d79c7"),
    ],
)
def test_what_means_the_same_is_counted(old: str, new: str) -> None:
    """What is written in another way is no change, and is not passed over either."""
    assert _drift(old, new).noise


def test_a_rename_says_from_what() -> None:
    """The old name is before, the new one after."""
    (change,) = _drift("2025-05-21-1e9fc3dd", "2025-05-21-4d0f8735").changes
    assert (change.before, change.after) == ("freq", "frequency")
    assert change.note
