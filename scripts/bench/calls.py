"""What calls cost: the first of a process, by the clock, and one of many, in CPU seconds.

The answers are those of the sandbox, given by a server that does nothing else (`answering`), so that
what differs is what the client does. All sides verify the server's certificate in their usual way: it
is added to the bundle of certifi that all of them load (`environments.trust`). Where valgrind is
installed, instructions are counted as well (`instructions`).
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from cekura_client.sandbox import Sandbox
from scripts.bench import instructions
from scripts.bench.environments import Environments, certificate, trust
from scripts.bench.metrics import Metric, Rounds, Target, compared
from scripts.bench.turns import blocks, code, processes, server

START_ROUNDS, CALL_ROUNDS, CALLS, WARM_UP = 25, 15, 200, 50
COUNTED = 100

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

# Each defines `one()`, a launch. Where each has a connection of its own, all share one TLS context.
_CONTEXT = """
import httpx, ssl
if URL.startswith("https:"):
    context = httpx.create_ssl_context()
else:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""
_BODY = 'body = {"agent_id": 12, "scenarios": [101], "name": "nightly"}'
_LAUNCHES = {
    "httpx": f"""
{_CONTEXT}
{_BODY}
def one():
    # No variables are read, as in our client; with them it takes a quarter longer.
    with httpx.Client(verify=context, trust_env=False, headers={{"{_KEY}": "key"}}) as client:
        assert client.post(URL + "{_LAUNCH}", json=body).json()["id"] == ID
""",
    "transport": f"""
{_CONTEXT}
{_BODY}
class Transport(httpx.BaseTransport):
    def handle_request(self, request):
        with httpx.HTTPTransport(verify=context) as transport:
            response = transport.handle_request(request)
            response.read()
            return response
client = httpx.Client(transport=Transport(), headers={{"{_KEY}": "key"}})
def one():
    assert client.post(URL + "{_LAUNCH}", json=body).json()["id"] == ID
""",
    "kept": f"""
import httpx
client = httpx.Client(headers={{"{_KEY}": "key"}})
{_BODY}
def one():
    assert client.post(URL + "{_LAUNCH}", json=body).json()["id"] == ID
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
{_BODY}
def one():
    assert run_voice.sync(client=client, body=SchemaPostRunScenarios.from_dict(body)).id == ID
""",
    "vendor": """
from cekura import Cekura
cekura = Cekura(api_key="key", base_url=URL)
def one():
    assert cekura.scenarios.run(agent_id=12, scenarios=[101], name="nightly")["id"] == ID
""",
}

# Each defines `one()`, a look at a result on a connection that is kept.
_LOOKS = {
    "httpx": f"""
import httpx
client = httpx.Client(headers={{"{_KEY}": "key"}})
def one():
    assert client.get(f"{{URL}}{_RESULT}{{ID}}/").json()["id"] == ID
""",
    "ours": """
from cekura_client import Cekura
cekura = Cekura(api_key="key", base_url=URL)
def one():
    assert cekura.get_result(ID).id == ID
""",
}

_NAMES = {
    "transport": "a new `HTTPTransport` in a kept client",
    "kept": "httpx, kept connection",
    "generated": "generated client, kept connection",
    "vendor": "vendor's SDK, kept connection",
}


def first_call(environments: Environments) -> Iterator[Metric]:
    """From the start of the process to its end, with one answered call in between."""
    made = certificate()
    trust(made[0], environments)
    names = {"generated": "generated client", "vendor": "vendor's SDK"}
    what, baseline_is = "a process that reads one result over TLS", "`httpx.Client().get`"
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
                what,
                "ms",
                _named(came, 1000, names),
                baseline="httpx",
                baseline_is=baseline_is,
                others=_others(names, environments),
                target=Target(1.4),
                note="the whole process; all sides load the bundle of certifi",
            )
            if instructions.available():
                yield compared(
                    "first-call-instructions",
                    f"{what}: instructions",
                    "M",
                    _named(instructions.of_processes(sides), 1e-6, names),
                    baseline="httpx",
                    baseline_is=baseline_is,
                    others=_others(names, environments),
                    target=Target(1.4),
                )


def launches(environments: Environments) -> Iterator[Metric]:
    """On a connection of its own, without and with TLS."""
    made = certificate()
    trust(made[0], environments)
    for scheme, arguments in (("http", ()), ("https", made)):
        with TemporaryDirectory() as folder:
            number, launched, _ = _answers(Path(folder))
            with server("answering", "201", str(launched), *map(str, arguments)) as (_, url):
                yield from compare_calls(
                    f"launch-{scheme}",
                    f"one launch over {scheme}",
                    _sides(_LAUNCHES, environments, url, number),
                    baseline_is="a new `httpx.Client` for each POST",
                    others=_others(_NAMES, environments),
                )


def looks(environments: Environments) -> Iterator[Metric]:
    """At a result of one run, on a connection that is kept."""
    with TemporaryDirectory() as folder:
        number, _, read = _answers(Path(folder))
        with server("answering", "200", str(read)) as (_, url):
            yield from compare_calls(
                "look",
                "one look at a result of one run",
                _sides(_LOOKS, environments, url, number),
                baseline_is="`httpx.Client.get(…).json()`",
                others={},
            )


def compare_calls(
    name: str,
    what: str,
    sides: Mapping[str, tuple[str, str]],
    *,
    baseline_is: str,
    others: Mapping[str, str],
) -> Iterator[Metric]:
    """CPU seconds, user and system, of the process that calls; and instructions."""
    came = blocks(sides, rounds=CALL_ROUNDS, calls=CALLS, warm_up=WARM_UP, clock="process_time")
    yield compared(
        f"{name}-cpu",
        f"{what}: CPU",
        "µs",
        _named(came, 1e6, _NAMES),
        baseline="httpx",
        baseline_is=baseline_is,
        others=others,
        target=Target(1.1),
    )
    if instructions.available():
        counted = instructions.of_calls(sides, calls=COUNTED, warm_up=WARM_UP)
        yield compared(
            f"{name}-instructions",
            f"{what}: instructions",
            "k",
            _named(counted, 1e-3, _NAMES),
            baseline="httpx",
            baseline_is=baseline_is,
            others=others,
            target=Target(1.1),
        )


def _sides(
    programs: Mapping[str, str], environments: Environments, url: str, number: int
) -> dict[str, tuple[str, str]]:
    """By side, its interpreter and its program."""
    pythons: dict[str, str | None] = dict.fromkeys(programs, environments.plain)
    if "vendor" in programs:
        pythons["vendor"] = environments.vendor
    before = f"URL, ID = {url!r}, {number}\n"
    return {
        side: (python, before + program)
        for side, program in programs.items()
        if (python := pythons[side]) is not None
    }


def _named(came: Rounds, scale: float, names: Mapping[str, str]) -> dict[str, list[float]]:
    return {names.get(side, side): [s * scale for s in rounds] for side, rounds in came.items()}


def _others(names: Mapping[str, str], environments: Environments) -> dict[str, str]:
    """What to say of those that were not measured."""
    return {
        name: environments.no_vendor if side == "vendor" else "" for side, name in names.items()
    }


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
