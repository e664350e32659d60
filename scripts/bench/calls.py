"""What calls cost: the first of a process, by the clock, and one of many, in CPU seconds.

The answers are those of the sandbox, given by a server that does nothing else (`answering`), so that
what differs is what the client does. The first call goes over TLS. All sides verify the server's
certificate in their usual way: it is added to the bundle of certifi that all of them load
(`environments.trust`).
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from cekura_client.sandbox import Sandbox
from scripts.bench.environments import Environments, certificate, trust
from scripts.bench.figures import Figure, Limit, compared
from scripts.bench.turns import blocks, code, processes, server

START_ROUNDS, CALL_ROUNDS, CALLS, WARM_UP = 25, 15, 300, 100

_LAUNCH, _RESULT = "/test_framework/v1/scenarios/run_scenarios/", "/test_framework/v2/results/"
_KEY = "X-CEKURA-API-KEY"

# Each is a whole process: a client, one result read, the client closed. ID and URL stand before.
_FIRST = {
    "httpx": f"""
import httpx
with httpx.Client() as client:
    answer = client.get(f"{{URL}}{_RESULT}{{ID}}/", headers={{"{_KEY}": "key"}})
    assert answer.json()["id"] == ID
""",
    "ours": """
from cekura_client import Cekura
with Cekura(api_key="key", base_url=URL) as cekura:
    assert cekura.get_result(ID).id == ID
""",
    "generated": f"""
from cekura_api import AuthenticatedClient
from cekura_api.api.runs import get_result
made = AuthenticatedClient(base_url=URL, token="key", prefix="", auth_header_name="{_KEY}")
with made as client:
    assert get_result.sync(client=client, id=ID).id == ID
""",
    "vendor": """
from cekura import Cekura
with Cekura(api_key="key", base_url=URL) as cekura:
    assert cekura.results.get(id=ID)["id"] == ID
""",
}

# Each defines `one()`, a launch on a connection that is kept. The floor has the whole address in it:
# with `base_url`, as most would write it, httpx itself needs some more.
_EACH = {
    "httpx": f"""
import httpx
client = httpx.Client(headers={{"{_KEY}": "key"}})
body = {{"agent_id": 12, "scenarios": [101], "name": "nightly"}}
def one():
    assert client.post(URL + "{_LAUNCH}", json=body).json()["id"] == ID
""",
    "based": f"""
import httpx
client = httpx.Client(base_url=URL, headers={{"{_KEY}": "key"}})
body = {{"agent_id": 12, "scenarios": [101], "name": "nightly"}}
def one():
    assert client.post("{_LAUNCH}", json=body).json()["id"] == ID
""",
    "ours": """
from cekura_client import Cekura
cekura = Cekura(api_key="key", base_url=URL)
def one():
    assert cekura.run_voice(agent_id=12, scenarios=[101]).result_id == ID
""",
    "generated": f"""
from cekura_api import AuthenticatedClient
from cekura_api.api.runs import run_voice
from cekura_api.models import SchemaPostRunScenarios
client = AuthenticatedClient(base_url=URL, token="key", prefix="", auth_header_name="{_KEY}")
def one():
    body = {{"agent_id": 12, "scenarios": [101], "name": "nightly"}}
    body = SchemaPostRunScenarios.from_dict(body)
    assert run_voice.sync(client=client, body=body).id == ID
""",
    "vendor": """
from cekura import Cekura
cekura = Cekura(api_key="key", base_url=URL)
def one():
    assert cekura.scenarios.run(agent_id=12, scenarios=[101], name="nightly")["id"] == ID
""",
}

_NAMES = {
    "based": "httpx with `base_url`",
    "generated": "generated client",
    "vendor": "vendor's SDK",
}


def first_call(environments: Environments) -> Iterator[Figure]:
    """From the start of the process to its end, with one answered call in between."""
    made = certificate()
    trust(made[0], environments)
    with TemporaryDirectory() as folder:
        number, _, read = _answers(Path(folder))
        with server("answering", "200", str(read), *map(str, made)) as (_, url):
            sides = _sides(_FIRST, environments, url, number)
            came = processes(
                {side: code(python, program) for side, (python, program) in sides.items()},
                START_ROUNDS,
            )
    yield compared(
        "first-call",
        "a process that reads one result over TLS",
        "ms",
        _named(came, 1000),
        floor="httpx",
        floor_is="`httpx.Client().get`",
        others=_others(environments),
        limit=Limit(1, strictly=True),
        note="the whole process; all sides load the bundle of certifi",
    )


def each_call(environments: Environments) -> Iterator[Figure]:
    """CPU seconds, user and system, of the process that launches."""
    with TemporaryDirectory() as folder:
        number, launched, _ = _answers(Path(folder))
        with server("answering", "201", str(launched)) as (_, url):
            sides = _sides(_EACH, environments, url, number)
            came = blocks(
                sides, rounds=CALL_ROUNDS, calls=CALLS, warm_up=WARM_UP, clock="process_time"
            )
    yield compared(
        "launch-cpu",
        "CPU of one launch on a connection that is kept",
        "µs",
        _named(came, 1e6),
        floor="httpx",
        floor_is="`httpx.Client.post(…).json()`",
        others={_NAMES["based"]: "", **_others(environments)},
        limit=Limit(1.25),
    )


def _sides(
    programs: dict[str, str], environments: Environments, url: str, number: int
) -> dict[str, tuple[str, str]]:
    """By side, its interpreter and its program."""
    pythons: dict[str, str | None] = dict.fromkeys(programs, environments.plain)
    pythons["vendor"] = environments.vendor
    before = f"URL, ID = {url!r}, {number}\n"
    return {
        side: (python, before + program)
        for side, program in programs.items()
        if (python := pythons[side]) is not None
    }


def _named(came: dict[str, list[float]], scale: float) -> dict[str, list[float]]:
    return {_NAMES.get(side, side): [s * scale for s in rounds] for side, rounds in came.items()}


def _others(environments: Environments) -> dict[str, str]:
    return {_NAMES["generated"]: "", _NAMES["vendor"]: environments.no_vendor}


def _answers(folder: Path) -> tuple[int, Path, Path]:
    """A launch of one run and its finished result: the id, and the files of the two answers."""
    launched, read = folder / "launched.json", folder / "read.json"
    with (
        Sandbox(pace=0) as sandbox,
        httpx.Client(headers={_KEY: sandbox.api_key}, trust_env=False) as client,
    ):
        answer = client.post(sandbox.url + _LAUNCH, json={"agent_id": 12, "scenarios": [101]})
        number = int(answer.json()["id"])
        launched.write_bytes(answer.content)
        read.write_bytes(client.get(f"{sandbox.url}{_RESULT}{number}/").content)
    return number, launched, read
