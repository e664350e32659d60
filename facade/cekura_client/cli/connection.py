"""The arguments of the client, from the options."""

from typing import Any

from cekura_client.cli.options import Connection
from cekura_client.errors import InvalidRequestError
from cekura_client.wire.settings import ApiKey, Settings


def client_arguments(given: Connection) -> dict[str, Any]:
    """What `AsyncCekura` is made with.

    Raises:
        InvalidRequestError: no usable key or address; what they are is not shown.
    """
    key = _key(given)
    # Before anybody is asked whether to launch.
    Settings.load(None if key is None else ApiKey(key), given.api_url)
    return {
        "api_key": key,
        "base_url": given.api_url,
        "record": given.record,
        "recover_for": given.recover_for,
        "proxy_from_environment": given.proxy_from_environment,
    }


def _key(given: Connection) -> str | None:
    if given.api_key_file is None:
        return None
    try:
        key = given.api_key_file.read_text("utf-8-sig").strip()
    except OSError as error:
        problem = f"cannot be read: {error.strerror}"
    except UnicodeDecodeError:
        problem = "is not text in UTF-8"
    else:
        if key:
            return key
        problem = "is empty"
    raise InvalidRequestError(
        f"--api-key-file: {given.api_key_file} {problem}; it must hold the API key and nothing else"
    )
