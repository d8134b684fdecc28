# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import hc_exchange_charge_csv
from ..models.hc_exchange_processing import MAX_ATTEMPTS
from .import_common import HcImportCommon, charge_file

PROCESSING = "odoo.addons.hc_revenue_base.models.hc_exchange_processing"


@tagged("post_install", "-at_install")
class TestResumeChargeImport(HcImportCommon):
    """Interrupted at any moment, an import loses nothing and doubles nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.classPatch(hc_exchange_charge_csv, "ROWS_PER_STEP", 2)
        cls.classPatch(hc_exchange_charge_csv, "ENCOUNTERS_PER_STEP", 1)
        # Two encounters whose rows alternate, so that both lie in every step.
        cls.content = charge_file(
            *(
                {"external_id": f"C-{number}", "encounter_number": f"V-{number % 2}"}
                for number in range(7)
            )
        )

    def _run_steps(self, exchange, count):
        """Process as a new process would, and stop after ``count`` steps."""
        steps = iter(range(count - 1))
        self.env.invalidate_all()
        return (
            self.env["hc.exchange"]
            .browse(exchange.id)
            ._as_sender()
            ._process(lambda done, left: next(steps, None) is not None)
        )

    def test_goes_on_behind_the_last_step(self):
        exchange, _verdict = self._receive(self.content)
        exchange = exchange.sudo()
        self.assertFalse(self._run_steps(exchange, 2))
        self.assertEqual((exchange.state, exchange.processed_count), ("processing", 4))
        self.assertEqual(exchange.total_count, 7)
        encounters = self._service("C-0").encounter_id | self._service("C-1").encounter_id
        self.assertEqual(encounters.mapped("state"), ["planned", "planned"])
        self.assertFalse(self._run_steps(exchange, 2))
        self.assertEqual(exchange.processed_count, 7)
        self.assertEqual(encounters.mapped("state"), ["planned", "planned"])
        # The rows are in; the first of the two encounters moves, then the second.
        self.assertFalse(self._run_steps(exchange, 1))
        self.assertEqual(sorted(encounters.mapped("state")), ["completed", "planned"])
        self.assertTrue(self._run_steps(exchange, 9))
        self.assertEqual(exchange.state, "done")
        self.assertEqual((exchange.imported_count, exchange.repeated_count), (7, 0))
        self.assertEqual(len(encounters.service_line_ids), 7)
        self.assertEqual(encounters.mapped("coding_state"), ["approved", "approved"])

    def test_refused_rows_before_and_behind_an_interruption_are_in_one_file(self):
        content = charge_file(
            {"external_id": "C-0", "units": "-1"},
            {"external_id": "C-1"},
            {"external_id": "C-2"},
            {"external_id": "C-3", "procedure_code": "NOPE"},
        )
        exchange, _verdict = self._receive(content)
        self._run_steps(exchange, 1)
        self._run_steps(exchange, 9)
        exchange = exchange.sudo()
        self.assertEqual((exchange.state, exchange.failed_count), ("done", 2))
        lines = exchange.result_attachment_id.raw.decode().splitlines()
        self.assertEqual(len(lines), 3)
        self.assertIn("C-0", lines[1])
        self.assertIn("C-3", lines[2])

    def test_two_workers_do_not_import_the_same_rows(self):
        exchange, _verdict = self._receive(self.content)
        self._run_steps(exchange, 1)
        exchange = exchange.sudo()
        with self.assertRaises(UserError):
            exchange._lock_step(0)

    def test_scheduled_action_processes_what_waits(self):
        exchange, _verdict = self._receive(self.content)
        with self.enter_registry_test_mode():
            self.env.ref("hc_revenue_base.ir_cron_process_exchanges").method_direct_trigger()
        exchange.invalidate_recordset()
        self.assertEqual(exchange.sudo().state, "done")
        self.assertEqual(self._service("C-3").create_uid, self.feed)

    @mute_logger(PROCESSING, "odoo.addons.base.models.ir_cron")
    def test_failure_is_recorded_and_tried_again_later(self):
        exchange, _verdict = self._receive(self.content)
        exchange = exchange.sudo()
        cron = self.env.ref("hc_revenue_base.ir_cron_process_exchanges")
        importer = type(self.env["hc.charge.importer"])
        with (
            self.enter_registry_test_mode(),
            patch.object(importer, "_import_rows", side_effect=KeyError("secret of a patient")),
            self.assertLogs(PROCESSING, "ERROR") as logs,
        ):
            cron.method_direct_trigger()
        exchange.invalidate_recordset()
        self.assertEqual((exchange.state, exchange.attempts), ("failed", 1))
        self.assertNotIn("secret", "".join(logs.output) + exchange.error)
        self.assertGreater(exchange.next_attempt_at, self.env.cr.now() + timedelta(minutes=3))
        self.assertFalse(self._service("C-0"))
        self.assertNotIn(exchange, self.env["hc.exchange"].search(exchange._get_waiting_domain()))
        exchange._write_guarded({"next_attempt_at": self.env.cr.now() - timedelta(minutes=1)})
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        exchange.invalidate_recordset()
        self.assertEqual((exchange.state, exchange.imported_count), ("done", 7))
        self.assertFalse(exchange.error)

    def test_gives_up_after_the_last_attempt(self):
        exchange, _verdict = self._receive(self.content)
        exchange = exchange.sudo()
        exchange._write_guarded({"attempts": MAX_ATTEMPTS - 1})
        exchange._mark_failed(ValueError("secret"))
        item = self.env["hc.work.item"].search(
            [("res_model", "=", "hc.exchange"), ("res_id", "=", exchange.id)]
        )
        self.assertEqual(item.kind, "import_failed")
        self.assertNotIn("secret", item.description)
        exchange._write_guarded({"next_attempt_at": self.env.cr.now() - timedelta(days=1)})
        self.assertNotIn(exchange, self.env["hc.exchange"].search(exchange._get_waiting_domain()))
        exchange.action_process_again()
        self.assertIn(exchange, self.env["hc.exchange"].search(exchange._get_waiting_domain()))
