# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import convert_csv_import, file_open

DATA_FILE = "hc_revenue_base/data/hc.adjustment.code.csv"


@tagged("post_install", "-at_install")
class TestAdjustmentCode(TransactionCase):
    """Tables of remittance codes: shipped in our own words, tuned by the office."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.codes = cls.env["hc.adjustment.code"]
        cls.day = date(2026, 3, 2)

    def _load_again(self):
        with file_open(DATA_FILE, "rb") as file:
            convert_csv_import(
                self.env, "hc_revenue_base", "data/hc.adjustment.code.csv", file.read(),
                mode="update",
            )  # fmt: skip

    def test_groups_say_who_bears_an_adjustment(self):
        groups = self.codes._find("group", ["CO", "PR", "OA", "PI", "CR"], self.day)
        bearers = {code: group.responsible_party for code, group in groups.items()}
        self.assertEqual(bearers, {"CO": "provider", "PR": "patient", "OA": "none", "PI": "payer"})

    def test_what_is_shipped_is_complete(self):
        for code_type, count in (("carc", 249), ("rarc", 127)):
            codes = self.codes.search([("code_type", "=", code_type)])
            self.assertEqual(len(codes), count)
            for name in ("name", "category", "next_action", "remedy", "is_denial", "source"):
                self.assertFalse(codes.filtered(lambda code, name=name: not code[name]), name)
        plb = self.env["hc.provider.adjustment.code"]._find(["WO", "fb", "L6"], self.day)
        self.assertEqual(sorted(plb), ["FB", "L6", "WO"])
        self.assertFalse(plb["WO"].needs_review)

    def test_contract_and_deductible_are_no_denials(self):
        found = self.codes._find("carc", ["1", "2", "3", "45", "23", "197"], self.day)
        kinds = {code: record.is_denial for code, record in found.items()}
        self.assertEqual(kinds.pop("197"), "yes")
        self.assertEqual(set(kinds.values()), {"no"})

    def test_a_code_counts_between_its_dates(self):
        old = self.codes._find("carc", ["15"], self.day)["15"]
        old.date_to = "2025-12-31"
        self.assertEqual(self.codes._find("carc", ["15"], self.day), {})
        new = self.codes.create(
            {"code_type": "carc", "code": " 15 ", "name": "New", "date_from": "2026-01-01"}
        )
        self.assertEqual(self.codes._find("carc", ["15"], self.day), {"15": new})
        self.assertEqual(self.codes._find("carc", ["15"], date(2025, 6, 1)), {"15": old})

    def test_an_update_leaves_what_the_office_tuned(self):
        code = self.codes._find("carc", ["197"], self.day)["197"]
        code.next_action = "Call Jo"
        missing = self.codes._find("carc", ["198"], self.day)["198"]
        missing.unlink()
        self.env.flush_all()
        self._load_again()
        self.assertEqual(code.next_action, "Call Jo")
        self.assertIn("198", self.codes._find("carc", ["198"], self.day))

    def test_everybody_reads_and_administrators_write(self):
        clerk = new_test_user(self.env, "codes.clerk", "hc_revenue_base.group_hc_clerk")
        administrator = new_test_user(
            self.env, "codes.administrator", "hc_revenue_base.group_hc_administrator"
        )
        code = self.codes.with_user(clerk)._find("carc", ["197"], self.day)["197"]
        with self.assertRaises(AccessError):
            code.next_action = "x"
        code.with_user(administrator).next_action = "Ask first"
        self.assertEqual(code.next_action, "Ask first")
