"""Runs a case in one mode and says what came of it."""

from attrs import frozen

from cekura_client import CekuraError, Launch, Result, Timeouts
from tests.clients import KEY, EitherClient, FakeTime
from tests.hostile.cases import LAUNCH, NAMED, READ, UNNAMED, Case
from tests.hostile.server import never_answer
from tests.raw_server import RawServer

# In real seconds: silence must not make the tests slow.
TIMEOUTS = Timeouts(connect=20, launch=0.6, read=0.6)
# Where nothing is silent: a machine that has much to do is not taken for a server that says nothing.
_LONG = Timeouts(connect=20, launch=20, read=20)


@frozen
class Observed:
    """What the caller and the server saw."""

    outcome: str
    message: str
    posts: int
    gets: int
    seconds: float


def observe(case: Case, mode: str) -> Observed:
    time = FakeTime()
    began = time.seconds
    timeouts = TIMEOUTS if never_answer in case.server else _LONG
    with RawServer(case.server) as server:
        client = EitherClient(
            mode, api_key=KEY, base_url=server.url, clock=time.clock, timeouts=timeouts
        )
        try:
            outcome, message = _outcome(_act(client, case.operation)), ""
        except CekuraError as error:
            outcome = type(error).__name__
            notes: list[str] = getattr(error, "__notes__", [])
            message = "\n".join([str(error), *notes]).replace(str(server.port), "PORT")
        finally:
            client.end()
        methods = [request.partition(b" ")[0] for request in server.requests]
    return Observed(
        outcome, message, methods.count(b"POST"), methods.count(b"GET"), time.seconds - began
    )


def _act(client: EitherClient, operation: str) -> Launch | Result:
    if operation == LAUNCH:
        done: Launch | Result = client.run_websocket(scenarios=[(1, None)], frequency=1)
    elif operation == UNNAMED:
        done = client.run_voice(scenarios=[1])
    elif operation == NAMED:
        done = client.run_voice(scenarios=[1], agent_id=12, name="Nightly")
    elif operation == READ:
        done = client.get_result(7)
    else:
        done = client.wait(7)
    return done


def _outcome(done: Launch | Result) -> str:
    if isinstance(done, Launch):
        return f"{done.result_id}{' recovered' * done.recovered}"
    return f"{done.id}"
