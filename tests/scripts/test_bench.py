"""The benchmark's metrics, table and JSON, and how it counts; what it measures is not tested here."""

import json
import os
import sys
from pathlib import Path

import pytest

from scripts.bench import __main__ as bench
from scripts.bench import calls, instructions
from scripts.bench.document import document, earlier
from scripts.bench.environments import Environments
from scripts.bench.metrics import Metric, Target, compared, medians, noise
from scripts.bench.table import notes, number, table
from scripts.processes import ToolError

QUICK = Metric("quick", "a quick thing", "ms", 20.0, 10.0, "`bare`", target=Target(2))
SMALL = Metric("small", "a small thing", "MB", ours=70.0, target=Target(60, of="value"))
LOST = Metric("lost", "a lost thing", "s", target=Target(1), note="not measured: no server")


def rows(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines()]


@pytest.mark.parametrize(
    ("metric", "met"),
    [
        (QUICK, True),
        (Metric("x", "", "", 20.1, 10.0, target=Target(2)), False),
        (SMALL, False),
        (Metric("x", "", "", 60.0, target=Target(60, of="value")), True),
        (Metric("x", "", "", 60.0, target=Target(60)), None),
        (Metric("x", "", "", 60.0), None),
        (LOST, None),
    ],
)
def test_a_target_is_on_the_ratio_or_on_the_value(metric: Metric, met: bool | None) -> None:
    """It may be met exactly; without a target or a value the answer is unknown."""
    assert metric.met is met


def test_a_ratio_needs_a_baseline() -> None:
    """Without one, or with one of nothing, two runs are compared by the value."""
    assert (QUICK.ratio, QUICK.comparable) == (2.0, 2.0)
    assert (SMALL.ratio, SMALL.comparable) == (None, 70.0)
    assert Metric("x", "", "", 3.0, 0.0).ratio is None
    assert LOST.comparable is None


def test_medians_leave_out_what_was_not_measured() -> None:
    """One slow round does not move a median."""
    assert medians({"a": [1.0, 100.0, 2.0], "b": [4.0, 2.0], "c": []}) == {"a": 2.0, "b": 3.0}


def test_noise_is_that_of_the_ratios_of_rounds() -> None:
    """What slows both sides in one round is none; of few rounds nothing is said."""
    assert noise([10.0, 20.0, 30.0, 40.0], [1.0, 2.0, 3.0, 4.0]) == 0
    assert noise([1.0, 2.0, 3.0, 4.0, 5.0], [1.0] * 5) == pytest.approx(1.5)
    assert noise([1.0, 2.0, 3.0], [1.0] * 3) is None


def test_sides_that_took_turns_become_a_metric() -> None:
    """A side that was not there has a reason in the place of its number."""
    metric = compared(
        "name",
        "what",
        "ms",
        {"ours": [3.0, 4.0, 5.0], "bare": [2.0, 2.0, 9.0], "one": [6.0]},
        baseline="bare",
        baseline_is="`bare`",
        others={"one": "", "another": "could not be installed"},
    )
    assert (metric.ours, metric.baseline, metric.ratio) == (4.0, 2.0, 2.0)
    assert metric.others == {"one": 6.0, "another": "could not be installed"}


@pytest.mark.parametrize(
    ("value", "text"),
    [(12345.6, "12,346"), (100, "100"), (99.96, "100.0"), (1.257, "1.26"), (0, "0.00")],
)
def test_numbers_have_three_digits_or_so(value: float, text: str) -> None:
    """More would not be known."""
    assert number(value) == text


def test_the_table_says_which_targets_are_met() -> None:
    """Also where nothing could be measured, and what others need in times of the baseline."""
    other = Metric(
        "other", "another", "µs", 3.0, 4.0, "`x`", {"SDK": 6.0, "old SDK": "gone"}, noise=0.024
    )
    head, _, *lines = rows(table([QUICK, SMALL, LOST, other]))
    assert head == ["metric", "baseline", "this client", "others", "target", "met"]
    assert lines == [
        ["a quick thing", "`bare`: 10.0 ms", "20.0 ms (2.00 ×)", "–", "≤ 2 ×", "yes"],
        ["a small thing", "–", "70.0 MB", "–", "≤ 60 MB", "**no**"],
        ["a lost thing", "–", "–", "–", "≤ 1 ×", "not measured"],
        [
            "another",
            "`x`: 4.00 µs",
            "3.00 µs (0.75 ± 0.02 ×)",
            "SDK 6.00 µs (1.50 ×); old SDK: gone",
            "–",
            "–",
        ],
    ]
    assert notes([QUICK, LOST]) == "- a lost thing: not measured: no server"


def test_the_change_since_another_run_is_one_more_column() -> None:
    """Of the ratio, or where there is none of the value; nothing where one of the two is missing."""
    before = {"quick": 4.0, "small": 35.0, "lost": 1.0}
    new = Metric("new", "a new thing", "s", ours=1.0)
    head, _, *lines = rows(table([QUICK, SMALL, LOST, new], before))
    assert head[-1] == "change"
    assert [line[-1] for line in lines] == ["4.00 → 2.00 (-50 %)", "35.0 → 70.0 (+100 %)", "–", "–"]


