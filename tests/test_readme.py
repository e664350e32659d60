"""The examples of the README work as shown."""

import ast
import asyncio
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import cekura_client
from cekura_client.sandbox import Sandbox
from scripts import demo

README = (Path(__file__).resolve().parent.parent / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_every_example_is_python() -> None:
    """It compiles; `await` may be at the top level."""
    assert BLOCKS
    for block in BLOCKS:
        compile(block, "README.md", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


@pytest.mark.parametrize(
    "block", [block for block in BLOCKS if "import pytest" not in block and "Sandbox(" not in block]
)
def test_every_example_of_the_client_runs(
    block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the sandbox, with the client and the launch that the examples before it have made."""
    monkeypatch.chdir(tmp_path)
    with Sandbox(pace=0) as sandbox:
        monkeypatch.setenv("CEKURA_API_URL", sandbox.url)
        monkeypatch.setenv("CEKURA_API_KEY", sandbox.api_key)
        with cekura_client.Cekura() as cekura:
            launch = cekura.run_voice(agent_id=12, scenarios=[101, 102])
            names: dict[str, Any] = {"cekura": cekura, "launch": launch, "launches": [launch]}
            code = compile(block, "README.md", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            awaited = eval(code, names)
            if awaited is not None:
                asyncio.run(awaited)


def test_the_sandbox_example_runs(tmp_path: Path) -> None:
    """It runs as a user would paste it, and its asserts hold."""
    (example,) = [block for block in BLOCKS if "Sandbox(" in block]
    script = tmp_path / "example.py"
    script.write_text(example, "utf-8")
    runpy.run_path(str(script))


def test_the_example_test_of_a_gate_passes(tmp_path: Path) -> None:
    """It passes with the line of conftest.py that the README gives."""
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
    """The README names each error and each verdict."""
    for name in cekura_client.__all__:
        if name.endswith("Error"):
            assert f"`{name}`" in README or name == "CekuraError", name
    for verdict in cekura_client.Verdict:
        assert f"`{verdict}`" in README, verdict


def test_the_demo_passes(capsys: pytest.CaptureFixture[str]) -> None:
    """Four launches, one of which fails and says why."""
    assert demo.main() == 0
    printed = capsys.readouterr().out
    assert "All went as it should" in printed
    assert "expected outcome 50 of 100" in printed
