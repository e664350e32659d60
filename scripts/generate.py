"""Write ``generated/cekura_api/`` from ``openapi/client.yaml`` with openapi-python-client.

Usage: python -m scripts.generate
"""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from importlib.metadata import version
from pathlib import Path

from scripts.documents import OPENAPI, ROOT

GENERATED = ROOT / "generated" / "cekura_api"

# One of the generator's templates is ours: all models at once take long to import.
TEMPLATES = OPENAPI / "templates"

# The bytes of the output depend on these two; see the pins in pyproject.toml.
_PINNED = ("openapi-python-client", "ruff")


class GenerationError(Exception):
    """The generator did not run as it should; nothing was replaced."""


def generate(target: Path) -> None:
    """Write the package into `target`, a folder that does not exist yet.

    Raises:
        GenerationError: another version of a tool than the pinned one, or the generator warned.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for tool in _PINNED:
        if f"{tool}=={version(tool)}" not in project["optional-dependencies"]["dev"]:
            raise GenerationError(f"{tool} {version(tool)} is not the version that is pinned")
    # The generator looks for ruff on PATH, and without it only warns and leaves other bytes.
    tools = Path(sys.executable).parent
    command = [
        *(sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"),
        *("--path", str(OPENAPI / "client.yaml"), "--config", str(OPENAPI / "generator.yaml")),
        *("--custom-template-path", str(TEMPLATES)),
        *("--output-path", str(target), "--fail-on-warning"),
    ]
    done = subprocess.run(
        command,
        env={**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or not (target / "client.py").is_file():
        raise GenerationError(f"openapi-python-client failed:\n{done.stdout}{done.stderr}")
    shutil.rmtree(target / ".ruff_cache", ignore_errors=True)
    (target / "py.typed").touch()


def main() -> None:
    # Beside the old one, so that each takes the other's place in one step.
    fresh, old = (GENERATED.parent / f".{GENERATED.name}.{name}" for name in ("new", "old"))
    for left in (fresh, old):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder) / GENERATED.name)
        shutil.copytree(Path(folder) / GENERATED.name, fresh)
    if GENERATED.exists():
        GENERATED.rename(old)
    fresh.rename(GENERATED)
    shutil.rmtree(old, ignore_errors=True)
    print(f"wrote {len(list(GENERATED.rglob('*.py')))} modules to {GENERATED.relative_to(ROOT)}")


if __name__ == "__main__":
    try:
        main()
    except GenerationError as problem:
        sys.exit(f"generate: {problem}")
