import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.documents import OPENAPI, DocumentError, first_difference, leaves
from scripts.serialization import MAX_DEPTH, dump, load, read

_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), _values, min_size=1, max_size=4))
def test_what_is_written_reads_back_as_it_was(document: dict[str, object]) -> None:
    """Every leaf with its type, and the order of keys."""
    assert json.dumps(load(dump(document), "x")) == json.dumps(document)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("2025-02-25", "2025-02-25"),
        ("12:30", "12:30"),
        ("0o17", 15),
        ("017", 17),
        ("0x1F", 31),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("~", None),
        ("", None),
        ("True", True),
        ("'1'", "1"),
        ("<<", "<<"),
        ("1_000", "1_000"),
        ("08", 8),
        ("-0017", -17),
        ("+12", 12),
        ("0o8", "0o8"),
        ("0b1", "0b1"),
        ("-0x1F", "-0x1F"),
        ("0x", "0x"),
        ("1:30:00", "1:30:00"),
        ("190:20:30.15", "190:20:30.15"),
        ("2001-12-14t21:59:43.10-05:00", "2001-12-14t21:59:43.10-05:00"),
        ("yes", "yes"),
        ("NO", "NO"),
        ("y", "y"),
        ("off", "off"),
        ("tRUE", "tRUE"),
        ("nULL", "nULL"),
        ("NULL", None),
        ("FALSE", False),
        ("1.", 1.0),
        ("-.5e-1", -0.05),
        ("1_0.5", "1_0.5"),
        ("1e", "1e"),
        (".", "."),
        ("=", "="),
        ("\u0661", "\u0661"),
    ],
)
def test_scalars_follow_the_core_schema(text: str, value: object) -> None:
    """Words and dates stay text; only what YAML 1.2 calls a number is one."""
    found = load(f"a: {text}", "x")["a"]
    assert (found, type(found)) == (value, type(value))


def test_leaves_tell_apart_what_looks_alike() -> None:
    """1, 1.0, true and "1" are four things; an empty container is a leaf."""
    one = {"a": [1, 1.0, True, "1", {}, [], None]}
    values = [value for _, value in leaves(one)]
    assert values == ["1", "1.0", "true", '"1"', "{}", "[]", "null"]
    assert len(set(values)) == 7
    assert next(leaves({"a/b": {"c~d": 0}}))[0] == "/a~1b/c~0d"


@pytest.mark.parametrize(
    ("one", "other", "at"),
    [
        ({"a": 1}, {"a": 1}, None),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, None),
        ({"a": 1}, {"a": 1.0}, "/a"),
        ({"a": [1, 2]}, {"a": [1]}, "/a/1"),
        ({}, {"a": {}}, ""),
        (1, 2, ""),
    ],
)
def test_the_first_difference_is_found(one: object, other: object, at: str | None) -> None:
    """The order of keys is none."""
    assert first_difference(one, other) == at


def _short(value: object) -> str:
    return ascii(value)[:40]


def _is_fit_to_print(message: str) -> None:
    message.encode()
    assert message.replace("\n", "").isprintable()
    assert len(message) <= 2001


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a: é\n  “b” 😀", "a: é\n  “b” 😀"),
        ("\x1b[2J\t\r\0\x85\u2028\u202e", r"\x1b[2J\t\r\x00\x85\u2028\u202e"),
        ("\ud800", r"\ud800"),
        ("x" * 2000, "x" * 2000),
        ("x" * 2001, "x" * 2000 + "…"),
        ("\0" * 1_000_000, r"\x00" * 500 + "…"),
    ],
    ids=_short,
)
def test_a_refusal_can_be_printed_whatever_is_in_it(text: str, shown: str) -> None:
    """Signs that would do something are spelled out, and no message has more than 2,000."""
    assert str(DocumentError(text)) == shown
    _is_fit_to_print(shown)


