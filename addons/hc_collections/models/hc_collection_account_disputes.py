# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from .hc_billing_dispute import OPEN_STATES


class HcCollectionAccount(models.Model):
    """What is disputed of an account, and what could be."""

    _inherit = "hc.collection.account"

    dispute_ids = fields.One2many("hc.billing.dispute", "account_id", "Disputes", readonly=True)
    dispute_count = fields.Integer("Disputes Ever", compute="_compute_disputes")
    amount_disputed = fields.Monetary("Disputed", compute="_compute_disputes")

    @api.depends("dispute_ids.state", "dispute_ids.amount_disputed")
    def _compute_disputes(self):
        for account in self:
            disputes = account.dispute_ids
            account.dispute_count = len(disputes)
            account.amount_disputed = sum(
                disputes.filtered(lambda each: each.state in OPEN_STATES).mapped("amount_disputed")
            )

    def _get_open_by_case(self):
        """What the party owes of each case, from the ledger.

        :return: ``{case: (responsibility, open amount)}``, in the order of age
        """
        self.ensure_one()
        # A read model: what was read before the ledger changed would stay as it was.
        self.env["hc.aging.item"].invalidate_model()
        # What is owed today, whatever day the client was looking at.
        today = self.env["hc.aging.item"].with_context(hc_as_of=None)
        items = today.sudo().search([("account_id", "=", self.id)])
        amounts = defaultdict(float)
        for item in items.filtered("case_id"):
            key = (item.case_id.id, item.item_id.sudo().hc_responsibility)
            amounts[key] += item.amount_open
        found = {}
        for (case_id, responsibility), amount in amounts.items():
            if responsibility and self.currency_id.compare_amounts(amount, 0) > 0:
                case = self.env["hc.billing.case"].browse(case_id)
                found[case] = (responsibility, self.currency_id.round(amount))
        return found

    def _get_disputable_amounts(self):
        """What is open of each case and not disputed yet: ``{case: (responsibility, amount)}``."""
        self.ensure_one()
        disputed = defaultdict(float)
        for dispute in self.sudo().dispute_ids:
            for line in dispute.line_ids if dispute.state in OPEN_STATES else ():
                disputed[line.case_id.id] += line.amount_disputed
        return {
            case: (responsibility, self.currency_id.round(left))
            for case, (responsibility, amount) in self._get_open_by_case().items()
            if self.currency_id.compare_amounts(left := amount - disputed[case.id], 0) > 0
        }

    def action_open_dispute(self):
        """Ask what the party disputes."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take a Dispute In"),
            "res_model": "hc.dispute.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_account_id": self.id},
        }

    def action_open_disputes(self):
        """Open the disputes of the account."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_collections.hc_billing_dispute_action"
        )
        return action | {"domain": [("account_id", "=", self.id)], "context": {}}


class HcBillingCase(models.Model):
    """The way from a case to its disputes."""

    _inherit = "hc.billing.case"

    dispute_count = fields.Integer("Disputes", compute="_compute_dispute_count")

    def _compute_dispute_count(self):
        counts = dict(
            self.env["hc.billing.dispute.line"]._read_group(
                [("case_id", "in", self.ids)], ["case_id"], ["__count"]
            )
        )
        for case in self:
            case.dispute_count = counts.get(case._origin, 0)

    def action_open_dispute(self):
        """Ask what of this case is disputed, by whoever owes of it; the patient first."""
        self.ensure_one()
        items = self.env["hc.aging.item"].search(
            [("case_id", "=", self.id), ("amount_open", ">", 0)]
        )
        account = items.account_id.sorted(lambda each: each.party != "patient")[:1]
        if not account:
            raise UserError(self.env._("Nothing of %(case)s is open.", case=self.name))
        action = account.action_open_dispute()
        action["context"]["default_case_id"] = self.id
        return action

    def action_open_disputes(self):
        """Open the disputes that name the case."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_collections.hc_billing_dispute_action"
        )
        return action | {"domain": [("line_ids.case_id", "=", self.id)], "context": {}}