def test_what_is_written_is_what_is_compared_with(tmp_path: Path) -> None:
    """The file of one run is read by the next."""
    written = document([QUICK, SMALL, LOST])
    (tmp_path / "bench.json").write_text(json.dumps(written), "utf-8")
    assert earlier(tmp_path / "bench.json") == {"quick": 2.0, "small": 70.0}
    assert set(written["machine"]) == {"cores", "python", "platform", "load"}
    assert written["metrics"][0] == {
        "name": "quick",
        "what": "a quick thing",
        "unit": "ms",
        "ours": 20.0,
        "baseline": 10.0,
        "baseline_is": "`bare`",
        "ratio": 2.0,
        "comparable": 2.0,
        "noise": None,
        "others": {},
        "target": {"most": 2, "of": "ratio", "text": "≤ 2 ×"},
        "met": True,
        "note": "",
    }


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"metrics": [{"name": "x"}]}', '{"metrics": 1}'])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    """With its name, and before anything is measured."""
    (tmp_path / "other.json").write_text(text, "utf-8")
    with pytest.raises(ToolError, match=r"other\.json is not what an earlier run has written"):
        earlier(tmp_path / "other.json")


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two groups instead of the real ones: one with metrics, one that fails half-way."""

    def failing(_: Environments) -> list[Metric]:
        raise ToolError("the server did not start")

    monkeypatch.setattr(bench, "prepared", lambda: Environments("python", None, "no registry"))
    groups = {"good": lambda _: iter([QUICK, SMALL]), "bad": failing, "sandbox": failing}
    monkeypatch.setattr(bench, "_groups", lambda _: groups)


@pytest.mark.usefixtures("measured")
def test_a_group_that_fails_does_not_keep_the_others_from_being_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it says is in the table, in a file beside the JSON, and no failure of the program."""
    assert bench.main(["--output", str(tmp_path / "new")]) == 0
    printed = capsys.readouterr().out
    assert "1 of 2 metrics meet their targets; not: small." in printed
    assert "bad: not measured: the server did not start" in printed
    assert "sandbox" not in printed
    assert (tmp_path / "new" / "bench.md").read_text("utf-8") == printed
    assert earlier(tmp_path / "new" / "bench.json") == {"quick": 2.0, "small": 70.0}
    against = str(tmp_path / "new" / "bench.json")
    assert bench.main(["--only", "good", "--against", against]) == 0
    assert "2.00 → 2.00 (+0 %)" in capsys.readouterr().out


@pytest.mark.usefixtures("measured")
def test_a_file_that_cannot_be_compared_with_ends_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before a minute is spent on measuring."""
    assert bench.main(["--against", str(tmp_path / "missing.json")]) == 1
    assert "missing.json" in capsys.readouterr().err


VALGRIND = f"""#!{sys.executable}
import re, sys
program = sys.argv[-1]
if "broken" in program:
    sys.exit("==1== header" + chr(10) + "NameError: broken")
calls = int(re.findall(r"range\\((\\d+)\\)", program)[-1])
print(f"==1== I   refs:      {{5_000_000 + 7_000 * calls:,}}", file=sys.stderr)
"""


@pytest.fixture
def valgrind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in that counts 7,000 for each call, and 5,000,000 for the rest of the program."""
    stand_in = tmp_path / "valgrind"
    stand_in.write_text(VALGRIND, "utf-8")
    stand_in.chmod(0o755)
    monkeypatch.setattr(instructions, "FOLDER", tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.usefixtures("valgrind")
@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script")
def test_the_instructions_of_a_call_are_what_calls_add() -> None:
    """Starting, importing and warming up are not counted."""
    assert instructions.available()
    sides = {"ours": ("python", "one = int"), "httpx": ("python", "one = str")}
    assert instructions.of_calls(sides, calls=10, warm_up=3) == {"ours": [7000], "httpx": [7000]}


@pytest.mark.usefixtures("valgrind")
@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script")
def test_a_program_that_fails_under_valgrind_is_named() -> None:
    """With its own last line, not with one of valgrind's."""
    with pytest.raises(ToolError, match="ours failed under valgrind: NameError: broken"):
        instructions.of_processes({"ours": ("python", "broken")})


@pytest.mark.parametrize(
    ("installed", "names"), [(True, ["x-cpu", "x-instructions"]), (False, ["x-cpu"])]
)
def test_instructions_are_counted_where_valgrind_is_installed(
    monkeypatch: pytest.MonkeyPatch, installed: bool, names: list[str]
) -> None:
    """Elsewhere the times stand alone."""
    rounds = {"ours": [1.0], "httpx": [1.0]}
    monkeypatch.setattr(calls, "blocks", lambda *_, **__: rounds)
    monkeypatch.setattr(instructions, "of_calls", lambda *_, **__: rounds)
    monkeypatch.setattr(instructions, "available", lambda: installed)
    came = calls.compare_calls("x", "a call", {}, baseline_is="`x`", others={})
    assert [metric.name for metric in came] == names
