"""What a person at a terminal sees and is asked, and what a program that reads the output gets."""

import re
from collections.abc import Iterator

import pytest

from cekura_client.sandbox import Sandbox
from tests.cli.support import KEY, Terminal, environment, run, run_in_terminal

VOICE = ("voice", "--agent-id", "12", "--scenarios", "101", "--poll", "0.1")
COLOUR = re.compile(r"\x1b\[[0-9;]*[1-9][0-9;]*m")
ESCAPE = "\x1b"
# A question, since more runs than this are asked for.
ASKED = (*VOICE, "--ask-above", "0")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """One whose runs take a while."""
    with Sandbox(pace=2, by_reads=True, api_key=KEY, outcomes={106: "stuck"}) as running:
        yield running


@pytest.mark.parametrize(
    ("keys", "status", "launches"),
    [("y\n", 0, 1), ("yes\n", 0, 1), ("\n", 2, 0), ("n\n", 2, 0), ("\x04", 2, 0), ("\x03", 130, 0)],
    ids=["y", "yes", "enter", "n", "Ctrl-D", "Ctrl-C"],
)
def test_the_user_is_asked_above_the_limit(
    sandbox: Sandbox, keys: str, status: int, launches: int
) -> None:
    """Only yes is yes."""
    terminal = Terminal(*ASKED, env=environment(sandbox))
    terminal.wait_for("Start 1 run? [y/N]")
    terminal.press(keys)
    assert terminal.end() == status, terminal.shown
    assert sandbox.launches == launches


def test_yes_skips_the_question(sandbox: Sandbox) -> None:
    """With --yes, or if there are few runs."""
    for options in ((*ASKED, "--yes"), VOICE):
        ran = run_in_terminal(*options, sandbox=sandbox)
        assert ran.status == 0
        assert "[y/N]" not in ran.out


def test_progress_is_shown_while_waiting(sandbox: Sandbox) -> None:
    """It has the runs by status, how many have ended, and the time; the outcome replaces it."""
    ran = run_in_terminal(*VOICE, sandbox=sandbox)
    assert ran.status == 0
    shown = ran.out
    for part in ("result 7001", "0/1", "1 running", "1 pending", "0:00:0", "left"):
        assert part in shown, part
    *_, outcome = shown.split("\x1b[2K")  # which clears a line
    assert "1 of 1 runs passed" in outcome
    assert "0/1" not in outcome


def test_only_the_outcome_goes_to_standard_output(sandbox: Sandbox) -> None:
    """Also where the progress is watched: `cekura-run … --json | jq`."""
    terminal = Terminal(*VOICE, "--json", env=environment(sandbox), pipe=True)
    assert terminal.end() == 0
    assert terminal.process.stdout is not None
    with terminal.process.stdout as out:
        assert out.read().startswith(b'{\n  "exit_status": 0')
    assert "result 7001 was started" in terminal.shown
    assert "0/1" in terminal.shown


def test_a_log_gets_lines_instead_of_bars(sandbox: Sandbox) -> None:
    """One for each change, without anything that moves; --quiet leaves the id."""
    ran = run(*VOICE, sandbox=sandbox)
    assert ESCAPE not in ran.out + ran.err
    assert "result 7001: pending, 0 of 1 runs ended: 1 pending (after 0 s)" in ran.err
    assert "1 of 1 runs ended: 1 completed" in ran.err
    lines = [line.split(" (after")[0] for line in ran.err.splitlines()]
    assert len(lines) == len(set(lines))
    quiet = run(*VOICE, "--quiet", sandbox=sandbox)
    assert quiet.err.splitlines() == [
        "1 scenario × 1 repetition = 1 run, each billed",
        "result 7002 was started",
    ]


def test_forced_colours_do_not_animate_a_log(sandbox: Sandbox) -> None:
    """As CI systems do: colours, but no cursor that moves."""
    ran = run(*VOICE, sandbox=sandbox, FORCE_COLOR="1")
    assert COLOUR.search(ran.out)
    assert not re.search(r"\x1b\[[0-9;?]*[A-HJKhl]", ran.err)


def test_colours_can_be_disabled(sandbox: Sandbox) -> None:
    """NO_COLOR; without it there are some."""
    coloured = run_in_terminal(*VOICE, "--quiet", sandbox=sandbox)
    assert "\x1b[1;32m" in coloured.out
    plain = run_in_terminal(*VOICE, "--quiet", sandbox=sandbox, NO_COLOR="1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", plain.out)


def test_ctrl_c_while_waiting_prints_the_next_commands(sandbox: Sandbox) -> None:
    """From the keyboard, too."""
    terminal = Terminal(
        *("voice", "--agent-id", "12", "--scenarios", "106"), env=environment(sandbox)
    )
    terminal.wait_for("1 pending")
    terminal.press("\x03")
    assert terminal.end() == 130
    assert "cekura-run wait 7001" in terminal.shown


def test_closing_the_terminal_ends_calls(sandbox: Sandbox) -> None:
    """As asked for, although nothing can be shown any more."""
    launch = ("voice", "--agent-id", "12", "--scenarios", "106", "--end-on-abort")
    terminal = Terminal(*launch, env=environment(sandbox))
    terminal.wait_for("1 pending")
    assert terminal.hang_up() == 129
    assert sandbox.requests[-1].path.endswith("end_calls/")
