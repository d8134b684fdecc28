# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError

from odoo.addons.hc_revenue_base.models.hc_batch_mixin import CONCURRENCY_ERRORS
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
    refund_error = fields.Char(
        "Why It Is Not Refunded", readonly=True, help="What the last attempt said."
    )
    refund_status = fields.Selection(
        [
            ("waiting", "Waits for Approval"),
            ("refunded", "Refunded"),
            ("refused", "Refused"),
            ("failed", "Not Paid"),
        ],
        "Refunded?",
        compute="_compute_refund_status",
        compute_sudo=True,
    )

    @api.depends(
        "amount_refund",
        "refund_action_id.state",
        "application_id.state",
        "application_id.outcome",
    )
    def _compute_refund_status(self):
        known = {"pending": "waiting", "applied": "refunded"}
        for line in self:
            state = line.refund_action_id.state
            line.refund_status = known.get(state)
            if line._is_refund_unpaid():
                line.refund_status = "refused" if state == "rejected" else "failed"

    def _is_refund_unpaid(self):
        """Whether money is owed to the patient that nobody is about to pay."""
        application = self.application_id
        return bool(
            self.amount_refund
            and (application.state, application.outcome) == ("decided", "granted")
            and self.refund_action_id.state not in POSTED_STATES
        )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"refund_action_id", "refund_error"}

    def _try_refund(self, requester=None):
        """Ask for the refund; where it cannot be paid, say why on the line and leave it open.

        :param requester: as :meth:`_request_refund`
        :return: whether it is paid, or waits for approval
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                action = self._request_refund(requester)
        except CONCURRENCY_ERRORS:
            raise
        except (UserError, RedirectWarning) as error:
            # The text comes first in both; the rest of a warning is where to go.
            why = str(error.args[0])
            self.application_id.message_post(
                body=self.env._(
                    "The refund for %(case)s could not be paid: %(why)s",
                    case=self.case_id.name,
                    why=why,
                )
            )
        else:
            why = action.gate_reason if action.state not in POSTED_STATES else False
        self._write_guarded({"refund_error": why})
        return not why

    def _request_refund(self, requester=None):
        """Ask for the refund in the name of a person.

        :param requester: who asks; whoever granted the assistance by default
        :return: the action
        """
        self.ensure_one()
        application = self.application_id
        decider = requester or application.decided_by_id or self.env.user
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


class HcAssistanceApplication(models.Model):
    """Refunds that could not be paid are tried again when the cause is mended."""

    _inherit = "hc.assistance.application"

    has_unpaid_refund = fields.Boolean(compute="_compute_has_unpaid_refund", compute_sudo=True)

    @api.depends("line_ids.refund_status")
    def _compute_has_unpaid_refund(self):
        for application in self:
            application.has_unpaid_refund = bool(application._get_unpaid_refunds())

    def _get_unpaid_refunds(self):
        return self.line_ids.filtered(lambda line: line._is_refund_unpaid())

    def action_retry_refunds(self):
        """Ask once more, in the user's name, for refunds that are not paid.

        What was paid or waits for approval meanwhile is left alone: pressing twice pays once.

        :raise AccessError: the user is no manager and not of finance
        """
        self.ensure_one()
        self.check_access("read")
        if not any(map(self.env.user.has_group, _DECIDERS)):
            raise self.env["hc.refused.attempt"]._refuse(
                self,
                "retry_refunds",
                self.env._("Managers and finance managers refund. Ask one of them."),
                reason="assistance_refund",
            )
        application = self.sudo()
        application._lock_for_transition(["state", "outcome"])
        application.line_ids.lock_for_update(allow_referencing=True)
        application.line_ids.invalidate_recordset(["refund_action_id"])
        unpaid = application._get_unpaid_refunds()
        failed = unpaid.filtered(lambda line: not line._try_refund(self.env.user))
        # No error where one fails: it would take its reason back with it.
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if failed else "success",
                "sticky": bool(failed),
                "message": "\n".join(f"{line.case_id.name}: {line.refund_error}" for line in failed)
                or self.env._("Every refund is paid or waits for approval."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }


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