def _refusal(text: str, name: str = "page.yaml") -> str:
    """The message with which a text is refused; it names the file and can be shown anywhere."""
    with pytest.raises(DocumentError) as caught:
        load(text, name)
    message = str(caught.value)
    assert message.startswith(f"{name}: ")
    _is_fit_to_print(message)
    return message


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"a": 1, "a": 2}', "the key /a stands there twice"),
        ('{"b": [0, {"c/d": 1, "c/d": 1}]}', "the key /b/1/c~1d stands there twice"),
        ('{"a": {"": 1, "": 1}}', "the key /a/ stands there twice"),
        (r'{"a": {"b": 1, "\u0062": 1}}', "the key /a/b stands there twice"),
        ('{"a": NaN}', "/a: nan is not a number that JSON has"),
        ('{"a": [Infinity]}', "/a/0: inf is not a number that JSON has"),
        ('{"a": -Infinity}', "/a: -inf is not a number that JSON has"),
        ('{"a": {"b": 1e999}}', "/a/b: inf is not a number that JSON has"),
        ('{"a": ' + "1" * 5000 + "}", "digits"),
        (r'{"a": ["\ud800"]}', "/a/0: half of a surrogate pair"),
        (r'{"a": "\udc00\ud800"}', "/a: half of a surrogate pair"),
        (r'{"a": {"\ud800": 1}}', r"/a: the key '\ud800' is not text"),
        (r'{"a": {"\ud800": 1, "\ud800": 1}}', "/a"),
        ('{"a":' * 200 + "1" + "}" * 200, "nested more than 100 deep"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "nested more than 100 deep"),
        ('{"a":' + "[" * 100_000, "nested more than 100 deep"),
        ('{"a": 1} x', "not readable as JSON: Extra data"),
        ('{"a": 1}{"a": 1}', "not readable as JSON: Extra data"),
        ('{"a": 1,}', "not readable as JSON"),
        ('{"a": 1 // why\n}', "not readable as JSON"),
        ("{'a': 1}", "not readable as JSON"),
        ("{a: 1}", "not readable as JSON"),
        ("\n  {a: 1}", "not readable as JSON"),
        ('{"a": "\t"}', "not readable as JSON"),
        ('{"a": "\\x41"}', "not readable as JSON"),
        ('{"a": 1', "not readable as JSON"),
        ("{", "not readable as JSON"),
        ('["openapi"]', "the document is not a mapping"),
        ('"openapi"', "the document is not a mapping"),
        ("{" * 100_000, "not readable as JSON"),
    ],
    ids=_short,
)
def test_json_is_read_strictly(text: str, says: str) -> None:
    """What Python's reader lets through, or stumbles over, is refused with its place."""
    assert says in _refusal(text, "page.json")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: 1\nb:\n  c: 1\n  c: 2\n", "page.yaml: line 4: the key /b/c stands there twice"),
        ("a: [{b: 1, c: 1, b: 2}]", "line 1: the key /a/0/b stands there twice"),
        ("a/b: 1\na/b: 2\n", "the key /a~1b stands there twice"),
        ("a: 1\n'a': 1", "line 2: the key /a stands there twice"),
        ("a: .nan", "/a: nan is not a number that JSON has"),
        ("a: [-.inf]", "/a/0: -inf is not a number that JSON has"),
        ("a: 1e999", "/a: inf is not a number that JSON has"),
        ("a: " + "1" * 5000, "/a: Exceeds the limit"),
        ("a: 0x" + "1" * 5000, "/a"),
        ("a: 0o" + "1" * 5000, "/a"),
        (r'a: "\ud800"', "invalid Unicode character escape"),
        (r'"\ud800": 1', "invalid Unicode character escape"),
        ("a: \ud800", "surrogate"),
        ("a: [1\n", "not readable as YAML"),
        ("a: 1\n... x", "not readable as YAML"),
        ("a: 1\n]", "not readable as YAML"),
        ("- a: 1", "the document is not a mapping"),
        ("text", "the document is not a mapping"),
        ("", "the document is not a mapping"),
        ("# only this", "the document is not a mapping"),
    ],
    ids=_short,
)
def test_yaml_is_read_as_strictly_as_json(text: str, says: str) -> None:
    """Also where YAML has a way of its own to write it."""
    assert says in _refusal(text)


_LAUGHS = "\n".join(
    ["a: &a [lol]"] + [f"{b}: &{b} [{f'*{a}, ' * 9}]" for a, b in pairwise("abcdefghi")]
)

