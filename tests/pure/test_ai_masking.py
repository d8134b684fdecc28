# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Identifiers do not leave: what the record knows, what patterns find, what nobody foresaw."""

import json
import random
import re

import pytest
from corpus import CORPUS
from hc_ai_core.identifiers import Identifier, date_spellings, fold
from hc_ai_core.masking import MAX_CHARACTERS, Masker
from hc_ai_core.vocabulary import ambiguous_words, ordinary_words
from hypothesis import given
from hypothesis import strategies as st

SAMPLE = CORPUS / "text" / "phi_synth.json"
KINDS = {
    **dict.fromkeys(("first", "last", "guar", "employer"), "NAME"),
    **dict.fromkeys(("mrn", "member", "claim", "acct", "ssn", "auth", "zip"), "ID"),
    **dict.fromkeys(("street", "city"), "ADDRESS"),
    "dob": "DATE",
    "phone": "PHONE",
    "email": "EMAIL",
}
# What scanners take for each other.
SLIPS = dict(zip("0O1l5S8Biea", "O0l1S5B8lco", strict=True))
PERSON = (
    Identifier("NAME", "Quirina Novak-Ostrander"),
    Identifier("DATE", "1992-09-06"),
    Identifier("ID", "XEA410965605"),
    Identifier("PHONE", "7855153961"),
    Identifier("ADDRESS", "99 Winding Quay"),
)


def make_masker(identifiers=PERSON):
    return Masker(identifiers, ordinary_words(), ambiguous_words())


def survivors(original, masked):
    """Words of an identifier that can still be read, ordinary ones aside."""
    plain = re.sub(r"\[[A-Z]+_\d+\]", " ", masked)
    words = [word for word in re.findall(r"[^\W_]+", original) if len(word) > 2]
    return [
        word
        for word in words
        if fold(word) not in ordinary_words()
        and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", plain)
    ]


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


def add_slips(text, chance):
    return "".join(SLIPS.get(char, char) if chance.random() < 0.05 else char for char in text)


@pytest.mark.skipif(not SAMPLE.is_file(), reason="no sample of letters: set HC_CORPUS")
@pytest.mark.parametrize(("is_scanned", "most"), [(False, 0.0), (True, 0.01)])
def test_letters_and_notes(is_scanned, most):
    """Identifiers that the record knows, of 600 letters: none on clean text, 1 % where scanned."""
    chance = random.Random(11)
    known_count, leaked, kept, ordinary_count = 0, [], 0, 0
    for letter in json.loads(SAMPLE.read_text()):
        record = letter["rec"]
        masker = make_masker(Identifier(KINDS[name], record[name]) for name in KINDS)
        pieces, position, originals = [], 0, []
        for start, end, kind, is_known in sorted(letter["spans"]):
            piece = letter["text"][start:end]
            piece = add_slips(piece, chance) if is_scanned else piece
            pieces += [letter["text"][position:start], piece]
            position = end
            if is_known:
                originals.append((kind, piece))
        pieces.append(letter["text"][position:])
        text = "".join(pieces)
        masked = masker.mask(text).text
        known_count += len(originals)
        leaked += [found for found in originals if survivors_of_piece(found[1], text, masked)]
        ordinary_count += len(re.findall(r"[a-z]{2,}", text))
        kept += len(re.findall(r"[a-z]{2,}", masked))
    assert known_count > 2_500
    assert len(leaked) <= most * known_count, leaked[:10]
    # Masking everything would be no masking: most words of the letters stay readable.
    assert kept / ordinary_count > 0.65


def survivors_of_piece(piece, text, masked):
    """Like `survivors`, but a number that the text holds elsewhere as an amount is no leak."""
    amounts = set(re.findall(r"\d+", " ".join(re.findall(r"\$[\d,.]+", text))))
    return [word for word in survivors(piece, masked) if word not in amounts]
