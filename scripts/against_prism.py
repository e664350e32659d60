"""Make the three launches against Prism, a mock server that knows nothing of this project.

Usage: python -m scripts.against_prism

Needs npm, and the npm registry to install Prism. Prism always holds requests to the document that
it serves, and with --errors its own answers as well. Some published examples do not fit the schema
next to them (`number` is null, `runs` is one object). So each document is served with --errors and
answers made up from the schema, then without --errors and with its examples; client.yaml, where
that is mended, with both. Each time a request that is wrong on purpose shows that Prism looks.
"""

import asyncio
import json
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
from attrs import frozen

from cekura_client import AsyncCekura, Cekura, CekuraError, Launch
from scripts.documents import OPENAPI
from scripts.processes import ToolError, finished, running
from scripts.serialization import read

PRISM = "5.16.0"
_HOST, _KEY = "127.0.0.1", "any-key-will-do"


@frozen
class Case:
    """The launches that one published document describes, and a body that breaks it."""

    page: str
    method: str
    launches: list[dict[str, Any]]
    wrong: dict[str, Any]
    finding: str  # a part of what Prism says of it

    @property
    def document(self) -> Path:
        return OPENAPI / "sources" / f"run-{self.page}.yaml"

    def published(self) -> tuple[str, int | None]:
        """The path, and the id in the examples of an answer; None where there are none."""
        ((path, item),) = read(self.document)["paths"].items()
        accepted = item["post"]["responses"].get("201") or item["post"]["responses"]["200"]
        examples = accepted["content"]["application/json"].get("examples", {})
        return path, next((example["value"]["id"] for example in examples.values()), None)


_VOICE = {"agent_id": 12, "scenarios": [101, 102, 103], "frequency": 1}
_FOLDER = {"folder_path": "Sales.Inbound", "project_id": 1376}
_WEBSOCKET = {"scenarios": [(101, "wss://agent-a.example.com/chat")], "frequency": 1, "agent": 12}
_VAPI = {"scenarios": [101, 102], "vapi_assistant_id": "asst_abc123", "agent_id": 12}
CASES = [
    Case("voice", "run_voice", [_VOICE, _FOLDER], _VOICE | {"frequency": 0}, "must be >= 1"),
    Case("websocket", "run_websocket", [_WEBSOCKET], {"scenarios": []}, "'frequency'"),
    Case("vapi-webrtc", "run_vapi_webrtc", [_VAPI], {"scenarios": []}, "'vapi_assistant_id'"),
]


@contextmanager
def _prism(folder: Path, document: Path, options: list[str]) -> Generator[str, None, None]:
    """The address of a Prism that serves the document and accepts connections."""
    with socket.create_server((_HOST, 0)) as free:
        port = free.getsockname()[1]
    command = [str(folder / "node_modules/.bin/prism"), "mock", *options, str(document)]
    command += ["--host", _HOST, "--port", str(port)]
    with running(command, folder) as (process, log):
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection((_HOST, port), timeout=1):
                break
            time.sleep(0.1)
        else:
            raise ToolError(f"Prism does not listen:\n{log.read_text('utf-8')}")
        yield f"http://{_HOST}:{port}"


async def _launch(url: str, method: str, arguments: dict[str, Any]) -> list[int]:
    """The ids of two launches, with the one client and with the other."""
    with Cekura(api_key=_KEY, base_url=url) as cekura:
        one: Launch = getattr(cekura, method)(**arguments)
    async with AsyncCekura(api_key=_KEY, base_url=url) as awaited:
        other: Launch = await getattr(awaited, method)(**arguments)
    return [one.result_id, other.result_id]


def _check(url: str, case: Case, examples: bool) -> Iterator[tuple[bool, str, str]]:
    """Of each request: whether all is as it should be, what was sent, what came of it."""
    path, published = case.published()
    expected = published if examples else None
    due = "any (made from the schema)" if expected is None else f"{expected} (published example)"
    for arguments in case.launches:
        sent = f"{case.method}({', '.join(arguments)})"
        try:
            ids = asyncio.run(_launch(url, case.method, arguments))
        except CekuraError as error:
            yield False, sent, str(error)
        else:
            right = ids[0] == ids[1] and expected in (None, ids[0])
            yield right, sent, f"sync: {ids[0]}, async: {ids[1]}, due: {due}"
    key = {"X-CEKURA-API-KEY": _KEY}
    answer = httpx.post(url + path, json=case.wrong, headers=key, trust_env=False)
    said = " ".join(v["message"] for v in json.loads(answer.headers.get("sl-violations", "[]")))
    refused = answer.status_code == 400 and case.finding in said
    yield refused, "a request wrong on purpose", f"{answer.status_code}: {said or answer.text}"


def _check_all(folder: Path) -> bool:
    # Without scripts: that of one dependency reports the installation to its maker.
    install = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"]
    install += ["--prefix", str(folder), "--cache", str(folder / "cache")]
    finished([*install, f"@stoplight/prism-cli@{PRISM}"], folder)
    settings = [
        (case.document, [case], options)
        for case in CASES
        for options in (["--errors", "--dynamic", "--seed=1"], [])
    ]
    settings.append((OPENAPI / "client.yaml", CASES, ["--errors"]))
    good = True
    for document, cases, options in settings:
        print(f"\nprism mock {' '.join([*options, document.name])}")
        with _prism(folder, document, options) as url:
            for case in cases:
                for right, sent, outcome in _check(url, case, "--dynamic" not in options):
                    good &= right
                    print(f"{'ok' if right else 'FAIL':5} {sent:57} {outcome}")
    return good


def main() -> int:
    for number in (signal.SIGTERM, signal.SIGHUP):  # to end as with Ctrl-C: tidied up
        signal.signal(number, signal.default_int_handler)
    try:
        with tempfile.TemporaryDirectory(prefix="against-prism-") as folder:
            return 0 if _check_all(Path(folder)) else 1
    except (ToolError, OSError, KeyboardInterrupt) as problem:
        print(f"against_prism: {str(problem) or 'interrupted'}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
