from http import HTTPStatus
from typing import Any, cast

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.run_scenarios_vapi_web_rtc_request import RunScenariosVapiWebRTCRequest
from ...models.start_response import StartResponse
from ...models.validation_error_fields import ValidationErrorFields
from ...types import Response


def _get_kwargs(
    *,
    body: RunScenariosVapiWebRTCRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/test_framework/v1/scenarios/run_scenarios_vapi_webrtc/",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> StartResponse | list[str] | ValidationErrorFields | None:
    if response.status_code == 200:
        response_200 = StartResponse.from_dict(response.json())

        return response_200

    if response.status_code == 400:

        def _parse_response_400(data: object) -> list[str] | ValidationErrorFields:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_validation_error_body_type_0 = (
                    ValidationErrorFields.from_dict(data)
                )

                return componentsschemas_validation_error_body_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, list):
                raise TypeError()
            componentsschemas_validation_error_body_type_1 = cast(list[str], data)

            return componentsschemas_validation_error_body_type_1

        response_400 = _parse_response_400(response.json())

        return response_400

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[StartResponse | list[str] | ValidationErrorFields]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: RunScenariosVapiWebRTCRequest,
) -> Response[StartResponse | list[str] | ValidationErrorFields]:
    """Run evaluators against a VAPI WebRTC agent

     VAPI WEBRTC VOICE RUN: Execute evaluators against a VAPI agent over WebRTC. Required:
    `vapi_assistant_id` (the VAPI assistant). The agent (looked up via `agent_id` or inferred from the
    first scenario) must have VAPI credentials configured.

    **Cost:** voice-simulation rate per run.
    **Run-count math:** total runs = `len(scenarios) × frequency`.

    **When to use this vs others** (pick the endpoint matching the agent's configured connection — check
    `aiagents_retrieve`):
    - `scenarios_run_voice` — phone / SIP voice run (no provider WebRTC needed)
    - `scenarios_run_text` — text/SMS/chat (cheaper)
    - `scenarios_run_retell_webrtc` — Retell agents over WebRTC
    - `scenarios_run_elevenlabs` — ElevenLabs Conversational agents
    - `scenarios_run_pipecat_v2` — Pipecat Cloud (project credentials, v2)
    - `scenarios_run_livekit_v2` — LiveKit (project credentials, v2)

    Args:
        body (RunScenariosVapiWebRTCRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[StartResponse | list[str] | ValidationErrorFields]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: RunScenariosVapiWebRTCRequest,
) -> StartResponse | list[str] | ValidationErrorFields | None:
    """Run evaluators against a VAPI WebRTC agent

     VAPI WEBRTC VOICE RUN: Execute evaluators against a VAPI agent over WebRTC. Required:
    `vapi_assistant_id` (the VAPI assistant). The agent (looked up via `agent_id` or inferred from the
    first scenario) must have VAPI credentials configured.

    **Cost:** voice-simulation rate per run.
    **Run-count math:** total runs = `len(scenarios) × frequency`.

    **When to use this vs others** (pick the endpoint matching the agent's configured connection — check
    `aiagents_retrieve`):
    - `scenarios_run_voice` — phone / SIP voice run (no provider WebRTC needed)
    - `scenarios_run_text` — text/SMS/chat (cheaper)
    - `scenarios_run_retell_webrtc` — Retell agents over WebRTC
    - `scenarios_run_elevenlabs` — ElevenLabs Conversational agents
    - `scenarios_run_pipecat_v2` — Pipecat Cloud (project credentials, v2)
    - `scenarios_run_livekit_v2` — LiveKit (project credentials, v2)

    Args:
        body (RunScenariosVapiWebRTCRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        StartResponse | list[str] | ValidationErrorFields
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: RunScenariosVapiWebRTCRequest,
) -> Response[StartResponse | list[str] | ValidationErrorFields]:
    """Run evaluators against a VAPI WebRTC agent

     VAPI WEBRTC VOICE RUN: Execute evaluators against a VAPI agent over WebRTC. Required:
    `vapi_assistant_id` (the VAPI assistant). The agent (looked up via `agent_id` or inferred from the
    first scenario) must have VAPI credentials configured.

    **Cost:** voice-simulation rate per run.
    **Run-count math:** total runs = `len(scenarios) × frequency`.

    **When to use this vs others** (pick the endpoint matching the agent's configured connection — check
    `aiagents_retrieve`):
    - `scenarios_run_voice` — phone / SIP voice run (no provider WebRTC needed)
    - `scenarios_run_text` — text/SMS/chat (cheaper)
    - `scenarios_run_retell_webrtc` — Retell agents over WebRTC
    - `scenarios_run_elevenlabs` — ElevenLabs Conversational agents
    - `scenarios_run_pipecat_v2` — Pipecat Cloud (project credentials, v2)
    - `scenarios_run_livekit_v2` — LiveKit (project credentials, v2)

    Args:
        body (RunScenariosVapiWebRTCRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[StartResponse | list[str] | ValidationErrorFields]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: RunScenariosVapiWebRTCRequest,
) -> StartResponse | list[str] | ValidationErrorFields | None:
    """Run evaluators against a VAPI WebRTC agent

     VAPI WEBRTC VOICE RUN: Execute evaluators against a VAPI agent over WebRTC. Required:
    `vapi_assistant_id` (the VAPI assistant). The agent (looked up via `agent_id` or inferred from the
    first scenario) must have VAPI credentials configured.

    **Cost:** voice-simulation rate per run.
    **Run-count math:** total runs = `len(scenarios) × frequency`.

    **When to use this vs others** (pick the endpoint matching the agent's configured connection — check
    `aiagents_retrieve`):
    - `scenarios_run_voice` — phone / SIP voice run (no provider WebRTC needed)
    - `scenarios_run_text` — text/SMS/chat (cheaper)
    - `scenarios_run_retell_webrtc` — Retell agents over WebRTC
    - `scenarios_run_elevenlabs` — ElevenLabs Conversational agents
    - `scenarios_run_pipecat_v2` — Pipecat Cloud (project credentials, v2)
    - `scenarios_run_livekit_v2` — LiveKit (project credentials, v2)

    Args:
        body (RunScenariosVapiWebRTCRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        StartResponse | list[str] | ValidationErrorFields
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
