"""Whatever the server says, it neither moves the cursor nor becomes markup, in any output."""

import json
import re
import unicodedata
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from cekura_client.cli.app import main
from cekura_client.sandbox import Sandbox
from tests.cli.support import KEY, Ran, run, run_in_terminal

HOSTILE = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "quotes": '"\'`’ onmouseover="alert(1)" x=\'',
    "escapes": "\x1b[2J\x1b]0;title\x07\x1b[31mred\x9b1mbold\x08\x08",
    "NUL": "before\x00after\x7f",
    "RTL": "\u05e9\u05dc\u05d5\u05dd \u202egnp.exe\u202c \u2066x",
    "long": "a" * 10_000,
    "lines": "one\ntwo\r\nthree\u2028four\x85five",
    "half": "half of a pair: \ud83d",
    "rich": "[bold red]x[/bold red] [link=https://example.com]y[/link] :bomb:",
}


def _body(text: str) -> dict[str, Any]:
    """A result in which every text is this one."""
    run = {
        "id": 5,
        "scenario": 101,
        "scenario_name": text,
        "status": "completed",
        "success": False,
        "error_message": text,
        "duration": text,
        "expected_outcome": {"score": 10, "explanation": [text]},
        "evaluation": {
            "metrics": [{"name": text, "type": "binary_x", "score": 0, "explanation": text}]
        },
        "transcript_object": [{"role": text, "content": text}],
    }
    odd = {**run, "id": 6, "status": text}
    return {"id": 9, "name": text, "status": "completed", "runs": {"5": run, text: odd}}


def _shown(text: str, tmp_path: Path) -> tuple[Ran, dict[str, str]]:
    """A command with all its reports."""
    files = {kind: tmp_path / kind for kind in ("junit", "markdown", "html")}
    options = [part for kind, path in files.items() for part in (f"--{kind}", path)]
    with Sandbox(pace=0, api_key=KEY) as sandbox:
        sandbox.faults.add(operation="get_result", status=200, body=_body(text))
        ran = run("wait", "9", "--grace", "0", *options, sandbox=sandbox)
    return ran, {kind: path.read_bytes().decode() for kind, path in files.items()}


COMMANDS = {
    "line": "::error::x",
    "indented": "  ::add-mask::x",
    "lines": "one\n::warning::x\r\n\t::stop-commands::x\u2028::error::x",
    "bracket": "##[error]x ##[group]y ##vso[task.complete]z ##teamcity[blockOpened]",
    # Wherever a terminal or a log breaks it.
    "words": " ".join(["::error::x"] * 60),
    "letters": "::error::" * 80,
    "shifted": "a" * 37 + "::error::x" * 40,
}


def _begins_command(output: str) -> bool:
    """Whether a CI system would find a command in a log, by the rules of its own runner."""
    return any(line.lstrip().startswith("::") for line in output.splitlines()) or bool(
        re.search(r"##[\w.]*\[", output)
    )


