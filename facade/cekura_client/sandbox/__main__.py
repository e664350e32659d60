"""`python -m cekura_client.sandbox`: a sandbox until Ctrl-C."""

import argparse
import sys
import time
from collections.abc import Sequence

from cekura_client.sandbox.launches import VOICE
from cekura_client.sandbox.server import Sandbox


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a sandbox until Ctrl-C; the exit status, 0."""
    parser = argparse.ArgumentParser(
        prog="python -m cekura_client.sandbox",
        description="A stand-in for the Cekura API on this machine: no calls, no bills.",
    )
    parser.add_argument("--port", type=int, default=0, help="default: any free one")
    parser.add_argument(
        "--pace", type=float, default=0.2, help="seconds a run stays in each state (default 0.2)"
    )
    options = parser.parse_args(arguments)
    try:
        with Sandbox(port=options.port, pace=options.pace) as sandbox:
            print(f"CEKURA_API_URL={sandbox.url}")
            print(f"CEKURA_API_KEY={sandbox.api_key}")
            body = '{"agent_id": 12, "scenarios": [101, 102]}'
            print(
                f"curl -H 'X-CEKURA-API-KEY: {sandbox.api_key}' -H 'Content-Type: application/json'"
                f" -d '{body}' {sandbox.url}{VOICE}",
                flush=True,
            )
            while True:
                time.sleep(3600)
    except KeyboardInterrupt:
        return 0
    except (OSError, OverflowError, ValueError) as error:  # the port cannot be had, or a bad value
        parser.error(str(error))


if __name__ == "__main__":
    sys.exit(main())
