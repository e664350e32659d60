import gzip
import json
import os
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent

import pytest

from scripts.documents import OPENAPI, DocumentError
from scripts.published import Published, obtain, recognise
from scripts.serialization import MAX_BYTES
from tests.raw_server import Behaviour, Connection, RawServer, answer, nobody_listening

YAML = "openapi: 3.1.0\ninfo:\n  title: T\npaths: {}\n"
DOCUMENT = {"openapi": "3.1.0", "info": {"title": "T"}, "paths": {}}
JSON = json.dumps(DOCUMENT, indent=2)
# A literal in which a shorter fence stands, and blank lines that belong to the block.
RICH = f"\n\n# a comment \n{YAML}x-doc: |\n    ```sh\n    ~~~\n    ```\n\nx-last: 'z'  \n\n\n"
# A literal with the very fence that may stand around it, but as deep as code is indented.
DEEP = f"{YAML}x-doc: |\n    ```\n    code\n    ```\nx-last: z\n"
SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,::1")


def _page(text: str, fence: str = "````", info: str = "yaml post /a/") -> str:
    return f"> hint\n\n# Title\n\n{fence}{info}\n{text}{fence}\n\nand `text` after\n"


def _refusal(origin: str) -> str:
    """The message with which an origin is refused."""
    with pytest.raises(DocumentError) as caught:
        obtain(origin)
    return str(caught.value)


@pytest.mark.parametrize(
    ("page", "yaml"),
    [
        pytest.param(_page(YAML, "```"), YAML, id="three backticks"),
        pytest.param(_page(YAML, "~~~"), YAML, id="tildes"),
        pytest.param(_page(RICH), RICH, id="a longer fence around shorter ones"),
        pytest.param(_page(RICH, "~~~~~~~"), RICH, id="long tildes around shorter fences"),
        pytest.param(_page(YAML, info=" yml"), YAML, id="yml"),
        pytest.param(_page(YAML, info="yaml"), YAML, id="no operation behind the language"),
        pytest.param(_page(YAML, info="YAML"), YAML, id="language in capitals"),
        pytest.param(_page(YAML, info="yaml{1,3}"), YAML, id="lines marked behind the language"),
        pytest.param(_page(YAML, info=""), YAML, id="no language"),
        pytest.param(_page(f"{JSON}\n", info="JSON"), None, id="JSON in a page"),
        pytest.param(
            _page(f"{json.dumps(DOCUMENT)}\n", info=""), None, id="JSON on one line of it"
        ),
        pytest.param(f"<Info>\n  Hint.\n</Info>\n\n{_page(YAML)}", YAML, id="a component first"),
        pytest.param(f"```yaml\n{YAML}``````  \n", YAML, id="a longer fence at the end"),
        pytest.param(f"text\n```yaml\n{YAML}```\ntext", YAML, id="right within a paragraph"),
        *(pytest.param(indent(_page(YAML), n * " "), YAML, id=f"indented {n}") for n in (1, 2, 3)),
        pytest.param(
            f"```yaml\na: 1\n```\n{_page(YAML)}~~~yaml\nb: 1\nx: openapi\n~~~\n",
            YAML,
            id="other YAML around it",
        ),
        pytest.param(
            f"```text\n{YAML}```\n{_page(YAML)}```\n{YAML}```\n",
            YAML,
            id="other languages around it",
        ),
        pytest.param(
            f"{indent(_page(YAML), '    ')}{_page(YAML)}", YAML, id="a quoted page before it"
        ),
        pytest.param(f"```yaml\n{DEEP}```\n", DEEP, id="a quoted fence in it"),
        pytest.param(_page(f'"openapi": {YAML[9:]}'), f'"openapi": {YAML[9:]}', id="quoted key"),
        *(
            pytest.param(f"a{c}b\n{_page(text)}", text, id=f"with {c!a}")
            for c in "\x85\u2028\u2029"
            for text in [f"{YAML}x: 'a{c}b'\n"]
        ),
        pytest.param(YAML, YAML, id="bare YAML"),
        pytest.param(
            f"\n# a comment\n---\n{YAML}", f"\n# a comment\n---\n{YAML}", id="with a start"
        ),
        pytest.param(
            f"{YAML}x: |\n    ```\n", f"{YAML}x: |\n    ```\n", id="bare YAML with a fence"
        ),
        pytest.param(f"{YAML}x: |\n  ```\n", f"{YAML}x: |\n  ```\n", id="that is near"),
        pytest.param(JSON, None, id="JSON"),
        pytest.param(f"\n  {json.dumps(DOCUMENT)}\n", None, id="JSON on one line"),
    ],
)
def test_a_document_is_recognised_by_its_content(page: str, yaml: str | None) -> None:
    """The YAML is kept to the letter, from behind the opening fence to before the closing one."""
    found = recognise(page, "x.md")
    assert found.yaml == yaml
    assert {key: found.document[key] for key in DOCUMENT} == DOCUMENT
    assert found.name == "x.md"


