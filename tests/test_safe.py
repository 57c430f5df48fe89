import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mangacrawl.safe import NAME_BYTES, safe_key, safe_name, visible, xml_text

ANY_TEXT = st.text(st.characters(), max_size=300)


@given(ANY_TEXT)
def test_any_text_becomes_one_legal_component(text: str):
    name = safe_name(text)
    assert name
    assert not set(name) & set('<>:"/\\|?*')
    assert name not in {".", ".."}
    assert not name.startswith((" ", ".", "-", "~"))
    assert not name.endswith((" ", "."))
    assert len(name.encode()) <= NAME_BYTES
    assert not any(unicodedata.category(c).startswith("C") for c in name)


@given(ANY_TEXT)
def test_a_safe_name_is_safe_already(text: str):
    assert safe_name(safe_name(text)) == safe_name(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("Re:Zero?", "Re-Zero-"),
        ("trailing. . ", "trailing"),
        ("a\nb\x1b[31m", "a b [31m"),
        ("abc\u202egpj.exe", "abc gpj.exe"),
        ("", "untitled"),
        ("...", "untitled"),
        ("Fate/stay night", "Fate-stay night"),
        ("日本語", "日本語"),
    ],
)
def test_hostile_titles(text: str, name: str):
    assert safe_name(text) == name


@given(ANY_TEXT, ANY_TEXT)
def test_keys_of_different_ids_differ_where_case_is_folded(one: str, other: str):
    if one != other:
        assert safe_key(one).casefold() != safe_key(other).casefold()


@given(ANY_TEXT)
def test_a_key_is_a_legal_component(text: str):
    assert safe_key(text) == safe_name(safe_key(text))


@pytest.mark.parametrize("id_", ["akira", "10.5", "demo-akira", "1b2fddf9-1385-4f3c"])
def test_a_plain_id_is_its_own_key(id_: str):
    assert safe_key(id_) == id_


@pytest.mark.parametrize("id_", ["Akira", "con", "a/b", "..", "a.", "x" * 61])
def test_another_id_gets_a_hash(id_: str):
    assert safe_key(id_) != id_


def test_a_line_for_the_log_cannot_be_forged():
    assert visible("a\r\nERROR: b\x1b[2J\u202e") == "a ERROR: b [2J"


def test_a_line_for_the_log_is_no_book():
    assert visible("a" * 1_000_000) == f"{'a' * 2000}…"


def test_xml_text_loses_what_xml_forbids():
    assert xml_text("a\x0bb\ufffe\ud800c\t") == "abc\t"
