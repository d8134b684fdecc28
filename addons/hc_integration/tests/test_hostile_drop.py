# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import os
import tempfile
from pathlib import Path

from odoo.tests import BaseCase, tagged

from ..tools.drop_folder import DropFolder

_LIMIT = 5


@tagged("post_install", "-at_install")
class TestHostileDrop(BaseCase):
    """A folder full of what cannot be taken: what can be is seen all the same."""

    def setUp(self):
        super().setUp()
        self.root = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.folder = self.enterContext(DropFolder(str(self.root), "system", "charges"))
        self.incoming = self.root / "system" / "charges" / "in"

    def _put(self, *names):
        for name in names:
            (self.incoming / name).write_bytes(b"x")

    def test_what_is_refused_hides_nothing(self):
        self._put(*(f"!{number}.csv" for number in range(_LIMIT + 3)), "charges.csv")
        looks = self.folder.look(_LIMIT)
        self.assertEqual([look.name for look in looks if not look.refusal], ["charges.csv"])
        self.assertEqual(len([look for look in looks if look.refusal]), _LIMIT)

    def test_what_has_no_marker_hides_no_complete_file(self):
        self._put(*(f"a{number}.csv" for number in range(_LIMIT + 3)))
        self._put("charges.csv", "charges.csv.done")
        looks = self.folder.look(_LIMIT)
        self.assertEqual((looks[0].name, looks[0].marked), ("charges.csv", True))
        self.assertEqual(len(looks), _LIMIT)

    def test_a_pipe_under_the_name_of_a_draft_keeps_nobody_waiting(self):
        answers = self.incoming.parent / "ack"
        os.mkfifo(answers / ".1-charges.csv.json.tmp")
        # A reader: without one, opening it for writing alone would wait for ever.
        reader = os.open(answers / ".1-charges.csv.json.tmp", os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, reader)
        self.folder.write_whole("ack", "1-charges.csv.json", b"{}")
        self.assertTrue((answers / "1-charges.csv.json").is_file())
        self.assertEqual((answers / "1-charges.csv.json").read_bytes(), b"{}")

    def test_a_second_name_under_that_of_a_draft_overwrites_nothing(self):
        answers = self.incoming.parent / "ack"
        elsewhere = self.root / "elsewhere.txt"
        elsewhere.write_bytes(b"kept")
        os.link(elsewhere, answers / ".1-charges.csv.json.tmp")
        self.folder.write_whole("ack", "1-charges.csv.json", b"{}")
        self.assertEqual(elsewhere.read_bytes(), b"kept")
        self.assertEqual((answers / "1-charges.csv.json").read_bytes(), b"{}")
