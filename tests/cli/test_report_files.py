"""Where reports are written: refused before anything is sent if they cannot be, and never half there."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cekura_client.cli import report_files
from cekura_client.cli.app import main
from cekura_client.sandbox import Sandbox
from tests.cli.support import COMMAND, KEY, environment

VOICE = ("voice", "--agent-id", "12", "--scenarios", "101", "--poll", "0.1", "--quiet")


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(pace=0, api_key=KEY, outcomes={102: "failed"}) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Sandbox:
    """One for commands in this process, with a folder of their own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CEKURA_API_KEY", KEY)
    monkeypatch.setenv("CEKURA_API_URL", running.url)
    for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    return running


def _refused(sandbox: Sandbox, *options: object) -> None:
    before = len(sandbox.requests)
    assert main([*VOICE, *map(str, options)]) == 2
    assert len(sandbox.requests) == before


# A file that is something else as well


def _as_it_is(path: Path) -> Path:
    return path


def _around(path: Path) -> Path:
    return path.parent / ".." / path.parent.name / path.name


def _symlink(path: Path) -> Path:
    link = path.with_name("link")
    link.symlink_to(path)
    return link


def _hardlink(path: Path) -> Path:
    path.touch()
    link = path.with_name("link")
    link.hardlink_to(path)
    return link


@pytest.mark.parametrize("lead", [_as_it_is, _around, _symlink, _hardlink])
@pytest.mark.parametrize("report", ["--junit", "--markdown", "--html"])
@pytest.mark.parametrize("other", ["--record", "--from-file", "--api-key-file", "--markdown"])
def test_a_report_on_the_path_of_another_file_is_refused(
    sandbox: Sandbox, tmp_path: Path, report: str, other: str, lead: Callable[[Path], Path]
) -> None:
    """Also through a link; the file keeps its content."""
    if report == other:
        other = "--html"
    path = tmp_path / "both"
    content = {"--api-key-file": KEY, "--from-file": "frequency: 1\n"}.get(other)
    if content is not None:
        path.write_text(content, "utf-8")
    _refused(sandbox, report, lead(path), other, path)
    if content is not None:
        assert path.read_text("utf-8") == content
    assert not path.exists() or path.read_text("utf-8") == (content or "")


