"""`python -m cekura_client.sandbox`: a sandbox until Ctrl-C."""

import argparse
import sys
import time
from collections.abc import Sequence
from typing import Any

from cekura_client.sandbox.api.contract import published
from cekura_client.sandbox.server import Sandbox
from cekura_client.sandbox.world.state import DEFAULT, State
from cekura_client.strict_yaml import YamlError, read_yaml

_PROG = "python -m cekura_client.sandbox"


def main(arguments: Sequence[str] | None = None, prog: str = _PROG) -> int:
    """Run a sandbox until Ctrl-C; return the exit status, 0."""
    parser = _parser(prog)
    options = parser.parse_args(arguments)
    try:
        sandbox = Sandbox(
            port=options.port,
            pace=options.pace,
            score_delay=options.score_delay,
            by_reads=options.by_reads,
            state=State.read(options.state) if options.state else DEFAULT,
            seed=options.seed,
            control=options.control,
        )
        for rule in options.fault:
            sandbox.faults.add(**_fields(rule))
        with sandbox:
            _introduce(sandbox, options.control)
            while True:
                time.sleep(3600)
    except KeyboardInterrupt:
        return 0
    except (
        OSError,
        OverflowError,
        ValueError,
    ) as error:  # the port is in use, or a value is invalid
        parser.error(str(error))


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog,
        description="A stand-in for the Cekura API on this machine: no calls, no bills.",
    )
    add = parser.add_argument
    add("--port", type=int, default=0, help="the port (default: any free port)")
    add("--pace", type=float, default=0.2, help="seconds a run stays in each state (default 0.2)")
    add("--score-delay", type=float, default=0.0, help="seconds from a run's end to its score")
    add(
        "--by-reads",
        action="store_true",
        help="measure times in reads of a result instead of seconds",
    )
    add("--state", metavar="FILE", help="YAML with projects, agents and scenarios")
    add("--seed", type=int, default=0, help="the random seed for chances (default 0)")
    add(
        "--fault",
        action="append",
        default=[],
        metavar="RULE",
        help="add a fault, e.g. 'operation: launch, nth: 2, drop: true, commit: true'; may be repeated",
    )
    add("--control", action="store_true", help="accept faults at /_sandbox/faults")
    return parser


def _fields(rule: str) -> dict[str, Any]:
    """The fields of a fault, from YAML without braces."""
    try:
        given, _ = read_yaml(f"{{{rule}}}")
    except YamlError as error:
        raise ValueError(f"--fault {rule!r}: {error}") from error
    return dict(given)


def _introduce(sandbox: Sandbox, control: bool) -> None:
    print(f"CEKURA_API_URL={sandbox.url}")
    print(f"CEKURA_API_KEY={sandbox.api_key}")
    print(f"Open this page to see what happens: {sandbox.url}/")
    if control:
        print(f"Faults: {sandbox.url}/_sandbox/faults")
    voice = next(o.path for o in published().operations if o.name == "run_voice")
    body = '{"agent_id": 12, "scenarios": [101, 102]}'
    print(
        f"curl -H 'X-CEKURA-API-KEY: {sandbox.api_key}' -H 'Content-Type: application/json'"
        f" -d '{body}' {sandbox.url}{voice}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
