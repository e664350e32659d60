"""Write files: reports, and the outputs and summary of a step on GitHub.

The command checks before the launch that it can render and write each report. A report is written to a
temporary file, which then replaces the old one, so nobody ever reads half a report.
"""

import os
import stat
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from attrs import frozen

from cekura_client.cli import extras
from cekura_client.cli.console import Console
from cekura_client.cli.options import Output
from cekura_client.cli.outcome import CommandOutcome
from cekura_client.cli.reports.report import Report
from cekura_client.core.gate import Gate
from cekura_client.errors import InvalidRequestError

Render = Callable[[Report], str]


@frozen
class _File:
    """A report that can be rendered and written.

    Attributes:
        path: As the user gave it.
        target: The path behind links.
        render: Renders its text.
    """

    path: Path
    target: Path
    render: Render


class ReportFiles:
    """The files that a command writes.

    Args:
        output: The options that request files.
        console: For files that cannot be written.
    """

    def __init__(self, output: Output, console: Console) -> None:
        self._writes_for_github = True
        self._output = output
        self._console = console
        self._files: list[_File] = []

    def check(self, others: Mapping[str, Path | None], *, detached: bool = False) -> None:
        """Check that all reports can be rendered and written. Before this, `write` writes only for GitHub.

        Args:
            others: The other files that the command reads or writes, by option.
            detached: Whether the command exits after the launch, so that it has nothing to report.

        Raises:
            InvalidRequestError: names the option and the file.
        """
        output = self._output
        wanted = {"--junit": output.junit, "--markdown": output.markdown, "--html": output.html}
        github = {
            "GITHUB_OUTPUT": output.github_output,
            "GITHUB_STEP_SUMMARY": output.github_summary,
        }
        self._writes_for_github = False  # until it is known that they are not the key file
        _refuse_shared(others, github)
        self._writes_for_github = True
        _refuse_shared({**others, **github}, {**wanted, "--record": others.get("--record")})
        files: list[_File] = []
        for option, path in wanted.items():
            if path is None:
                continue
            problem = (
                "cannot be written with --no-wait: there is nothing to report yet"
                if detached
                else _problem(path)
            )
            if problem is not None:
                raise InvalidRequestError(f"{option}: {path} {problem}; nothing was sent")
            files.append(_File(path, _target(path), _renderer(option)))
        self._files = files

    def write(self, outcome: CommandOutcome) -> None:
        """Write the files. If one fails, note that and continue."""
        if outcome.detached and outcome.launch is not None and not outcome.problems:
            return
        report = outcome.report()
        for file in self._files:
            with self._noting(file.path):
                _replace(file.target, file.render(report))
        if self._writes_for_github and self._output.github_output is not None:
            with self._noting(self._output.github_output):
                _append(
                    self._output.github_output,
                    f"verdict={report.verdict}\npass_rate={report.rate}\n",
                )
        if self._writes_for_github and self._output.github_summary is not None:
            with self._noting(self._output.github_summary):
                _append(self._output.github_summary, _markdown(report))

    def output_ids(self, ids: Sequence[int]) -> None:
        """Output the result ids of the step on GitHub as soon as they are known."""
        if self._writes_for_github and self._output.github_output is not None:
            with self._noting(self._output.github_output):
                _append(self._output.github_output, f"result_id={','.join(map(str, ids))}\n")

    @contextmanager
    def _noting(self, path: Path) -> Generator[None, None, None]:
        """Note an error instead of raising it: a report must not change the outcome."""
        try:
            yield
        except Exception as error:
            why = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
            self._console.note(f"{path} cannot be written: {why}", "red")


def _refuse_shared(others: Mapping[str, Path | None], written: Mapping[str, Path | None]) -> None:
    """Refuse to write a file that has another purpose as well."""
    seen = {option: path for option, path in others.items() if path is not None}
    for option, path in written.items():
        if path is None:
            continue
        seen.pop(option, None)
        for other, its_path in seen.items():
            if _same(path, its_path):
                raise InvalidRequestError(
                    f"{option}: {path} is also the file of {other}; nothing was sent"
                )
        seen[option] = path


def _same(one: Path, other: Path) -> bool:
    """Whether two paths are the same file, also through links."""
    try:
        return os.path.samefile(one, other)
    except OSError:  # one of them does not exist yet
        return _target(one) == _target(other)


def _target(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _problem(path: Path) -> str | None:
    """Why a report cannot be written, or None."""
    try:
        target = _target(path)
        try:
            mode = target.stat().st_mode
        except FileNotFoundError:
            mode = None
        if mode is not None and stat.S_ISDIR(mode):
            return "is a folder"
        if mode is not None and not os.access(target, os.W_OK):
            return "cannot be written: no permission"
        if mode is not None and stat.S_ISCHR(mode):
            return None  # /dev/null, for example
        if mode is not None and not stat.S_ISREG(mode):
            # Opening or writing a pipe may block forever.
            return "is not a regular file"
        if not target.parent.is_dir():
            return f"cannot be written: there is no folder {path.parent}"
        if mode is None:
            # Only an attempt shows whether this is permitted.
            os.close(_create(probe := _beside(target)))
            probe.unlink()
    except (OSError, ValueError) as error:
        return f"cannot be written: {getattr(error, 'strerror', None) or error}"
    return None


def _renderer(option: str) -> Render:
    """The renderer of a report, tested on an empty one.

    Raises:
        InvalidRequestError: a required module is missing.
    """
    render = {"--junit": _junit, "--markdown": _markdown, "--html": _html}[option]
    try:
        render(Report((), Gate(), datetime.now(UTC), passes=False))
    except Exception as error:
        raise InvalidRequestError(f"{extras.missing(option, error)}; nothing was sent") from None
    return render


def _beside(target: Path) -> Path:
    return target.with_name(f".{uuid4().hex}.part")


def _create(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)


def _replace(target: Path, text: str) -> None:
    """Write a file completely. If that fails, remove the old one: it is about another command."""
    data = text.encode("utf-8", "backslashreplace")
    mode = target.stat().st_mode if target.exists() else None
    if mode is not None and not stat.S_ISREG(mode):
        target.write_bytes(data)  # a device
        return
    part = _beside(target)
    try:
        file = _create(part)
    except OSError:
        target.write_bytes(data)  # its folder cannot take a temporary file
        return
    try:
        with os.fdopen(file, "wb") as opened:
            opened.write(data)
        if mode is not None:
            part.chmod(stat.S_IMODE(mode))
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        target.unlink(missing_ok=True)
        raise


def _append(path: Path, text: str) -> None:
    # Non-blocking, in case it is a pipe.
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(path, flags, 0o666), "ab") as file:
        file.write(text.encode("utf-8", "backslashreplace"))


def _junit(report: Report) -> str:
    from cekura_client.cli.reports.junit import junit

    return junit(report)


def _markdown(report: Report) -> str:
    from cekura_client.cli.reports.markdown import markdown

    return markdown(report)


def _html(report: Report) -> str:
    from cekura_client.cli.reports.html import html

    return html(report)
