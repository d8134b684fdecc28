# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import date

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .hc_payment_plan import LIVE_STATES


def get_age(item):
    """What puts receivable items into the order of their age."""
    return item.date_maturity or item.date, item.id


class HcCollectionAccount(models.Model):
    """Which open items a plan of the account may cover."""

    _inherit = "hc.collection.account"

    plan_ids = fields.One2many("hc.payment.plan", "account_id", "Payment Plans", readonly=True)
    active_plan_id = fields.Many2one(
        "hc.payment.plan", "Payment Plan", compute="_compute_active_plan"
    )

    def _compute_active_plan(self):
        plans = self.env["hc.payment.plan"].search(
            [("account_id", "in", self.ids), ("state", "in", LIVE_STATES)]
        )
        by_account = {plan.account_id: plan for plan in plans}
        for account in self:
            account.active_plan_id = by_account.get(account)

    def _get_planned_items(self):
        """Open items that running plans cover, of the plan that is due next first."""
        self.ensure_one()
        plans = self.sudo().plan_ids.filtered(lambda plan: plan.state == "active")
        plans = plans.sorted(lambda plan: (plan.next_due_on or date.max, plan.id))
        return plans.item_ids.browse(
            [item.id for plan in plans for item in plan.item_ids.sorted(get_age)]
        )

    def _get_pending_payments(self):
        """Payments of the party that are under way, as sudo: their money may still come."""
        return self._search_payments(self.env["payment.transaction"]._get_pending_domain())

    def _get_unposted_payments(self):
        """Payments of the party that are confirmed and not in the ledger yet, as sudo.

        What another system has reported of them meanwhile is there already.
        """
        found = self._search_payments(self.env["payment.transaction"]._get_unposted_domain())
        return found.filtered(lambda payment: not payment._find_report(self))

    def _search_payments(self, domain):
        """Payments through Odoo of the party, as sudo."""
        mine = Domain(
            [
                ("company_id", "in", self.company_id.ids),
                ("partner_id", "child_of", self.partner_id.ids),
            ]
        )
        return self.env["payment.transaction"].sudo().search(mine & domain)

    def _find_repeated_payment(self, amount, instalment_id=False):
        """A payment of the same amount that is under way, or waits to be posted; or none.

        :param float amount: that somebody is about to pay
        :param int instalment_id: of a plan, whose own payments alone count
        """
        coming = self._get_pending_payments() | self._get_unposted_payments()
        return coming.filtered(
            lambda each: (
                each.hc_instalment_id.id == instalment_id
                and not self.currency_id.compare_amounts(each.amount, amount)
            )
        )[:1]

    def _say_nothing_to_pay(self):
        """Which words of the portal say that nothing is to be paid here now."""
        if self._get_pending_payments():
            return "portal_pay_waiting"
        if self._get_unposted_payments():
            return "portal_pay_booking"
        return "portal_part_paid" if self._get_payable_amount() else "portal_none"

    def _check_no_pending_payment(self):
        """Refuse to agree on a balance of which a part may be paid any moment.

        :raise UserError: which payment is under way
        """
        pending = self._get_pending_payments()[:1]
        if pending:
            raise UserError(
                self.env._(
                    "Payment %(reference)s of %(amount)s is under way. Wait for its answer.",
                    reference=pending.reference,
                    amount=pending.currency_id.format(pending.amount),
                )
            )

    def _get_plannable_cases(self):
        """Cases of which the party owes something that no plan covers."""
        self.ensure_one()
        covered = (
            self.env["hc.payment.plan"]
            .sudo()
            .search([("account_id", "=", self.id), ("state", "in", LIVE_STATES)])
            .item_ids
        )
        items = self.sudo()._search_plan_items([]) - covered
        return self.env["hc.billing.case"].browse(items.hc_case_id.ids)

    def _search_plan_items(self, domain):
        return (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", self.partner_id.id),
                    ("company_id", "=", self.company_id.id),
                    ("account_type", "=", "asset_receivable"),
                    ("parent_state", "=", "posted"),
                    ("hc_case_id", "!=", False),
                    ("hc_responsibility", "=", "patient"),
                    ("amount_residual", ">", 0),
                    *domain,
                ],
                order="date_maturity, id",
            )
        )

    def _get_plan_items(self, cases, previous):
        """Open items of the party on cases, for a plan.

        :raise UserError: there are none, they are in another currency, or a plan covers them
        """
        self.ensure_one()
        items = self._search_plan_items([("hc_case_id", "in", cases.ids)])
        if not items:
            raise UserError(self.env._("Nothing is open for a plan on these cases."))
        foreign = items.filtered(lambda item: item.currency_id != self.currency_id)
        if foreign:
            raise UserError(
                self.env._(
                    "%(case)s is billed in %(currency)s: a plan covers balances in %(own)s.",
                    case=foreign[0].hc_case_id.name,
                    currency=foreign[0].currency_id.name,
                    own=self.currency_id.name,
                )
            )
        self._check_free_items(items, previous)
        return items

    def _check_free_items(self, items, known):
        """Refuse items that a plan covers, but for the plans known."""
        taken = (
            self.env["hc.payment.plan"]
            .sudo()
            .search(
                [
                    ("account_id", "=", self.id),
                    ("state", "in", LIVE_STATES),
                    ("item_ids", "in", items.ids),
                    ("id", "not in", known.ids),
                ],
                limit=1,
            )
        )
        if taken:
            raise UserError(
                self.env._(
                    "%(plan)s covers this balance already. Reschedule it instead.",
                    plan=taken.display_name,
                )
            )

    def action_open_plan_calculator(self):
        """Calculate a payment plan."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Payment Plan"),
            "res_model": "hc.payment.plan.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_account_id": self.id},
        }
