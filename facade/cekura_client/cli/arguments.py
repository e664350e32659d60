"""From the options of a launch to the arguments of the facade."""

from dataclasses import asdict
from typing import Any

from attrs import field, frozen

from cekura_client.cli import options
from cekura_client.cli.files import Fields, read_fields
from cekura_client.cli.options import Given
from cekura_client.core.fields import positive
from cekura_client.core.plan import RunPlan, refuse_above
from cekura_client.core.requests import CHECKS, FIELDS, SELECTORS
from cekura_client.errors import InvalidRequestError

_GROUPS = {
    "run_voice": options.Voice,
    "run_websocket": options.Websocket,
    "run_vapi_webrtc": options.VapiWebrtc,
}
_IDS = ("scenarios", "personality_ids", "test_profile_ids")


@frozen
class Planned:
    """A launch that could be sent.

    Attributes:
        operation: `run_voice`, `run_websocket` or `run_vapi_webrtc`.
        arguments: For the method of the facade, with `max_runs`.
        body: What would be sent.
        plan: How many runs that is.
    """

    operation: str
    arguments: dict[str, Any] = field(repr=False)  # addresses may have credentials in them
    body: dict[str, object] = field(repr=False)
    plan: RunPlan


def planned(operation: str, given: Given) -> Planned:
    """The launch that the options, and the file among them, ask for.

    Raises:
        InvalidRequestError: names the option or the line of the file.
    """
    path = given[options.FromFile].from_file
    file = Fields() if path is None else read_fields(path, {*FIELDS[operation], "max_runs"})
    typed = _typed(operation, given)
    # What chooses the evaluators is replaced as a whole.
    beaten = SELECTORS if any(name in typed for name in SELECTORS) else ()
    kept = {k: v for k, v in file.values.items() if v is not None and k not in beaten}
    arguments = {**kept, **typed}
    try:
        fields = {name: value for name, value in arguments.items() if name != "max_runs"}
        body, plan = CHECKS[operation](fields)
        if "max_runs" in arguments:
            refuse_above(plan, positive("max_runs", arguments["max_runs"]))
    except InvalidRequestError as error:
        if place := file.place_of(str(error), besides=typed.keys()):
            error.args = (f"{place}: {error}",)
        raise
    return Planned(operation, arguments, body, plan)


def _typed(operation: str, given: Given) -> dict[str, Any]:
    """What the options say, by the names of the facade; what they do not say is left out."""
    said = asdict(given[_GROUPS[operation]])
    said["max_runs"] = given[options.Limits].max_runs
    first = said.pop("first", None)
    scenario = said.pop("scenario", None)
    arguments = {name: value for name, value in said.items() if value is not None and value != []}
    for name in _IDS:
        if name in arguments and arguments[name] != ["all"]:
            arguments[name] = [_id(name, text) for text in arguments[name]]
    if arguments.get("scenarios") == ["all"]:
        arguments["scenarios"] = "all"
    if first is not None:
        if "scenarios" in arguments:
            raise InvalidRequestError("--first takes the place of --scenarios; give one of them")
        arguments["scenarios"] = first
    if scenario:
        arguments["scenarios"] = [_with_address(text) for text in scenario]
    return arguments


def _id(name: str, text: str) -> int:
    if not _is_id(text):
        option = "--" + name.replace("_", "-")
        more = "; a folder is given by --folder-path" if name == "scenarios" else ""
        raise InvalidRequestError(f"{option} takes ids, as in 101,102; got {text!r}{more}")
    return int(text)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _with_address(text: str) -> dict[str, object]:
    scenario, equals, url = text.partition("=")
    if not _is_id(scenario) or (equals and not url):
        # Not what was given: there may be an address with credentials in it.
        raise InvalidRequestError(
            "--scenario takes an id, or an id with an address, as in "
            "101=wss://agent.example.com/chat"
        )
    return {"scenario": int(scenario), **({"websocket_url": url} if url else {})}
