# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision
from odoo.addons.hc_revenue_base.models.hc_work_item import OPEN_STATES as OPEN_ITEM_STATES

from .hc_assistance_application import POSTED_STATES

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
                idempotency_key=self._get_refund_key(),
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

    def _get_refund_key(self):
        """One key per application and case until its refund is refused: it is paid once."""
        start = f"assistance_refund:{self.application_id.id}:{self.case_id.id}"
        ended = (
            self.env["hc.controlled.action"]
            .sudo()
            .search_count(
                [
                    ("kind", "=", "assistance_refund"),
                    ("company_id", "=", self.company_id.id),
                    ("idempotency_key", "=like", f"{start}:%"),
                    ("state", "not in", POSTED_STATES),
                ]
            )
        )
        return f"{start}:{ended + 1}"

    @api.model
    def _get_payment_partials(self, items):
        """What payments settled of items: by a payment, or by a line of a bank statement."""
        return items.matched_credit_ids.filtered(
            lambda partial: (
                partial.credit_move_id.move_id.origin_payment_id
                or partial.credit_move_id.statement_line_id
            )
        )

    def _pay_excess(self, action):
        """Forgive what was paid too much, and pay it out: all of it or nothing.

        :raise UserError: so much is not paid on the case any more
        """
        self.ensure_one()
        case = self.case_id
        case._lock_for_transition(["stage"])
        items = case._get_party_items("patient")
        case._lock_items(items)
        shares = self._free_payments(items, action.amount)
        self._forgive_excess(action, items)
        refunds = self.env["account.payment"]
        for paid, share in shares.items():
            refunds |= self._pay_out(action, paid, share)
        # What was freed beyond the refund pays the case again.
        rest = items.union(*shares).filtered(lambda line: not line.reconciled)
        if len(rest) > 1:
            rest.reconcile()
        case._log_act(action, refunds.move_id)
        self._enter_refunds(action, refunds, shares)

    def _free_payments(self, items, amount):
        """Take the last payments off the case until the amount is free.

        :return: ``{item of a payment: what of it goes back}``, the last payment first
        """
        currency = self.currency_id
        freed, shares = 0.0, {}
        for partial in self._get_payment_partials(items).sorted("id", reverse=True):
            if currency.compare_amounts(freed, amount) >= 0:
                break
            paid = partial.credit_move_id
            share = min(partial.amount, currency.round(amount - freed))
            shares[paid] = currency.round(shares.get(paid, 0.0) + share)
            freed += share
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
        return shares

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

    def _pay_out(self, action, paid, share):
        """Pay back a share of one payment, from the journal that received it."""
        case = self.case_id
        vals = case._prepare_refund_vals(action, paid) | {"amount": share}
        case._check_period_open(self.env["account.journal"].browse(vals["journal_id"]))
        refund = (
            self.env["account.payment"]
            .with_context(**_QUIET, force_payment_move=True)
            ._create_guarded([vals])
        )
        refund.action_post()
        refund.move_id._write_guarded({"hc_action_id": action.id})
        line = refund.move_id.line_ids.filtered(lambda each: each.account_id == paid.account_id)
        (paid | line).reconcile()
        return refund

    def _enter_refunds(self, action, refunds, shares):
        """Tell the accounts which payment each refund takes back."""
        for refund, paid in zip(refunds, shares, strict=True):
            own = paid.move_id.origin_payment_id.filtered("hc_account_id")
            if own:
                refund._enter_account(own.hc_account_id, reference=action.name, refund_of=own)


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
