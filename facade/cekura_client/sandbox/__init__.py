"""A stand-in for the Cekura API on this machine, for testing without paying.

It makes no calls, opens no websockets and judges nothing. How each run ends is scripted beforehand,
by scenario. A run costs one credit here; its real price is not published. A launch of more than
20,000 runs is refused. Where the real API is undocumented, the sandbox proves nothing:
`api/launches.py` says which rules are guesses.

It serves every operation of the published document, and reads routes, shapes and status codes from
it, so a launch that is added there needs no change here. It checks requests against the published
schemas, keeps projects, agents, folders, tags and a balance, lets calls begin at a rate and a
limited number at once, and moves results from pending to their end with time, with reads, or at
once. Faults damage requests and answers by rule. A path may leave out the slash at its end, as the
vendor's own SDK does.

Its answers fit the published schemas, except where these contradict what is published beside them:
the `number` of a run in the answer to a start is null, as in the example; personalities that are
not enabled are refused with a bare list, as in the description; and 401, 402 and 404 are also given
where only other operations document them.

It differs from the API on purpose in three ways. Forms and multipart are answered with 415. A query
parameter or a JSON key that is given twice is refused. Of the texts that stand for an integer, only
those are read that JSON would write (`api/contract.py`).

Whatever shows a request hides the values of fields that could be credentials: see `world/shown.py`.

    from cekura_client.sandbox import Outcome, Sandbox

    with Sandbox(outcomes={102: Outcome.FAILED}) as sandbox:
        sandbox.faults.add(operation="get_result", status=502, times=2)
        ...  # send requests to sandbox.url with the key sandbox.api_key
        assert (sandbox.launches, sandbox.billed_runs) == (1, 2)

From a terminal: `cekura-run sandbox` or `python -m cekura_client.sandbox`, with a page at its
address that shows what is happening. In pytest: see `fixtures`. It needs the extra
`cekura-client[sandbox]`.

Its parts: `world` knows nothing of HTTP, `api` is what is published, `faults` what can go wrong on
the way, and `page` what a person sees.
"""

try:
    from cekura_client.sandbox.faults.rules import Fault
    from cekura_client.sandbox.server import Sandbox
    from cekura_client.sandbox.world.journal import Received
    from cekura_client.sandbox.world.script import Outcome, Script
    from cekura_client.sandbox.world.state import Agent, Project, Scenario, State
except ModuleNotFoundError as missing:
    raise ModuleNotFoundError(
        f"the sandbox needs {missing.name}: pip install 'cekura-client[sandbox]'", name=missing.name
    ) from missing

__all__ = [
    "Agent",
    "Fault",
    "Outcome",
    "Project",
    "Received",
    "Sandbox",
    "Scenario",
    "Script",
    "State",
]
