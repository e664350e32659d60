"""A stand-in for the Cekura API on this machine, for testing without paying.

What it does not do: no call is made, no websocket is opened, and nothing is judged. How each run
ends is scripted beforehand by scenario. A run costs one credit here; what it really costs is not
published. A launch of more than 20,000 runs is refused. It is no proof of how the real API behaves
where that is undocumented: `api/launches.py` says which rules are guesses.

What it does: it answers every operation of the published document. It checks requests in JSON,
forms and multipart against the published schemas, keeps projects, agents, folders, tags and a
balance, lets calls begin at a rate and so many at once, and moves results from pending to their end
with time, with reads, or at once. Its answers fit the published schemas, but where these contradict
what is published beside them: the `number` of a run in the answer to a start is null, as in the
example; personalities that are not enabled are refused with a bare list, as in the description; and
401, 402 and 404 are given where only other operations have them. Faults damage requests and answers
by rule. A path may leave out the slash at its end, as the vendor's own SDK does.

    from cekura_client.sandbox import Outcome, Sandbox

    with Sandbox(outcomes={102: Outcome.FAILED}) as sandbox:
        sandbox.faults.add(operation="get_result", status=502, times=2)
        ...  # send requests to sandbox.url with the key sandbox.api_key
        assert (sandbox.launches, sandbox.billed_runs) == (1, 2)

From a terminal: `cekura-run sandbox` or `python -m cekura_client.sandbox`, with a page at its address that shows what goes
on. In pytest: see `fixtures`. It needs the extra: `cekura-client[sandbox]`.

Of its parts, `world` knows nothing of HTTP, `api` is what is published, `faults` what may go wrong
on the way, and `page` what a person sees.
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
