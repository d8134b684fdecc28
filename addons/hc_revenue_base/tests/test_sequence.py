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

    def _count_queries(self, count):
        self._draw(self.own, 1)
        before = self.cr.sql_log_count
        self._draw(self.own, count)
        return self.cr.sql_log_count - before

    def test_many_numbers_take_one_query(self):
        self.assertEqual(self._count_queries(60), self._count_queries(2))
        numbers = self._draw(self.own, 60)
        drawn = [int(number[1:]) for number in numbers]
        self.assertEqual(drawn, list(range(drawn[0], drawn[0] + 60)))
        self.assertEqual(self._draw(self.own, 1), [f"O{drawn[-1] + 1}"])

    def test_a_sequence_without_gaps_is_looked_up_once(self):
        own = self.env["ir.sequence"].search([("company_id", "=", self.own.id)])
        own.implementation = "no_gap"
        numbers = self._draw(self.own, 3)
        self.assertEqual(len(set(numbers)), 3)
        self.assertEqual([number[0] for number in numbers], ["O"] * 3)
