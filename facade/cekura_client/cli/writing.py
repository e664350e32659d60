"""The files that are written: reports, and what GitHub's runners take from a step."""

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from cekura_client.cli.options import Output
from cekura_client.cli.outcome import Outcome
from cekura_client.cli.reports.report import Report
from cekura_client.cli.screen import Screen
from cekura_client.errors import InvalidRequestError


def refuse_unwritable(output: Output, *, detached: bool = False) -> None:
    """Find out before anything is paid for whether the reports can be written.

    Args:
        output: Which are asked for.
        detached: Whether nobody waits for the end, so that there will be nothing to report.

    Raises:
        InvalidRequestError: names the option and the file.
    """
    for option, path in (
        ("--junit", output.junit),
        ("--markdown", output.markdown),
        ("--html", output.html),
    ):
        if path is None:
            continue
        problem = None
        if detached:
            problem = "cannot be written with --no-wait: there is nothing to report yet"
        elif path.is_dir():
            problem = "is a folder"
        elif not path.parent.is_dir():
            problem = f"cannot be written: there is no folder {path.parent}"
        elif not os.access(path if path.exists() else path.parent, os.W_OK):
            problem = "cannot be written: no permission"
        if problem is not None:
            raise InvalidRequestError(f"{option}: {path} {problem}; nothing was sent")


def write_reports(outcome: Outcome, output: Output, screen: Screen) -> None:
    """Write what is asked for; what cannot be written is said, and changes nothing else."""
    if outcome.detached and outcome.error is None:
        return
    report = outcome.report()
    for path, mode, render in (
        (output.junit, "w", _junit),
        (output.markdown, "w", _markdown),
        (output.html, "w", _html),
        (output.github_output, "a", _outputs),
        (output.github_summary, "a", _markdown),
    ):
        if path is not None:
            _write(path, mode, partial(render, report), screen)


def tell_github(ids: Sequence[int], output: Output, screen: Screen) -> None:
    """The results' ids as an output of the step, as soon as they are known."""
    if output.github_output is not None:
        line = f"result_id={','.join(map(str, ids))}\n"
        _write(output.github_output, "a", lambda: line, screen)


def _write(path: Path, mode: str, text: Callable[[], str], screen: Screen) -> None:
    try:
        with path.open(mode, encoding="utf-8", errors="backslashreplace") as file:
            file.write(text())
    except Exception as error:  # the outcome counts more than a report of it
        screen.note(f"{path} could not be written: {type(error).__name__}: {error}", "red")


def _outputs(report: Report) -> str:
    if not report.results:
        return ""
    passed, total = report.counted
    # Never rounded up: only all is 1.
    rate = f"{10_000 * passed // total / 10_000:.4f}" if total else ""
    return f"verdict={report.verdict}\npass_rate={rate}\n"


def _junit(report: Report) -> str:
    from cekura_client.cli.reports.junit import junit

    return junit(report)


def _markdown(report: Report) -> str:
    from cekura_client.cli.reports.markdown import markdown

    return markdown(report)


def _html(report: Report) -> str:
    from cekura_client.cli.reports.html import html

    return html(report)
