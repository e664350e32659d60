"""A stand-in for the Cekura API on this machine, for testing without paying.

What it does not do: no call is made, no websocket is opened, and nothing is judged. How each run
ends is scripted beforehand by scenario id. Nothing is billed and no balance or rate limit is
enforced; `concurrency_limit` is accepted without effect, and all runs of a launch go forward
together. Any scenario, agent and project id is taken to exist. Start requests must be JSON, though
the API takes forms as well. A launch of more than 20,000 runs is refused. It is no proof of how the
real API behaves where that is undocumented; `launches.py` says which rules are guesses.

What it does: start voice, websocket and VAPI WebRTC runs, read and list results, end calls. It
checks requests against the published document, and its results move from pending to their end with
time. A path may leave out the slash at its end, as the vendor's own SDK does.

    from cekura_client.sandbox import Outcome, Sandbox

    with Sandbox(outcomes={102: Outcome.FAILED}) as sandbox:
        ...  # send requests to sandbox.url with the key sandbox.api_key
        assert sandbox.requests[0].status == 201

From a terminal: `python -m cekura_client.sandbox`. It needs the extra: `cekura-client[sandbox]`.
"""

try:
    from cekura_client.sandbox.app import Received
    from cekura_client.sandbox.server import Sandbox
    from cekura_client.sandbox.world import Outcome
except ModuleNotFoundError as missing:
    raise ModuleNotFoundError(
        f"the sandbox needs {missing.name}: pip install 'cekura-client[sandbox]'", name=missing.name
    ) from missing

__all__ = ["Outcome", "Received", "Sandbox"]
