"""Start runs, once."""

from collections.abc import Mapping

import httpx

from cekura_client.core.fields import positive
from cekura_client.core.launches import Launch
from cekura_client.core.plan import RunPlan, refuse_above
from cekura_client.core.requests import CHECKS
from cekura_client.core.send_policy import ONCE_OR_SO
from cekura_client.effects import Clock, Flow
from cekura_client.wire.gateway import Gateway
from cekura_client.wire.sending import sending


def launching(
    gateway: Gateway, clock: Clock, operation: str, arguments: Mapping[str, object]
) -> Flow[Launch]:
    """Check the arguments, send the launch, and take the result's id out of the answer.

    Args:
        gateway: Builds the request.
        clock: For pauses before a repetition, which there is only if nothing was executed.
        operation: `run_voice`, `run_websocket` or `run_vapi_webrtc`.
        arguments: What the user gave: the fields of the request, and `max_runs`.
    """
    given = dict(arguments)
    max_runs = given.pop("max_runs", None)
    body, plan = CHECKS[operation](given)
    if max_runs is not None:
        refuse_above(plan, positive("max_runs", max_runs))
    request = gateway.launch(operation, body)
    return (
        yield from sending(
            request, lambda answer: _read(answer, plan), patience=ONCE_OR_SO, clock=clock
        )
    )


def _read(answer: httpx.Response, plan: RunPlan) -> Launch:
    return Launch.read(answer.content, plan)
