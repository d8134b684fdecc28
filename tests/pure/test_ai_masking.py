# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Identifiers do not leave: what the record knows, what patterns find, what nobody foresaw."""

import re

import pytest
from hc_ai_core.identifiers import Identifier, date_spellings, fold
from hc_ai_core.masking import MAX_CHARACTERS, Masker
from hc_ai_core.vocabulary import ambiguous_words, ordinary_words
from hypothesis import given
from hypothesis import strategies as st

PERSON = (
    Identifier("NAME", "Quirina Novak-Ostrander"),
    Identifier("DATE", "1992-09-06"),
    Identifier("ID", "XEA410965605"),
    Identifier("PHONE", "7855153961"),
    Identifier("ADDRESS", "99 Winding Quay"),
)


def make_masker(identifiers=PERSON):
    return Masker(identifiers, ordinary_words(), ambiguous_words())


@pytest.mark.parametrize(
    "text",
    [
        "Quirina Novak-Ostrander called",
        "OSTRANDER, QUIRINA",
        "Q. Novak said",
        "Quirlna Ostrnder",  # slips of a scanner and of a typist
        "born 9/6/92 or 06-Sep-1992 or 1992-09-06 or September 6, 1992",
        "ID XEA-410965605, last four 5605",
        "call (785) 515-3961 or 785.515.3961",
        "lives at 99 Winding Quay",
        "her aunt Zbigniewa Krol",
        "write to quirina.novak@example.com, see https://example.com/q?id=1",
        "age 94 y/o",
    ],
)
def test_nothing_of_a_person_is_left(text):
    masked = make_masker().mask(text).text
    known = ["Quirina", "Novak", "Ostrander", "Quirlna", "Ostrnder", "Winding", "Quay", "Zbigniewa"]
    known += ["XEA", "410965605", "5605", "515", "3961", "1992", "92", "Sep", "example", "94"]
    left = re.sub(r"\[[A-Z]+_\d+\]", " ", masked)
    assert not [word for word in known if re.search(rf"(?<!\w){word}(?!\w)", left)], masked


def test_what_bills_need_stays():
    text = "The claim was denied (CARC 50), $3,983.11 for CPT 72148; 180 days to appeal."
    assert make_masker().mask(text).text == text


def test_a_name_that_is_a_word_passes_in_small_letters_only():
    masker = make_masker(())
    assert masker.mask("they will price it").text == "they will price it"
    assert "Price" not in masker.mask("ask Will Price").text


def test_the_same_original_has_the_same_pseudonym_and_comes_back():
    masker = make_masker()
    first = masker.mask("Quirina called.")
    second = masker.mask("We called QUIRINA back.")
    (pseudonym,) = first.originals
    assert pseudonym in second.text
    assert second.restore(f"Dear {pseudonym}, [NAME_99]") == "Dear Quirina, [NAME_99]"
    assert first.counts == {"NAME": 1}


def test_a_pseudonym_from_outside_is_not_put_back():
    masked = make_masker().mask("[NAME_1] says: Quirina")
    assert masked.restore(masked.text) == "(NAME 1) says: Quirina"


def test_too_long_is_refused():
    with pytest.raises(ValueError, match="more than"):
        make_masker().mask("x" * (MAX_CHARACTERS + 1))


@given(st.text(max_size=300))
def test_any_text_comes_back_as_it_was(text):
    masked = make_masker().mask(text)
    if not re.search(r"\[[A-Z]+_\d+\]", text):
        assert masked.restore(masked.text) == text


@given(st.dates())
def test_each_date_is_known_in_its_spellings(day):
    for spelling in (f"{day:%m/%d/%Y}", f"{day:%d-%b-%Y}", day.isoformat()):
        if day.year >= 1000:
            assert fold(spelling) in date_spellings(day.isoformat())
