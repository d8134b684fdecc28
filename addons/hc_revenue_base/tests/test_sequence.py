# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestSequence(TransactionCase):
    """Numbers of records that are made in sets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own, cls.other = cls.env["res.company"].create([{"name": "Own"}, {"name": "Other"}])
        cls.env["ir.sequence"].create(
            [
                {"name": "Shared", "code": "test.drawn", "prefix": "S", "company_id": False},
                {"name": "Own", "code": "test.drawn", "prefix": "O", "company_id": cls.own.id},
            ]
        )

    def _draw(self, company, count):
        return self.env["ir.sequence"]._draw_numbers("test.drawn", company, count)

    def test_the_companys_own_sequence_comes_first(self):
        # The database counts on where another test was rolled back: only prefixes are certain.
        for company, prefix in ((self.own, "O"), (self.other, "S")):
            numbers = self._draw(company, 2)
            self.assertEqual([number[0] for number in numbers], [prefix] * 2)
            self.assertEqual(len(set(numbers)), 2)
        self.assertEqual(self._draw(self.own, 0), [])

    def test_it_is_looked_up_once(self):
        queries = []
        for count in (2, 6):
            self._draw(self.own, 1)
            before = self.cr.sql_log_count
            self._draw(self.own, count)
            queries.append(self.cr.sql_log_count - before)
        self.assertEqual(queries[1] - queries[0], 4, "one query for each number more")
