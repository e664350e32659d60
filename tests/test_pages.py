"""The pages that this client was first made from, against the sources of today."""

import json
import re

import pytest

from scripts.documents import leaves, operations
from tests.pages.since import PAGES, SINCE, now, since

_ALTERNATIVE = re.compile(r"/paths/[^/]+/post/security/[0-9]+/api_key")


def test_every_page_is_there() -> None:
    """Voice, websocket and VAPI WebRTC, one operation each."""
    assert [len(operations(page)) for page in PAGES.values()] == [1, 1, 1]


@pytest.mark.parametrize("name", PAGES)
def test_nothing_that_a_page_promises_is_lost(name: str) -> None:
    """Every leaf is still there; a text may have grown, and the API key may be one way of several."""
    today = now(name)
    found = dict(leaves(today))
    for at, value in leaves(PAGES[name]):
        if _ALTERNATIVE.fullmatch(at):
            ((_, operation),) = operations(today).items()
            assert {"api_key": []} in operation["security"], at
        elif at.endswith("/description"):
            assert json.loads(value) in json.loads(found[at]), at
        else:
            assert found.get(at) == value, at


def test_what_was_added_or_changed_since_is_known() -> None:
    """Leaf by leaf; read what is new, then accept it."""
    assert since() == SINCE.read_text("utf-8"), "read this, then: python -m tests.pages"
