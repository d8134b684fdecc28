# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
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
