"""What the vendor has added or changed since."""

from pathlib import Path

from scripts.documents import OPENAPI, Document
from scripts.serialization import read
from scripts.spec import differences

FOLDER = Path(__file__).parent
SINCE = FOLDER / "since.txt"
PAGES: dict[str, Document] = {path.name: read(path) for path in sorted(FOLDER.glob("*.yaml"))}


def now(name: str) -> Document:
    """The source that has taken the place of a page."""
    return read(OPENAPI / "sources" / name)


def since() -> str:
    """Every leaf that was added (+), removed (-) or changed (~), page by page."""
    return "".join(f"{name}\n{differences(page, now(name))}" for name, page in PAGES.items())
