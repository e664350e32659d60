"""Leaving early: from the moment a launch may have been sent, whatever leaves carries word of it."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from attrs import define

from cekura_client import CekuraError
from cekura_client.core.interruption import InterruptedLaunch, interrupted_launch
from cekura_client.effects import Block, Drop, Effect, Emit, Send, Sleep
from cekura_client.record import LaunchRecord, RecordedLaunch
from tests.clients import KEY, EitherClient, FakeTime

URL = "http://127.0.0.1:1"
ACCEPTED = httpx.Response(201, json={"id": 7})
LOST = httpx.ReadTimeout("")


def _listed(name: object) -> httpx.Response:
    created = "2023-11-14T22:30:00Z"
    return httpx.Response(200, json={"results": [{"id": 7, "name": name, "created_at": created}]})


@define
class World:
    """Answers without a network, and throws at one of the effects.

    Attributes:
        posts: The answers to launches, one after the other.
        listed: Whether the list of results shows the launch.
        at: Which effect is cut off, from 1.
        after: Whether it has been carried out by then.
        thrown: What is thrown.
    """

    posts: list[httpx.Response | Exception]
    listed: bool
    at: int
    after: bool
    thrown: type[BaseException]
    time: FakeTime
    effects: int = 0
    sent: bool = False
    accepted: bool = False
    name: object = None
    refused: bool = False
    answered: int = 0

    def perform(self, effect: Effect) -> Any:
        self.effects += 1
        if self.effects == self.at and not self.after:
            self.sent |= isinstance(effect, Send) and effect.request.method == "POST"
            raise self.thrown
        done = self._done(effect)
        if self.effects == self.at:
            raise self.thrown
        return done

    def _done(self, effect: Effect) -> Any:
        match effect:
            case Send(request=request) if request.method == "POST":
                self.sent = True
                self.name = json.loads(request.content).get("name")
                found = self.posts.pop(0)
                if isinstance(found, Exception):
                    raise found
                self.accepted, self.refused = found.is_success, found.status_code in (400, 429)
                self.answered = self.effects
                return found
            case Send():
                return _listed(self.name if self.listed else "another")
            case Sleep(seconds=seconds):
                return self.time.sleep(seconds)
            case Block(function=function):
                return function()
            case Drop() | Emit():
                return None
            case _:
                raise AssertionError(effect)


STORIES: dict[str, tuple[list[httpx.Response | Exception], bool]] = {
    "accepted": ([ACCEPTED], True),
    "turned away, then accepted": ([httpx.Response(429), ACCEPTED], True),
    "lost and found": ([LOST], True),
    "lost": ([LOST], False),
    "refused": ([httpx.Response(400)], False),
}


def _client(mode: str, world: World, record: Path | None) -> EitherClient:
    client = EitherClient(
        mode, api_key=KEY, base_url=URL, clock=world.time.clock, record=record, recover_for=20
    )
    perform: Any = world.perform

    async def perform_async(effect: Effect) -> Any:
        return world.perform(effect)

    sender: Any = vars(client.client)["_sender"]
    vars(sender)["perform"] = perform if mode == "sync" else perform_async
    return client


def _stories(mode: str) -> Iterator[tuple[str, bool, type[BaseException]]]:
    thrown = KeyboardInterrupt if mode == "sync" else asyncio.CancelledError
    for story in STORIES:
        for after in (False, True):
            yield story, after, thrown
            yield story, after, OSError


@pytest.mark.parametrize("given", [None, "Nightly"])
@pytest.mark.parametrize("recorded", [False, True])
def test_an_interruption_at_any_effect_of_a_launch_names_it(
    mode: str, recorded: bool, given: str | None, tmp_path: Path
) -> None:
    """Before and after each effect; by its id as soon as the server has given one."""
    checked = 0
    for number, (story, after, thrown) in enumerate(_stories(mode)):
        for at in range(1, 100):
            posts, listed = STORIES[story]
            world = World([*posts], listed, at, after, thrown, FakeTime())
            path = tmp_path / f"{number}-{at}.jsonl" if recorded else None
            client = _client(mode, world, path)
            arguments = {"name": given} if given else {}
            error: BaseException | None = None
            try:
                client.run_voice(scenarios=[1], agent_id=12, **arguments)
            except BaseException as left_by:  # noqa: BLE001 - each of them is looked at
                error = left_by
            client.end()
            if world.effects < at:
                break
            if error is None or isinstance(error, CekuraError):
                continue
            if not world.refused:
                _says_what_is_known(error, world, path)
            elif story == "refused" and world.effects > world.answered:
                assert interrupted_launch(error) is None  # nothing was started
            checked += 1
        else:
            raise AssertionError("this story has no end")
    assert checked > 40


def _says_what_is_known(error: BaseException, world: World, path: Path | None) -> None:
    found = interrupted_launch(error)
    if not world.sent:
        assert found is None
        return
    assert isinstance(found, InterruptedLaunch)
    assert found.message in getattr(error, "__notes__", [])
    assert found.name is not None
    told = f"result {found.result_id}" if found.result_id else repr(found.name)
    assert told in found.message
    if path is not None:
        (entry,) = LaunchRecord(path).launches()
        assert entry.name == found.name
        assert entry.outcome == "unknown" or not entry.settled or entry.result_id == 7


def test_an_interruption_after_the_answer_gives_the_id(mode: str, tmp_path: Path) -> None:
    """While the outcome is written down, there is no need to look."""
    thrown = KeyboardInterrupt if mode == "sync" else asyncio.CancelledError
    world = World([ACCEPTED], True, 3, False, thrown, FakeTime())
    client = _client(mode, world, tmp_path / "launches.jsonl")
    with pytest.raises(thrown) as caught:
        client.run_voice(scenarios=[1], name="Nightly")
    client.end()
    found = interrupted_launch(caught.value)
    assert found is not None
    assert (found.name, found.result_id) == ("Nightly", 7)
    assert found.message == "A launch was accepted: result 7. Its runs continue and are billed"


def test_the_log_has_word_of_a_launch_where_the_exception_is_dropped(
    mode: str, caplog: pytest.LogCaptureFixture
) -> None:
    """As a task group drops the cancellation of its tasks."""
    thrown = KeyboardInterrupt if mode == "sync" else asyncio.CancelledError
    client = _client(mode, World([ACCEPTED], True, 1, True, thrown, FakeTime()), None)
    with suppress(thrown):
        client.run_voice(scenarios=[1], name="Nightly")
    client.end()
    assert "may be billed. Look for a result named 'Nightly'" in caplog.text


def test_an_interruption_of_recover_names_the_launch(mode: str) -> None:
    """It was sent long ago, so at each effect there is something to say."""
    thrown = KeyboardInterrupt if mode == "sync" else asyncio.CancelledError
    entry = RecordedLaunch("t", "run_voice", URL, 1_700_000_000.0, name="Nightly")
    for at in range(1, 5):
        world = World([], False, at, False, thrown, FakeTime())
        client = _client(mode, world, None)
        with pytest.raises(thrown) as caught:
            client.recover(entry)
        client.end()
        found = interrupted_launch(caught.value)
        assert found is not None
        assert found.name == "Nightly"


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no such signals")
def test_real_signals_at_random_moments(tmp_path: Path) -> None:
    """500 that cut off a launch: each that the server has read is accounted for, by its name.

    No frame that a debugger or a log of locals would show holds the API key. One that comes while
    httpcore takes a lock is waited for until the next one, as by a second Ctrl-C.
    """
    done = subprocess.run(
        [sys.executable, "-m", "tests.facade.random_signals", str(tmp_path / "r.jsonl")],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found == {"interrupted": 500, "silent": 0, "key_shown": False}
