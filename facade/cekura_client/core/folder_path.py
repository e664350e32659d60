"""Folder paths such as ``Sales.Inbound``: dots separate the levels."""

import unicodedata
import warnings

from cekura_client.core.errors import FolderPathError

# The vendor stores at most this many characters of a folder name and of a path.
LONGEST_LEVEL = 100
LONGEST_PATH = 300


class FolderPathWarning(UserWarning):
    """A folder path that is valid but probably not what you mean."""


def folder_path(field: str, value: object) -> str:
    """Check a path and return it unchanged.

    Levels may contain spaces, capitals and letters of any script. A slash is valid too, but most people who
    write one mean a dot, so it causes a `FolderPathWarning`.

    Raises:
        FolderPathError: says which level is wrong and why.
    """
    if not isinstance(value, str):
        raise FolderPathError(
            f"{field} must be text such as 'Sales.Inbound'; got {type(value).__name__}"
        )
    if not value.strip():
        raise FolderPathError(f"{field} must not be blank, e.g. 'Sales.Inbound'")
    if len(value) > LONGEST_PATH:
        raise FolderPathError(
            f"{field} is {len(value)} characters long; the maximum is {LONGEST_PATH}: {value[:40]!r}..."
        )
    for number, level in enumerate(value.split("."), start=1):
        if problem := _problem(level):
            raise FolderPathError(
                f"{field}: level {number} of {value!r} {problem}; dots separate the levels, "
                "e.g. 'Sales.Inbound'"
            )
    if "/" in value or "\\" in value:
        meant = value.replace("/", ".").replace("\\", ".")
        warnings.warn(
            f"{field}={value!r} contains a slash, but dots separate the levels. Did you mean {meant!r}?",
            FolderPathWarning,
            stacklevel=2,
        )
    return value


def _problem(level: str) -> str | None:
    if not level:
        return "is empty"
    if level != level.strip():
        return "starts or ends with a space"
    if len(level) > LONGEST_LEVEL:
        return f"is {len(level)} characters long; the maximum is {LONGEST_LEVEL}"
    # Cc: control characters. Cs: lone surrogates, which cannot be sent as UTF-8.
    bad = next((c for c in level if unicodedata.category(c) in ("Cc", "Cs")), None)
    return None if bad is None else f"contains the control character {bad!r}"