# What YAML readers have been attacked with, by the name it is known under, by the refusal.
_ATTACKS = {
    "anchors and aliases are not accepted": {
        "billion laughs": _LAUGHS,
        "quadratic blowup": "a: &a " + "x" * 100_000 + "\nb: [" + "*a," * 100_000 + "]",
        "alias to itself": "a: &a [*a]",
        "mapping with itself as key": "&a {*a : 1}",
        "anchor on the document": "&a\nb: 1",
        "anchor on nothing": "a: &b",
        "alias without an anchor": "a: *b",
        "merge key": "a: &x {b: 1}\nc:\n  <<: *x",
    },
    "page.yaml: tags are not accepted": {
        "merge key tag": "a:\n  !!merge <<: {b: 1}",
        "call": "a: !!python/object/apply:os.system ['true']",
        "call of the document": "!!python/object/new:dict\nargs: 1",
        "name": "a: !!python/name:os.system",
        "ruby object": "a: !ruby/object:Gem::Installer {i: x}",
        "binary": "a: !!binary aGk=",
        "timestamp": "a: !!timestamp 2001-12-14",
        "set": "a: !!set {b, c}",
        "ordered mapping": "a: !!omap [b: 1]",
        "custom tag": "a: !x 1",
        "custom tag on a list": "a: !x [1]",
        "custom tag on a mapping": "a: !x {b: 1}",
        "custom tag on a key": "!x a: 1",
        "verbatim tag": "a: !<tag:example.com,2000:x> 1",
        "verbatim tag of text": "a: !<tag:yaml.org,2002:str> 1",
        "tag of text": "a: !!str 1",
        "tag of text on a mapping": "a: !!str {b: 1}",
        "tag of a mapping": "a: !!map {b: 1}",
        "tag of a list on a mapping": "a: !!seq {b: 1}",
        "tag of a number": "a: !!int 1",
        "tag of a number on text": "a: !!int one",
        "tag of a fraction on another's": "a: !!float 1_0.5",
        "tag of nothing on text": "a: !!null something",
        "tag of nothing in particular": "a: ! 1",
        "endless tag": "a: !" + "x" * 100_000 + " 1",
    },
    "page.yaml: directives (lines that begin with %) are not accepted": {
        "%TAG for a tag": "%TAG ! tag:example.com,2000:\n---\na: !x 1",
        "%TAG that renames the core": "%TAG !! tag:example.com,2000:\n---\na: !!str 1",
        "%TAG many times": "".join(f"%TAG !{i}! x\n" for i in range(10_000)) + "---\na: 1",
        "%TAG without end": "%TAG",
        "%YAML 1.1": "%YAML 1.1\n---\na: no",
        "%YAML 1.2": "# a comment\n\n%YAML 1.2\n---\na: no",
        "%YAML of another document": "a: 1\n...\n%YAML 1.2\n---\nb: 1",
        "unknown directive": "%X\n---\na: 1",
        "%YAML behind a byte order mark": "\ufeff%YAML 1.1\n---\na: no",
        "%YAML behind a line end of the Macintosh": "#\r%YAML 1.1\r---\ra: no",
        "%YAML behind a line end of YAML 1.1": "#\u2028%YAML 1.1\n---\na: no",
    },
    "expected a single document": {
        "two documents": "a: 1\n---\na: 2",
        "many empty documents": "---\n" * 100_000,
    },
    "control characters are not allowed": {
        "control character": "a: \x1b[2J",
        "NUL": "a: b\0c",
        "NUL at the end": "a: 1\n\0b: 2",
    },
    "nested more than 100 deep": {
        "[ 100,000 deep": "a: " + "[" * 100_000,
        "{ 100,000 deep": "a: " + "{" * 100_000,
        "{? 100,000 deep": "a: " + "{? " * 100_000,
        "- 100,000 deep": "- " * 100_000,
        "? 100,000 deep": "? " * 100_000,
        "lines 1,000 deep": "\n".join(" " * i + "a:" for i in range(1000)),
        "list in a list": "a:\n" + "- " * 101 + "b",
    },
    "not readable as YAML": {
        "key without end": "k" * 100_000 + ": 1",
        "quoted key without end": "'" + "k" * 100_000 + "': 1",
        "' without end": "a: '" + "x\n " * 100_000,
        '" without end': 'a: "' + "x\n " * 100_000,
        "escape without end": 'a: "\\',
        "[ without end": "a: [" + "b, " * 10_000,
        "tab as indentation": "a:\n\tb: 1",
    },
    "17,000,003 characters; at most 16,777,216 are read": {"17 MB": "a: " + "x" * 17_000_000},
    "line 1: the key '200' in the document is not a string; quote it": {"status": "200: 1"},
    "in the document is not a string": {
        "list as key": "? [a]\n: 1",
        "~ as key": "~: 1",
        "fraction as key": "1.5: 1",
        "hexadecimal number as key": "0x1: 1",
        "infinity as key": ".inf: 1",
    },
    "in /a is not a string": {
        "mapping as key": "a:\n  ? {b: 1}\n  : 1",
        "nothing as key": "a: {? : 1}",
    },
    "the key 'TRUE' in /a/0 is not a string": {"truth as key": "a: [{TRUE: 1}]"},
    "the key '1111": {"endless number as key": "? " + "1" * 100_000 + "\n: 1"},
    "line 3: the key /kkkk": {"endless key twice": f"? {'k' * 100_000}\n: 1\n" * 2},
    r"line 1: the key /\x07/b stands there twice": {"bell as key": r'"\a": {b: 1, b: 2}'},
}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param(text, says, id=name)
        for says, texts in _ATTACKS.items()
        for name, text in texts.items()
    ],
)
def test_known_attacks_on_yaml_are_refused(text: str, says: str) -> None:
    """Before they can cost anything, and for the right reason."""
    assert says in _refusal(text)


