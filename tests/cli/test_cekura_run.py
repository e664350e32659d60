"""The command, as it is installed."""

import subprocess
import sys
from pathlib import Path

import pytest

from cekura_client import cli


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
    assert "cekura-run sandbox: error: pace and score_delay are seconds" in refused.stderr


def test_without_its_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Instead of a traceback."""
    monkeypatch.setitem(sys.modules, "typer", None)
    monkeypatch.delitem(sys.modules, "cekura_client.cli.app", raising=False)
    with pytest.raises(SystemExit, match=r"needs typer: pip install 'cekura-client\[cli\]'"):
        cli.run()
