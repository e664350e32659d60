"""The TLS context that all clients of a process share: loading the certificates takes a while."""

import os
import ssl
import threading
from contextlib import suppress
from functools import cache

import httpx

_lock = threading.Lock()
_loaded: list[ssl.SSLContext] = []


def shared() -> ssl.SSLContext:
    """The context, with the certificates that httpx takes."""
    with _lock:
        loaded = _loaded
        if not loaded:
            loaded.append(httpx.create_ssl_context())
        return loaded[0]


def _after_a_fork() -> None:
    """The thread that was loading is not there in the child, and would hold its lock for ever."""
    global _lock
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_after_a_fork)


def preload() -> None:
    """Begin to load it while other things are done."""
    if not _loaded:
        threading.Thread(target=_try, name="cekura-tls", daemon=True).start()


def _try() -> None:
    with suppress(Exception):  # raised again where it is needed
        shared()


def for_url(url: str) -> ssl.SSLContext:
    """The context for a base URL: the shared one for https. For http it trusts no certificate."""
    return shared() if url.startswith("https:") else _empty()


@cache
def _empty() -> ssl.SSLContext:
    """Made once: it costs as much as a third of a launch, and httpx wants one for http as well."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
