# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.tests import HttpCase, tagged

from .common import HcCommon


@tagged("post_install", "-at_install")
class TestTours(HttpCase, HcCommon):
    """What people do, in a browser."""

    def test_clerk_finds_fixes_and_bills_a_held_case(self):
        self._create_user("tour_clerk", "clerk")
        self.patient.zip = False
        encounter = self._create_encounter("E-TOUR")
        encounter.action_complete()
        encounter.action_approve_coding()
        encounter._prepare_billing()
        self.assertEqual(encounter.case_ids.stage, "exception")
        self.start_tour("/odoo/revenue", "hc_revenue_clerk", login="tour_clerk")
        self.assertEqual(encounter.case_ids.stage, "invoiced")
        self.assertEqual(self.patient.zip, "62701")
