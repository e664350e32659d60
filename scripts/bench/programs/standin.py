"""The sandbox, where all calls start at once, and a count of the reads that it saw.

Usage: standin PACE

Prints its address first. For each line that comes in, it prints how many reads there were; no more
than the latest 10,000 requests are looked at.
"""

import sys

from cekura_client.sandbox import Agent, Project, Sandbox, State


def main() -> None:
    projects = (Project(1, agents=(Agent(12, "Front desk"),)),)
    state = State(projects=projects, concurrency=None, start_rate=1_000_000, open=True)
    with Sandbox(pace=float(sys.argv[1]), api_key="sandbox-key", state=state) as sandbox:
        print(sandbox.url, flush=True)
        for _ in sys.stdin:
            print(sum(request.method == "GET" for request in sandbox.requests), flush=True)


if __name__ == "__main__":
    main()
