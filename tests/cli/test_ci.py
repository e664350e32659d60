"""What CI systems are given: the GitHub Action, and the README's example for GitLab."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from cekura_client.cli.app import app
from cekura_client.sandbox import Sandbox
from tests.cli.support import COMMAND, KEY, environment

ROOT = Path(__file__).resolve().parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS = {step["id"]: step for step in ACTION["runs"]["steps"]}
BLOCKS = re.findall(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
README: dict[str, Any] = dict(zip(("github", "gitlab"), map(yaml.safe_load, BLOCKS), strict=True))
INPUT = re.compile(r"\$\{\{ inputs\.([a-z-]+) \}\}")


def _variables(command: str) -> set[str]:
    """The variables that a command takes options from."""
    commands: dict[str, Any] = vars(typer.main.get_command(app))["commands"]
    return {str(parameter.envvar) for parameter in commands[command].params}


def test_every_input_is_passed_on_as_a_variable_and_never_into_a_script() -> None:
    """An input from a pull request is data, never shell code."""
    env: dict[str, str] = STEPS["run"]["env"]
    passed = {found[1]: name for name, value in env.items() if (found := INPUT.fullmatch(value))}
    assert passed.keys() == ACTION["inputs"].keys()
    assert len(passed) == len(env)
    known = _variables("voice") | {"CEKURA_API_KEY", "TRANSPORT"}
    for name, variable in passed.items():
        assert variable in known, name
        if name != "transport":
            assert variable == "CEKURA_" + name.replace("-", "_").upper()
    for step in STEPS.values():
        assert "${{" not in step.get("run", "")


@pytest.mark.parametrize(
    ("scenarios", "status", "verdict", "rate"),
    [
        ("101", 0, "passed", "1.0000"),
        ("101,102", 1, "failed", "0.5000"),
    ],
)
def test_the_action_runs_and_gives_its_outputs(
    tmp_path: Path, scenarios: str, status: int, verdict: str, rate: str
) -> None:
    """Its last step, as a runner would start it; an input that is not given is an empty variable."""
    inputs = {name: str(each.get("default", "")) for name, each in ACTION["inputs"].items()}
    inputs |= {"agent-id": "12", "scenarios": scenarios, "api-key": KEY, "max-runs": "2"}
    output = tmp_path / "output"
    (tmp_path / "cekura-run" / "bin").mkdir(parents=True)
    (tmp_path / "cekura-run" / "bin" / "cekura-run").symlink_to(COMMAND)
    with Sandbox(pace=0, api_key=KEY, outcomes={102: "failed"}) as sandbox:
        inputs["api-url"] = sandbox.url
        env = {
            name: INPUT.sub(lambda found: inputs[found[1]], value)
            for name, value in STEPS["run"]["env"].items()
        }
        done = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", STEPS["run"]["run"]],
            env={
                **environment(),
                **env,
                "RUNNER_TEMP": str(tmp_path),
                "GITHUB_OUTPUT": str(output),
                "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
            },
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == status, done.stderr
    said = dict(line.split("=") for line in output.read_text("utf-8").splitlines())
    assert said.keys() == ACTION["outputs"].keys()
    assert (said["verdict"], said["pass_rate"]) == (verdict, rate)
    for name, each in ACTION["outputs"].items():
        assert each["value"] == f"${{{{ steps.run.outputs.{name} }}}}"
    assert "Cekura" in (tmp_path / "summary").read_text("utf-8")


def test_the_github_example_uses_existing_inputs_and_outputs() -> None:
    """Its inputs and outputs are the action's."""
    use, after = README["github"]
    assert use["with"].keys() <= ACTION["inputs"].keys()
    required = {name for name, each in ACTION["inputs"].items() if each.get("required")}
    assert required <= use["with"].keys()
    used = set(re.findall(r"steps\.evaluators\.outputs\.(\w+)", after["run"]))
    assert used
    assert used <= ACTION["outputs"].keys()


def test_the_example_for_gitlab_runs(tmp_path: Path) -> None:
    """Its variables and its line, and the files that it keeps are there."""
    job = README["gitlab"]["evaluators"]
    install, line = job["script"]
    assert install == "pip install 'cekura-client[cli]'"
    with Sandbox(pace=0, api_key=KEY) as sandbox:
        variables = {**job["variables"], "PATH": f"{Path(COMMAND).parent}:/usr/bin:/bin"}
        done = subprocess.run(
            ["sh", "-c", line],
            env={**environment(sandbox), **variables},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    for name in (*job["artifacts"]["paths"], job["artifacts"]["reports"]["junit"]):
        assert (tmp_path / name).stat().st_size > 200
