# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import ConcurrencyError, LockError
from odoo.tests import tagged

from .common import HcCommon


@tagged("post_install", "-at_install")
class TestReviewBatch(HcCommon):
    """A collision of transactions is tried again; it is nobody's work."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.encounter = cls._create_encounter("BATCH-1")
        cls.encounter.action_complete()

    def _failed_items(self):
        return self.env["hc.work.item"].search(
            [("kind", "=", "billing_failed"), ("res_id", "=", self.encounter.id)]
        )

    def _failing(self, error):
        def fail(records):
            raise error

        return patch.object(self.registry["hc.encounter"], "_prepare_billing", fail)

    def test_a_collision_reaches_the_request_so_that_it_is_repeated(self):
        for error in (SerializationFailure("x"), ConcurrencyError("x"), LockError("x")):
            with self.subTest(error), self._failing(error), self.assertRaises(type(error)):
                self.encounter._run_isolated("_prepare_billing")
        self.assertFalse(self._failed_items())

    def test_a_collision_leaves_the_batch_to_the_next_run(self):
        crons = self.registry["ir.cron"]
        with (
            self._failing(SerializationFailure("x")),
            patch.object(crons, "_commit_progress", lambda self, *args, **kwargs: 1),
        ):
            self.encounter._run_in_batches([("id", "=", self.encounter.id)], "_prepare_billing")
        self.assertFalse(self._failed_items())

    def test_a_row_changed_between_search_and_lock_is_left_to_the_next_run(self):
        def fail(records, **kwargs):
            raise SerializationFailure("x")

        with (
            patch.object(self.registry["hc.encounter"], "try_lock_for_update", fail),
            patch.object(
                self.registry["ir.cron"], "_commit_progress", lambda self, *args, **kwargs: 1
            ),
        ):
            self.encounter._run_in_batches([("id", "=", self.encounter.id)], "_prepare_billing")
        self.assertFalse(self.encounter.case_ids)

    def test_a_collision_is_no_failed_attempt_of_a_document(self):
        exchange, _verdict = self.env["hc.exchange"]._receive(
            "charge_csv", "batch", "1", b"a,b", "a.csv"
        )
        for error in (SerializationFailure("x"), LockError("x")):

            def fail(records, checkpoint, error=error):
                raise error

            with patch.object(self.registry["hc.exchange"], "_process", fail):
                self.assertTrue(exchange._process_safely(lambda done, left: True))
        self.assertEqual((exchange.state, exchange.attempts), ("received", 0))

    def test_a_collision_while_invoicing_is_no_billing_failure(self):
        self.encounter.with_user(self._create_user("batch.coder", "coder")).action_approve_coding()
        self.env.cr.precommit.clear()

        def fail(records):
            raise LockError("x")

        cases = self.registry["hc.billing.case"]
        with patch.object(cases, "_create_invoices", fail), self.assertRaises(LockError):
            self.encounter._prepare_billing()

    def test_encounters_of_a_rolled_back_savepoint_are_not_billed(self):
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            gone = self._create_encounter("BATCH-2")
            raise ZeroDivisionError
        (self.encounter | gone)._queue_billing()
        self.env.cr.precommit.run()
        self.assertTrue(self.encounter.case_ids)
