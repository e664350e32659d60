"""Killed at any write or rename of an upgrade, the same command completes it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts import check, files, generate, import_spec, spec, upgrade
from scripts.documents import ROOT
from scripts.origins import record
from scripts.serialization import dump
from scripts.tracked import cut
from tests.scripts.states import saved

KILLED = 99

# Whatever changes a file or a folder: of each module, the names that do.
CHANGING: tuple[tuple[Any, str], ...] = (
    (Path, "write_text"),
    (Path, "rename"),
    (Path, "unlink"),
    (os, "replace"),
    (shutil, "rmtree"),
    (shutil, "copytree"),
)


TRACKED = {"get-it.yaml": "GET /it/", "run-it.yaml": "POST /it/"}
README = "# Here\n\n| file | taken from | taken on | sha256 |\n|---|---|---|---|\n"


def _published(*properties: str) -> dict[str, Any]:
    """A small document with two tracked operations that answer alike, and one that is not."""
    schema = {"type": "object", "properties": {name: {"type": "string"} for name in properties}}
    answer = {"description": "OK", "content": {"application/json": {"schema": schema}}}
    operation = {"responses": {"200": answer}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "servers": [{"url": "https://one.example"}],
        "paths": {"/it/": {"get": operation, "post": operation}, "/other/": {"get": operation}},
    }


class Project:
    """What an upgrade writes, as small as it can be, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.openapi, self.generated = folder / "openapi", folder / "generated" / "cekura_api"
        for path in (self.openapi / "sources", self.openapi / "supplements", self.generated):
            path.mkdir(parents=True)
        readme = README
        for file, operation in TRACKED.items():
            text = dump(cut(_published("a"), operation))
            (self.openapi / "sources" / file).write_text(text, "utf-8")
            readme = record(readme, file, "a page", "2026-01-01", text)
        (self.openapi / "README.md").write_text(readme, "utf-8")
        (self.openapi / "tracked.yaml").write_text(dump(TRACKED), "utf-8")
        overlay = {"overlay": "1.1.0", "actions": []}
        (self.openapi / "overlay.yaml").write_text(dump(overlay), "utf-8")
        (folder / "CHANGELOG.md").write_text("# Changelog\n\n## 0.1.0\n\nFirst.\n", "utf-8")
        for name, text in spec.build(self.openapi).items():
            (self.openapi / name).write_text(text, "utf-8")
        _write(self.generated, self.openapi)

    def use(self, patch: pytest.MonkeyPatch) -> None:
        """Let the commands work here, with a generator that takes no time."""
        for module in (import_spec, upgrade, spec, generate, check):
            patch.setattr(module, "OPENAPI", self.openapi, raising=False)
            patch.setattr(module, "GENERATED", self.generated, raising=False)
            patch.setattr(module, "ROOT", self.folder, raising=False)

        def stand_in(target: Path) -> None:
            target.mkdir()
            _write(target, self.openapi)

        patch.setattr(generate, "generate", stand_in)
        patch.setattr(check, "endpoints", lambda: ())
        patch.setattr(check, "imports", lambda: ())

    def problems(self) -> list[str]:
        """What `make check` would say of documents and generated code."""
        found = [*check.sources(self.openapi), *check.documents(self.openapi)]
        expected = {path.name: path.read_bytes() for path in self.generated.iterdir()}
        fresh = self.folder / "fresh"
        fresh.mkdir()
        _write(fresh, self.openapi)
        if expected != {path.name: path.read_bytes() for path in fresh.iterdir()}:
            found.append("generated code is not as generated")
        shutil.rmtree(fresh)
        hidden = [p.name for p in self.folder.rglob(".*")]
        return [*found, *hidden]


def _write(target: Path, openapi: Path) -> None:
    for name in ("one.py", "client.py"):
        (target / name).write_bytes((openapi / "client.yaml").read_bytes())


def _killed_at(number: int, patch: pytest.MonkeyPatch, half: bool) -> None:
    """End the process at the so-manieth change, before it or, of a text, in its middle."""
    count = 0

    def guarded(original: Callable[..., Any]) -> Callable[..., Any]:
        def change(*arguments: Any, **options: Any) -> Any:
            nonlocal count
            count += 1
            if count == number:
                if half and original.__name__ == "write_text":
                    path, text, *_ = arguments
                    path.write_bytes(text.encode()[: len(text) // 2])
                os._exit(KILLED)
            return original(*arguments, **options)

        return change

    for module, name in CHANGING:
        patch.setattr(module, name, guarded(getattr(module, name)))


def _upgrade(project: Project, arguments: list[str], kill: int, half: bool) -> int:
    """The status of an upgrade in a process of its own, killed at this change if it is not 0."""
    child = os.fork()
    if not child:
        status = 98
        try:
            patch = pytest.MonkeyPatch()
            project.use(patch)
            if kill:
                _killed_at(kill, patch, half)
            status = upgrade.main(arguments)
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.parametrize("half", [False, True], ids=["before it", "in the middle of a text"])
def test_the_same_command_completes_it(tmp_path: Path, half: bool) -> None:
    """Sources, record, changelog, documents and generated code: all of them new, once."""
    origin = saved(tmp_path, _published("a", "b"))
    arguments = [origin, "--yes", "--date", "2026-01-02"]
    kills = 0
    for number in range(1, 100):
        project = Project(tmp_path / str(number))
        status = _upgrade(project, arguments, number, half)
        if status == 0:
            break
        kills += 1
        assert status == KILLED
        assert _upgrade(project, arguments, 0, half) == 0
        assert project.problems() == [], number
        entries = (project.folder / "CHANGELOG.md").read_text("utf-8")
        assert entries.count("taken in on 2026-01-02:") == 1, number
    assert kills > 12, "the upgrade makes more changes than that"


def test_what_is_half_way_is_told_by_the_check(tmp_path: Path) -> None:
    """Until the command that was killed is run again."""
    project = Project(tmp_path / "project")
    (project.openapi / ".pending.json").write_text("{}", "utf-8")
    assert "stopped half-way" in next(check.sources(project.openapi))
    files.finish(project.openapi)
    assert list(check.sources(project.openapi)) == []


def test_nothing_here_needs_the_generated_code() -> None:
    """With `generated/` gone, the command that writes it still starts."""
    code = (
        "import sys; sys.modules['cekura_api'] = None\n"
        "from scripts import upgrade\n"
        "from scripts.drift import impact\n"
        "sys.modules['cekura_client'] = None\n"
        "assert impact.arguments('run_voice') == frozenset()\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
