"""Let the vendor's own SDK and the facade read the same result from the sandbox, and compare.

Usage: python -m scripts.against_vendor_sdk

Needs the package index, to install the SDK into a virtual environment that is gone afterwards. The
SDK is told where to send and with which key by the variables that it reads itself; nothing of it is
changed.
"""

import json
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from cekura_client import Cekura, CekuraError
from cekura_client.sandbox import Sandbox
from scripts.documents import ROOT
from scripts.processes import ToolError, finished

VERSION = "1.6.7"
_VOICE = "/test_framework/v1/scenarios/run_scenarios/"
_PASSING, _FAILING = 101, 102

_WITH_SDK = f"""
import cekura, json

with cekura.Cekura() as client:
    started = client.scenarios.run(agent_id=12, scenarios=[{_PASSING}, {_FAILING}])
    result = client.results.wait(started["id"], poll_interval=1, timeout=60)
print(json.dumps([cekura.__version__, started["id"], result]))
"""


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
        "the SDK launched once (it leaves out the slash at the end)": launches
        == [_VOICE.rstrip("/")]
        and requests[0].status == 201,
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