@pytest.mark.parametrize("text", COMMANDS.values(), ids=COMMANDS)
@pytest.mark.parametrize("more", [(), ("--full",), ("--json",)])
@pytest.mark.parametrize("columns", ["100", "40"])
def test_server_texts_never_become_ci_commands(
    text: str,
    more: tuple[str, ...],
    columns: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In any stream or report, wherever lines are broken: of results, of errors, of refusals."""
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("CEKURA_API_KEY", KEY)
    json_only = [each for each in more if each == "--json"]
    launch = ("voice", "--agent-id", "12", "--scenarios", "101", "--name", text.strip()[:80])
    files = {kind: tmp_path / kind for kind in ("junit", "markdown", "html")}
    reports = [str(part) for kind, path in files.items() for part in (f"--{kind}", path)]
    with Sandbox(pace=0, api_key=KEY) as sandbox:
        monkeypatch.setenv("CEKURA_API_URL", sandbox.url)
        sandbox.faults.add(operation="get_result", status=200, body=_body(text))
        sandbox.faults.add(operation="end_calls", status=404, body={"detail": text})
        sandbox.faults.add(operation="launch", status=402, body={"detail": [text, text]})
        for command in (
            ("wait", "9", "--grace", "0", *more, *reports),
            (*launch, *more, *reports),
            ("plan", *launch, *more),
            ("end", "9", *json_only),
            ("show", text, *more),
            (f"--{text}",),
        ):
            main(command)
            shown = capsys.readouterr()
            outputs = {"out": shown.out, "err": shown.err}
            outputs |= {kind: path.read_text("utf-8") for kind, path in files.items()}
            for name, output in outputs.items():
                assert not _begins_command(output), (command[0], name)


def test_json_keeps_texts_that_look_like_commands() -> None:
    """One character is an escape, so that whoever reads the document gets the text."""
    with Sandbox(pace=0, api_key=KEY) as sandbox:
        sandbox.faults.add(operation="get_result", status=200, body=_body(COMMANDS["bracket"]))
        ran = run("show", "9", "--json", sandbox=sandbox)
    assert ran.document["results"][0]["name"] == COMMANDS["bracket"]


def _is_safe(character: str) -> bool:
    """Whether a character only looks like itself."""
    if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp"):
        return character == "\n"
    return unicodedata.bidirectional(character) not in (
        *("LRE", "RLE", "LRO", "RLO", "PDF"),
        *("LRI", "RLI", "FSI", "PDI"),
    )


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_server_texts_stay_texts_in_every_output(text: str, tmp_path: Path) -> None:
    """On the terminal and in every report."""
    ran, reports = _shown(text, tmp_path)
    assert ran.status == 1
    for name, output in {"out": ran.out, "err": ran.err, **reports}.items():
        unsafe = {character for character in output if not _is_safe(character)}
        assert not unsafe, (name, unsafe)
    assert "<script>alert" not in reports["html"]
    assert "<img" not in reports["html"]
    assert "<script" not in reports["markdown"].replace("\\<", "")
    assert len(ElementTree.fromstring(reports["junit"]).findall(".//testcase")) == 2
    assert len(ran.out) < 4_000


def test_rich_markup_is_shown_literally(tmp_path: Path) -> None:
    """Square brackets and emoji codes are the server's own."""
    ran, _ = _shown(HOSTILE["rich"], tmp_path)
    assert HOSTILE["rich"][:40] in ran.out
    assert ":bomb:" in ran.out


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_server_texts_never_control_the_terminal(text: str) -> None:
    """Errors, progress and outcome contain no escape sequence from the server."""
    with Sandbox(pace=0, api_key=KEY) as sandbox:
        sandbox.faults.add(operation="get_result", status=200, body=_body(text), times=2)
        sandbox.faults.add(operation="get_result", status=404, body={"detail": text})
        for command in (("wait", "9", "--grace", "0"), ("show", "9"), ("wait", "9")):
            shown = run_in_terminal(*command, sandbox=sandbox, NO_COLOR="1").out
            assert "result" in shown.lower()
            for harmful in ("\x1b[2J", "\x1b]0;", "\x07", "\x9b", "\x08", "\x00", "\x7f", "\u202e"):
                assert harmful not in shown.replace("\x1b[2K", ""), (command, harmful)


def test_json_keeps_texts_unchanged(tmp_path: Path) -> None:
    """In escapes, so a program gets them, and a terminal does not."""
    text = "".join(HOSTILE.values())
    with Sandbox(pace=0, api_key=KEY) as sandbox:
        sandbox.faults.add(operation="get_result", status=200, body=_body(text))
        ran = run("show", "9", "--json", sandbox=sandbox)
    assert not {c for c in ran.out if not _is_safe(c) and c != "\x7f"}
    assert json.loads(ran.out)["results"][0]["runs"][0]["scenario_name"] == text
