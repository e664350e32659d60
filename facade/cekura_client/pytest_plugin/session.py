"""The directory with the records of all launches of a session, which its processes share.

The process that starts a session creates it, under a unique name. A forked child inherits the path, and a
worker of pytest-xdist receives it. A process without access launches nothing, because it could not know
whether another process has already launched.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

_INPUT = "cekura_directory"
# A marker file. Locking recreates a removed directory, but without this file.
_MADE = "made"


class _Directory(NamedTuple):
    """The path of the directory, or why there is none."""

    path: str
    problem: str = ""


# Why a test fails; "" if it may continue.
VERDICT: pytest.StashKey[str] = pytest.StashKey()
_DIRECTORY: pytest.StashKey[_Directory] = pytest.StashKey()


_NOT_HANDED = ("", "this worker did not receive its path")


def make_directory(config: pytest.Config) -> None:
    """Create the directory once. A worker takes the one it received."""
    if _DIRECTORY not in config.stash:
        handed: dict[str, Any] | None = getattr(config, "workerinput", None)
        if handed is None:
            config.stash[_DIRECTORY] = _made(config)
        else:
            config.stash[_DIRECTORY] = _Directory(*handed.get(_INPUT, _NOT_HANDED))


def hand_over(config: pytest.Config, workerinput: dict[str, Any]) -> None:
    """Pass the directory to a worker."""
    make_directory(config)
    directory = config.stash[_DIRECTORY]
    workerinput[_INPUT] = (directory.path, directory.problem)


def _made(config: pytest.Config) -> _Directory:
    import tempfile

    # Not the fixture, which exists only during the setup of a test, perhaps in a forked child.
    factory: pytest.TempPathFactory | None = getattr(config, "_tmp_path_factory", None)
    if factory is None:
        return _Directory("", "-p no:tmpdir disables temporary directories")
    try:
        path = Path(tempfile.mkdtemp(prefix="cekura-", dir=factory.getbasetemp()))
        (path / _MADE).touch()
    except OSError as error:
        return _Directory("", f"it cannot be created: {error}")
    return _Directory(str(path))


def records(config: pytest.Config) -> list[Path]:
    """The records of all launches of the session."""
    found = config.stash.get(_DIRECTORY, _Directory("", "none"))
    return [] if found.problem else sorted(Path(found.path).glob("*.jsonl"))


def record_path(config: pytest.Config, key: str) -> Path:
    """The record of a launch, for all processes.

    Raises:
        InvalidRequestError: this process has no access to the directory.
    """
    directory = config.stash[_DIRECTORY]
    path = Path(directory.path, f"{key}.jsonl")
    if directory.problem:
        raise _refusal(f"they have no common directory: {directory.problem}")
    _check(path)
    return path


@contextmanager
def sole_process(record: Path) -> Generator[None, None, None]:
    """Lock a launch against all other processes.

    Raises:
        InvalidRequestError: it cannot be locked.
    """
    try:
        from filelock import FileLock
    except ImportError:
        raise _refusal("filelock is missing; pip install 'cekura-client[pytest]'") from None
    with FileLock(record.with_suffix(".lock")):
        _check(record)
        yield


def _check(record: Path) -> None:
    if not (record.parent / _MADE).is_file():
        raise _refusal(
            f"the directory {record.parent} was removed, or this process runs on another machine"
        )


def _refusal(problem: str) -> Exception:
    from cekura_client.core.errors import InvalidRequestError

    return InvalidRequestError(
        f"nothing was launched, because the processes of this session cannot share a launch: {problem}"
    )
