# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models
from odoo.exceptions import UserError

from .hc_billing_case_flow import PRE_BILL_STAGES


class HcBillingCase(models.Model):
    """What people decide about a case: cancel, not billable, reopen, void and rebill."""

    _inherit = "hc.billing.case"

    def _get_decision_action(self, decision):
        return {
            "type": "ir.actions.act_window",
            "name": dict(
                self.env["hc.case.decision.wizard"]
                ._fields["decision"]
                ._description_selection(self.env)
            )[decision],
            "res_model": "hc.case.decision.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_decision": decision, "default_case_ids": self.ids},
        }

    def action_open_cancel(self):
        """Ask why the cases are cancelled."""
        return self._get_decision_action("cancel")

    def action_open_not_billable(self):
        """Ask why the cases are not billable."""
        return self._get_decision_action("not_billable")

    def action_open_reopen(self):
        """Ask why the cases are reopened."""
        return self._get_decision_action("reopen")

    def action_open_void_rebill(self):
        """Ask why the cases are voided and billed anew."""
        return self._get_decision_action("void_rebill")

    def action_resume(self):
        """Take cases up again: reopened ones to review or to their invoice, others to draft."""
        self.check_access("write")
        self._check_in_stages(
            ("reopened", "not_billable"), self.env._("is neither reopened nor not billable")
        )
        reopened = self.filtered(lambda case: case.stage == "reopened")
        reopened.sudo().encounter_id.service_line_ids._convert_to_charges()
        for case in self:
            if case.stage == "not_billable":
                case._transition("draft", reason=self.env._("billable after all"))
            elif case.charge_ids.filtered(lambda charge: charge.state == "pending"):
                case._transition("charge_review", reason=self.env._("late charge"))
            else:
                case._transition("invoiced", reason=self.env._("the invoice stands"))
                case.sudo()._close_if_settled()

    def _cancel(self, reason_code, note):
        """Cancel cases that are not billed: nothing will be charged."""
        self._check_in_stages(PRE_BILL_STAGES, self.env._("is billed already"))
        self._check_no_posted_invoice()
        self._discard_draft_invoices()
        self._transition("cancelled", reason=note, facts={"reason_code": reason_code.code})
        self.charge_ids.filtered(lambda charge: charge.state == "pending")._transition(
            "void", reason=note
        )

    def _discard_draft_invoices(self):
        self.sudo()._get_draft_invoices().unlink()

    def _reopen(self, reason_code, note):
        """Reopen closed cases: a late charge, a takeback, a returned payment."""
        self._transition("reopened", reason=note, facts={"reason_code": reason_code.code})

    def _set_not_billable(self, reason_code, note):
        """Request that cases are not billed: a controlled action of the charged amount."""
        self._check_no_posted_invoice()
        for case in self:
            case._request_decision("not_billable", case.amount_charged, reason_code, note)

    def _void_and_rebill(self, reason_code, note):
        """Request that posted invoices are credited and the encounters billed anew."""
        self._check_in_stages(("invoiced", "reopened"), self.env._("has no invoice to void"))
        for case in self:
            case._check_unpaid()
            amount = sum(case.sudo()._get_posted_invoices().mapped("amount_total"))
            case._request_decision("credit_note", amount, reason_code, note)

    def _request_decision(self, kind, amount, reason_code, note):
        self.ensure_one()
        actions = self.env["hc.controlled.action"]
        # Asked beyond what the user may see. What was rejected or withdrawn may be asked again.
        settled_count = actions.sudo().search_count(
            [
                ("case_id", "=", self.id),
                ("kind", "=", kind),
                ("state", "in", ("rejected", "void", "expired")),
            ]
        )
        return actions._request(
            kind,
            self,
            # One request per visit to the stage: a case may come here again after a rollback.
            idempotency_key=(
                f"{self._name}:{self.id}:{self.sudo().transition_count}:{settled_count}"
            ),
            amount=amount,
            case_id=self.id,
            reason_code_id=reason_code.id,
            justification=note,
            evidence=[{"evidence_type": "justification", "text": note}],
        )

    def _get_posted_invoices(self):
        return self.invoice_ids.filtered(
            lambda move: (
                move.state == "posted"
                and move.move_type == "out_invoice"
                and move.payment_state != "reversed"
            )
        )

    def _check_no_posted_invoice(self):
        """A case with a late charge still owes its first invoice: only a void takes that back."""
        for case in self:
            invoice = case.sudo()._get_posted_invoices()[:1]
            if invoice:
                raise UserError(
                    self.env._(
                        "%(case)s is billed by %(invoice)s already. Bill the late charge, then "
                        "use “Void and Rebill”.",
                        case=case.name,
                        invoice=invoice.name,
                    )
                )

    def _check_unpaid(self):
        for case in self:
            for invoice in case.sudo()._get_posted_invoices():
                if invoice.currency_id.compare_amounts(
                    invoice.amount_residual, invoice.amount_total
                ):
                    raise UserError(
                        self.env._(
                            "%(invoice)s is paid in part or in whole. "
                            "Take back or move the payment before you void it.",
                            invoice=invoice.name,
                        )
                    )

    def _on_stage_cancelled(self, previous):
        self.work_item_ids.filtered(
            lambda item: item.state in ("open", "in_progress")
        ).sudo()._resolve("superseded", reason=self.env._("case cancelled"))


class HcControlledAction(models.Model):
    """The acts on billing cases that base performs itself."""

    _inherit = "hc.controlled.action"

    def _apply_not_billable(self):
        case = self._get_subject()
        case._check_no_posted_invoice()
        case._discard_draft_invoices()
        case._transition(
            "not_billable",
            reason=self.justification,
            facts={"action": self.id},
            on_behalf_of=self.requester_id,
        )

    def _apply_credit_note(self):
        """Reverse the posted invoices of a case and bill its encounter as a new case."""
        case = self._get_subject()
        case._check_unpaid()
        invoices = case._get_posted_invoices()
        case._discard_draft_invoices()
        case._transition(
            "cancelled",
            reason=self.justification,
            facts={"action": self.id},
            on_behalf_of=self.requester_id,
        )
        case.charge_ids.filtered(lambda charge: charge.state != "void")._transition(
            "void", reason=self.justification
        )
        # After the case is cancelled: a balance of zero would close it.
        invoices.with_context(tracking_disable=True)._reverse_moves(
            [
                {
                    "ref": self.env._("Void of %(invoice)s", invoice=move.name),
                    "invoice_date": self.env.cr.now().date(),
                }
                for move in invoices
            ],
            cancel=True,
        )
        rebill = case._create_for(case.encounter_id, origin_case_id=case.id)
        case.encounter_id._prepare_billing()
        return rebill
