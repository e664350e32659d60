"""One TLS context for all clients of a process, loaded while other things are done."""

import asyncio
import ssl
import subprocess
import sys
import threading

import httpx
import pytest

from cekura_client import AsyncCekura, Cekura
from cekura_client.wire import tls
from tests.clients import KEY


def test_all_clients_share_one_context(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many threads ask for it at the same moment."""
    made: list[ssl.SSLContext] = []

    def make() -> ssl.SSLContext:
        made.append(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        return made[-1]

    monkeypatch.setattr(tls, "_loaded", [])
    monkeypatch.setattr(httpx, "create_ssl_context", make)
    threads = [threading.Thread(target=tls.for_url, args=("https://x",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    Cekura(api_key=KEY).close()
    assert tls.for_url("https://api.cekura.ai") is made[0]
    assert len(made) == 1


def test_certificates_are_verified() -> None:
    """A server that nobody vouches for gets no request."""
    context = tls.shared()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.get_ca_certs()


def test_the_context_of_an_address_without_tls_trusts_nobody() -> None:
    """It is never used; and if it were, no certificate would do."""
    context = tls.for_url("http://127.0.0.1:1")
    assert tls.for_url("http://127.0.0.1:2") is context
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.get_ca_certs() == []


def test_a_client_without_tls_loads_no_certificates() -> None:
    """It is the sandbox's, mostly, and in tests."""
    code = (
        "from cekura_client import Cekura\n"
        "import cekura_client.wire.tls as tls\n"
        "with Cekura(api_key='x', base_url='http://127.0.0.1:1') as cekura:\n"
        "    assert cekura._sender._inner is None\n"
        "    cekura._sender._transport(own=False)\n"
        "assert tls._loaded == []\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_client_that_never_sent_anything_can_be_closed() -> None:
    """There is no connection yet."""
    Cekura(api_key=KEY, base_url="http://127.0.0.1:1").close()
    asyncio.run(AsyncCekura(api_key=KEY, base_url="http://127.0.0.1:1").close())


def test_a_fork_while_it_is_loaded_is_no_deadlock() -> None:
    """The child loads it anew."""
    code = (
        "import os\n"
        "import cekura_client.wire.tls as tls\n"
        "with tls._lock:\n"
        "    child = os.fork()\n"
        "    if child == 0:\n"
        "        tls.shared()\n"
        "        os._exit(0)\n"
        "    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)
