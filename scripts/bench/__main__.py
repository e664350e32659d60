"""Measure, and print a table.

Usage: python -m scripts.bench [--only GROUP] [--modes sync|async|both] [--all]
                               [--output FOLDER] [--against OTHER.json]

Makes environments of its own in .bench, once; the package index is needed for that. Without --all the
sandbox is left out. With --output the metrics are also written, as bench.md and bench.json; such a
bench.json, given to --against, is compared with. A missed target does not change the exit status: this
is a measurement. It is 1 only if nothing could be measured.
"""

import argparse
import json
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import httpx

from scripts.bench import calls, decoding, sandbox, startup, waits
from scripts.bench.document import document, earlier, machine
from scripts.bench.environments import Environments, prepared
from scripts.bench.metrics import Metric
from scripts.bench.table import notes, table
from scripts.processes import ToolError

Measure = Callable[[Environments], Iterator[Metric]]

_MODES = {"sync": ("sync",), "async": ("async",), "both": ("sync", "async")}


def _groups(modes: Sequence[str]) -> dict[str, Measure]:
    return {
        "import": startup.imports,
        "first-call": calls.first_call,
        "launch": calls.launches,
        "look": calls.looks,
        "poll": decoding.polls,
        "final": decoding.final,
        "waits": lambda environments: waits.metrics(environments, modes),
        "help": startup.command,
        "sandbox": sandbox.metrics,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options().parse_args(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP):  # to end as with Ctrl-C: tidied up
        signal.signal(number, signal.default_int_handler)
    groups = _groups(_MODES[options.modes])
    wanted = options.only or [name for name in groups if name != "sandbox" or options.all]
    try:
        before = None if options.against is None else earlier(options.against)
        _say("preparing the environments")
        environments = prepared()
        metrics = _measured({name: groups[name] for name in wanted}, environments)
    except (ToolError, OSError, KeyboardInterrupt) as problem:
        print(f"bench: {str(problem) or 'interrupted'}", file=sys.stderr)
        return 1
    text = _text(metrics, before)
    print(text)
    if options.output is not None:
        _write(options.output, text, metrics)
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scripts.bench", description="Measure.")
    parser.add_argument("--only", action="append", choices=list(_groups(())), metavar="GROUP")
    parser.add_argument("--modes", choices=list(_MODES), default="sync", help="of waits")
    parser.add_argument("--all", action="store_true", help="the sandbox as well; a minute longer")
    parser.add_argument("--output", type=Path, metavar="FOLDER")
    parser.add_argument("--against", type=Path, metavar="OTHER.json")
    return parser


def _measured(groups: Mapping[str, Measure], environments: Environments) -> list[Metric]:
    """One group after the other; what fails is a metric without a value, and the rest goes on."""
    metrics: list[Metric] = []
    for name, measure in groups.items():
        _say(f"measuring {name}")
        try:
            metrics += measure(environments)
        except (ToolError, OSError, httpx.HTTPError) as problem:
            metrics.append(Metric(name, name, "", note=f"not measured: {problem}"))
    return metrics


def _text(metrics: Sequence[Metric], before: Mapping[str, float] | None) -> str:
    here = machine()
    head = (
        f"{here['cores']} cores, load {here['load']}, Python {here['python']}, {here['platform']}; medians, all sides in "
        "turn. × is a multiple of the baseline, ± the spread of single rounds."
    )
    parts = [head, table(metrics, before), notes(metrics)]
    asked = [metric for metric in metrics if metric.met is not None]
    missed = [metric.name for metric in asked if not metric.met]
    verdict = f"{len(asked) - len(missed)} of {len(asked)} metrics meet their targets"
    parts.append(f"{verdict}; not: {', '.join(missed)}." if missed else f"{verdict}.")
    return "\n\n".join(part for part in parts if part)


def _write(folder: Path, text: str, metrics: Sequence[Metric]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench.md").write_text(f"{text}\n", "utf-8")
    written = json.dumps(document(metrics), indent=2, ensure_ascii=False)
    (folder / "bench.json").write_text(f"{written}\n", "utf-8")


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
