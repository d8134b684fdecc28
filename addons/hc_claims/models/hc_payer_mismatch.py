# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Who looks at what does not add up. A threshold chooses the person; it never lets money pass."""

from odoo import api, fields, models

_THRESHOLD_FIELDS = ("mismatch_threshold", "mismatch_queue_id", "mismatch_owner_id")


class HcPayer(models.Model):
    """Who gets large differences is controlled: it takes effect when a second person agrees."""

    _name = "hc.payer"
    _inherit = ["hc.payer", "hc.config.controlled.mixin"]
    _config_fields = _THRESHOLD_FIELDS

    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    mismatch_threshold = fields.Monetary(
        "Large Difference From",
        tracking=True,
        help="A remittance that does not add up is held whatever the difference is. From this "
        "amount it goes to the owner below; 0: every difference does.",
    )
    mismatch_queue_id = fields.Many2one(
        "hc.work.queue",
        "Queue of Large Differences",
        tracking=True,
        help="Empty: the billing queue, as for small ones.",
    )
    mismatch_owner_id = fields.Many2one(
        "res.users",
        "Owner of Large Differences",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
        help="Their work item it is, and they are told.",
    )

    _mismatch_threshold_positive = models.Constraint(
        "CHECK (COALESCE(mismatch_threshold, 0) >= 0)", "A difference is not less than zero."
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_loading_registry():
            vals_list = [
                {name: value for name, value in vals.items() if name not in _THRESHOLD_FIELDS}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def _check_config_unlink(self):
        """A payer that nothing names may go, as before: its thresholds are of no use alone."""

    def _route_mismatch(self, vals, difference):
        """Values of a work item, with the queue and the person for a difference of this size."""
        if (
            not self
            or self.currency_id.compare_amounts(abs(difference), self.mismatch_threshold) < 0
        ):
            return vals
        routed = dict(vals)
        if self.mismatch_queue_id:
            routed["queue_code"] = self.mismatch_queue_id.code
        if self.mismatch_owner_id:
            routed |= {"assignee_id": self.mismatch_owner_id.id, "severity": "critical"}
        return routed


class HcRemittance(models.Model):
    _inherit = "hc.remittance"

    owner_id = fields.Many2one(
        "res.users",
        "Taken Care Of By",
        tracking=True,
        index="btree_not_null",
        help="Who asks the payer and decides; for a large difference the owner that the payer's "
        "record names.",
    )

    def _prepare_held_item_vals(self, reason):
        vals = super()._prepare_held_item_vals(reason)
        difference = self._get_largest_difference()
        if self.currency_id.is_zero(difference):
            return vals
        return self.payer_id._route_mismatch(vals, difference)

    def _get_largest_difference(self):
        """Of the payment against its claims, or of the claims that do not add up together."""
        of_claims = sum(abs(answer.amount_difference) for answer in self.claim_ids)
        return max(abs(self.amount_difference), of_claims)

    def _hold(self, reason):
        result = super()._hold(reason)
        item = (
            self.env["hc.work.item"]
            .sudo()
            .search(
                [("dedup_key", "=", f"remittance_held:{self.id}"), ("state", "=", "open")], limit=1
            )
        )
        if item.assignee_id:
            self.owner_id = item.assignee_id
            item.message_subscribe(item.assignee_id.partner_id.ids)
        return result


class HcRemittanceClaim(models.Model):
    _inherit = "hc.remittance.claim"

    def _prepare_waiting_item(self):
        vals = super()._prepare_waiting_item()
        if self.currency_id.is_zero(self.amount_difference):
            return vals
        return self.payer_id._route_mismatch(vals, self.amount_difference)
