"""Who is let in, what is turned away, and what the log keeps."""

import httpx
import pytest

from cekura_client.sandbox import Received, Sandbox
from tests.sandbox.support import RESULTS, V1_RESULTS, VOICE, Api


@pytest.mark.parametrize("headers", [{}, {"X-CEKURA-API-KEY": "other"}, {"X-CEKURA-API-KEY": ""}])
@pytest.mark.parametrize(("method", "path"), [("POST", VOICE), ("GET", RESULTS), ("GET", "/x")])
def test_without_the_key_everything_is_401(
    sandbox: Sandbox, headers: dict[str, str], method: str, path: str
) -> None:
    """Without the key, or with another, every path answers 401 with a detail."""
    with httpx.Client(base_url=sandbox.url, trust_env=False) as http:
        answer = http.request(method, path, headers=headers, json={"scenarios": [101]})
    assert answer.status_code == 401
    assert list(answer.json()) == ["detail"]


def test_the_key_can_be_chosen() -> None:
    """A sandbox accepts the key that it was given."""
    with Sandbox(api_key="mine") as sandbox, Api(sandbox).http as http:
        assert http.get(RESULTS).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"{RESULTS}310001/"),
        ("GET", f"{RESULTS}abc/"),
        ("GET", f"{RESULTS}{'9' * 5000}/"),
        ("GET", f"{V1_RESULTS}310001/"),
        ("POST", f"{V1_RESULTS}310001/end_calls/"),
        ("GET", "/v1/"),
    ],
)
def test_what_does_not_exist_is_404(api: Api, method: str, path: str) -> None:
    """Unknown ids and paths are 404."""
    answer = api.http.request(method, path)
    assert answer.status_code == 404
    assert list(answer.json()) == ["detail"]


def test_the_slash_at_the_end_may_be_left_out(sandbox: Sandbox, api: Api) -> None:
    """The vendor's own SDK does; the log shows the path as it came."""
    answer = api.http.post(VOICE.rstrip("/"), json={"scenarios": [101]})
    assert answer.status_code == 201
    result = answer.json()["id"]
    assert api.http.get(f"{RESULTS}{result}").json()["id"] == result
    assert api.http.get(RESULTS.rstrip("/")).json()["results"][0]["id"] == result
    assert [request.path for request in sandbox.requests[-3:]] == [
        VOICE.rstrip("/"),
        f"{RESULTS}{result}",
        RESULTS.rstrip("/"),
    ]


@pytest.mark.parametrize(
    ("method", "path"), [("GET", VOICE), ("DELETE", RESULTS), ("GET", f"{V1_RESULTS}1/end_calls/")]
)
def test_a_wrong_method_is_405(api: Api, method: str, path: str) -> None:
    """A known path with another method is 405 with a detail and the methods allowed."""
    answer = api.http.request(method, path)
    assert answer.status_code == 405
    assert list(answer.json()) == ["detail"]
    assert "allow" in answer.headers


@pytest.mark.parametrize(
    "content_type",
    [
        *("application/xml", "text/plain", ""),
        *("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"),
    ],
)
def test_a_body_of_another_type_is_415(api: Api, content_type: str) -> None:
    """A start request is JSON, and says so. Forms are published too, and not played."""
    answer = api.http.post(VOICE, content=b"{}", headers={"Content-Type": content_type})
    assert answer.status_code == 415
    assert list(answer.json()) == ["detail"]


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"\xff", b'{"frequency": NaN}', b"[" * 100_000, b"9" * 5000),
        b'{"scenarios": [101], "scenarios": [102]}',
    ],
)
def test_malformed_json_is_400(api: Api, sandbox: Sandbox, content: bytes) -> None:
    """What cannot be decoded as JSON is refused with a detail, and logged without a body."""
    answer = api.http.post(VOICE, content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert list(answer.json()) == ["detail"]
    assert sandbox.requests[-1].body is None


def test_a_charset_in_the_content_type_is_fine(api: Api) -> None:
    """Parameters and letter case of the content type do not matter."""
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    answer = api.http.post(VOICE, content=b'{"scenarios": [1]}', headers=headers)
    assert answer.status_code == 201


def test_the_log_has_every_request_in_order(api: Api, sandbox: Sandbox) -> None:
    """With what was asked, how it was judged, what it launched and billed."""
    body = {"scenarios": [101], "name": "nightly", "frequency": 2}
    before, launches, billed = len(sandbox.requests), sandbox.launches, sandbox.billed_runs
    left = sandbox.credits
    number = api.start(**body)["id"]
    refusal = api.refusal(scenarios="x")
    api.listed(search="night", page=1)
    api.http.get("/none", headers={"X-CEKURA-API-KEY": "wrong"})
    wrong = {"scenarios": "x"}
    query = {"search": "night", "page": "1"}
    assert sandbox.requests[before:] == [
        Received("POST", VOICE, {}, body, "run_voice", 201, result_id=number, runs=2),
        Received("POST", VOICE, {}, wrong, "run_voice", 400, refusal=refusal),
        Received("GET", RESULTS, query, None, "list_results", 200),
        Received("GET", "/none", {}, None, None, 401),
    ]
    assert (sandbox.launches, sandbox.billed_runs) == (launches + 1, billed + 2)
    assert sandbox.credits == left - 2


def test_the_log_is_a_copy_without_keys(api: Api, sandbox: Sandbox) -> None:
    """Changing the list changes nothing, and the key is nowhere in it."""
    api.listed()
    sandbox.requests.clear()
    assert sandbox.requests
    assert sandbox.api_key not in repr(sandbox.requests)


def test_half_a_surrogate_pair_comes_back(api: Api) -> None:
    """A name that JSON can express and UTF-8 cannot is answered all the same."""
    headers = {"Content-Type": "application/json"}
    content = b'{"scenarios": [101], "name": "\\ud800"}'
    started = api.http.post(VOICE, content=content, headers=headers)
    assert started.status_code == 201
    assert api.result(started.json()["id"])["name"] == "\ud800"
