# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Writes docs/ai/cards from what the code declares about tasks and providers.

Run: ``python tests/pure/ai_card_documents.py``.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "ai" / "cards"
INTRODUCTION = """# Model and task cards

Generated from the code by `tests/pure/ai_card_documents.py`; a test keeps them current. An office
finds the same cards with its own figures in *AI → Policies*, button *Card*. What the headings
mean, and why they are these, stands in `hc_ai_assist/hc_ai_core/cards.py`.
"""


def documents():
    """Texts of the documents by the names of their files."""
    from hc_ai_core.cards import all_cards, to_markdown
    from hc_ai_core.tasks import TASKS

    cards = all_cards(TASKS)
    rows = "\n".join(f"- [{card.title}]({card.code}.md)" for card in cards)
    texts = {f"{card.code}.md": to_markdown(card) for card in cards}
    return {"index.md": f"{INTRODUCTION}\n{rows}\n", **texts}


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "addons" / "hc_ai_assist"))
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in documents().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
