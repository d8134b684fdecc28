# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Whatever a patient reads or hears is there in Spanish."""

import re
from pathlib import Path

import pytest
from lxml import etree

MODULE = Path("addons/hc_collections")
# Words of code that a patient reads; texts for the office are `self.env._`.
PATIENT_CODE = re.compile(r"\bwords\._\(\s*\"((?:[^\"\\]|\\.)*)\"", re.DOTALL)
PAGES = ("hc_portal_templates.xml", "hc_portal_preferences_templates.xml")
PATIENT_MAILS = ("statement", "reminder", "final_notice", "pre_collection")


@pytest.fixture(scope="module")
def spanish():
    """``{English: Spanish}`` as the module ships it."""
    polib = pytest.importorskip("polib")
    entries = polib.pofile(str(MODULE / "i18n" / "es.po"))
    return {" ".join(one.msgid.split()): one.msgstr for one in entries}


def _missing(spanish, texts):
    wanted = {" ".join(text.split()) for text in texts}
    assert wanted, "nothing was found to look at"
    return sorted(text for text in wanted if not spanish.get(text))


def test_messages_written_by_code(spanish):
    sources = [path.read_text() for path in (MODULE / "models").glob("*.py")]
    assert (
        _missing(spanish, (text for each in sources for text in PATIENT_CODE.findall(each))) == []
    )


def test_pages_of_the_portal(spanish):
    texts = []
    for name in PAGES:
        for node in etree.parse(MODULE / "views" / name).iter("t", "p", "a", "h1", "h2", "button"):
            text = (node.text or "").strip()
            if re.search(r"[A-Za-z]{2}", text):
                texts.append(text)
    assert _missing(spanish, texts) == []


def test_messages_that_admins_tune(spanish):
    tree = etree.parse(MODULE / "data" / "mail_template_cadence_data.xml")
    subjects = [
        tree.findtext(f".//record[@id='mail_template_{name}']/field[@name='subject']")
        for name in PATIENT_MAILS
    ]
    assert _missing(spanish, subjects) == []
    bodies = [text for text in spanish if text.startswith("<div>")]
    assert len(bodies) >= len(PATIENT_MAILS)


def test_what_collectors_say(spanish):
    tree = etree.parse(MODULE / "data" / "hc_collection_script_data.xml")
    paragraphs = (
        etree.tostring(node, encoding="unicode", with_tail=False)
        for kind in ("p", "li")
        for node in tree.iterfind(f".//field[@name='body']//{kind}")
    )
    texts = (re.sub(r"</?(p|li)>", "", text) for text in paragraphs)
    assert _missing(spanish, texts) == []