@pytest.mark.parametrize("wrap", ["a: [{}]", '{{"a": [{}]}}'], ids=["YAML", "JSON"])
def test_the_number_of_values_has_a_limit(monkeypatch: pytest.MonkeyPatch, wrap: str) -> None:
    """Before they are all in memory."""
    monkeypatch.setattr("scripts.serialization.MAX_VALUES", 100)
    assert load(wrap.format(", ".join(["1"] * 90)), "x") == {"a": [1] * 90}
    assert _refusal(wrap.format(", ".join(["1"] * 300))) == "page.yaml: more than 100 values"


@pytest.mark.parametrize(
    ("text", "document"),
    [
        pytest.param("\ufeffa: 1", {"a": 1}, id="byte order mark"),
        pytest.param('\ufeff{"a": 1}', {"a": 1}, id="byte order mark before JSON"),
        pytest.param("---\na: 1\n...\n", {"a": 1}, id="marks of start and end"),
        pytest.param("? " + "k" * 2000 + "\n: 1", {"k" * 2000: 1}, id="long key"),
        pytest.param('"": 1', {"": 1}, id="empty key"),
        pytest.param("'1': 1\n'true': 2\n'~': 3", {"1": 1, "true": 2, "~": 3}, id="quoted keys"),
        pytest.param("no: 1\non: 2", {"no": 1, "on": 2}, id="keys that are words"),
        pytest.param("<<: {b: 1}", {"<<": {"b": 1}}, id="merge key without an alias"),
        pytest.param("a: {}\nb: []", {"a": {}, "b": []}, id="empty containers"),
        pytest.param("a: '%'\nb: '\t'", {"a": "%", "b": "\t"}, id="quoted signs"),
        pytest.param(r'{"a": "\ud83d\ude00"}', {"a": "😀"}, id="pair of surrogates in JSON"),
    ],
)
def test_what_is_unusual_and_clear_is_read(text: str, document: object) -> None:
    """With the only meaning it can have."""
    assert json.dumps(load(text, "x")) == json.dumps(document)


@pytest.mark.parametrize("start", ["", "# not JSON\n"], ids=["JSON", "YAML"])
@pytest.mark.parametrize(
    ("opening", "middle", "closing", "levels"),
    [
        ('{"a":', "1", "}", MAX_DEPTH),
        ('{"a":[', "1", "]}", MAX_DEPTH // 2),
        ('{"a":', "{}", "}", MAX_DEPTH - 1),
        ('{"a":', "[]", "}", MAX_DEPTH - 1),
    ],
)
def test_the_limit_of_depth_is_the_same_for_both(
    start: str, opening: str, middle: str, closing: str, levels: int
) -> None:
    """A hundred containers in each other are read and written, one more is refused."""
    document = load(start + opening * levels + middle + closing * levels, "x")
    assert load(dump(document), "x") == document
    deeper = start + opening * (levels + 1) + middle + closing * (levels + 1)
    assert "nested more than 100 deep" in _refusal(deeper)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"a: \xff", "invalid start byte"),
        (b"a: \xed\xa0\x80", "invalid continuation byte"),
        ("a: 1".encode("utf-16"), "invalid start byte"),
        (None, "No such file"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    tmp_path: Path, data: bytes | None, says: str
) -> None:
    """With its name and what is wrong with it."""
    path = tmp_path / "page.yaml"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(DocumentError, match=r"^page\.yaml: ") as caught:
        read(path)
    assert says in str(caught.value)


def _reads_or_refuses(text: str) -> None:
    try:
        document = load(text, "x")
    except DocumentError:
        return
    assert json.dumps(load(dump(document), "x")) == json.dumps(document)


_SIGNS = st.sampled_from(
    [*"\n\t :-?,[]{}#&*!|>'\"%@`~<=\\", "\n  ", ": ", "- ", '{"a":', "!!", "0x"]
)
_YAMLISH = st.lists(_SIGNS | st.text(max_size=3), max_size=30).map("".join)


@given(st.text() | _YAMLISH | _YAMLISH.map('{{"a": {}}}'.format))
def test_any_text_is_a_document_or_refused(text: str) -> None:
    """Nothing but a refusal comes out, and what is read can be written and read again."""
    _reads_or_refuses(text)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_document_or_refused(data: bytes) -> None:
    """However they are decoded."""
    _reads_or_refuses(data.decode("utf-8", "replace"))
    _reads_or_refuses(data.decode("latin-1"))


_REAL = (OPENAPI / "sources" / "run-websocket.yaml").read_text("utf-8")


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, len(_REAL)), st.integers(0, 40), _SIGNS | st.text(max_size=5)),
        min_size=1,
        max_size=4,
    ),
    st.booleans(),
)
def test_a_damaged_document_is_read_or_refused(
    damage: list[tuple[int, int, str]], as_json: bool
) -> None:
    """Wherever something is taken out or put in."""
    text = json.dumps(load(_REAL, "x"), indent=1) if as_json else _REAL
    for at, removed, added in damage:
        text = text[:at] + added + text[at + removed :]
    _reads_or_refuses(text)