def test_a_document_is_not_taken_out_of_another() -> None:
    """An example within a bare document is no page with that document in it."""
    example = "x-example: |\n  ```yaml\n  openapi: 3.0.0\n  paths: {}\n  ```\n"
    assert recognise(f"{YAML}{example}", "x").document["openapi"] == "3.1.0"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("# Title\n\ntext only\n", "not readable as YAML|not a mapping"),
        ("```yaml\na: 1\n```\n", "expected one fenced block .* found 0"),
        (_page(YAML, info="text"), "found 0"),
        (indent(_page(YAML), "    ") + "```\n```\n", "found 0"),
        (_page(YAML) * 2, "expected one fenced block .* found 2"),
        (_page(YAML) + _page(YAML, "~~~"), "found 2"),
        (_page(YAML.replace("paths:", "path:")), "there is no 'paths'"),
        (YAML.replace("openapi:", "swagger:"), "there is no 'openapi'"),
        (YAML.replace("3.1.0", "3.1"), "/openapi is 3.1, not a text: not an OpenAPI 3 document"),
        ("swagger: '2.0'\npaths: {}", "there is no 'openapi'"),
        ('{"paths": {}}', "there is no 'openapi'"),
        (_page(f"{YAML}x: &a 1\n"), "anchors and aliases"),
        (_page(f"{{\n{YAML}}}\n"), "not readable as JSON|there is no"),
        (f"```yaml\n{YAML}x: |\n    ```\n", "the fenced block has no end"),
        (f"````yaml\n{YAML}```\n", "the fenced block has no end"),
        (f"```yaml\n{YAML}x: |\n  and th", "the fenced block has no end; was the page cut off.$"),
        (_page(f"{YAML}x: a\0b\n"), "a NUL character, which no text has"),
        ("<!doctype html><title>Down for maintenance</title>", r"HTML; give the Markdown .*\.md"),
        ("\n\t <html>\n```yaml\n" + YAML + "```\n", "HTML"),
        ("<Info>Hint.</Info>\n", "a page without a fenced document"),
        ("", "not a mapping"),
        (" \n\n", "not a mapping"),
    ],
)
def test_what_is_no_openapi_document_is_refused(text: str, says: str) -> None:
    """With its name and the reason."""
    with pytest.raises(DocumentError, match=rf"^x\.md: (?:.|\n)*(?:{says})"):
        recognise(text, "x.md")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"openapi": 3}, "/openapi is 3, not a text"),
        ({"openapi": None}, "there is no 'openapi'"),
        ({"paths": None}, "/paths is None, not an object"),
        ({"paths": []}, "/paths is [], not an object"),
        ({"paths": {"/a/": None}}, "/paths/~1a~1 is None, not an object"),
        ({"paths": {"/a/": {"get": "x"}}}, "/paths/~1a~1/get is 'x', not an object"),
        (
            {"paths": {"/a/": {"get": {"operationId": 1}}}},
            "/paths/~1a~1/get/operationId is 1, not a text",
        ),
        (
            {"paths": {"/a/": {"get": {"security": {}}}}},
            "/paths/~1a~1/get/security is {}, not a list",
        ),
        (
            {"paths": {"/a/": {"get": {"security": [{}, "x"]}}}},
            "/paths/~1a~1/get/security/1 is 'x', not an object",
        ),
        ({"security": None}, "/security is None, not a list"),
        ({"security": [[]]}, "/security/0 is [], not an object"),
        ({"components": "x"}, "/components is 'x', not an object"),
        ({"components": {"schemas": []}}, "/components/schemas is [], not an object"),
        ({"components": {"schemas": {"A": 1}}}, "/components/schemas/A is 1, not an object"),
    ],
)
def test_a_part_of_the_wrong_type_is_found(changed: dict[str, object], says: str) -> None:
    """With its place and what stands there; without its frame, it is not a document at all."""
    try:
        ((_, message),) = recognise(json.dumps(DOCUMENT | changed), "x.json").problems
    except DocumentError as error:
        message = str(error)
    assert message.removesuffix(": not an OpenAPI 3 document") == f"x.json: {says}"


