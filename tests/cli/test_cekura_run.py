"""The command, as it is installed."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.support import COMMAND, environment


def _ran(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = str(Path(sys.executable).parent / "cekura-run")
    return subprocess.run([command, *arguments], capture_output=True, text=True, check=False)


def test_its_help_names_its_commands() -> None:
    """And so does a call without any."""
    helped = _ran("--help")
    assert helped.returncode == 0
    assert "sandbox" in helped.stdout
    assert "sandbox" in (_ran().stdout + _ran().stderr)


def test_the_sandbox_has_the_options_of_its_module() -> None:
    """Their help, and their refusals."""
    helped = _ran("sandbox", "--help")
    assert helped.stdout.startswith("usage: cekura-run sandbox [-h] [--port PORT]")
    refused = _ran("sandbox", "--pace", "-1")
    assert refused.returncode == 2
    assert (
        "cekura-run sandbox: error: pace and score_delay must be 0 or a positive" in refused.stderr
    )


@pytest.mark.parametrize("missing", ["typer", "rich", "yaml"])
@pytest.mark.parametrize("json", [(), ("--json",)])
def test_without_its_extra_it_says_what_to_install(
    tmp_path: Path, missing: str, json: tuple[str, ...]
) -> None:
    """It prints no traceback, and its status is 2."""
    (tmp_path / f"{missing}.py").write_text("raise ModuleNotFoundError('gone', name=__name__)")
    ran = subprocess.run(
        [COMMAND, "voice", "--agent-id", "12", "--scenarios", "101", *json],
        env={**environment(), "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert f"cekura-run needs {missing}: pip install 'cekura-client[cli]'" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert bool(ran.stdout) == (bool(json) and missing != "typer")
