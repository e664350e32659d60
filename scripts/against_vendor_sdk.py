"""Let the vendor's own SDK and the facade read the same result from the sandbox, and compare.

Usage: python -m scripts.against_vendor_sdk

Needs the package index, to install the SDK into a virtual environment that is gone afterwards. The
SDK is told where to send and with which key by the variables that it reads itself. It leaves out
the slash at the end of a path; the published documents have it, and so has the sandbox, which knows
no other. So the slash is put there on the way out; of the SDK itself nothing is changed.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from cekura_client import Cekura, CekuraError
from cekura_client.sandbox import Sandbox
from scripts.documents import ROOT

VERSION = "1.6.7"
_VOICE = "/test_framework/v1/scenarios/run_scenarios/"
_PASSING, _FAILING = 101, 102

_WITH_SDK = f"""
import functools, json, httpx

def add_slash(request):
    if not request.url.path.endswith("/"):
        request.url = request.url.copy_with(path=request.url.path + "/")

hooks = {{"request": [add_slash]}}
httpx.Client = functools.partial(httpx.Client, trust_env=False, event_hooks=hooks)
import cekura

with cekura.Cekura() as client:
    started = client.scenarios.run(agent_id=12, scenarios=[{_PASSING}, {_FAILING}])
    result = client.results.wait(started["id"], poll_interval=1, timeout=60)
print(json.dumps([cekura.__version__, started["id"], result]))
"""


class ToolError(Exception):
    """A program that is needed here is missing or did not do its work."""


@contextmanager
def running(
    command: Sequence[str], folder: Path, env: Mapping[str, str] = os.environ
) -> Generator[tuple[subprocess.Popen[bytes], Path], None, None]:
    """A process, and the file of what it prints. At the end all of it is gone, come what may."""
    log = folder / "output.txt"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command,
            cwd=folder,
            # What is killed cannot tidy up: its temporary files go where all is removed.
            env={**env, "TMPDIR": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # a group of its own, so that its children end with it
        ) as process,
    ):
        try:
            yield process, log
        finally:
            with suppress(ProcessLookupError, PermissionError):  # there is nobody left to kill
                os.killpg(process.pid, signal.SIGKILL)


def finished(command: Sequence[str], folder: Path, env: Mapping[str, str] = os.environ) -> str:
    """What a program prints until its end. ToolError if it fails or has no end in ten minutes."""
    with running(command, folder, env) as (process, log):
        with suppress(subprocess.TimeoutExpired):
            process.wait(600)
        status, printed = process.returncode, log.read_text("utf-8", errors="replace")
    if status != 0:
        raise ToolError(f"{' '.join(command[:3])} ... ended with status {status}:\n{printed}")
    return printed


def _with_sdk(folder: Path, sandbox: Sandbox) -> tuple[str, int, dict[str, Any]]:
    """The version, the id and the result that the SDK speaks of."""
    finished([sys.executable, "-m", "venv", "venv"], folder)
    python = str(folder / "venv" / "bin" / "python")
    # Of httpx the version that the facade has, so that a difference is one of the clients.
    pip = [python, "-I", "-m", "pip", "install", "--no-cache-dir", "--disable-pip-version-check"]
    pip += ["--constraint", str(ROOT / "constraints.txt"), f"cekura[sdk]=={VERSION}"]
    finished(pip, folder)
    env = {"CEKURA_API_URL": sandbox.url, "CEKURA_API_KEY": sandbox.api_key}
    printed = finished([python, "-I", "-c", _WITH_SDK], folder, env)
    version, result_id, result = json.loads(printed.splitlines()[-1])
    return version, result_id, result


def _compare(folder: Path) -> bool:
    with (
        Sandbox(pace=0.2, outcomes={_FAILING: "failed"}) as sandbox,
        Cekura(api_key=sandbox.api_key, base_url=sandbox.url) as cekura,
    ):
        version, result_id, theirs = _with_sdk(folder, sandbox)
        requests = sandbox.requests
        ours = cekura.get_result(result_id)
    sent = [(request.method, request.path) for request in requests]
    launches = [path for method, path in sent if method == "POST"]
    # By the id in the run, not by the key under which it is found.
    success = {run["id"]: run["success"] for run in theirs["runs"].values()}
    rows: list[tuple[str, object, object]] = [
        ("", f"cekura {version}", "cekura-client"),
        ("result", theirs["id"], ours.id),
        ("status", theirs["status"], ours.status),
        ("number of runs", len(success), len(ours.runs)),
        *((f"success of run {run.id}", success.get(run.id), run.success) for run in ours.runs),
        ("verdict", "(it has none)", ours.verdict),
    ]
    for name, their, our in rows:
        print(f"{name:24}{their!s:16}{our}")
    print(f"\nThe SDK sent {launches} and then looked {len(sent) - len(launches)} times.")
    claims = {
        "the SDK launched once": launches == [_VOICE] and requests[0].status == 201,
        "it saw the result completed": theirs["status"] == "completed",
        "the facade reads the same": all(their == our for _, their, our in rows[1:-1]),
    }
    for claim, holds in claims.items():
        print("ok  " if holds else "FAIL", claim)
    return all(claims.values())


def main() -> int:
    for number in (signal.SIGTERM, signal.SIGHUP):  # to end as with Ctrl-C: tidied up
        signal.signal(number, signal.default_int_handler)
    try:
        with tempfile.TemporaryDirectory(prefix="against-vendor-sdk-") as folder:
            return 0 if _compare(Path(folder)) else 1
    except (ToolError, CekuraError, OSError, KeyboardInterrupt) as problem:
        print(f"against_vendor_sdk: {str(problem) or 'interrupted'}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
