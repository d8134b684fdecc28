# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo.tests import tagged

from .common import SERVICE_DATE, HcCommon


@tagged("post_install", "-at_install")
class TestCodeExpiry(HcCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.as_of = SERVICE_DATE + timedelta(days=10)
        cls.encounter = cls._create_encounter("EXP-1")
        cls.encounter.action_complete()
        cls.encounter._prepare_billing()

    def _check(self):
        self.env["hc.code"]._cron_check_expiry(self.as_of)
        return self.env["hc.work.item"].search(
            [
                ("kind", "=", "code_expiry"),
                ("company_id", "=", self.company.id),
                ("state", "=", "open"),
            ]
        )

    def test_nothing_expires_and_nothing_is_opened(self):
        self.assertFalse(self._check())

    def test_one_item_lists_all_kinds_of_records(self):
        self.visit_code.date_to = self.as_of + timedelta(days=30)
        self.diagnosis.date_to = self.as_of + timedelta(days=1)
        self.fee_schedule.date_to = self.as_of
        self.env["hc.authorization.requirement"].create(
            {
                "payer_id": self.payer.id,
                "code_id": self.lab_code.id,
                "date_from": "2026-01-01",
                "date_to": self.as_of + timedelta(days=5),
            }
        )
        item = self._check()
        self.assertEqual(len(item), 1)
        self.assertEqual(item.queue_id.code, "charge_integrity")
        for text in ("V1001", "Z00.00", "Charge master 2026", "Acme Health Plan"):
            self.assertIn(text, item.description)

    def test_codes_nobody_used_or_that_end_later_are_left_out(self):
        self.lab_code.date_to = self.as_of + timedelta(days=10)
        self.visit_code.date_to = self.as_of + timedelta(days=31)
        self.assertFalse(self._check())

    def test_a_successor_answers_the_expiry(self):
        self.visit_code.date_to = self.as_of + timedelta(days=5)
        self.env["hc.code"].create(
            {
                "system": "procedure",
                "code": "V1001",
                "name": "Office visit",
                "date_from": self.as_of + timedelta(days=6),
            }
        )
        self.assertFalse(self._check())

    def test_a_gap_before_the_successor_counts_as_expiry(self):
        self.fee_schedule.date_to = self.as_of + timedelta(days=5)
        self.fee_schedule.copy({"date_from": self.as_of + timedelta(days=8), "date_to": False})
        self.assertTrue(self._check())

    def test_the_open_item_is_brought_up_to_date_not_doubled(self):
        self.visit_code.date_to = self.as_of + timedelta(days=5)
        first = self._check()
        self.fee_schedule.date_to = self.as_of + timedelta(days=5)
        self.assertEqual(self._check(), first)
        self.assertIn("Charge master 2026", first.description)
