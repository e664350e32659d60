"""`make upgrade` in a copy of the project: the whole way, by its own commands."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts.changelog import with_entry
from scripts.documents import ROOT
from scripts.drift.compare import compare
from scripts.drift.report import report
from tests.measured import MEASURED
from tests.scripts.states import (
    VOICE,
    Change,
    answers_grow,
    full,
    request_grows,
    saved,
    started,
    success_moves,
)

BUILT = ("openapi/", "generated/cekura_api/", "CHANGELOG.md")


class Project:
    """A copy of the project in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("openapi", "generated", "facade", "scripts", "tests"):
            # Compiled files are copied, too: those of the same time are not compiled again.
            ignored = shutil.ignore_patterns("*.egg-info")
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        for name in ("pyproject.toml", "CHANGELOG.md"):
            shutil.copy(ROOT / name, folder / name)
        # In an installed package, and in an editable one, the data package is put here as well.
        (folder / "facade" / "cekura_client" / "openapi").symlink_to(folder / "openapi")
        self.before = self.files()

    def files(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts and ".pytest" not in str(path)
        }

    def changed(self) -> set[str]:
        now = self.files()
        names = now.keys() | self.before.keys()
        return {name for name in names if now.get(name) != self.before.get(name)}

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """A command of the project's own, on the code of the copy."""
        paths = [self.folder / name for name in ("facade", "generated", ".")]
        environment = {**os.environ, **variables, "PYTHONPATH": os.pathsep.join(map(str, paths))}
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def upgrade(
        self, origin: str, *options: str, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        command = ("-m", "scripts.upgrade", origin, "--date", "2026-01-02", *options)
        return self.run(*command, **variables)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """For tests in which nothing may change."""
    return Project(tmp_path_factory.mktemp("untouched") / "project")


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """After an upgrade to a state in which answers have one property more, and a request one field."""

    def grown(document: dict[str, Any]) -> None:
        answers_grow(document)
        request_grows(document)

    folder = tmp_path_factory.mktemp("upgraded")
    project = Project(folder / "project")
    done = project.upgrade(saved(folder, full(grown)), "--yes", **MEASURED)
    assert done.returncode == 0, done.stderr
    return project


def test_an_additive_change_touches_nothing_written_by_hand(upgraded: Project) -> None:
    """Sources, built documents, generated code and the changelog; and they fit each other."""
    assert all(name.startswith(BUILT) for name in upgraded.changed()), upgraded.changed()
    model = upgraded.folder / "generated/cekura_api/models/start_response.py"
    assert "made_up_place: int | Unset" in model.read_text("utf-8")
    changelog = (upgraded.folder / "CHANGELOG.md").read_text("utf-8")
    assert "published in full.json, taken in on 2026-01-02:" in changelog
    assert "- Additive: `made_up_place` is new. In `POST /test_framework" in changelog
    checked = upgraded.run("-m", "scripts.check")
    assert checked.returncode == 0, checked.stdout


def test_a_new_request_field_fails_one_test_that_says_what_to_write(upgraded: Project) -> None:
    """The method lacks an argument, which only a person can name and explain; all else works."""
    tests = upgraded.run(
        *("-m", "pytest", "-p", "no:cacheprovider", "tests/test_specification.py"),
        *("tests/facade/test_surface.py", "tests/facade/test_whole_way.py"),
        "tests/wire/test_on_the_wire.py",
    )
    assert tests.stdout.count("FAILED ") == 1, tests.stdout
    assert "launch_kinds.py, class VoiceArguments: made_up_names is new; add" in tests.stdout
    assert "made_up_names: Annotated[Iterable[str] | None, Field(texts)]" in tests.stdout


def test_it_goes_on_where_it_stopped(project: Project, tmp_path: Path) -> None:
    """The overlay is mended and the same command run again; the changelog has one entry."""

    def retyped(document: dict[str, Any]) -> None:
        status = started(document, VOICE)["properties"]["runs"]["items"]["properties"]["status"]
        status["type"] = ["string", "null"]

    origin = saved(tmp_path, full(retyped))
    stopped = project.upgrade(origin, "--yes")
    assert stopped.returncode == 2
    assert "Mend it and run the same again, or go back: git restore" in stopped.stderr
    assert "provided that they really are equal" in stopped.stderr
    changed = project.changed()
    imported = ("openapi/sources/", "openapi/README", "CHANGELOG.md")
    assert all(name.startswith(imported) for name in changed)
    overlay = project.folder / "openapi" / "overlay.yaml"
    overlay.write_text(overlay.read_text("utf-8").replace("    x-identical: true\n", ""), "utf-8")
    for _ in range(2):
        done = project.upgrade(origin, "--yes")
        assert done.returncode == 0, done.stderr
    changelog = (project.folder / "CHANGELOG.md").read_text("utf-8")
    assert changelog.count("taken in on 2026-01-02") == 1
    assert "`runs[].status` may be null now." in changelog
    assert project.run("-m", "scripts.check").returncode == 0


@pytest.mark.parametrize(
    ("change", "options", "status"), [(success_moves, ["--yes"], 1), (answers_grow, [], 1)]
)
def test_what_was_not_accepted_changes_nothing(
    change: Change, options: list[str], status: int, untouched: Project, tmp_path: Path
) -> None:
    """The import's answer is the upgrade's."""
    done = untouched.upgrade(saved(tmp_path, full(change)), *options, **MEASURED)
    assert done.returncode == status
    assert untouched.changed() == set()


def test_an_upgrade_to_the_same_changes_nothing(untouched: Project, tmp_path: Path) -> None:
    """Not even a date."""
    done = untouched.upgrade(saved(tmp_path, full()), "--yes")
    assert done.returncode == 0, done.stderr
    assert "There is nothing to do." in done.stdout
    assert untouched.changed() == set()


@pytest.mark.parametrize(
    "changelog",
    [
        "# Changelog\n\n## 0.1.0\n\nFirst.\n",
        "# Changelog\n\n## Unreleased\n\n- Other.\n\n## 0.1.0\n\nFirst.\n",
        "# Changelog\n",
    ],
)
def test_an_entry_stands_on_top_under_unreleased(changelog: str) -> None:
    """What was there stays, whole and in its order."""
    found = report(compare(full(), full(answers_grow)), "before", "after")
    text = with_entry(changelog, found, "2026-01-02")
    assert text.count("## Unreleased\n\nThe specification as published in after, taken in") == 1
    rest = [line for line in changelog.splitlines() if line and line != "## Unreleased"]
    kept = [line for line in text.splitlines() if line in rest]
    assert kept == rest
