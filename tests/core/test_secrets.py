"""What of a body is secret, and the spellings in which a server may repeat it."""

import html

import pytest

from cekura_client.core.secrets import Redactor, hidden_by


@pytest.mark.parametrize(
    ("redacted", "sent", "hidden"),
    [
        ({"tags": ["weekend"]}, {"tags": ["weekend"]}, []),
        ({"url": "wss://x.example"}, {"url": "wss://x.example"}, []),
        ({"token": "***"}, {"token": "open-sesame"}, ["open-sesame"]),
        ({"extra": "***"}, {"extra": ["one", {"two": "three"}]}, ["one", "three"]),
    ],
)
def test_only_what_is_not_shown_is_secret(
    redacted: object, sent: object, hidden: list[str]
) -> None:
    """Otherwise tags and addresses would be missing in what the server says of them."""
    assert list(hidden_by(redacted, sent)) == hidden


def test_the_same_list_is_not_secret() -> None:
    """A redacted body shares what is not secret with the body itself."""
    tags = ["weekend"]
    assert list(hidden_by({"tags": tags}, {"tags": tags})) == []


def test_a_secret_is_removed_in_its_html_spelling() -> None:
    """As the standard library escapes it."""
    secret = "a<b>&\"c'd-secret"
    assert Redactor(secret).text(f"<p>{html.escape(secret)}</p>") == "<p>***</p>"
