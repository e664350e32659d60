import copy
import pickle
from traceback import TracebackException
from typing import Any

import pytest

from cekura_client import AsyncCekura, Cekura, InvalidRequestError
from cekura_client.wire.settings import ApiKey, Settings


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CEKURA_API_KEY", raising=False)
    monkeypatch.delenv("CEKURA_API_URL", raising=False)


@pytest.mark.parametrize("kind", [Cekura, AsyncCekura])
@pytest.mark.parametrize(
    ("key", "says"),
    [
        (None, "the variable CEKURA_API_KEY is missing or blank"),
        ("", "api_key is missing or blank"),
        ("  ", "api_key is missing or blank"),
        ("geheim\n", "position 7 of 7"),
        ("geheim wort", "position 7 of 11"),
        ("geheimß", "position 7 of 7"),
        ("\x00geheim", "position 1 of 7"),
        (b"geheim", "is not text but bytes"),
    ],
)
def test_an_unusable_key_is_refused_without_showing_it(
    kind: type[Cekura], key: str | None, says: str
) -> None:
    """When the client is built; neither the error nor its frames hold the key."""
    with pytest.raises(InvalidRequestError) as caught:
        kind(api_key=key)
    assert says in str(caught.value)
    assert "geheim" not in str(caught.value)
    shown = TracebackException.from_exception(caught.value, capture_locals=True)
    ours = [frame for frame in shown.stack if frame.filename != __file__]
    assert ours
    assert "geheim" not in str([frame.locals for frame in ours])


def test_the_environment_gives_what_is_not_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Key and address; what is passed comes first; without either the vendor's address."""
    monkeypatch.setenv("CEKURA_API_KEY", "from-environment")
    assert Cekura().base_url == "https://api.cekura.ai"
    monkeypatch.setenv("CEKURA_API_URL", "http://127.0.0.1:8000/")
    assert Cekura().base_url == "http://127.0.0.1:8000"
    assert Cekura(base_url="https://b.example/x/").base_url == "https://b.example/x"
    assert Settings.load(None, None).api_key.reveal() == "from-environment"
    assert Settings.load(ApiKey("passed"), None).api_key.reveal() == "passed"


@pytest.mark.parametrize(
    "url",
    [
        "api.cekura.ai",
        "ftp://api.cekura.ai",
        "https://",
        "https://user:geheim@api.cekura.ai",
        "https://api.cekura.ai?key=geheim",
        "https://api.cekura.ai#geheim",
        "https://api.cekura.ai:port",
        "https://api.cekura.ai /",
        "https://[::1",
        "https://user:geheim@ex\u2100mple.com",
        "https://api.cekura.ai:geheim",
        5,
        b"https://api.cekura.ai",
    ],
)
def test_an_unusable_address_is_refused_without_showing_it(url: Any) -> None:
    """It may carry credentials."""
    with pytest.raises(
        InvalidRequestError, match=r"the address in base_url .*; right would be"
    ) as e:
        Cekura(api_key="k", base_url=url)
    assert "geheim" not in str(e.value)


def test_a_key_shows_itself_nowhere() -> None:
    """Not in repr, str or format, and it is neither pickled nor copied."""
    client = Cekura(api_key="geheim")
    key = ApiKey("geheim")
    for shown in (
        repr(key),
        f"{key}",
        repr(client),
        str(client),
        repr(client.api),
        repr(vars(client)),
    ):
        assert "geheim" not in shown
    for leak in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="not pickled or copied"):
            leak(key)
    with pytest.raises(TypeError):
        pickle.dumps(client)


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example",
        "HTTP://10.0.0.1:80",
        "http://localhost.example",
        "http://[2001:db8::1]",
    ],
)
def test_plain_http_to_another_machine_must_be_asked_for(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key could be read on the way; also where the address comes from the environment."""
    with pytest.raises(InvalidRequestError, match=r"is not encrypted.*allow_http=True"):
        Settings.load(ApiKey("key"), url)
    monkeypatch.setenv("CEKURA_API_URL", url)
    with pytest.raises(InvalidRequestError, match="is not encrypted"):
        Settings.load(ApiKey("key"), None)
    assert Settings.load(ApiKey("key"), url, allow_http=True).base_url.startswith("http://")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1",
        "http://127.3.2.1",
        "http://[::1]:1",
        "http://localhost:1",
        "http://a.localhost",
    ],
)
def test_plain_http_to_this_machine_is_accepted(url: str) -> None:
    """Nobody is on the way."""
    assert Settings.load(ApiKey("key"), url).base_url == url


@pytest.mark.parametrize(
    "url", ["HTTPS://API.Example:443/", "https://api.example", "https://api.example:443"]
)
def test_one_address_has_one_spelling(url: str) -> None:
    """Launches to it share names and results, however it is written."""
    assert Settings.load(ApiKey("key"), url).base_url == "https://api.example"
