"""What is installed is what is in the repository: both packages, typed, and the document."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in the wheel; built from a copy, so that nothing is left here."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    for name in filter(None, tracked.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--wheel-dir", str(target), str(source)], check=True)
    (path,) = target.glob("cekura_client-*.whl")
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())


def test_every_module_is_in_the_wheel(wheel: set[str]) -> None:
    """Of the facade, the sandbox and the generated client; a new folder is easily forgotten."""
    modules = {
        str(path.relative_to(ROOT / folder))
        for folder in ("facade", "generated")
        for path in (ROOT / folder).rglob("*.py")
    }
    assert len(modules) > 70
    assert modules - wheel == set()


def test_the_data_is_in_the_wheel(wheel: set[str]) -> None:
    """What the sandbox reads and shows, and the marks that the packages are typed."""
    data = {name for name in wheel if not name.endswith(".py") and ".dist-info/" not in name}
    assert data == {
        "cekura_api/py.typed",
        "cekura_client/cli/reports/report.html",
        "cekura_client/py.typed",
        "cekura_client/openapi/cekura.yaml",
        "cekura_client/sandbox/page/index.html",
    }


def test_nothing_else_is_in_the_wheel(wheel: set[str]) -> None:
    """No tests, no scripts; two packages."""
    tops = {name.split("/")[0] for name in wheel if ".dist-info/" not in name}
    assert tops == {"cekura_api", "cekura_client"}
