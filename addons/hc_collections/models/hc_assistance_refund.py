# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision
from odoo.addons.hc_revenue_base.models.hc_work_item import OPEN_STATES as OPEN_ITEM_STATES

_DECIDERS = ("hc_revenue_base.group_hc_manager", "hc_revenue_base.group_hc_finance_manager")
_QUIET = {"tracking_disable": True, "mail_create_nosubscribe": True, "mail_create_nolog": True}


class HcAssistanceCase(models.Model):
    """Back to the patient: what was paid above what assistance leaves to pay.

    26 CFR 1.501(r)-6(c)(6)(i)(C)(2) asks for it. The case was paid with that money, so that it is
    forgiven first; then it is credit of the patient, and is paid out.
    """

    _inherit = "hc.assistance.case"

    refund_action_id = fields.Many2one(
        "hc.controlled.action",
        "Refund",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    refund_state = fields.Selection(
        related="refund_action_id.state", string="Refund Decision", compute_sudo=True
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"refund_action_id"}

    def _request_refund(self):
        """Ask for the refund in the name of whoever granted the assistance.

        :return: the action
        """
        self.ensure_one()
        application = self.application_id
        decider = application.decided_by_id or self.env.user
        action = (
            self.env["hc.controlled.action"]
            .with_user(decider)
            ._request(
                "assistance_refund",
                self.with_user(decider),
                idempotency_key=f"assistance_refund:{self.id}:{application.transition_count}",
                amount=self.amount_refund,
                case_id=self.case_id.id,
                justification=application.decision_reason,
                parameters={"responsibility": "patient"},
                evidence=[
                    {"evidence_type": "justification", "text": application.decision_reason},
                    {
                        "evidence_type": "record",
                        "res_model": application._name,
                        "res_id": application.id,
                    },
                ],
            )
        )
        self._write_guarded({"refund_action_id": action.id})
        return action

    def _pay_excess(self, action):
        """Forgive what was paid too much, and pay it out: all of it or nothing.

        :raise UserError: so much is not paid on the case any more
        """
        self.ensure_one()
        case = self.case_id
        case._lock_for_transition(["stage"])
        items = case._get_party_items("patient")
        case._lock_items(items)
        paid = self._free_payments(items, action.amount)
        self._forgive_excess(action, items)
        (paid | items).filtered(lambda line: not line.reconciled).reconcile()
        refund = self._pay_out(action, paid)
        case._log_act(action, refund.move_id)

    def _free_payments(self, items, amount):
        """Take the last payments off the case until the amount is free.

        :return: the items of these payments, the last one first
        """
        currency = self.currency_id
        freed, paid = 0.0, self.env["account.move.line"]
        partials = items.matched_credit_ids.filtered(
            lambda partial: partial.credit_move_id.move_id.origin_payment_id
        ).sorted("id", reverse=True)
        for partial in partials:
            if currency.compare_amounts(freed, amount) >= 0:
                break
            freed += partial.amount
            paid |= partial.credit_move_id
            partial.unlink()
        if currency.compare_amounts(freed, amount) < 0:
            raise UserError(
                self.env._(
                    "%(case)s: only %(paid)s is paid by now, less than the %(amount)s to refund.",
                    case=self.case_id.name,
                    paid=currency.format(freed),
                    amount=currency.format(amount),
                )
            )
        return paid

    def _forgive_excess(self, action, items):
        case = self.case_id
        use = self.env["hc.ledger.account"]._get_for(case.company_id, "charity_care")
        case._check_period_open(use.journal_id)
        shares = case._allocate_oldest_first(items, action.amount)
        entry = (
            self.env["account.move"]
            .with_context(**_QUIET)
            ._create_guarded([case._prepare_adjustment_vals(action, use, shares)])
        )
        entry._post(soft=False)
        lines = entry.line_ids.filtered("credit").sorted("id")
        for (item, _share), line in zip(shares, lines, strict=True):
            (item | line).reconcile()

    def _pay_out(self, action, paid):
        case = self.case_id
        vals = case._prepare_refund_vals(action, paid)
        case._check_period_open(self.env["account.journal"].browse(vals["journal_id"]))
        refund = (
            self.env["account.payment"]
            .with_context(**_QUIET, force_payment_move=True)
            ._create_guarded([vals])
        )
        refund.action_post()
        refund.move_id._write_guarded({"hc_action_id": action.id})
        own = paid.move_id.origin_payment_id.filtered("hc_account_id")[:1]
        if own:
            refund._enter_account(own.hc_account_id, reference=action.name, refund_of=own)
        line = refund.move_id.line_ids.filtered(lambda each: each.account_id == paid.account_id)
        for item in paid:
            if not line.reconciled and not item.reconciled:
                (item | line).reconcile()
        return refund


class HcControlledAction(models.Model):
    """Refunds after assistance was granted."""

    _inherit = "hc.controlled.action"

    kind = fields.Selection(
        selection_add=[("assistance_refund", "Refund After Assistance")],
        ondelete={"assistance_refund": "cascade"},
    )

    def _gate(self):
        """Base alone lets managers refund; a module with approvals asks its policies."""
        if self.kind == "assistance_refund" and not any(
            map(self.requester_id.has_group, _DECIDERS)
        ):
            return GateDecision(
                "refuse", self.env._("Managers and finance managers refund. Ask one of them.")
            )
        return super()._gate()

    def _get_related_kind(self):
        if self.kind == "assistance_refund":
            return "refund_patient"
        return super()._get_related_kind()

    def _apply_assistance_refund(self):
        line = self._get_subject().sudo()
        line._pay_excess(self)
        self.env["hc.work.item"].sudo().search(
            [
                ("dedup_key", "=", f"assistance_refund:{line.id}"),
                ("state", "in", OPEN_ITEM_STATES),
            ]
        )._resolve("fixed")
