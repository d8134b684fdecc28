# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import importlib.util
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import file_path

from .test_payment_charge import ChargeCase


def load_script(name, version="19.0.1.1.0"):
    """A script of an update, as a module."""
    path = file_path(f"hc_collections/migrations/{version}/{name}.py")
    spec = importlib.util.spec_from_file_location(f"hc_collections_{name}", path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


@tagged("post_install", "-at_install")
class TestMigration(ChargeCase):
    """What the version before has left is brought along, as often as the scripts run."""

    def _load(self, stage):
        return load_script(f"{stage}-migration")

    @contextmanager
    def _update(self):
        """While modules are updated, controlled configuration may be written."""
        with patch.object(self.env.registry, "ready", False):
            yield

    def _migrate(self):
        self.env.flush_all()
        with self._update():
            for _again in range(2):
                self._load("post").migrate(self.env.cr, "19.0.1.0.0")
            self.env.flush_all()
        self.env.invalidate_all()

    def test_an_old_charge_without_an_answer_is_not_sent_again(self):
        part = self._autopay("MG-1").instalment_ids[0]
        part._prepare_charge()
        self._migrate()
        charge = part.transaction_ids
        self.assertEqual(charge.hc_sent_at, charge.create_date)
        with self._provider() as sent:
            self._run()
        self.assertEqual(sent, [])

    def test_old_settlements_stay_the_suites_own(self):
        case = self._bill_patient("MG-2")
        account = self._account_of(case)
        self._report("confirmed", "MG-A", 60.0, account_number=account.name)
        partial = account.env["account.partial.reconcile"].search(
            [("credit_move_id.move_id.origin_payment_id.hc_account_id", "=", account.id)]
        )
        self.env.cr.execute(
            "UPDATE account_partial_reconcile SET hc_is_settlement = NULL WHERE id = ANY(%s)",
            [partial.ids],
        )
        self._migrate()
        self.assertEqual(partial.mapped("hc_is_settlement"), [True])

    def test_scheduled_actions_call_what_took_over_and_own_code_is_kept(self):
        run = self.env.ref("hc_collections.ir_cron_cadence_run")
        issue = self.env.ref("hc_collections.ir_cron_issue_statements")
        with self._update():
            run.write({"code": "model._cron_run()", "model_id": self._model("hc.cadence.run").id})
            issue.code = "log('our own')"
            self.env.flush_all()
        self._migrate()
        self.assertEqual(
            (run.code, run.model_id),
            ("model._cron_follow_up()", self._model("hc.collection.account")),
        )
        self.assertEqual(issue.code, "log('our own')")

    def test_holds_keep_their_case(self):
        case = self._bill_patient("MG-3")
        hold = self.env["hc.collection.hold"]._place(
            self._account_of(case), "bankruptcy", "chapter 7 was filed", cases=case
        )
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE hc_collection_hold ADD COLUMN case_id integer")
        self.env.cr.execute("DELETE FROM hc_collection_hold_case_rel WHERE hold_id = %s", [hold.id])
        self.env.cr.execute(
            "UPDATE hc_collection_hold SET case_key = NULL, case_id = %s WHERE id = %s",
            [case.id, hold.id],
        )
        self.env.invalidate_all()
        self.assertFalse(hold.case_ids)
        for _again in range(2):
            self._load("pre")._move_cases_of_holds(self.env.cr)
        self.env.invalidate_all()
        self.assertEqual((hold.case_ids, hold.case_key), (case, str(case.id)))

    def test_consent_rules_that_mean_the_same_are_one(self):
        rule = self.env["hc.cadence.channel"].search([("channel", "=", "letter")], limit=1)
        self.env.cr.execute(
            "UPDATE hc_cadence_channel SET consent = 'not_needed' WHERE id = %s", [rule.id]
        )
        for _again in range(2):
            load_script("pre-migration", "19.0.1.2.0").migrate(self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()
        self.assertEqual(rule.consent, "unless_opted_out")

    def test_the_first_bill_and_the_last_notice_are_required(self):
        levels = self.env["hc.cadence.policy"].search([("code", "=", "patient")]).level_ids
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hc_cadence_level SET is_required_notice = NULL WHERE id = ANY(%s)", [levels.ids]
        )
        for _again in range(2):
            load_script("post-migration", "19.0.1.2.0").migrate(self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()
        required = levels.filtered("is_required_notice")
        self.assertEqual(required.mapped("code"), ["statement_1", "final"])

    def test_balances_that_no_collector_was_told_of_are_looked_at_once(self):
        known, missed = (self._account_of(self._bill_patient(f"MG-{n}")) for n in (8, 9))
        known._open_threshold_items()
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE hc_collection_account DROP COLUMN amount_raised_at")
        for _again in range(2):
            load_script("pre-migration", "19.0.1.2.0").migrate(self.env.cr, "19.0.1.1.0")
        self.env.cr.execute(
            "SELECT id FROM hc_collection_account WHERE amount_raised_at IS NOT NULL"
            " AND id = ANY(%s)",
            [(known | missed).ids],
        )
        self.assertEqual(self.env.cr.fetchall(), [(missed.id,)])

    def _model(self, name):
        return self.env["ir.model"]._get(name)
