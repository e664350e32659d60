"""What was typed may be secret: no message about it repeats an address with credentials."""

import json
from collections.abc import Iterator

import pytest

from cekura_client.cli.app import main
from cekura_client.cli.concealing import concealed, concealed_usage, concealing
from cekura_client.cli.usage_errors import internal_error
from cekura_client.sandbox import Sandbox
from tests.cli.support import KEY

SECRET = "hunter2"
ADDRESSES = [
    f"wss://user:{SECRET}@agent.example.com/chat",
    f"wss://{SECRET}@agent.example.com/chat",
    f"wss://agent.example.com/chat?token={SECRET}",
    f"wss:/user:{SECRET}@agent.example.com",
    f"ws//user:{SECRET}@h",
    f"WSS://user:{SECRET}@h?a=b",
    f"wss://user:{SECRET} x@h",
    f"wss://user:{SECRET}'@h",
    f"agent.example.com/chat?token={SECRET}",
]
# Where an address, or a scenario with one, may end up by mistake.
PLACES: list[list[str]] = [
    ["websocket", "{}"],
    ["websocket", "{}", "{}"],
    ["websocket", "--frequency", "{}"],
    ["websocket", "--frequency={}"],
    ["websocket", "--scenaro", "{}"],
    ["websocket", "--scenaro={}"],
    ["websocket", "--{}"],
    ["websocket", "-{}"],
    ["websocket", "--scenario=x={}"],
    ["websocket", "--scenario", "{}", "--frequency", "1"],
    ["websocket", "--scenario", "101", "--frequency", "1", "--agent", "{}"],
    ["websocket", "--scenario", "101", "--frequency", "1", "--timeout", "{}"],
    ["websocket", "--scenario", "101", "--frequency", "1", "--api-url", "{}"],
    ["websocket", "--scenario", "101", "--frequency", "1", "--from-file", "{}"],
    ["websocket", "--scenario", "101", "--frequency", "1", "--junit", "{}"],
    ["websocket", "--scenario", "101", "--frequency", "1", "--api-key-file", "{}"],
    ["websocket", "--scenario", "101", "--frequency", "0", "--record", "{}"],
    ["voice", "--agent-id", "12", "--scenarios", "{}"],
    ["voice", "--agent-id", "12", "--scenarios", "101", "--mode", "{}"],
    ["voice", "--agent-id", "12", "--scenarios", "101", "--folder-path", "{}"],
    ["voice", "--agent-id", "12", "--folder-path", "{}"],
    ["plan", "websocket", "{}"],
    ["plan", "{}"],
    ["wait", "{}"],
    ["show", "{}"],
    ["end", "7", "{}"],
    ["launches", "--record", "{}"],
    ["launches", "{}"],
    ["{}"],
]
VARIABLES = ["FREQUENCY", "AGENT", "TIMEOUT", "POLL", "YES", "FROM_FILE", "API_URL", "JUNIT"]


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(pace=0, api_key=KEY) as sandbox:
        yield sandbox


@pytest.fixture(autouse=True)
def sandbox(running: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    monkeypatch.setenv("CEKURA_API_KEY", KEY)
    monkeypatch.setenv("CEKURA_API_URL", running.url)
    return running


def _hunt(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*arguments, "--json"]) == 2
    shown = capsys.readouterr()
    assert SECRET not in shown.out + shown.err
    assert shown.err
    assert json.loads(shown.out)["exit_status"] == 2


@pytest.mark.parametrize("place", PLACES, ids=" ".join)
@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("scenario", ["", "101="])
def test_no_usage_error_shows_credentials(
    capsys: pytest.CaptureFixture[str], place: list[str], address: str, scenario: str
) -> None:
    """Wherever an address is typed by mistake, alone or with its scenario."""
    typed = [part.replace("{}", scenario + address) for part in place]
    if "--scenario" in place[:2] and place[2] == "{}" and scenario:
        pytest.skip("that is where it belongs")
    _hunt(typed, capsys)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("variable", VARIABLES)
def test_no_variable_shows_credentials(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    address: str,
    variable: str,
) -> None:
    """As an option does not."""
    if " " in address or "'" in address:
        pytest.skip("only what was typed is known as a whole")
    monkeypatch.setenv(f"CEKURA_{variable}", f"101={address}")
    frequency = [] if variable == "FREQUENCY" else ["--frequency", "1"]
    _hunt(["websocket", "--scenario", "101", *frequency], capsys)


def test_a_key_in_a_wrong_place_is_not_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is too long for a plain value."""
    with monkeypatch.context() as patch:
        patch.setenv("CEKURA_FREQUENCY", "sk_live_0123456789abcdefghij")
        assert main(["websocket", "--scenario", "101"]) == 2
        assert "0123456789" not in capsys.readouterr().err
    for arguments in (
        ["wait", "7", "sk_live_0123456789abcdefghij"],
        ["sk_live_0123456789abcdefghij"],
    ):
        main(arguments)
        assert "0123456789" not in capsys.readouterr().err


def test_an_internal_error_is_shown_without_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever text it carries."""
    error = ValueError(f"::error::x\x1b[2J wss://u:{SECRET}@h")
    assert internal_error(error, ["--json"]) == 4
    shown = capsys.readouterr()
    assert "ValueError" in shown.err
    assert "\x1b" not in shown.out + shown.err
    assert SECRET not in shown.out + shown.err


@pytest.mark.parametrize(
    "message",
    [
        "right would be 'https://api.cekura.ai'",
        "--scenario takes an id, as in 101=wss://agent.example.com/chat",
        "unknown argument 'scenarioss'; did you mean 'scenarios'?",
        "agent_id must be a positive integer, e.g. agent_id=12; got 0",
        "No such option: --scenaro Did you mean --scenario?",
        "Invalid value for '--frequency': 'often' is not a valid integer.",
    ],
)
def test_harmless_values_stay_in_a_message(message: str) -> None:
    """Otherwise users could not find their mistake."""
    assert concealed(message) == message
    with concealing(["often", "--scenaro", "scenarioss", "https://api.cekura.ai"]):
        assert concealed(message) == message
    with concealing(["often", "--scenaro", "scenarioss"]):
        assert concealed_usage(message) == message


def test_secrets_are_hidden_in_a_message() -> None:
    """The whole value is hidden, because a password may start anywhere."""
    assert concealed("got 'wss://u:p w@h'; right: 101,102") == "got ***; right: 101,102"
    assert concealed("u:p@h/x cannot be read") == "*** cannot be read"
    assert concealed_usage("extra (my secret words)", "my secret words") == "extra (***)"
    with concealing(["--junit=wss://u:p w'x@h"]):
        assert concealed("wss:/u:p w'x@h is a folder") == "*** is a folder"
