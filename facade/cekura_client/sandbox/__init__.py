"""A stand-in for the Cekura API on this machine, for testing without paying.

It makes no calls, opens no websockets and judges nothing. You script by scenario how runs end. A run costs
one credit here; the real price is not published. A launch of more than 20,000 runs is refused. The sandbox
proves nothing about undocumented behaviour of the API: `api/launches.py` says which rules are guesses.

It serves every operation of the published document, and reads routes, schemas and status codes from it, so
a launch that is added there needs no change here. It checks requests against the published schemas. It has
projects, agents, folders, tags and a balance. Calls start at a limited rate, a limited number at a time.
Results move from pending to their end with time, with each read, or at once. Faults damage requests and
answers by rule. The slash at the end of a path is optional, because the vendor's own SDK omits it.

Its answers fit the published schemas, with these exceptions: the `number` of a run in the answer to a start
is null, as in the published example; personalities that are not enabled are refused with a bare list, as in
the description; and every operation can answer 401, 402 and 404, although not all document them.

It differs from the API on purpose in three ways. It answers forms and multipart with 415. It refuses
duplicate query parameters and JSON keys. It reads an integer from text only if the text is what JSON would
write (`api/contract.py`).

Every display of a request hides the values of fields that could be credentials: see `world/shown.py`.

    from cekura_client.sandbox import Outcome, Sandbox

    with Sandbox(outcomes={102: Outcome.FAILED}) as sandbox:
        sandbox.faults.add(operation="get_result", status=502, times=2)
        ...  # send requests to sandbox.url with the key sandbox.api_key
        assert (sandbox.launches, sandbox.billed_runs) == (1, 2)

From a terminal, start it with `cekura-run sandbox` or `python -m cekura_client.sandbox`, and open its address
to see what happens. In pytest, see `fixtures`. It needs the extra `cekura-client[sandbox]`.

Its parts: `world` has the state and the runs, without HTTP; `api` serves what is published; `faults` damages
requests and answers; and `page` is the page for people.
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
