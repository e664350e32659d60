"""Turn options into arguments of the client, and check them before anything is sent."""

from typing import Any

from attrs import frozen

from cekura_client.cli.options import ConnectionOptions, Waiting
from cekura_client.core.checks import seconds
from cekura_client.core.polling import Polling
from cekura_client.errors import InvalidRequestError
from cekura_client.wire.settings import ApiKey, Settings


@frozen
class WaitLimits:
    """How long to wait and how often to poll; created by `wait_limits`."""

    timeout: float
    polling: Polling


def wait_limits(given: Waiting) -> WaitLimits:
    """Check the options about waiting.

    Raises:
        InvalidRequestError: names the option.
    """
    timeout = seconds("--timeout", given.timeout)
    grace = seconds("--grace", given.grace, zero=True)
    if given.poll is None:
        return WaitLimits(timeout, Polling(grace=grace))
    poll = seconds("--poll", given.poll)
    return WaitLimits(timeout, Polling(first=poll, longest=poll, grace=grace))


def check_connection(given: ConnectionOptions) -> None:
    """Check what needs no key, for `plan`.

    Raises:
        InvalidRequestError: names the option.
    """
    seconds("--recover-for", given.recover_for, zero=True)


def client_arguments(given: ConnectionOptions) -> dict[str, Any]:
    """The arguments of `AsyncCekura`.

    Raises:
        InvalidRequestError: the key or the address is missing or unusable; neither is shown.
    """
    check_connection(given)
    key = _key(given)
    Settings.load(None if key is None else ApiKey(key), given.api_url, allow_http=given.allow_http)
    return {
        "api_key": key,
        "base_url": given.api_url,
        "record": given.record,
        "recover_for": given.recover_for,
        "proxy_from_environment": given.proxy_from_environment,
        "allow_http": given.allow_http,
    }


def _key(given: ConnectionOptions) -> str | None:
    if given.api_key_file is None:
        return None
    try:
        key = given.api_key_file.read_text("utf-8-sig").strip()
    except OSError as error:
        problem = f"cannot be read: {error.strerror}"
    except UnicodeDecodeError:
        problem = "is not UTF-8 text"
    else:
        if key:
            return key
        problem = "is empty"
    raise InvalidRequestError(
        f"--api-key-file: {given.api_key_file} {problem}; it must hold the API key and nothing else"
    )
