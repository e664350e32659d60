import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cekura_client.core.server_messages import messages


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"frequency": ["Must be at least 1."]}', ("frequency: Must be at least 1.",)),
        ('["Invalid personalities provided."]', ("Invalid personalities provided.",)),
        ('{"detail": "Not found."}', ("Not found.",)),
        (
            '{"errors": {"scenarios[0].websocket_url": ["Must start with ws."]}}',
            ("scenarios[0].websocket_url: Must start with ws.",),
        ),
        ('{"a": {"b": ["one", "two"]}}', ("a.b: one", "a.b: two")),
        ('{"detail": ["one", {"code": 3}]}', ("one", "code: 3")),
        ("<html><title>502\n Bad  Gateway</title><p>long</html>", ("502 Bad Gateway",)),
        ("<p>no title</p>", ()),
        ("gone fishing", ("gone fishing",)),
        ("", ()),
        ("null", ()),
        ("{}", ()),
        ("[" * 100_000, ("[" * 500,)),
        (json.dumps(list(range(1_000))), tuple(str(number) for number in range(20))),
    ],
)
def test_each_known_shape_becomes_sentences(body: str, said: tuple[str, ...]) -> None:
    """Field in front of the text; of an HTML page only its title."""
    assert messages(body.encode()) == said


@given(st.binary())
def test_no_body_breaks_it(body: bytes) -> None:
    """Whatever the bytes, there is a tuple of texts."""
    assert all(isinstance(line, str) for line in messages(body))


def test_a_page_full_of_tags_does_not_take_minutes() -> None:
    """A megabyte of beginnings of titles, for which a regex with a lazy group takes a minute."""
    page = b"<title" * 200_000
    assert messages(page) == ()


def test_what_is_said_begins_no_command_in_a_log() -> None:
    """It stands on one line, whatever it is."""
    assert messages(b'{"detail": "one\\n::error::two"}') == ("one ::error::two",)
    assert messages(b"::add-mask::x") == (r"\x3a:add-mask::x",)
