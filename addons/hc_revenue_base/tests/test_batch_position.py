# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from unittest.mock import patch

from odoo.tests import tagged

from .common import HcCommon


@tagged("post_install", "-at_install")
class TestBatchPosition(HcCommon):
    """A Scheduled Action with more records than time reaches all of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.items = cls.env["hc.work.item"]._open(
            [
                {
                    "kind": "manual",
                    "queue_code": "operations",
                    "dedup_key": f"batch:{number}",
                    "name": f"Batch {number}",
                    "company_id": cls.company.id,
                }
                for number in range(5)
            ]
        )
        cron = cls.env.ref("hc_revenue_base.ir_cron_process_exchanges")
        cls.sweep = cls.env["hc.work.item"].with_context(cron_id=cron.id)
        cls.domain = [("id", "in", cls.items.ids)]

    def _run(self, run, *, has_time=False):
        """Ids that a run worked on; without time it ends behind its first batch."""
        worked = []

        def note(records):
            worked.extend(records.ids)

        crons = self.env.registry["ir.cron"]
        with (
            patch.object(type(self.sweep), "_note_visit", note, create=True),
            patch.object(
                crons, "_commit_progress", lambda *_args, **_kwargs: float("inf") if has_time else 0
            ),
        ):
            run()
        return worked

    def _sweep(self):
        return self.sweep._run_in_batches(self.domain, "_note_visit", batch_size=2)

    def test_the_next_run_goes_on_behind_the_last_record(self):
        ids = self.items.ids
        self.assertEqual(self._run(self._sweep), ids[:2])
        self.assertEqual(self._run(self._sweep), ids[2:4])
        self.assertEqual(self._run(self._sweep), ids[4:])
        self._run(self._sweep)
        self.assertFalse(self.env["hc.batch.position"].search([("id", "!=", 0)]))
        self.assertEqual(self._run(self._sweep), ids[:2])

    def test_with_time_every_run_begins_at_the_beginning(self):
        for _time in range(2):
            self.assertEqual(self._run(self._sweep, has_time=True), self.items.ids)

    def test_parts_wait_for_each_other(self):
        ids = self.items.ids
        halves = [("first", ids[:2]), ("second", ids[2:])]
        parts = [(name, self.sweep, [("id", "in", part)], "_note_visit") for name, part in halves]

        def sweep():
            self.sweep._run_in_parts(parts, batch_size=2)

        seen = []
        for _run in range(6):
            seen += self._run(sweep)
            if not self.env["hc.batch.position"].search([("id", "!=", 0)]):
                break
        self.assertEqual(seen, ids)

    def test_what_nobody_schedules_keeps_no_position(self):
        self.sweep = self.env["hc.work.item"]
        for _time in range(2):
            self.assertEqual(self._run(self._sweep), self.items.ids[:2])
