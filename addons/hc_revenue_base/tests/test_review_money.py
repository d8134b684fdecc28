# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..models.hc_controlled_action import GateDecision
from .common import SERVICE_DATE
from .test_billing_flow import BillingFlowCase


@tagged("post_install", "-at_install")
class TestReviewMoney(BillingFlowCase):
    """Whoever may do accounting bills a case neither twice, nor in part, nor credits it alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._create_user("review.accountant", "finance_manager")
        cls.accountant.group_ids += cls.env.ref("account.group_account_manager")

    def _draft(self, number="M-1", services=(("V1001", 1), ("L2002", 2))):
        self.facility.billing_policy = "review_first"
        case = self._bill(number, services=services)
        self.assertEqual((case.stage, case.invoice_ids.state), ("ready", "draft"))
        return case, case.invoice_ids.with_user(self.accountant)

    def test_an_invoice_without_one_of_the_charges_is_not_posted(self):
        case, invoice = self._draft()
        invoice.write({"invoice_line_ids": [Command.delete(invoice.invoice_line_ids[0].id)]})
        with self.assertRaisesRegex(UserError, "differs from its charges"):
            invoice.action_post()
        self.assertEqual(set(case.charge_ids.mapped("state")), {"pending"})

    def test_amounts_are_not_moved_between_lines(self):
        _case, invoice = self._draft()
        first, second = invoice.invoice_line_ids
        invoice.write(
            {
                "invoice_line_ids": [
                    Command.update(first.id, {"price_unit": first.price_unit + 20}),
                    Command.update(second.id, {"price_unit": second.price_unit - 10}),
                ]
            }
        )
        self.assertEqual(invoice.amount_total, 230.0)
        with self.assertRaisesRegex(UserError, "differs from its charges"):
            invoice.action_post()

    def test_another_debtor_or_currency_is_not_posted(self):
        other_currency = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("id", "!=", self.company.currency_id.id)], limit=1)
        )
        other_currency.active = True
        for vals in (
            {"partner_id": self.env["res.partner"].create({"name": "Somebody"}).id},
            {"currency_id": other_currency.id},
        ):
            with self.subTest(vals):
                _case, invoice = self._draft(f"M-{next(iter(vals))}")
                invoice.write(vals)
                with self.assertRaisesRegex(UserError, "differs from its charges"):
                    invoice.action_post()

    def test_a_cancelled_draft_is_not_posted_beside_its_successor(self):
        case, first = self._draft()
        first.button_cancel()
        case.with_user(self.clerk).action_create_invoice()
        (case.invoice_ids - first).with_user(self.accountant).action_post()
        self.assertEqual(case.stage, "invoiced")
        first.button_draft()
        with self.assertRaisesRegex(UserError, "differs from its charges"):
            first.action_post()

    def test_the_state_is_not_written_past_the_buttons(self):
        case, invoice = self._draft()
        invoice.write({"invoice_line_ids": [Command.delete(invoice.invoice_line_ids[0].id)]})
        with self.assertRaisesRegex(UserError, "differs from its charges"):
            invoice.write({"state": "posted"})
        billed = self._bill("M-2").invoice_ids.with_user(self.accountant)
        billed.action_post()
        for state in ("draft", "cancel"):
            with self.assertRaisesRegex(UserError, "Void and Rebill"):
                billed.write({"state": state})
        with self.assertRaisesRegex(UserError, "Void and Rebill"):
            billed.button_draft()
        self.assertEqual(case.stage, "ready")

    def test_a_posted_invoice_is_not_changed_by_a_forged_context(self):
        invoice = (
            self._bill()
            .invoice_ids.with_user(self.accountant)
            .with_context(
                skip_readonly_check=True,
                force_delete=True,
                dynamic_unlink=True,
                skip_invoice_sync=True,
                check_move_validity=False,
            )
        )
        line = invoice.invoice_line_ids
        term = invoice.line_ids - line
        other = self.env["res.partner"].create({"name": "Somebody"})
        attempts = (
            lambda: line.write({"price_unit": 1.0}),
            lambda: line.write({"quantity": 9.0}),
            lambda: term.write({"partner_id": other.id}),
            lambda: term.write({"debit": 1.0}),
            lambda: invoice.write({"partner_id": other.id}),
            lambda: invoice.write({"invoice_line_ids": [Command.create({"price_unit": -100.0})]}),
            lambda: invoice.line_ids.create({"move_id": invoice.id, "price_unit": -100.0}),
            line.unlink,
            invoice.unlink,
        )
        for number, attempt in enumerate(attempts):
            with (
                self.subTest(number),
                self.assertRaisesRegex(UserError, "Void and Rebill"),
                self.env.cr.savepoint(),
            ):
                attempt()
        self.assertEqual((invoice.amount_total, invoice.state), (150.0, "posted"))

    def test_a_draft_is_posted_only_while_its_case_is_ready(self):
        case, invoice = self._draft()
        evaluations = self.registry["hc.readiness.evaluation"]
        # The draft is posted in a later transaction.
        with patch.object(evaluations, "_get_transaction_identifier", lambda self: "later"):
            self.coverage.eligibility_status = "unknown"
            with (
                self.assertRaisesRegex(UserError, "facts have changed"),
                self.env.cr.savepoint(),
            ):
                invoice.action_post()
            self.coverage.eligibility_status = "active"
            invoice.action_post()
        self.assertEqual(case.stage, "invoiced")

    def test_an_invoice_is_not_credited_past_the_decision(self):
        case = self._bill()
        reversal = (
            self.env["account.move.reversal"]
            .with_user(self.accountant)
            .with_context(active_model="account.move", active_ids=case.invoice_ids.ids)
            .create({"journal_id": case.invoice_ids.journal_id.id})
        )
        credit_note = self.env["account.move"].browse(reversal.refund_moves()["res_id"])
        with self.assertRaisesRegex(UserError, "Void and Rebill"):
            credit_note.with_user(self.accountant).action_post()
        self._decide(case, "void_rebill")
        with self.assertRaisesRegex(UserError, "Void and Rebill"):
            credit_note.with_user(self.accountant).action_post()

    def test_an_invoice_does_not_pass_as_another_entry(self):
        _case, invoice = self._draft()
        for move_type in ("entry", "out_refund", "out_receipt"):
            with self.assertRaisesRegex(UserError, "keeps its type"):
                invoice.write({"move_type": move_type})

    def test_the_facility_of_an_invoice_is_not_written(self):
        case = self._bill()
        with self.assertRaisesRegex(UserError, "cannot be set directly"):
            case.invoice_ids.with_user(self.accountant).write({"hc_facility_id": False})

    def _reopen_with_late_charge(self):
        case = self._bill()
        self._pay(case)
        self._decide(case, "reopen")
        self.env["hc.service.line"].create(
            {
                "encounter_id": case.encounter_id.id,
                "service_date": SERVICE_DATE,
                "code_id": self.lab_code.id,
            }
        )
        case.with_user(self.clerk).action_resume()
        self.assertEqual(case.stage, "charge_review")
        return case

    def test_a_late_charge_does_not_make_a_billed_case_cancellable(self):
        case = self._reopen_with_late_charge()
        for decision in ("cancel", "not_billable"):
            with self.assertRaisesRegex(UserError, "billed by"):
                self._decide(case, decision)
        self.assertEqual(case.stage, "charge_review")

    def test_only_set_aside_cases_are_resumed(self):
        case = self._bill()
        with self.assertRaisesRegex(UserError, "neither reopened"):
            case.with_user(self.clerk).action_resume()

    def test_a_withdrawn_request_may_be_made_again(self):
        self.coverage.eligibility_status = "unknown"
        case = self._bill()
        actions = self.env["hc.controlled.action"]
        with patch.object(
            self.registry["hc.controlled.action"], "_gate", lambda self: GateDecision("wait", "ask")
        ):
            self._decide(case, "not_billable")
            first = actions.search([("case_id", "=", case.id)])
            self._decide(case, "not_billable")
            self.assertEqual(actions.search([("case_id", "=", case.id)]), first)
            first.with_user(self.clerk).action_withdraw()
            self._decide(case, "not_billable")
        second = actions.search([("case_id", "=", case.id)]) - first
        self.assertEqual((first.state, second.state), ("void", "pending"))

    def test_what_is_billed_stays_with_its_patient(self):
        case = self._bill()
        encounter = case.encounter_id.with_user(self.clerk)
        other = self._create_patient("1000009", facility_ids=self.facility.ids)
        other_encounter = self._create_encounter("M-9", patient=other)
        with self.assertRaisesRegex(UserError, "is billed"):
            encounter.write({"patient_id": other.id})
        with self.assertRaisesRegex(UserError, "cannot be set directly"):
            encounter.service_line_ids.write({"encounter_id": other_encounter.id})
        with self.assertRaisesRegex(UserError, "cannot be set directly"):
            encounter.write(
                {"service_line_ids": [Command.link(other_encounter.service_line_ids.id)]}
            )
        encounter.with_user(self.coder).action_reopen_coding()
        self._decide(case, "void_rebill")
        encounter.write({"patient_id": other.id})
        self.assertEqual(case.rebill_case_ids.patient_id, other)
