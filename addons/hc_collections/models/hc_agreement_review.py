# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What an adviser may know of payment plans, and may propose; what figures promises are behind."""

from odoo import api, fields, models

from odoo.addons.hc_revenue_base.hc_core.facts import FactSpec
from odoo.addons.hc_revenue_base.hc_core.review import ReviewField


class HcPaymentPlan(models.Model):
    _name = "hc.payment.plan"
    _inherit = ["hc.payment.plan", "hc.casework.review.mixin", "hc.kpi.subject.mixin"]

    @api.model
    def _review_fact_specs(self):
        return (
            *super()._review_fact_specs(),
            FactSpec("state", "text", "State", False),
            FactSpec("is_within_tier", "boolean", "Within the tier of the policy", False),
            FactSpec("amount_total", "decimal", "Agreed amount", False),
            FactSpec("amount_left", "decimal", "Amount left", False),
            FactSpec("amount_overdue", "decimal", "Overdue amount", False),
            FactSpec("instalments", "integer", "Instalments", False),
            FactSpec("missed", "integer", "Instalments missed", False),
            FactSpec("pay_by", "text", "How it is paid", False),
            FactSpec("failed_charges", "integer", "Charges that failed", False),
            FactSpec("version", "integer", "Version", False),
            FactSpec("days_active", "integer", "Days since it began", False),
            FactSpec("earlier_failed", "integer", "Earlier plans that failed", False),
            FactSpec("broken_promises", "integer", "Promises not kept", False),
        )

    def _review_facts(self):
        self.ensure_one()
        plan, account = self.sudo(), self.account_id
        today = fields.Date.context_today(self)
        failed = (account.plan_ids - self).filtered(lambda each: each.state == "defaulted")
        charges = plan.instalment_ids.transaction_ids
        return {
            **super()._review_facts(),
            "state": self.state,
            "is_within_tier": self.is_within_tier,
            "amount_total": self._get_exact(self.amount_total),
            "amount_left": self._get_exact(self.amount_left),
            "amount_overdue": self._get_exact(self.amount_overdue),
            "instalments": self.months,
            "missed": self.missed_count,
            "pay_by": self.pay_by,
            "failed_charges": len(charges.filtered(lambda charge: charge.state == "error")),
            "version": self.version,
            "days_active": (today - self.activated_on).days if self.activated_on else 0,
            "earlier_failed": len(failed),
            "broken_promises": len(
                account.promise_ids.filtered(lambda each: each.state in ("broken", "partly_kept"))
            ),
        }

    def _review_fields(self):
        steps = dict(self._fields["next_step"].selection)
        return {
            **super()._review_fields(),
            "next_step": ReviewField("choice", self.env._("Next Step"), tuple(steps)),
        }


class HcPaymentPromise(models.Model):
    _name = "hc.payment.promise"
    _inherit = ["hc.payment.promise", "hc.kpi.subject.mixin"]
