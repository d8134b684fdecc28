# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What an adviser may know of accounts and disputes, and may propose."""

from odoo import api, fields, models

from odoo.addons.hc_revenue_base.hc_core.facts import FactSpec

from .hc_billing_dispute import OPEN_STATES


class HcCollectionAccount(models.Model):
    _name = "hc.collection.account"
    _inherit = ["hc.collection.account", "hc.casework.review.mixin"]

    @api.model
    def _review_fact_specs(self):
        return (
            *super()._review_fact_specs(),
            FactSpec("state", "text", "State", False),
            FactSpec("party", "text", "Who owes", False),
            FactSpec("situation", "text", "Situation", False),
            FactSpec("amount_open", "decimal", "Open amount", False),
            FactSpec("amount_disputed", "decimal", "Disputed amount", False),
            FactSpec("days_open", "integer", "Age in days", False),
            FactSpec("item_count", "integer", "Open items", False),
            FactSpec("contacts", "integer", "Contacts so far", False),
            FactSpec("holds", "text_list", "Active holds", False),
            FactSpec("priority_score", "integer", "Priority", False),
        )

    def _review_facts(self):
        self.ensure_one()
        holds = self.hold_ids.filtered(lambda hold: hold.state == "active")
        return {
            **super()._review_facts(),
            "state": self.state,
            "party": self.party,
            "situation": self.situation,
            "amount_open": self._get_exact(self.amount_open),
            "amount_disputed": self._get_exact(self.amount_disputed),
            "days_open": self.days_open,
            "item_count": self.item_count,
            "contacts": len(self.contact_ids),
            "holds": sorted(set(holds.mapped("kind"))),
            "priority_score": self.priority_score,
        }

    def _review_fields(self):
        people = self._get_people_field(
            self.env._("Collector"), reviewer_group="hc_revenue_base.group_hc_supervisor"
        )
        return super()._review_fields() | ({"collector_id": people} if people else {})

    def _write_review(self, values):
        values = dict(values)
        if "collector_id" in values:
            self._set_collector(self.env["res.users"].browse(values.pop("collector_id")))
        return super()._write_review(values) if values else None


class HcBillingDispute(models.Model):
    _name = "hc.billing.dispute"
    _inherit = ["hc.billing.dispute", "hc.casework.review.mixin", "hc.kpi.subject.mixin"]

    @api.model
    def _review_fact_specs(self):
        return (
            *super()._review_fact_specs(),
            FactSpec("state", "text", "State", False),
            FactSpec("kind", "text", "Reason", False),
            FactSpec("is_estimate", "boolean", "About a good-faith estimate", False),
            FactSpec("party", "text", "Who disputes", False),
            FactSpec("amount_disputed", "decimal", "Disputed amount", False),
            FactSpec("days_open", "integer", "Days since it came", False),
            FactSpec("days_left", "integer", "Days left to answer", False),
            FactSpec("cases", "integer", "Cases", False),
            FactSpec("documents", "integer", "Documents of evidence", False),
            FactSpec("earlier_disputes", "integer", "Earlier disputes of the account", False),
        )

    def _review_facts(self):
        self.ensure_one()
        today = fields.Date.context_today(self)
        earlier = self.account_id.dispute_ids - self
        return {
            **super()._review_facts(),
            "state": self.state,
            "kind": self.kind,
            "is_estimate": self.is_estimate,
            "party": self.party,
            "amount_disputed": self._get_exact(self.amount_disputed),
            "days_open": (today - self.received_on).days,
            "days_left": (self.due_on - today).days,
            "cases": len(self.line_ids),
            "documents": len(self.sudo().attachment_ids),
            "earlier_disputes": len(earlier.filtered(lambda one: one.state not in OPEN_STATES)),
        }

    def _review_fields(self):
        people = self._get_people_field(self.env._("Owner"))
        return super()._review_fields() | ({"owner_id": people} if people else {})
