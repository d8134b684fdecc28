# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from collections import Counter
from datetime import date, timedelta

import psycopg2

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .collections_common import CollectionsCase


@tagged("post_install", "-at_install")
class TestAgingSnapshot(CollectionsCase):
    """What was reported of a day stays as it was reported, and equals the ledger of then."""

    def setUp(self):
        super().setUp()
        self.snapshots = self.env["hc.aging.snapshot"]
        self.day = self._days_ago(3)
        for number, days in enumerate((5, 40, 95, 200)):
            self._age(self._bill_patient(f"SN-{number}"), days)
        self._age(self._bill("SN-9"), 70)

    def _take(self, day=None):
        self.snapshots._take(self.company, day or self.day)
        return self.snapshots.search(
            [("company_id", "=", self.company.id), ("snapshot_on", "=", day or self.day)]
        )

    def _read_aging(self, day):
        """The same figures by the ORM: ``{(facility, party, bucket): [amount, items]}``."""
        items = self.env["hc.aging.item"].with_context(hc_as_of=day.isoformat())
        items.invalidate_model()
        amounts, counts = Counter(), Counter()
        for item in items.search([("company_id", "=", self.company.id)]):
            key = (item.facility_id, item.party, item.bucket_id.name)
            amounts[key] += round(item.amount_open * 100)
            counts[key] += 1
        return amounts, counts

    def test_a_snapshot_equals_the_aging_to_the_cent(self):
        rows = self._take()
        amounts, counts = Counter(), Counter()
        for row in rows:
            key = (row.facility_id, row.party, row.bucket)
            amounts[key] += round(row.amount_open * 100)
            counts[key] += row.item_count
        self.assertGreaterEqual(len(amounts), 4)
        self.assertEqual((amounts, counts), self._read_aging(self.day))
        self.assertFalse(any(rows.mapped("amount_restated")))

    def test_a_later_correction_is_shown_beside_and_changes_nothing(self):
        rows = self._take()
        before = {row: row.amount_open for row in rows}
        self._age(self._bill_patient("SN-LATE"), 40)
        self.assertEqual(self.snapshots._take(self.company, self.day), 0)
        rows.invalidate_recordset()
        self.assertEqual({row: row.amount_open for row in rows}, before)
        restated = rows.filtered("amount_restated")
        self.assertEqual(restated.mapped("bucket"), ["31-60"])
        self.assertEqual(restated.amount_restated, 150.0)
        self.assertEqual(restated.amount_ledger, restated.amount_open + 150.0)

    def test_days_that_were_missed_are_made_up(self):
        today = self.today
        missing = self.snapshots._get_missing_days
        self._take(self._days_ago(4))
        found = [self._days_ago(days) for days in (3, 2, 1)]
        self.assertEqual(missing(self.company, today), found)
        other = self.env["res.company"].create({"name": "New Clinic"})
        self.assertEqual(missing(other, today), [self._days_ago(1)])
        self.assertEqual(len(missing(self.company, today + timedelta(days=400))), 31)

    def test_daily_figures_end_and_ends_of_months_stay(self):
        policies = self.env["hc.aging.policy"].search([])
        kept = min(policies.mapped("daily_snapshot_days"))
        old = self.today - timedelta(days=kept + 70)
        month_end = date(old.year, old.month, 1) - timedelta(days=1)
        daily = month_end - timedelta(days=1)
        for days in (kept + 200, kept + 201):
            self._age(self._bill_patient(f"SN-O{days}"), days)
        self.assertTrue(all(self._take(month_end).mapped("is_month_end")))
        self.assertTrue(self._take(daily) and self._take())
        self.snapshots._drop_old(self.company, self.today)
        days = self.snapshots.search([("company_id", "=", self.company.id)]).mapped("snapshot_on")
        self.assertIn(month_end, days)
        self.assertIn(self.day, days)
        self.assertNotIn(daily, days)

    def test_nobody_rewrites_a_snapshot(self):
        row = self._take()[:1]
        for attempt in (lambda: row.sudo().write({"amount_open": 1.0}), row.sudo().unlink):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                attempt()
        with (
            self.assertRaises(psycopg2.errors.InsufficientPrivilege),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute("UPDATE hc_aging_snapshot SET amount_open = 0")

    def test_readers_see_their_facilities_and_companies(self):
        self._take()
        clerk = self._create_user("snapshot.clerk", "collector")
        mine = self.snapshots.with_user(clerk).search([])
        self.assertTrue(mine)
        self.assertFalse(mine.company_id - clerk.company_ids)
