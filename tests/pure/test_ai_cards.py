# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Cards are current, complete, and true of the registry of tasks."""

import pytest
from ai_card_documents import FOLDER, documents
from hc_ai_core.card_texts import PROVIDER_TEXTS, TASK_TEXTS
from hc_ai_core.cards import FUNCTIONS, HEADINGS, all_cards, task_card
from hc_ai_core.tasks import TASKS

CARDS = all_cards(TASKS)


def test_the_documents_are_current():
    written = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    assert written == documents()


def test_each_task_and_kind_of_provider_has_a_card():
    assert set(TASK_TEXTS) == set(TASKS)
    codes = {f"task_{code}" for code in TASKS} | {f"provider_{kind}" for kind in PROVIDER_TEXTS}
    assert {card.code for card in CARDS} == codes


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.code)
def test_a_card_has_each_heading_and_something_below(card):
    assert [section.heading for section in card.sections] == [*HEADINGS, *FUNCTIONS]
    assert all(line.strip() for section in card.sections for line in section.lines)
    assert all(section.lines for section in card.sections)


@pytest.mark.parametrize("task", TASKS.values(), ids=lambda task: task.code)
def test_a_card_tells_version_floor_and_kind_of_output(task):
    lines = " ".join(task_card(task).sections[0].lines)
    assert f"version {task.version}." in lines
    assert f"{task.floor:.0%} unless" in lines
    assert ("is a chance of being right" in lines) is task.has_chance