@pytest.mark.parametrize("variable", ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"])
def test_a_report_on_the_path_of_a_file_of_github_is_refused(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """It would take the outputs of the step away."""
    monkeypatch.setenv(variable, str(tmp_path / "github"))
    _refused(sandbox, "--markdown", tmp_path / "github")


@pytest.mark.parametrize("other", ["--from-file", "--api-key-file"])
def test_a_record_on_the_path_of_an_input_is_refused(
    sandbox: Sandbox, tmp_path: Path, other: str
) -> None:
    """Launches would be appended to it."""
    path = tmp_path / "both"
    path.write_text(KEY, "utf-8")
    _refused(sandbox, "--record", path, other, path)
    assert path.read_text("utf-8") == KEY


@pytest.mark.parametrize("variable", ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"])
def test_a_file_of_github_on_the_path_of_the_key_is_refused(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """The key file would no longer be one, and the key become an output of the step."""
    path = tmp_path / "both"
    path.write_text(KEY, "utf-8")
    monkeypatch.setenv(variable, str(path))
    _refused(sandbox, "--api-key-file", path)
    assert path.read_text("utf-8") == KEY


# A file that cannot be written


def _fifo(folder: Path) -> Path:
    os.mkfifo(folder / "pipe")
    return folder / "pipe"


def _closed_folder(folder: Path) -> Path:
    (folder / "closed").write_text("a file")
    return folder / "closed" / "x.xml"


def _loop(folder: Path) -> Path:
    (folder / "loop").symlink_to(folder / "loop")
    return folder / "loop"


def _dangling(folder: Path) -> Path:
    (folder / "dangling").symlink_to(folder / "nowhere" / "x")
    return folder / "dangling"


@pytest.mark.parametrize(
    "make",
    [
        _fifo,
        _closed_folder,
        _loop,
        _dangling,
        lambda folder: folder,
        lambda folder: folder / "missing" / "x.xml",
        lambda folder: folder / ("x" * 300),
        lambda folder: "",
    ],
    ids=["pipe", "file as folder", "loop", "dangling", "folder", "no folder", "long", "empty"],
)
def test_an_unwritable_report_is_refused_before_anything_is_sent(
    sandbox: Sandbox, tmp_path: Path, make: Callable[[Path], object]
) -> None:
    """At once: a pipe would keep the command waiting, for a reader that may never come."""
    _refused(sandbox, "--junit", make(tmp_path))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_report_without_permission_is_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    """A file or a folder without permission."""
    (tmp_path / "mine").touch(0o400)
    _refused(sandbox, "--junit", tmp_path / "mine")
    (tmp_path / "closed").mkdir(0o500)
    _refused(sandbox, "--junit", tmp_path / "closed" / "x.xml")


@pytest.mark.parametrize("broken", ["jinja2", "markupsafe"])
@pytest.mark.parametrize("how", ["raise ModuleNotFoundError('gone', name=__name__)", "1 / 0"])
def test_a_report_that_cannot_be_made_is_refused_before_anything_is_sent(
    running: Sandbox, tmp_path: Path, broken: str, how: str
) -> None:
    """A missing extra, or one that is broken."""
    (tmp_path / f"{broken}.py").write_text(how)
    before = len(running.requests)
    ran = subprocess.run(
        [COMMAND, *VOICE, "--html", tmp_path / "x.html"],
        env={**environment(running), "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert len(running.requests) == before
    assert "--html" in ran.stderr
    assert "pip install 'cekura-client[cli]'" in ran.stderr


# How it is written


def test_a_report_takes_the_place_of_the_old_one_as_a_whole(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old report stays until the new one is complete; no other file remains."""
    path = tmp_path / "x.xml"
    path.write_text("of yesterday", "utf-8")
    path.chmod(0o640)
    seen: list[str] = []
    replace = Path.replace

    def watched(part: Path, target: Path) -> Path:
        seen.append(path.read_text("utf-8"))
        assert part.read_text("utf-8").endswith("</testsuites>\n")
        return replace(part, target)

    monkeypatch.setattr(Path, "replace", watched)
    assert main([*VOICE, "--junit", str(path)]) == 0
    assert seen == ["of yesterday"]
    assert path.read_text("utf-8").startswith("<?xml")
    assert path.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["x.xml"]


def test_a_new_report_has_the_permissions_of_the_umask(sandbox: Sandbox, tmp_path: Path) -> None:
    """As any file that a command writes."""
    before = os.umask(0o027)
    try:
        assert main([*VOICE, "--junit", "x.xml"]) == 0
    finally:
        os.umask(before)
    assert (tmp_path / "x.xml").stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(sandbox: Sandbox, tmp_path: Path) -> None:
    """The report is written to the target of the link."""
    (tmp_path / "link").symlink_to("target")
    assert main([*VOICE, "--junit", "link"]) == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text("utf-8").startswith("<?xml")


def test_a_report_is_written_in_place_if_its_folder_is_read_only(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If only the file itself is writable, it is written in place."""
    path = tmp_path / "x.xml"
    path.touch()

    def refuse(_: Path) -> int:
        raise PermissionError

    monkeypatch.setattr(report_files, "_create", refuse)
    assert main([*VOICE, "--junit", str(path)]) == 0
    assert path.read_text("utf-8").startswith("<?xml")


def test_a_report_that_fails_halfway_leaves_none(
    sandbox: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Neither a half one nor that of yesterday, which may be greener; the status is kept."""
    path = tmp_path / "x.xml"
    path.write_text("of yesterday", "utf-8")

    def fail(part: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    assert main([*VOICE, "--junit", str(path)]) == 0
    assert os.listdir(tmp_path) == []
    assert "x.xml cannot be written: No space left on device" in capsys.readouterr().err


def test_a_pipe_for_github_does_not_block_the_command(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No process reads the pipe; the command still shows the outcome."""
    monkeypatch.setenv("GITHUB_OUTPUT", str(_fifo(tmp_path)))
    assert main([*VOICE, "--scenarios", "102"]) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="as Linux has it")
def test_a_device_is_written_as_it_is(sandbox: Sandbox) -> None:
    """And not replaced by a file."""
    assert main([*VOICE, "--junit", "/dev/null"]) == 0
    assert Path("/dev/null").is_char_device()