def test_a_key_that_stands_there_twice_is_found() -> None:
    """In YAML and in JSON; the last value counts."""
    for text in (f"{YAML}x: {{a: 1, a: 2}}\n", '{"x": {"a": 1, "a": 2}, ' + JSON[1:]):
        found = recognise(text, "x")
        ((at, message),) = found.problems
        assert at[:1] == ("x",)
        assert "the key /x/a stands there twice" in message
        assert found.document["x"] == {"a": 2}


@pytest.mark.parametrize(
    "changed",
    [
        {"components": {"schemas": {"A": True}}},
        {"components": {"x-extension": "x"}},
        {"paths": {"x-extension": "x", "/a/": {"summary": "s", "get": {}}}},
    ],
)
def test_what_the_specification_allows_is_no_wrong_type(changed: dict[str, object]) -> None:
    """Schemas may be true or false, and extensions anything."""
    assert recognise(json.dumps(DOCUMENT | changed), "x").document == DOCUMENT | changed


def test_the_lines_of_a_page_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of a bare document have none of their own."""
    page = _page(YAML)
    monkeypatch.setattr("scripts.published._MAX_LINES", 12)
    assert recognise(page, "x").yaml == YAML
    with pytest.raises(DocumentError, match=r"^x: more than 12 lines$"):
        recognise(f"{page}\n", "x")
    assert recognise(YAML + "\n" * 100, "x").document == DOCUMENT


@pytest.mark.parametrize(
    "page",
    [
        pytest.param("```\n" * 200_000, id="fences only"),
        pytest.param("```\n~~~\n" * 100_000, id="fences in each other"),
        pytest.param("```a`b\n" * 200_000, id="what is nearly a fence"),
        pytest.param("`" * 3_000_000 + "\n", id="one endless fence"),
        pytest.param("".join(f"{'`' * n}\nx\n" for n in range(3, 2000)), id="ever longer fences"),
        pytest.param(
            "".join(f"{'`' * n} x\n" for n in range(2000, 3, -1)), id="ever shorter fences"
        ),
        pytest.param("```a\n" + "x\n" * 200_000, id="fence without end"),
        pytest.param("```\n```\n" + ">" * 100_000, id="quotes in quotes"),
        pytest.param("```\n```\n" + "> " * 100_000 + "\n```yaml", id="quotes before a fence"),
        pytest.param("```\n```\n" + "- " * 100_000, id="lists in lists"),
        pytest.param("```\n```\n" + "1. x\n" * 100_000, id="long list"),
        pytest.param("```\n```\n" + "[" * 100_000 + "]" * 100_000, id="brackets"),
        pytest.param("```\n```\n" + "*a_" * 100_000, id="emphasis"),
        pytest.param("```\n```\n" + "<a " * 100_000, id="tags"),
        pytest.param("```\n```\n" + "\t" * 1_000_000, id="tabs"),
        pytest.param("```\n```\n" + "[a]: b\n" * 50_000 + "[a]" * 50_000, id="link references"),
        pytest.param("```\n```\n" + "|a" * 100_000 + "\n" + "|-" * 100_000, id="table"),
    ],
)
def test_hostile_markdown_is_refused(page: str) -> None:
    """Only fences are looked for, so nothing else can cost anything."""
    with pytest.raises(DocumentError, match="found 0"):
        recognise(page, "x.md")


@pytest.mark.parametrize(
    ("file", "data", "yaml"),
    [
        ("openapi.json", YAML.encode(), YAML),
        ("openapi.yaml", JSON.encode(), None),
        ("page.txt", _page(RICH).encode(), RICH),
        ("page.yaml", _page(RICH).encode(), RICH),
        ("no-suffix", YAML.encode(), YAML),
        ("windows.md", _page(RICH).replace("\n", "\r\n").encode(), RICH),
        ("windows.yaml", YAML.replace("\n", "\r\n").encode(), YAML),
        ("windows.json", JSON.replace("\n", "\r\n").encode(), None),
        ("bom.yaml", b"\xef\xbb\xbf" + YAML.encode(), YAML),
        ("bom.json", b"\xef\xbb\xbf" + JSON.encode(), None),
        ("bom.md", b"\xef\xbb\xbf" + f"```yaml\n{YAML}```".encode(), YAML),
    ],
)
def test_a_file_is_what_its_content_says(
    tmp_path: Path, file: str, data: bytes, yaml: str | None
) -> None:
    """Whatever its name ends in, and with what its lines end or it starts."""
    path = tmp_path / file
    path.write_bytes(data)
    found = obtain(str(path))
    assert {key: found.document[key] for key in DOCUMENT} == DOCUMENT
    assert (found.name, found.yaml) == (file, yaml)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not a mapping"),
        (b"openapi: \xff", "not text in UTF-8: .* byte 0xff in position 9"),
        (b"openapi: \xed\xa0\x80", "not text in UTF-8"),
        (YAML.encode("utf-16"), "not text in UTF-8"),
        (YAML.encode("utf-16-le"), "a NUL character, which no text has"),
        (gzip.compress(YAML.encode(), mtime=0), "not text in UTF-8"),
        (b"\xef\xbb\xbf<!doctype html>", "this is HTML"),
        (b"\0" * 1000, "a NUL character, which no text has"),
    ],
)
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, data: bytes, says: str) -> None:
    """With the file's name and the reason."""
    path = tmp_path / "x.bin"
    path.write_bytes(data)
    with pytest.raises(DocumentError, match=rf"^x\.bin: (?:.|\n)*{says}"):
        obtain(str(path))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "Is a directory"),
        ("missing.yaml", r"^missing\.yaml: No such file or directory$"),
        ("x" * 300, "File name too long"),
        ("a\0b", "null"),
    ],
)
def test_what_cannot_be_opened_is_refused(tmp_path: Path, name: str, says: str) -> None:
    """With the system's reason."""
    with pytest.raises(DocumentError, match=says):
        obtain(str(tmp_path / name))


