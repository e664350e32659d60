"""Texts of the server: what may not reach a terminal, a page or a log, and what must."""

import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from cekura_client.core.texts import lines, printable, shortened

# Written out here, not taken from the module: they are what it promises.
SEPARATORS = "\u2028\u2029"
EMBEDDINGS_AND_OVERRIDES = "\u202a\u202b\u202c\u202d\u202e"
ISOLATES = "\u2066\u2067\u2068\u2069"
DIRECTION = EMBEDDINGS_AND_OVERRIDES + ISOLATES

_nasty = st.text(
    st.one_of(
        st.characters(categories=["Cc", "Cs", "Zl", "Zp"]),
        st.sampled_from(DIRECTION + "\ufeff\u200b\u200d\u200f\u061c"),
        st.characters(),
    )
)
_letters = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1)


def _is_unsafe(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} or character in DIRECTION


@given(_nasty)
@example("".join(map(chr, range(0x3000))))
@example("\ud83d\ude00 half \ud83d and \ude00 half")
def test_nothing_unsafe_comes_out(text: str) -> None:
    """No control character, separator, direction mark or lone surrogate, so it can be UTF-8."""
    shown = printable(text)
    assert not [character for character in shown if _is_unsafe(character)]
    assert shown.encode().decode() == shown


@given(_nasty)
def test_it_is_one_line_without_blanks_around_it(text: str) -> None:
    """Blanks of any kind between words are one blank, and none stands at an end."""
    shown = printable(text)
    assert shown == " ".join(shown.split(" ")).strip()
    assert "  " not in shown
    assert len(shown.splitlines()) <= 1


@given(_nasty)
def test_what_is_printable_stays_so(text: str) -> None:
    """Once more changes nothing: the escapes themselves are harmless."""
    assert printable(printable(text)) == printable(text)


@given(_letters)
def test_letters_digits_marks_and_signs_of_any_script_stay(text: str) -> None:
    """Nothing that only looks like itself is escaped."""
    assume("::" not in text and "##" not in text)  # commands of CI systems, see below
    assert printable(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Größe naïve Ελλάδα Привет",
        "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd",
        "\u0645\u0631\u062d\u0628\u0627 \u0628\u0643 123",
        "日本語 한국어 ภาษาไทย",
        # A family: four emoji held together by zero-width joiners.
        "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
        # A flag, a skin tone, a variation selector.
        "\U0001f1ea\U0001f1fa \U0001f44d\U0001f3fd ❤\ufe0f",
        # Persian needs the zero-width non-joiner, Hindi the joiner.
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u0915\u094d\u200d\u0937",
        "e\u0301 a\u0308",
        # Marks without width that say which way a neutral sign goes, and change nothing else.
        "\u200fC++\u200e",
        "<b>&amp; `code` \\ | \"'",
    ],
)
def test_texts_of_people_stay(text: str) -> None:
    """Right-to-left letters, joined emoji and combining marks are no danger."""
    assert printable(text) == text
    assert lines(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        (" \t\r\n ", ""),
        ("a\x00b", r"a\x00b"),
        ("a\x1b[31mb\x1b]0;title\x07", r"a\x1b[31mb\x1b]0;title\x07"),
        ("a\x7fb", r"a\x7fb"),
        ("a\x9b2Jb", r"a\x9b2Jb"),
        ("safe\u202egnp.exe", r"safe\u202egnp.exe"),
        ("a\u2066b\u2069", r"a\u2066b\u2069"),
        ("half \ud800 a pair", r"half \ud800 a pair"),
        ("one\ntwo\r\n\tthree\x0bfour\x0cfive", "one two three four five"),
        ("one\u2028two\u2029three\x85four\x1cfive", "one two three four five"),
        ("  a \u00a0\u3000 b  ", "a b"),
        ("a\bb", r"a\x08b"),
    ],
)
def test_what_is_unsafe_is_written_as_python_writes_it(text: str, shown: str) -> None:
    """An escape says what was there; blanks and line breaks become one blank."""
    assert printable(text) == shown


