"""A headless Chromium for tests of pages: what a person would see."""

import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

import pytest

CHROMIUM = next(
    (
        found
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (found := shutil.which(name))
    ),
    None,
)

# A promise that is kept when the page has loaded.
LOADED = """new Promise((go) => document.readyState === 'complete' ? go(true)
  : addEventListener('load', () => go(true)))"""


def chromium(profile: Path) -> Iterator["Browser"]:
    """For a fixture: a browser with a new profile in this folder; skips where there is none."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    with Browser(CHROMIUM, profile) as browser:
        yield browser


class Browser:
    """A headless Chromium, spoken to through a pipe by the DevTools protocol."""

    def __init__(self, chromium: str, profile: Path) -> None:
        switches = [
            *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic"),
            *("--no-first-run", "--disable-background-networking", "--disable-component-update"),
            *("--disable-sync", "--no-proxy-server", "--remote-debugging-pipe"),
            f"--user-data-dir={profile}",
        ]
        # It reads commands from descriptor 3 and writes answers to 4.
        redirected = 'exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1'
        self._process = subprocess.Popen(
            ["sh", "-c", redirected, chromium, *switches],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._received = b""
        self._number = 0
        self.events: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.call("Browser.close")
            self._process.wait(10)
        finally:
            self._process.kill()
            self._process.communicate()

    def call(self, method: str, session: str | None = None, /, **params: object) -> dict[str, Any]:
        """The result of a command; what happened meanwhile goes to `events`."""
        self._number += 1
        command = {"id": self._number, "method": method, "params": params}
        command |= {"sessionId": session} if session else {}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command).encode() + b"\0")
        self._process.stdin.flush()
        while (message := self._next(method)).get("id") != self._number:
            self.events.append(message)
        assert "error" not in message, (method, message["error"])
        result: dict[str, Any] = message["result"]
        return result

    def _next(self, awaited: str) -> dict[str, Any]:
        assert self._process.stdout is not None
        source = self._process.stdout.fileno()
        end = time.monotonic() + 60
        while b"\0" not in self._received:
            assert select.select([source], [], [], max(0, end - time.monotonic()))[0], awaited
            part = os.read(source, 1 << 20)
            assert part, f"the browser ended before it answered {awaited}"
            self._received += part
        message, _, self._received = self._received.partition(b"\0")
        decoded: dict[str, Any] = json.loads(message)
        return decoded


class Tab:
    """A page, open in a browser that has nothing else in common with its other tabs.

    Args:
        prelude: JavaScript that runs before any of the page's own.
        media: What the reader prefers, such as `color-scheme`.
    """

    def __init__(
        self,
        browser: Browser,
        url: str,
        size: tuple[int, int],
        media: Mapping[str, str],
        prelude: str = "",
    ) -> None:
        self._browser = browser
        self._context = browser.call("Target.createBrowserContext")["browserContextId"]
        target = browser.call(
            "Target.createTarget", url="about:blank", browserContextId=self._context
        )["targetId"]
        self._session = browser.call("Target.attachToTarget", targetId=target, flatten=True)[
            "sessionId"
        ]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Page.addScriptToEvaluateOnNewDocument", source=prelude)
        features = [{"name": f"prefers-{name}", "value": value} for name, value in media.items()]
        self.call("Emulation.setEmulatedMedia", features=features)
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=size[0],
            height=size[1],
            deviceScaleFactor=1,
            mobile=False,
        )
        self.call("Page.navigate", url=url)
        self.get(LOADED)

    def close(self) -> None:
        self._browser.call("Target.disposeBrowserContext", browserContextId=self._context)

    def call(self, method: str, /, **params: object) -> dict[str, Any]:
        return self._browser.call(method, self._session, **params)

    def get(self, expression: str) -> Any:
        """The value of a JavaScript expression, or of the promise that it is."""
        # As text, because the protocol itself cannot carry half a surrogate pair.
        answer = self.call(
            "Runtime.evaluate",
            expression=f"(async () => JSON.stringify(await ({expression})))()",
            awaitPromise=True,
        )
        assert "exceptionDetails" not in answer, answer
        text = answer["result"].get("value")
        return None if text is None else json.loads(text)

    def texts(self, selector: str) -> list[str]:
        """The texts of all elements that the selector finds."""
        return list(
            self.get(f"[...document.querySelectorAll({selector!r})].map((e) => e.textContent)")
        )

    def events(self, name: str) -> list[dict[str, Any]]:
        """What happened in this tab, by the protocol's name for it."""
        return [
            event["params"]
            for event in self._browser.events
            if event.get("sessionId") == self._session and event["method"] == name
        ]

    def complaints(self) -> list[Any]:
        """What the console would show in red, but for a server that is gone."""
        self.get("0")
        logged = [event["entry"] for event in self.events("Log.entryAdded")]
        gone = "net::ERR_CONNECTION_REFUSED"
        return [
            *(entry["text"] for entry in logged if gone not in entry["text"]),
            *self.events("Runtime.exceptionThrown"),
            *self.events("Runtime.consoleAPICalled"),
        ]