def test_a_file_of_17_mb_is_refused(tmp_path: Path) -> None:
    """Whatever is in it; one of exactly the limit is looked at."""
    path = tmp_path / "x.yaml"
    path.write_bytes(b"#" * 17_000_000)
    assert _refusal(str(path)) == "x.yaml: more than 16,777,216 bytes, which no such document has"
    text = YAML.encode() + b"#"
    path.write_bytes(text.ljust(MAX_BYTES, b"x"))
    assert obtain(str(path)).document == DOCUMENT


def test_the_name_of_a_file_can_be_written_down(tmp_path: Path) -> None:
    """Also if the file system allows names that are no text."""
    path = os.fsdecode(os.fsencode(tmp_path / "x") + b"\xff.yaml")
    try:
        Path(path).write_text(YAML, "utf-8")
    except OSError:
        pytest.skip("not on this file system")
    obtain(path).name.encode()


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the published pages are not on this machine")
@pytest.mark.parametrize("number", ["000", "002", "003"])
def test_each_published_page_is_one_source_to_the_byte(number: str, tmp_path: Path) -> None:
    """So it is with the line ends of Windows; as long as the source is taken from the page."""
    if "Run Evaluator" not in (OPENAPI / "README.md").read_text("utf-8"):
        pytest.skip("the sources are taken from a later document")
    sources = {path.read_bytes() for path in (OPENAPI / "sources").glob("*.yaml")}
    (page,) = SEEDS.glob(f"{number}_*")
    windows = tmp_path / "windows.md"
    windows.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    for path in (page, windows):
        yaml = obtain(str(path)).yaml
        assert yaml is not None
        assert yaml.encode() in sources


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the published pages are not on this machine")
@pytest.mark.parametrize("number", ["001", "004"])
def test_other_renderings_of_a_page_are_refused(number: str) -> None:
    """What a browser shows of it has no document."""
    (page,) = SEEDS.glob(f"{number}_*")
    with pytest.raises(DocumentError, match=rf"^{page.name}: "):
        obtain(str(page))


@pytest.mark.parametrize(
    ("body", "yaml"),
    [(_page(RICH), RICH), (YAML, YAML), (JSON, None)],
    ids=["page", "YAML", "JSON"],
)
@pytest.mark.parametrize("header", ["text/markdown", "text/html; charset=latin-1", "nonsense"])
def test_an_answer_is_what_its_content_says(
    server: RawServer, body: str, yaml: str | None, header: str
) -> None:
    """Whatever the server calls it."""
    headers = [f"Content-Type: {header}", "Content-Encoding: Identity"]
    server.answer_with(answer("200 OK", body.encode(), *headers))
    found = obtain(f"{server.url}/x.md")
    assert found.yaml == yaml
    assert {key: found.document[key] for key in DOCUMENT} == DOCUMENT
    assert b"\r\nAccept-Encoding: identity\r\n" in server.requests[0]


