"""Where to send and with which key; the only module that reads the environment."""

import os
import urllib.request
from ipaddress import ip_address
from typing import NoReturn
from urllib.parse import urlsplit

import httpx
from attrs import field, frozen

from cekura_client.errors import InvalidRequestError

KEY_VARIABLE = "CEKURA_API_KEY"
URL_VARIABLE = "CEKURA_API_URL"
DEFAULT_URL = "https://api.cekura.ai"


class ApiKey:
    """The API key, which shows itself to nobody but the transport that sends it."""

    __slots__ = ("_text",)

    def __init__(self, text: object) -> None:
        self._text = text

    def reveal(self) -> str:
        """The key itself, for the header of a request."""
        return str(self._text)

    def problem(self) -> str | None:
        """What makes it unusable as the value of a header, said without showing it."""
        if not isinstance(self._text, str):
            return f"is not text but {type(self._text).__name__}"
        if not self._text.strip():
            return "is missing or blank"
        bad = [place for place, c in enumerate(self._text, start=1) if not "!" <= c <= "~"]
        if not bad:
            return None
        return (
            f"has a blank, a line break or another character that no header may carry, at position "
            f"{bad[0]} of {len(self._text)}"
        )

    def __repr__(self) -> str:
        return "ApiKey(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("an API key is not pickled or copied")


@frozen
class Settings:
    """Where to send and with which key."""

    base_url: str
    api_key: ApiKey
    proxy: str | None = field(default=None, repr=False)

    @classmethod
    def load(
        cls,
        api_key: ApiKey | None,
        base_url: str | None,
        *,
        proxy_from_environment: bool = False,
        allow_http: bool = False,
    ) -> "Settings":
        """What is given, or else what the environment says, or else the vendor's address.

        A proxy of the environment sees where requests go, and plain http shows the key to everybody
        on the way, so both are used only if asked for.

        Raises:
            InvalidRequestError: no key, an unusable key, or an unusable address.
        """
        origin = "api_key" if api_key is not None else f"the variable {KEY_VARIABLE}"
        key = api_key if api_key is not None else ApiKey(os.environ.get(KEY_VARIABLE, ""))
        if problem := key.problem():
            raise InvalidRequestError(
                f"the API key in {origin} {problem}; set {KEY_VARIABLE}, pass api_key, or name a "
                "file by --api-key-file"
            )
        url = base_url if base_url is not None else os.environ.get(URL_VARIABLE) or DEFAULT_URL
        if problem := _url_problem(url):
            origin = "base_url" if base_url is not None else f"the variable {URL_VARIABLE}"
            raise InvalidRequestError(
                f"the address in {origin} {problem}; right would be {DEFAULT_URL!r}"
            )
        if url.lower().startswith("http:") and not allow_http and not _is_local(url):
            raise InvalidRequestError(
                f"{url} is not encrypted: the API key could be read on the way. Use https, or allow "
                "plain http by allow_http=True (--allow-http)"
            )
        proxy = _proxy(url) if proxy_from_environment else None
        # Twice: the default port is recognised by a scheme in lower case only.
        normal = str(httpx.URL(str(httpx.URL(url)))).rstrip("/")
        return cls(normal, key, proxy)


def variable(name: str) -> str | None:
    """A variable of the environment, for what no other module reads."""
    return os.environ.get(name)


def _proxy(url: str) -> str | None:
    """What HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say for an address."""
    parts = urlsplit(url)
    proxies = urllib.request.getproxies()
    if urllib.request.proxy_bypass(parts.hostname or ""):
        return None
    return proxies.get(parts.scheme) or proxies.get("all")


def _is_local(url: str) -> bool:
    """Whether an address leads no farther than this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")  # RFC 6761, 6.3


def _url_problem(url: object) -> str | None:
    """What makes it unusable, said without showing it: it might carry credentials."""
    if not isinstance(url, str):
        return f"is not text but {type(url).__name__}"
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and url.isprintable()
        _ = parts.port
    except ValueError:  # whose text shows parts of the address
        return "is not an address: its host or its port cannot be read"
    if not usable or " " in url:
        return "is not an http or https address with a host"
    if "@" in parts.netloc or parts.query or parts.fragment:
        return "has credentials, a query or a fragment in it"
    return None
