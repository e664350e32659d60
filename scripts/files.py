"""Several files that change together: all of them or none, even if the process is killed.

All new texts are first written into one file. Once that has its name, the change is decided, and
whatever command runs next puts the texts in place.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

_PENDING = ".pending.json"


def replace(files: Mapping[Path, str], folder: Path) -> None:
    """Give each file its text; `folder` is where they wait for that."""
    finish(folder)
    if not files:
        return
    pending = folder / _PENDING
    fresh = pending.with_suffix(".new")
    texts = {os.path.relpath(path, folder): text for path, text in files.items()}
    fresh.write_text(json.dumps(texts), "utf-8")
    os.replace(fresh, pending)
    finish(folder)


def finish(folder: Path) -> None:
    """Put in place what was decided and not completed; nothing if there is no such thing."""
    pending = folder / _PENDING
    pending.with_suffix(".new").unlink(missing_ok=True)
    if pending.is_file():
        for name, text in json.loads(pending.read_text("utf-8")).items():
            (folder / name).write_text(text, "utf-8")
        pending.unlink()


def is_unfinished(folder: Path) -> bool:
    """Whether a change was decided and not completed."""
    return (folder / _PENDING).is_file()
