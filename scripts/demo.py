"""The whole way once, on the sandbox: four launches, their verdicts, and what was sent for them.

Usage: python -m scripts.demo
"""

import json
import sys
from collections import Counter

from cekura_client import Cekura, Launch, NotPassedError, Polling, Result, Verdict
from cekura_client.sandbox import Received, Sandbox

FAILING = 102
PACE = 0.4


def _on_update(result: Result) -> None:
    runs = Counter(run.verdict if result.finished else run.status for run in result.runs)
    counts = ", ".join(f"{number} {what}" for what, number in runs.items())
    print(f"    result {result.id} is {result.status}; its runs: {counts}")


def _table(rows: list[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def main() -> int:
    with (
        Sandbox(pace=PACE, outcomes={FAILING: "failed"}) as sandbox,
        Cekura(api_key=sandbox.api_key, base_url=sandbox.url) as cekura,
    ):
        print(f"The sandbox listens on {sandbox.url}; nothing here is billed.\n")
        launches: dict[str, Launch] = {
            "voice, by ids": cekura.run_voice(
                agent_id=12, scenarios=[101, FAILING], frequency=2, name="Demo", max_runs=10
            ),
            "voice, a folder": cekura.run_voice(
                folder_path="Sales.Outbound", project_id=1376, name="Demo"
            ),
            "websocket": cekura.run_websocket(
                scenarios=[(101, "wss://agent-a.example.com/chat")], frequency=1
            ),
            "VAPI over WebRTC": cekura.run_vapi_webrtc(
                scenarios=[101, 103], vapi_assistant_id="asst_demo", name="Demo"
            ),
        }
        sent = [request for request in sandbox.requests if request.method == "POST"]
        results: dict[str, Result] = {}
        for kind, launch in launches.items():
            planned = "unknown" if launch.planned_runs is None else launch.planned_runs
            print(f"  {kind}: accepted as result {launch.result_id}, planned runs: {planned}")
            results[kind] = cekura.wait(
                launch, on_update=_on_update, polling=Polling(first=0.2, longest=0.5)
            )
        print("\n" + _report(launches, results, sent))
        print("\nThe first did not pass, and says why (Result.raise_unless_passed):\n")
        _show_failure(results["voice, by ids"])
        expected = [Verdict.FAILED, Verdict.PASSED, Verdict.PASSED, Verdict.PASSED]
        as_expected = [result.verdict for result in results.values()] == expected
    if not as_expected or len(sent) != len(launches):
        print("\nThis is not how it should have gone.", file=sys.stderr)
        return 1
    print("\nAll went as it should: four launches, four requests, three passed and one failed.")
    return 0


def _report(launches: dict[str, Launch], results: dict[str, Result], sent: list[Received]) -> str:
    rows: list[tuple[str, ...]] = [("launch", "result", "verdict", "runs", "sent")]
    for (kind, result), request in zip(results.items(), sent, strict=True):
        passed = result.counts.get(Verdict.PASSED, 0)
        body = json.dumps(request.body, separators=(",", ":"), ensure_ascii=False)
        rows.append(
            (
                kind,
                str(launches[kind].result_id),
                result.verdict,
                f"{passed}/{len(result.runs)}",
                body,
            )
        )
    return _table(rows)


def _show_failure(result: Result) -> None:
    try:
        result.raise_unless_passed()
    except NotPassedError as error:
        print("\n".join(f"  {line}" for line in str(error).splitlines()))


if __name__ == "__main__":
    sys.exit(main())
