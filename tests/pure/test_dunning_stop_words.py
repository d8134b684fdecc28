# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Replies that mean stop, in English and Spanish, and those that a person must read."""

from datetime import date, timedelta

import pytest
from hc_dunning_core.guardrails.acts import Act
from hc_dunning_core.guardrails.evaluate import assess
from hc_dunning_core.guardrails.facts import ChannelDay, DebtFacts, Reply
from hc_dunning_core.guardrails.proposed import PROPOSED_ROWS
from hc_dunning_core.guardrails.rows import GuardrailRow
from hc_dunning_core.guardrails.stop_words import KEYWORDS, find_stop
from hc_dunning_core.workdays import Workdays
from hypothesis import given
from hypothesis import strategies as st

ROW = next(row for row in PROPOSED_ROWS if row.code == "TCPA-3")
START = date(2026, 5, 4)
DAY = timedelta(days=1)
# What the law names.
NAMED = ("stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe")


@pytest.mark.parametrize("word", NAMED)
def test_the_words_of_the_law_are_certain(word):
    for text in (word, word.upper(), f" {word.title()}. ", f"please {word}", f"{word} all texts"):
        assert find_stop(text) == "certain", text


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("S.T.O.P.", "certain"),
        ("Opt-out", "certain"),
        ("STOP\nSTOP", "certain"),
        ("Please stop texting me!!", "certain"),
        ("Don't text me", "certain"),
        ("Don\u2019t call me again", "certain"),
        ("I want to unsubscribe", "certain"),
        ("cancel, quit", "certain"),
        ("x" * 10_000 + " stop", ""),
        ("ALTO", "certain"),
        ("No más", "certain"),
        ("Por favor no me envíen más mensajes", "certain"),
        ("Quiero darme de baja", "certain"),
        ("baja", "certain"),
        ("Basta ya", "certain"),
        ("I need to cancel my appointment", "possible"),
        ("Don't stop", "possible"),
        ("at the end of the month I pay", "possible"),
        ("Pago el fin de semana", "possible"),
        ("stopping by tomorrow", ""),
        ("Thanks, paid", ""),
        ("", ""),
        ("!!!", ""),
    ],
)
def test_texts(text, grade):
    assert find_stop(text) == grade


@given(st.sampled_from(KEYWORDS), st.sampled_from(("", "!", " .", "?!")))
def test_every_keyword_is_found_alone(keyword, ending):
    assert find_stop(keyword.upper() + ending) == "certain"


@given(st.text())
def test_any_text_is_read(text):
    assert find_stop(text) in ("", "possible", "certain")


def ask(on, kind="text", row=ROW, consents=(), text="STOP"):
    facts = DebtFacts(replies=(Reply("text", START, text),), consents=consents)
    return assess([row], Act(kind, on), facts, Workdays()).is_allowed


def test_a_reply_stops_its_channel_until_there_is_new_consent():
    assert ask(START - DAY)
    assert not ask(START)
    assert not ask(START + 900 * DAY)
    assert ask(START, kind="email")
    consent = (ChannelDay("text", START + 5 * DAY),)
    assert not ask(START + 4 * DAY, consents=consent)
    assert ask(START + 5 * DAY, consents=consent)
    assert not ask(START + 5 * DAY, consents=(ChannelDay("text", START),))


def test_a_doubtful_reply_waits_for_a_person_where_the_rule_says_so():
    doubtful = "I have to cancel my visit"
    assert not ask(START, text=doubtful)
    lenient = GuardrailRow("X", "stop_reply", "block", "law", (("holds_on_doubt", "no"),))
    assert ask(START, row=lenient, text=doubtful)
    assert not ask(START, row=lenient)