def test_a_redirect_is_followed(server: RawServer) -> None:
    """The name is still the address that was asked for."""
    server.answer_with(
        answer("302 Found", b"", "Location: /y?z=1"), answer("200 OK", YAML.encode())
    )
    assert obtain(f"{server.url}/x") == Published(f"{server.url}/x", DOCUMENT, YAML)
    assert [data.split(b" ")[1] for data in server.requests] == [b"/x", b"/y?z=1"]


def _head(*headers: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", *headers, "", ""]).encode()


@pytest.mark.parametrize(
    ("said", "says"),
    [
        pytest.param(answer("404 Not Found", YAML.encode()), "status 404", id="404"),
        pytest.param(answer("500 Oh", YAML.encode()), "status 500", id="500"),
        pytest.param(answer("304 Not Modified"), "status 304", id="304"),
        pytest.param(answer("302 Found"), "status 302", id="redirect to nowhere"),
        pytest.param(answer("302 F", b"", "Location: /x"), "TooManyRedirects", id="redirect loop"),
        pytest.param(
            answer("302 F", b"", "Location: file:///etc/passwd"), "cannot be read", id="to a file"
        ),
        pytest.param(
            answer("302 F", b"", "Location: http://127.0.0.1:x/"), "cannot be read", id="to no address"
        ),
        pytest.param(answer("204 No Content"), "not a mapping", id="nothing"),
        pytest.param(
            answer("200 OK", b"\n<!DOCTYPE html><h1>Back soon</h1>"), "HTML", id="maintenance"
        ),
        pytest.param(answer("200 OK", b"\xe9"), "not text in UTF-8", id="no text"),
        *(
            pytest.param(
                answer("200 OK", YAML.encode(), f"Content-Encoding: {packing}"),
                "the answer is packed, though this was not asked for",
                id=packing,
            )
            for packing in ("gzip", "gzip, gzip", "br", "identity, deflate")
        ),
        pytest.param(_head("Content-Length: 999") + YAML.encode(), "cannot be read", id="cut short"),
        pytest.param(
            _head("Transfer-Encoding: chunked") + b"1c\r\n" + YAML.encode(),
            "cannot be read",
            id="cut short in a chunk",
        ),
        pytest.param(
            _head("Transfer-Encoding: chunked") + b"zz\r\n", "cannot be read", id="bad chunk"
        ),
        pytest.param(_head(*["X: y"] * 100_000), "cannot be read", id="endless head"),
        pytest.param(b"", "cannot be read", id="no answer"),
        pytest.param(b"\0\xff\r\n\r\n", "cannot be read", id="no HTTP"),
    ],
)  # fmt: skip
def test_an_answer_that_is_not_the_document_is_refused(
    server: RawServer, said: bytes, says: str
) -> None:
    """With the address, without its query, and the reason."""
    server.answer_with(said)
    message = _refusal(f"{server.url}/x?token=secret")
    assert message.startswith(f"{server.url}/x: ")
    assert says in message
    assert "secret" not in message


def _endless(connection: Connection) -> None:
    connection.read()
    connection.send(_head())
    while True:
        connection.send(b"# x\n" * 16_384)


def test_an_endless_answer_is_read_to_the_limit() -> None:
    """And no further; the connection is closed."""
    with RawServer([_endless]) as server:
        assert "more than 16,777,216 bytes" in _refusal(f"{server.url}/x")


def _promises_a_bomb(connection: Connection) -> None:
    connection.read()
    connection.send(_head("Content-Encoding: gzip", "Content-Length: 1000000000"))
    connection.read()  # ends when the other side closes


def test_what_is_packed_is_not_even_read() -> None:
    """So what is small on the wire and large unpacked costs nothing."""
    with RawServer([_promises_a_bomb]) as server:
        assert "the answer is packed" in _refusal(f"{server.url}/x")


def _says_nothing(connection: Connection) -> None:
    connection.read()
    connection.read()  # ends when the other side closes


def _slowly(first: bytes, then: bytes) -> Behaviour:
    def behave(connection: Connection) -> None:
        connection.read()
        connection.send(first)
        while True:
            time.sleep(0.02)
            connection.send(then)

    return behave


def _redirects_slowly(connection: Connection) -> None:
    connection.read()
    time.sleep(0.02)
    connection.send(answer("302 Found", b"", "Location: /x"))


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(_says_nothing, id="nothing"),
        pytest.param(_slowly(b"", b"H"), id="first line"),
        pytest.param(_slowly(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"), id="head"),
        pytest.param(_slowly(_head(), b"# x\n"), id="body"),
        pytest.param(_slowly(_head("Transfer-Encoding: chunked"), b"1\r\n#\r\n"), id="chunks"),
        pytest.param(_redirects_slowly, id="redirects"),
    ],
)
def test_an_answer_that_takes_too_long_is_left(
    monkeypatch: pytest.MonkeyPatch, behaviour: Behaviour
) -> None:
    """Whatever part of it is slow, and even if it never stops for long."""
    monkeypatch.setattr("scripts.published._SECONDS", 0.2)
    with RawServer([behaviour]) as server:
        assert _refusal(f"{server.url}/x?secret").startswith(f"{server.url}/x: not read within ")


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port on which nothing listens."""
    with nobody_listening() as port:
        yield port


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("http://user:secret@127.0.0.1:{port}/x?token=secret#secret", "http://127.0.0.1:{port}/x"),
        ("https://secret@127.0.0.1:{port}?secret", "https://127.0.0.1:{port}"),
        ("HTTP://:secret@127.0.0.1:{port}/x#secret", "http://127.0.0.1:{port}/x"),
        ("http://user:sec@ret@127.0.0.1:{port}/x?secret", "http://127.0.0.1:{port}/x"),
        ("http://user:secret\n@127.0.0.1:{port}/x", "http://127.0.0.1:{port}/x"),
        ("http://user:secret@127.0.0.1:{port}/\ud800?secret", r"http://127.0.0.1:{port}/\ud800"),
        ("http://user:secret@[::1]:{port}/x", "http://[::1]:{port}/x"),
        ("http://user:secret@127.0.0.1:port/x", None),
        ("http://user:secret@127.0.0.1:99999/x", None),
        ("http://user:secret@[127.0.0.1/x?secret", None),
        ("http://user:secret@/x", None),
        ("http://[bad", None),
        ("ftp://user:secret@127.0.0.1/x?secret", None),
        ("file:///etc/secret", None),
        ("://secret", None),
        ("user:secret@127.0.0.1:{port}://x", None),
    ],
)
def test_no_message_has_a_secret_of_the_address(
    closed_port: int, address: str, name: str | None
) -> None:
    """Neither user nor password, query or fragment; not even the traceback shows them."""
    with pytest.raises(DocumentError) as caught:
        obtain(address.format(port=closed_port))
    if name is None:
        message = "the address: only http and https addresses with a host are read"
        assert str(caught.value) == message
    else:
        assert str(caught.value).startswith(f"{name.format(port=closed_port)}: cannot be read: ")
    shown = "".join(traceback.format_exception(caught.value, limit=0)) + repr(caught.value)
    for secret in ("user", "secret", "sec@ret", "token"):
        assert secret not in shown


def test_the_secrets_of_an_address_are_sent_and_not_kept(server: RawServer) -> None:
    """The server gets what was asked for; the name of what it sent has none of it."""
    server.answer_with(answer("200 OK", YAML.encode()))
    address = server.url.replace("//", "//user:secret@")
    found = obtain(f"{address}/x.md?token=secret#there")
    assert found.name == f"{server.url}/x.md"
    assert server.requests[0].startswith(b"GET /x.md?token=secret HTTP/1.1\r\n")
    assert b"\r\nAuthorization: Basic " in server.requests[0]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("HTTP_PROXY", "nonsense://user:secret@127.0.0.1"),
        pytest.param("ALL_PROXY", "socks5://user:secret@127.0.0.1:1"),
        pytest.param("SSL_CERT_FILE", "/does/not/exist"),
    ],
)
def test_a_useless_environment_is_refused(
    closed_port: int, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    """As an address that cannot be read, without what the environment holds."""
    monkeypatch.setenv(variable, value)
    message = _refusal(f"http://127.0.0.1:{closed_port}/x")
    assert "cannot be read" in message
    assert "secret" not in message
