"""Texts of the plugin. Text from the server is made harmless."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import Any

import pytest

from cekura_client.core.errors import CekuraError
from cekura_client.core.runs import Run
from cekura_client.core.texts import lines, printable, shortened

# Characters of a reason and of an error, which may quote an HTML page.
_LONGEST = 4_000


def error_text(error: BaseException) -> str:
    """The message of an error, with its notes."""
    notes: list[str] = getattr(error, "__notes__", [])
    return shortened(lines("\n".join([str(error), *notes])), _LONGEST)


def make_harmless(error: BaseException) -> None:
    """Make an error, its causes and their notes harmless: pytest shows them unchanged."""
    seen: set[int] = set()
    chain: BaseException | None = error
    while chain is not None and id(chain) not in seen:
        seen.add(id(chain))
        if isinstance(chain, CekuraError):
            chain.args = (lines(str(chain)),)
        if notes := getattr(chain, "__notes__", None):
            notes[:] = [lines(str(note)) for note in notes]
        chain = chain.__cause__ or chain.__context__


def run_text(run: Run, result_id: int | None) -> str:
    """Why a run did not pass."""
    name = f" ({printable(run.scenario_name)})" if run.scenario_name else ""
    status = printable(run.status) or "no status"
    head = f"run {run.id} of scenario {run.scenario}{name}: {run.verdict} [{status}]"
    reasons = [shortened(printable(reason), _LONGEST) for reason in run.reasons]
    return "\n".join([f"{head}, in result {result_id}", *(f"  - {reason}" for reason in reasons)])


def say(config: pytest.Config, text: str) -> None:
    """Print a line immediately, without pytest capturing it."""
    line = f"cekura: {text}"
    capture: Any = config.pluginmanager.getplugin("capturemanager")
    terminal: Any = config.pluginmanager.getplugin("terminalreporter")
    with nullcontext() if capture is None else capture.global_and_fixture_disabled():
        # A worker has no terminal, but its stderr is the stderr of the session.
        if terminal is None or hasattr(config, "workerinput"):
            print(line, file=sys.stderr, flush=True)
        else:
            if not terminal.showfspath:  # with -q, pytest does not know whether a line has started
                terminal.line("")
            terminal.write_line(line)
            terminal.flush()  # also if it is a pipe
