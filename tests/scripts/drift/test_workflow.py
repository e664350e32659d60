"""The scheduled workflow's script, run by a shell on stand-ins for what is only there."""

import subprocess
from pathlib import Path

import pytest
import yaml

from scripts.documents import ROOT

WORKFLOW = ROOT / ".github" / "workflows" / "drift.yml"


def _script() -> str:
    steps = yaml.safe_load(WORKFLOW.read_text("utf-8"))["jobs"]["drift"]["steps"]
    (script,) = (str(step["run"]) for step in steps if "update the issue" in step.get("name", ""))
    return script


@pytest.mark.parametrize(
    ("status", "number", "ended", "calls"),
    [
        (0, "", 0, []),
        (0, "7", 0, ["issue close 7"]),
        (1, "", 0, ["issue create --title The published specification has changed"]),
        (1, "7", 0, ["issue edit 7"]),
        (2, "7", 2, None),
    ],
)
def test_one_issue_is_kept_while_the_documents_differ(
    status: int, number: str, ended: int, calls: list[str] | None, tmp_path: Path
) -> None:
    """Created, renewed and closed; a document that cannot be read fails the job instead."""
    python, gh = tmp_path / ".venv" / "bin" / "python", tmp_path / "bin" / "gh"
    for path, text in (
        (python, f'echo "$*" > arguments; echo "# Drift"; exit {status}'),
        (gh, f'echo "$*" >> calls; if test "$2" = list; then echo "{number}"; fi'),
    ):
        path.parent.mkdir(parents=True)
        path.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
        path.chmod(0o755)
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", _script()],
        cwd=tmp_path,
        env={
            "PATH": f"{gh.parent}:/usr/bin:/bin",
            "NEW": "https://a.test/x.md https://a.test/y.md",
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        },
        check=False,
    )
    assert done.returncode == ended
    given = (tmp_path / "arguments").read_text("utf-8").split()
    assert given[2:] == ["https://a.test/x.md", "https://a.test/y.md", "--fail-on", "docs"]
    if calls is None:
        assert not (tmp_path / "calls").exists()
        return
    listed, *rest = (tmp_path / "calls").read_text("utf-8").splitlines()
    assert listed.startswith("issue list --state open")
    assert [line.partition(" --body-file")[0] for line in rest] == calls
    assert (tmp_path / "summary").read_text("utf-8") == "# Drift\n"


def test_the_workflow_may_not_do_more_than_it_needs() -> None:
    """It reads the code and writes issues, and no address reaches the shell as code."""
    text = WORKFLOW.read_text("utf-8")
    assert yaml.safe_load(text)["permissions"] == {"contents": "read", "issues": "write"}
    assert "${{" not in _script()
