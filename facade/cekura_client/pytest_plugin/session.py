"""The directory that all processes of a session share; it knows of every launch.

The process that starts a session makes it, under a name that no other has. A forked child inherits its
path, a worker of pytest-xdist is handed it. A process that does not see it launches nothing, since it
could not know whether another one has.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

_INPUT = "cekura_directory"
# A file in it. A directory without it is not the one that was made: locking makes a removed one anew.
_MADE = "made"


class _Directory(NamedTuple):
    """Where it is, or why there is none."""

    path: str
    problem: str = ""


# What is kept at a test: why it fails, or "" if it may continue.
VERDICT: pytest.StashKey[str] = pytest.StashKey()
_DIRECTORY: pytest.StashKey[_Directory] = pytest.StashKey()


_NOT_HANDED = ("", "this worker was not told of it")


def make_directory(config: pytest.Config) -> None:
    """Make it once; in a worker, take the one that was handed over."""
    if _DIRECTORY not in config.stash:
        handed: dict[str, Any] | None = getattr(config, "workerinput", None)
        if handed is None:
            config.stash[_DIRECTORY] = _made(config)
        else:
            config.stash[_DIRECTORY] = _Directory(*handed.get(_INPUT, _NOT_HANDED))


def hand_over(config: pytest.Config, workerinput: dict[str, Any]) -> None:
    """Tell a worker where it is."""
    make_directory(config)
    directory = config.stash[_DIRECTORY]
    workerinput[_INPUT] = (directory.path, directory.problem)


def _made(config: pytest.Config) -> _Directory:
    import tempfile

    # Not the fixture: that is known only while a test is set up, which may be in a forked child.
    factory: pytest.TempPathFactory | None = getattr(config, "_tmp_path_factory", None)
    if factory is None:
        return _Directory("", "with -p no:tmpdir there are no temporary directories")
    try:
        path = Path(tempfile.mkdtemp(prefix="cekura-", dir=factory.getbasetemp()))
        (path / _MADE).touch()
    except OSError as error:
        return _Directory("", f"it cannot be made: {error}")
    return _Directory(str(path))


def records(config: pytest.Config) -> list[Path]:
    """The records of all launches of the session."""
    found = config.stash.get(_DIRECTORY, _Directory("", "none"))
    return [] if found.problem else sorted(Path(found.path).glob("*.jsonl"))


def record_path(config: pytest.Config, key: str) -> Path:
    """Where all processes record a launch.

    Raises:
        InvalidRequestError: this process does not see the directory.
    """
    directory = config.stash[_DIRECTORY]
    path = Path(directory.path, f"{key}.jsonl")
    if directory.problem:
        raise _refusal(f"there is no directory for it: {directory.problem}")
    _check(path)
    return path


@contextmanager
def sole_process(record: Path) -> Generator[None, None, None]:
    """Keep all other processes out of a launch.

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
            f"its directory {record.parent} was removed, or this process runs on another machine"
        )


def _refusal(problem: str) -> Exception:
    from cekura_client.core.errors import InvalidRequestError

    return InvalidRequestError(
        f"nothing was launched, because the processes of this session cannot share a launch: {problem}"
    )
