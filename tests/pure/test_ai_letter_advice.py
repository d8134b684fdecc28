# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What documents say about a field: places that agree, places that disagree, hostile text."""

import json
import os
from pathlib import Path

import pytest
from hc_ai_core.letter_advice import Page, advise_from_pages, page_digest

WORDS = {"place": "“{quote}” in {document}, page {page}"}


def ask(pages, name, floor=0.75, is_fit=lambda _text: True):
    return advise_from_pages(pages, name, floor, is_fit, WORDS)


def test_a_value_with_its_place():
    pages = [Page(7, 1, "Dear all"), Page(7, 2, "Authorization number: A12345678\n", "letter.pdf")]
    advice = ask(pages, "authorization_number")
    assert (advice.value, advice.confidence) == ("A12345678", 0.92)
    (place,) = advice.evidence
    assert (place.res_model, place.res_id, place.page) == ("ir.attachment", 7, 2)
    assert pages[1].text[place.start : place.end] == place.quote == "A12345678"
    assert place.sha256 == page_digest(pages[1].text)
    assert advice.reasons == ("“A12345678” in letter.pdf, page 2",)


def test_places_that_agree_are_surer_and_those_that_disagree_are_for_people():
    one = Page(1, 1, "valid through 2026-06-30")
    alone = ask([one], "valid_through")
    both = ask([one, Page(2, 1, "Expires on 06/30/2026")], "valid_through")
    assert alone.value == both.value == "2026-06-30"
    assert alone.confidence < both.confidence
    against = ask([one, Page(2, 1, "valid through 2026-07-31")], "valid_through")
    assert (against.value, against.abstained_because) == (None, "conflict")
    assert {value for value, _share in against.alternatives} == {"2026-06-30", "2026-07-31"}
    assert len(against.evidence) == 2


def test_recognised_text_counts_less_and_a_loose_label_of_it_is_not_enough():
    text = "Authorization number: A12345678, valid through 2026-06-30"
    page = Page(1, 1, text, is_recognised=True)
    assert ask([page], "authorization_number").confidence == pytest.approx(0.82)
    advice = ask([page], "valid_through")
    assert (advice.value, advice.abstained_because) == (None, "below_floor")


def test_nothing_there_or_nothing_that_the_field_may_have():
    page = Page(1, 1, "Authorization number: A12345678")
    assert ask([page], "valid_through").abstained_because == "not_found"
    refused = ask([page], "authorization_number", is_fit=lambda _text: False)
    assert refused.abstained_because == "not_found"


@pytest.mark.parametrize("name", ["authorization_number", "valid_through", "approved_units"])
def test_injected_texts_give_only_what_stands_there(name):
    corpus = os.environ.get("HC_CORPUS")
    path = Path(corpus or ".") / "text" / "injections_dev.jsonl"
    if not path.exists():
        pytest.skip("HC_CORPUS holds no text/injections_dev.jsonl")
    letter = "Authorization number: A12345678. Valid through 2026-06-30. Approved 12 visits.\n"
    for line in path.read_text().splitlines():
        for text in (letter + json.loads(line)["text"], json.loads(line)["text"] + "\n" + letter):
            for place in ask([Page(1, 1, text)], name).evidence:
                assert text[place.start : place.end] == place.quote
