# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Words for patients: the same in every language, and as plain as they claim to be."""

import re
from pathlib import Path
from string import Formatter

import pytest
from hc_dunning_core.statement_words import ENGLISH, SPANISH, WORDS, language_of
from lxml import etree

_TEXTS = Path("addons/hc_collections/data/hc_statement_policy_data.xml")
_VOWELS = {ENGLISH: "aeiouy", SPANISH: "aeiouáéíóúü"}


def _placeholders(text):
    return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name}


def _office_texts(language):
    records = etree.parse(_TEXTS).getroot().iter("record")
    for record in records:
        fields = {field.get("name"): field.text for field in record.iter("field")}
        if fields.get("language") == language:
            return [text for name, text in fields.items() if name.endswith("_text")]
    raise AssertionError(language)


def _sentences(language):
    texts = [text for text in WORDS[language].values() if len(text.split()) > 3]
    text = " ".join(texts + _office_texts(language))
    text = re.sub(r"\{\w+\}|\ba\.m\.|\bp\.m\.", "", text)
    return [part for part in re.split(r"[.!?:]+\s", text) if re.search(r"\w", part)]


def _count(language):
    sentences = _sentences(language)
    words = re.findall(r"[^\W\d_]+", " ".join(sentences).lower())
    groups = re.compile(f"[{_VOWELS[language]}]+")
    syllables = sum(
        max(1, len(groups.findall(_without_silent_e(word, language)))) for word in words
    )
    return len(words) / len(sentences), syllables / len(words)


def _without_silent_e(word, language):
    silent = language == ENGLISH and len(word) > 2 and word.endswith("e") and word[-2] not in "lo"
    return word[:-1] if silent else word


@pytest.mark.parametrize("language", [code for code in WORDS if code != ENGLISH])
def test_languages_say_the_same_things(language):
    assert WORDS[language].keys() == WORDS[ENGLISH].keys()
    for key, text in WORDS[language].items():
        assert text.strip()
        assert _placeholders(text) == _placeholders(WORDS[ENGLISH][key]), key


def test_english_is_read_in_grade_eight_or_below():
    """Flesch-Kincaid grade level, over everything but labels, the office's texts included."""
    words, syllables = _count(ENGLISH)
    assert 0.39 * words + 11.8 * syllables - 15.59 <= 8


def test_spanish_is_easy_to_read():
    """Fernández Huerta's scale: 70 and above is read in grade six and below."""
    words, syllables = _count(SPANISH)
    assert 206.84 - 60 * syllables - 1.02 * words >= 70


def test_an_unknown_language_is_english():
    assert [language_of(code) for code in ("es_MX", "xx", "", None)] == [
        SPANISH,
        ENGLISH,
        ENGLISH,
        ENGLISH,
    ]
