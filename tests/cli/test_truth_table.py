"""What a command was asked, what the server did, and what every output says: none beats the status.

`pytest -s` prints the table. Commands run in this process, on a clock that passes only in sleeps.
"""

import asyncio
import json
import signal
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from attrs import evolve, field, frozen

from cekura_client import AsyncCekura, Launch
from cekura_client.cli import session
from cekura_client.cli.app import main
from cekura_client.core.description import CheckedLaunch
from cekura_client.core.interruption import ongoing_launch
from cekura_client.effects import Clock
from cekura_client.sandbox import Outcome, Sandbox
from tests.cli.support import KEY
from tests.clients import FakeTime

PASSES, FAILS, INFRASTRUCTURE, UNSCORED, TIMES_OUT, STUCK = range(101, 107)
ENDINGS = {
    FAILS: Outcome.FAILED,
    INFRASTRUCTURE: Outcome.INFRASTRUCTURE,
    UNSCORED: Outcome.UNSCORED,
    TIMES_OUT: Outcome.TIMEOUT,
    STUCK: Outcome.STUCK,
}
# Of all clients, so that no two launches have the same name.
TOKENS = count()
Prepare = Callable[["World"], object]


# The world


class World:
    """A sandbox, a clock, and a client with which something may happen."""

    def __init__(self, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sandbox = sandbox
        self.time = FakeTime()
        self.on_sleep: Callable[[], object] = lambda: None
        self.patch = monkeypatch
        self.use(AsyncCekura)

    def use(self, client: type[AsyncCekura]) -> None:
        """Let the command use this client."""
        self.patch.setattr(
            session, "AsyncCekura", lambda **options: client(clock=self._clock(), **options)
        )

    def _clock(self) -> Clock:
        async def sleep(seconds: float) -> None:
            self.time.sleep(seconds)
            self.on_sleep()
            await asyncio.sleep(0)

        token = f"token-{next(TOKENS)}"
        return evolve(self.time.clock, sleep_async=sleep, token=lambda: token)

    def launch(self, *scenarios: int) -> int:
        """A result that was launched before."""

        async def launch() -> int:
            options: Any = {"api_key": KEY, "base_url": self.sandbox.url}
            async with AsyncCekura(**options) as cekura:
                return (await cekura.run_voice(agent_id=12, scenarios=scenarios)).result_id

        return asyncio.run(launch())


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(pace=0, api_key=KEY, outcomes=ENDINGS) as sandbox:
        yield sandbox


@pytest.fixture
def world(running: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("CEKURA_API_KEY", KEY)
    monkeypatch.setenv("CEKURA_API_URL", running.url)
    yield World(running, monkeypatch)
    running.faults.clear()


# What happens on the way


def fault(operation: str, **what: Any) -> Prepare:
    """The server misbehaves."""
    return lambda world: world.sandbox.faults.add(operation=operation, **what)


def answer(*successes: bool | None, **fields: Any) -> Prepare:
    """Every read returns a completed result with these runs."""

    def prepare(world: World) -> None:
        # The id of the next launch, which is what is read.
        wanted = world.launch(PASSES) + 1
        runs = [
            {"id": 9000 + n, "scenario": 101, "status": "completed", "success": success}
            for n, success in enumerate(successes)
        ]
        body = {"id": wanted, "status": "completed", "runs": runs, **fields}
        world.sandbox.faults.add(operation="get_result", status=200, body=body)

    return prepare


def stopped(number: signal.Signals) -> Prepare:
    """A signal comes while results are waited for."""

    def prepare(world: World) -> None:
        world.on_sleep = lambda: signal.raise_signal(number)

    return prepare


def both(*prepares: Prepare) -> Prepare:
    """One after the other."""
    return lambda world: [prepare(world) for prepare in prepares]


def cut_off(*, accepted: bool) -> Prepare:
    """A signal comes while a launch is under way, before or after the server has answered it."""

    class Cut(AsyncCekura):
        async def launch(self, checked: CheckedLaunch) -> Launch:
            launch = await super().launch(checked)
            with ongoing_launch() as ongoing:
                ongoing.may_be_sent(launch.name, f"Look for a result named {launch.name!r}.")
                if accepted:
                    ongoing.was_accepted(launch.name, launch.result_id)
                signal.raise_signal(signal.SIGINT)
                await asyncio.sleep(60)
            return launch

    def prepare(world: World) -> None:
        world.patch.setattr(session, "ANSWER_WITHIN", 0)
        world.use(Cut)

    return prepare


def mistaken(world: World) -> None:
    """The client has a mistake in it, which shows once the launch is accepted."""

    class Mistaken(AsyncCekura):
        def wait_all(self, *_: Any, **__: Any) -> Any:
            raise ZeroDivisionError("a mistake")

    world.use(Mistaken)


# The table


@frozen
class Row:
    """A case: the command, what happens, and the expected exit status."""

    title: str
    status: int
    asked: tuple[object, ...]
    happens: Prepare = field(default=lambda world: None)
    accepts: bool = False  # status 0 says no more than that the launch was accepted


def voice(*scenarios: int, more: str = "") -> tuple[object, ...]:
    return ("voice", "--agent-id", 12, "--scenarios", ",".join(map(str, scenarios)), *more.split())


GOOD = voice(PASSES)
HALF = voice(PASSES, FAILS)
ROWS = [
    Row("passed", 0, GOOD),
    Row("failed", 1, voice(FAILS)),
    Row("one of two failed", 1, HALF),
    Row("infrastructure failure", 1, voice(INFRASTRUCTURE)),
    Row("every run unscored", 1, voice(UNSCORED)),
    Row("one of two unscored", 1, voice(PASSES, UNSCORED)),
    Row("ended as timeout", 1, voice(TIMES_OUT)),
    Row("2 runs planned, 1 ran", 1, HALF, answer(True)),
    Row("completed without runs", 1, GOOD, answer()),
    Row("4 runs counted, 1 listed", 1, GOOD, answer(True, total_runs_count=4)),
    Row("counts contradict the runs", 1, GOOD, answer(True, failed_runs_count=1)),
    Row("cancelled, but all runs passed", 1, GOOD, answer(True, status="cancelled")),
    Row("unknown status", 5, (*GOOD, "--timeout", 9), answer(True, status="brand_new")),
    Row("not ended within --timeout", 5, (*voice(STUCK), "--timeout", 9)),
    Row("one of two not ended", 5, (*voice(PASSES, STUCK), "--timeout", 9)),
    Row("criteria met", 0, (*HALF, "--fail-under", 0.5)),
    Row("criteria met, runs missing", 0, (*HALF, "--fail-under", 0.5), answer(True)),
    Row("criteria not met", 1, (*HALF, "--fail-under", 0.51)),
    Row("criteria met, counts contradict", 1, (*GOOD, "--fail-under", 0.5), answer(True, failed_runs_count=1)),
    Row("infrastructure ignored", 0, (*voice(PASSES, INFRASTRUCTURE), "--ignore-infrastructure")),
    Row("unscored ignored", 0, (*voice(PASSES, UNSCORED), "--ignore-infrastructure")),
    Row("nothing left to count", 1, (*voice(UNSCORED), "--ignore-infrastructure")),
    Row("cancelled, infrastructure ignored", 1, (*GOOD, "--ignore-infrastructure"), answer(True, status="cancelled")),
    Row("accepted, not waited for", 0, (*voice(FAILS), "--no-wait"), accepts=True),
    Row("refused by the API (402)", 3, GOOD, fault("launch", status=402, body={"detail": "Low."})),
    Row("refused by the API, not waited for", 3, (*GOOD, "--no-wait"), fault("launch", status=400)),
    Row("answer lost, found again", 0, GOOD, fault("launch", drop=True, commit=True)),
    Row("answer lost, not looked up", 4, (*GOOD, "--recover-for", 0), fault("launch", drop=True, commit=True)),
    Row("500 to the launch, not found", 4, (*GOOD, "--recover-for", 1), fault("launch", status=500)),
    Row("launched, then 404", 4, GOOD, fault("get_result", status=404)),
    Row("launched, then 401", 4, GOOD, fault("get_result", status=401)),
    Row("launched, then 500 for ever", 4, GOOD, fault("get_result", status=500)),
    Row("launched, then unreadable", 4, GOOD, fault("get_result", status=200, body="?")),
    Row("launched, then a mistake of ours", 4, GOOD, mistaken),
    Row("SIGINT while waiting", 130, voice(STUCK), stopped(signal.SIGINT)),
    Row("SIGTERM while waiting", 143, voice(STUCK), stopped(signal.SIGTERM)),
    Row("SIGHUP while waiting", 129, voice(STUCK), stopped(signal.SIGHUP)),
    Row("SIGINT, criteria met so far", 130, (*voice(PASSES, STUCK), "--fail-under", 0.5), stopped(signal.SIGINT)),
    Row("SIGINT during the launch, id known", 130, GOOD, cut_off(accepted=True)),
    Row("SIGINT during the launch, id unknown", 130, GOOD, cut_off(accepted=False)),
    Row("SIGINT during the launch, no wait", 130, (*GOOD, "--no-wait"), cut_off(accepted=False)),
    Row("wait: both passed", 0, ("wait", PASSES, PASSES)),
    Row("wait: one failed", 1, ("wait", PASSES, FAILS)),
    Row("wait: one is not there", 3, ("wait", PASSES, 999_999)),
    Row("wait: one not ended in time", 5, ("wait", PASSES, STUCK, "--timeout", 9)),
    Row("wait: stopped, one not ended", 130, ("wait", PASSES, STUCK), stopped(signal.SIGINT)),
    Row("wait: stopped, one not seen", 130, ("wait", PASSES, PASSES), both(fault("get_result", nth=2, status=500), stopped(signal.SIGINT))),
    Row("wait: nothing seen", 4, ("wait", PASSES, PASSES), fault("*", status=500)),
    Row("show: passed", 0, ("show", PASSES)),
    Row("show: failed, criteria met", 0, ("show", FAILS, "--fail-under", 0)),
    Row("show: still running", 4, ("show", STUCK)),
    Row("show: 500", 4, ("show", PASSES), fault("get_result", status=500)),
    Row("show: 404", 3, ("show", 999_999)),
    *(
        Row(f"refused: {more}", 2, voice(PASSES, more=more))
        for more in (
            *("--timeout 0", "--timeout -1", "--timeout nan", "--timeout inf", "--timeout x"),
            *("--poll 0", "--poll -1", "--poll nan", "--poll inf", "--grace -1", "--grace nan"),
            *("--recover-for -1", "--recover-for nan", "--fail-under 95", "--fail-under nan"),
            *("--max-runs 0", "--ask-above -1", "--ask-above 0", "--frequency 0", "--api-url x"),
            *("--api-key-file /none", "--from-file /none", "--record /none/x"),
        )
    ),
]  # fmt: skip


@frozen
class Told:
    """All outputs of one command."""

    status: int
    launches: int
    document: dict[str, Any]
    junit: ElementTree.Element | None
    markdown: str
    html: str
    outputs: dict[str, str]
    summary: str

    @property
    def red(self) -> int:
        """Cases that are shown in red."""
        assert self.junit is not None
        return len([*self.junit.iter("failure"), *self.junit.iter("error")])

    @property
    def cells(self) -> list[str]:
        """As a row of the table."""
        junit = "–"
        if self.junit is not None:
            cases = [len(list(self.junit.iter(tag))) for tag in ("testcase", "skipped")]
            junit = f"{cases[0]} cases, {self.red} red, {cases[1]} skipped"
        error = self.document.get("error", {}).get("type", "")
        passed = [result["passed"] for result in self.document.get("results", [])]
        json_says = ", ".join(filter(None, [*map(str, passed), error])) or "–"
        return [
            str(self.status),
            str(self.launches),
            json_says,
            junit,
            self.markdown.partition("\n")[0].removeprefix("## Cekura: ") or "–",
            _between(self.html, "<title>", "</title>").removesuffix(" · Cekura") or "–",
            " ".join(f"{k}={v}" for k, v in self.outputs.items() if k != "result_id") or "–",
        ]


def _between(text: str, begin: str, end: str) -> str:
    return text.partition(begin)[2].partition(end)[0]


def _tell(row: Row, world: World, folder: Path, capsys: pytest.CaptureFixture[str]) -> Told:
    """Let it happen."""
    asked = list(row.asked)
    if asked[0] in ("wait", "show"):
        # Scenarios stand for results that were launched before.
        asked = [
            world.launch(a) if isinstance(a, int) and a in range(101, 107) else a for a in asked
        ]
    row.happens(world)
    files = {name: folder / name for name in ("junit", "markdown", "html")}
    if "--no-wait" not in asked:
        asked += [part for name, path in files.items() for part in (f"--{name}", path)]
    output, summary = folder / "output", folder / "summary"
    world.patch.setenv("GITHUB_OUTPUT", str(output))
    world.patch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    before = world.sandbox.launches
    capsys.readouterr()
    status = main([*map(str, asked), "--json"])
    texts = {
        p: p.read_text("utf-8") if p.exists() else "" for p in (*files.values(), output, summary)
    }
    return Told(
        status=status,
        launches=world.sandbox.launches - before,
        document=json.loads(capsys.readouterr().out),
        junit=ElementTree.fromstring(text) if (text := texts[files["junit"]]) else None,
        markdown=texts[files["markdown"]],
        html=texts[files["html"]],
        outputs=dict(line.split("=", 1) for line in texts[output].splitlines()),
        summary=texts[summary],
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.title)
def test_every_output_agrees_with_the_exit_status(
    row: Row, world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In every format, whatever the command was asked and whatever the server did."""
    told = _tell(row, world, tmp_path, capsys)
    print("| " + " | ".join([row.title, *told.cells]) + " |")
    assert told.status == row.status
    if told.launches:
        assert told.status != 2  # it was paid for
    if told.status == 2:
        assert "error" in told.document

    green = told.status == 0
    assert told.document["exit_status"] == told.status
    results = told.document.get("results", [])
    unfinished = not all(each["finished"] for each in results)
    assert ("error" in told.document or unfinished) == (told.status > 1)
    said = bool(results) and all(each["passed"] for each in results)
    if row.accepts:
        assert green
        assert not results
        assert "verdict" not in told.outputs
        assert not told.summary
        return
    assert (said and "error" not in told.document) == green
    if told.junit is not None:
        assert (told.red == 0) == green
        for suite in told.junit:
            red = [suite.get(name) for name in ("failures", "errors")]
            assert sum(map(int, filter(None, red))) <= told.red
    for text in filter(None, (told.markdown, told.summary)):
        assert text.startswith("## Cekura: passed") == green
        assert green or "100 %" not in text.partition("\n")[0]
    if told.html:
        assert ("<title>Passed" in told.html) == green
        assert ('<header class="verdict passed">' in told.html) == green
    if told.outputs:
        assert (told.outputs["verdict"] == "passed") == green
        assert green or told.outputs["pass_rate"] != "1.0000"
    # The whole is there, unless the command line itself was not understood.
    if told.document.get("error", {}).get("type") != "UsageError":
        assert told.outputs
        assert told.summary
        assert (told.junit is not None) == bool(told.html) == ("--no-wait" not in row.asked)
