import json
from collections.abc import Callable

import pytest

from cekura_client.sandbox import Sandbox
from cekura_client.wire import sending
from scripts.chaos import account as checks
from scripts.chaos import run as chaos_run
from scripts.chaos.__main__ import main
from scripts.chaos.account import API_KEY, Said, Server, compare
from scripts.chaos.calls import KINDS, RIVALS, Call, call_number, rivals

UNNAMED, WEBSOCKET = KINDS[0], KINDS[-1]


class Account:
    """Of three calls, told as it was: one accepted, one lost and not executed, one lost for good."""

    def __init__(self) -> None:
        self.calls = [
            Call(number, kind, kind.arguments(number))
            for number, kind in ((1001, UNNAMED), (1002, UNNAMED), (1003, WEBSOCKET))
        ]
        self.said = {1001: Said("accepted", 7001), 1002: Said("unknown"), 1003: Said("unknown")}
        self.results = {7001: 1001, 7003: 1003}
        self.sent: dict[int, list[int | None]] = {1001: [429, 201], 1002: [None], 1003: [None]}
        self.record: list[dict[str, object]] | None = None
        self.more = ""

    def findings(self) -> set[tuple[str, int]]:
        server = Server(self.results, self.sent)
        lines = self.lines() if self.record is None else self.record
        record = "".join(json.dumps(line) + "\n" for line in lines) + self.more
        return {
            (found.check, found.number) for found in compare(self.calls, self.said, server, record)
        }

    def lines(self) -> list[dict[str, object]]:
        """What the record says if it says the same."""
        first: list[dict[str, object]] = [
            {"token": str(call.number), "sent": dict(call.arguments)} for call in self.calls
        ]
        return first + [
            {"token": str(number), "outcome": said.what, "result_id": said.result_id}
            for number, said in self.said.items()
        ]


def test_a_true_account_has_no_findings() -> None:
    """Unknown is true of a launch that was not executed, or of which no list shows a name."""
    account = Account()
    account.more = "\n"  # an empty line says nothing
    assert account.findings() == set()


def test_an_interruption_with_a_word_is_a_true_account() -> None:
    """The record may then lack the outcome."""
    account = Account()
    account.said[1003] = Said("interrupted", word=True)
    account.record = account.lines()[:5]
    assert account.findings() == set()


def test_rival_processes_share_names() -> None:
    """Three calls in a row have one name, and they are of three processes."""
    names = [call.arguments["name"] for call in rivals(9, seed=1)]
    assert names[0] == names[1] == names[2] != names[3]


def _launched_twice(account: Account) -> None:
    account.results[7002] = 1001


def _sent_again(account: Account) -> None:
    account.sent[1002] = [None, 201]


def _lost(account: Account) -> None:
    account.results[7002] = 1002
    account.said[1002] = Said("bug")


def _refused_but_running(account: Account) -> None:
    account.said[1003] = Said("refused")


def _wrong_id(account: Account) -> None:
    account.said[1001] = Said("accepted", 7003)


def _invented_id(account: Account) -> None:
    account.said[1002] = Said("accepted", 9999)


def _without_a_word(account: Account) -> None:
    account.said[1003] = Said("interrupted")
    account.record = account.lines()[:5]


def _wrong_word(account: Account) -> None:
    account.said[1003] = Said("interrupted", 7001, word=True)
    account.record = account.lines()[:5]


def _denied_in_the_record(account: Account) -> None:
    account.said[1003] = Said("interrupted", word=True)
    account.record = [*account.lines()[:5], {"token": "1003", "outcome": "refused"}]


def _interrupted_unrecorded(account: Account) -> None:
    account.said[1003] = Said("interrupted", word=True)
    account.record = account.lines()[:2] + account.lines()[3:5]


def _another_read(account: Account) -> None:
    account.said[1001] = Said("accepted", 7001, read=7003)


def _crashed(account: Account) -> None:
    account.said[1002] = Said("bug")
    account.record = [line for line in account.lines() if line.get("outcome") != "bug"]


def _not_made(account: Account) -> None:
    del account.said[1002]


def _first_line_missing(account: Account) -> None:
    account.record = account.lines()[:2] + account.lines()[3:5]


def _outcome_missing(account: Account) -> None:
    account.record = account.lines()[:-1]


def _other_outcome(account: Account) -> None:
    account.record = account.lines()
    account.record[-1]["outcome"] = "accepted"


def _torn(account: Account) -> None:
    account.more = '{"token": "10'


def _key_written(account: Account) -> None:
    account.record = account.lines()
    account.record[0]["api_key"] = API_KEY


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (_launched_twice, {(checks.TWICE, 1001)}),
        (_sent_again, {(checks.AGAIN, 1002)}),
        (_lost, {(checks.LOST, 1002), (checks.RAISED, 1002)}),
        (_refused_but_running, {(checks.LOST, 1003)}),
        (_wrong_id, {(checks.LOST, 1001), (checks.WRONG_ID, 1001)}),
        (_invented_id, {(checks.WRONG_ID, 1002)}),
        (_without_a_word, {(checks.SILENT, 1003)}),
        (_wrong_word, {(checks.WRONG_ID, 1003)}),
        (_denied_in_the_record, {(checks.RECORD, 1003)}),
        (_interrupted_unrecorded, {(checks.RECORD, 1003)}),
        (_another_read, {(checks.OTHER, 1001)}),
        (_crashed, {(checks.RAISED, 1002), (checks.RECORD, 1002)}),
        (_not_made, {(checks.NO_OUTCOME, 1002)}),
        (_first_line_missing, {(checks.RECORD, 1003)}),
        (_outcome_missing, {(checks.RECORD, 1003)}),
        (_other_outcome, {(checks.RECORD, 1003)}),
        (_torn, {(checks.RECORD, 0)}),
        (_key_written, {(checks.KEY, 0)}),
    ],
)
def test_each_untruth_is_found(
    spoil: Callable[[Account], None], expected: set[tuple[str, int]]
) -> None:
    """And nothing else is."""
    account = Account()
    spoil(account)
    assert account.findings() == expected


def test_the_client_keeps_its_promises(capsys: pytest.CaptureFixture[str]) -> None:
    """Sixty launches by threads, tasks and processes, as the program makes them."""
    status = main(["--launches", "60", "--seed", "1"])
    printed = capsys.readouterr().out
    assert "every promise was kept" in printed, printed
    assert status == 0


def test_a_client_that_sends_launches_again_is_found_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole run can fail: here the facade takes a launch for a read."""
    monkeypatch.setattr(sending, "is_launch", lambda request: False)
    assert chaos_run.run(30, seed=1) == 1
    printed = capsys.readouterr().out
    assert checks.AGAIN + ": call 10" in printed
    assert "NOT ALL PROMISES WERE KEPT" in printed


def test_a_call_that_is_not_made_in_time_is_a_finding(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a run that hardly did anything would pass."""
    monkeypatch.setattr(chaos_run, "LONGEST", 0.0)
    assert chaos_run.run(4) == 1
    assert f"{checks.NO_OUTCOME}: call 1001" in capsys.readouterr().out


def test_a_sandbox_that_forgot_requests_is_not_blamed_on_the_client(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """But the run has failed."""
    monkeypatch.setattr(Sandbox, "launches", 1_000)
    assert chaos_run.run(4) == 1
    assert "The sandbox does not remember so many requests" in capsys.readouterr().out


def test_each_kind_of_launch_bears_its_number() -> None:
    """So that the server's side is told apart, call by call."""
    for kind in (*KINDS, RIVALS):
        assert call_number(kind.arguments(1234)) == 1234
