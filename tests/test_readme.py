"""What the README shows works as shown."""

import ast
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

import cekura_client
from scripts import demo

README = (Path(__file__).resolve().parent.parent / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_every_example_is_python() -> None:
    """At least it compiles; `await` may stand at the top."""
    assert BLOCKS
    for block in BLOCKS:
        compile(block, "README.md", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


def test_the_sandbox_example_runs(tmp_path: Path) -> None:
    """As a user would paste it, asserts included."""
    (example,) = [block for block in BLOCKS if "Sandbox(" in block]
    script = tmp_path / "example.py"
    script.write_text(example, "utf-8")
    runpy.run_path(str(script))


def test_the_test_of_a_gate_passes(tmp_path: Path) -> None:
    """With what the README says of its conftest.py."""
    (example,) = [block for block in BLOCKS if "cekura_sandbox" in block]
    (plugins,) = re.findall(r"`(pytest_plugins = [^`]*)`", README)
    (tmp_path / "conftest.py").write_text(f"{plugins}\n", "utf-8")
    (tmp_path / "test_gate.py").write_text(example, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-W", "error", str(tmp_path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_every_error_and_verdict_is_explained() -> None:
    """By its name."""
    for name in cekura_client.__all__:
        if name.endswith("Error"):
            assert f"`{name}`" in README or name == "CekuraError", name
    for verdict in cekura_client.Verdict:
        assert f"`{verdict}`" in README, verdict


def test_the_demo_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    """Four launches, one of which fails and says why."""
    assert demo.main() == 0
    printed = capsys.readouterr().out
    assert "All went as it should" in printed
    assert "expected outcome 50 of 100" in printed