@given(_nasty)
@example("".join(map(chr, range(0x3000))))
def test_lines_let_out_line_feeds_and_nothing_else_that_is_unsafe(text: str) -> None:
    """No carriage return, no tab, no other break: they overwrite or shift in a terminal."""
    shown = lines(text)
    assert not [c for c in shown if _is_unsafe(c) and c != "\n"]
    assert shown.encode().decode() == shown


@given(_nasty)
def test_lines_are_the_lines_that_there_were(text: str) -> None:
    """Each line is there, with its words, and none is added."""
    assume("::" not in text and "##" not in text)
    text = text.replace("\x1f", "")  # the only blank that is neither a tab nor a break
    shown = lines(text)
    assert len(shown.split("\n")) == max(1, len(text.splitlines()))
    assert printable(shown) == printable(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("def f():\n    return 1\n", "def f():\n    return 1"),
        ("a:\n\tb\n\t\tc", "a:\n        b\n                c"),
        ("a\tb", "a       b"),
        ("one\r\ntwo\rthree\u2028four\x0bfive", "one\ntwo\nthree\nfour\nfive"),
        ("one\n\n\ntwo", "one\n\n\ntwo"),
        ("two  blanks", "two  blanks"),
        ("\x1b[2Jgone\n\x00", "\\x1b[2Jgone\n\\x00"),
        ("", ""),
    ],
)
def test_lines_keep_breaks_and_indentation(text: str, shown: str) -> None:
    """Any kind of break is a line feed, a tab is blanks, the rest is escaped."""
    assert lines(text) == shown


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("", 0, ""),
        ("abc", 3, "abc"),
        ("abcd", 3, "abc… (1 more characters)"),
        ("ab cd", 3, "ab… (2 more characters)"),
        ("x" * 10_005, 5, "xxxxx… (10,000 more characters)"),
        ("\U0001f600" * 4, 2, "\U0001f600\U0001f600… (2 more characters)"),
    ],
)
def test_a_long_text_is_cut_and_the_cut_is_said(text: str, most: int, shown: str) -> None:
    """A text that just fits stays; otherwise there is how much is not shown."""
    assert shortened(text, most) == shown


@given(st.text(), st.integers(0, 100))
def test_a_cut_text_begins_as_the_text_and_is_bounded(text: str, most: int) -> None:
    """Whatever the text, and never longer than the limit and the remark."""
    shown = shortened(text, most)
    assert shown == text or text.startswith(shown.partition("… (")[0].rstrip()[:most])
    assert len(shown) <= most + len("… ( more characters)") + len(f"{len(text):,}")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::add-mask::x", r"\x3a:add-mask::x"),
        ("  ::error::x", r"  \x3a:error::x"),
        ("one\n::stop-commands::x\ntwo", "one\n\\x3a:stop-commands::x\ntwo"),
        ("a ##[error]b", r"a \x23#[error]b"),
        ("##vso[task.setvariable variable=a]b", r"\x23#vso[task.setvariable variable=a]b"),
        ("##teamcity[x]", r"\x23#teamcity[x]"),
        ("## [a](b), a::b, # 1", "## [a](b), a::b, # 1"),
    ],
)
def test_no_text_is_a_command_in_a_ci_log(text: str, shown: str) -> None:
    """GitHub takes "::" at the beginning of a line, Azure and TeamCity "##…[" anywhere."""
    assert lines(text) == shown
    assert printable(lines(text)) == " ".join(shown.split())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("cannot reach wss://u:p%40@a.example:1/x?t=s3cret&b=1, code 3", "cannot reach wss://***@a.example:1/x?*** code 3"),
        ("see https://u@a.example/x?page=2", "see https://***@a.example/x?page=2"),
        ('"WS://a.example?k=v"', '"WS://a.example?***"'),
        ("https://a.example/@name", "https://a.example/@name"),
    ],
)  # fmt: skip
def test_credentials_in_addresses_are_hidden(text: str, shown: str) -> None:
    """A run may say where it could not connect, with what was sent in the address."""
    assert printable(text) == lines(text) == shown
