# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from odoo.addons.base.models.res_partner import _tz_get


class HcIntegrationSource(models.Model):
    """Whether and how a connected system proves each day what it sent."""

    _inherit = "hc.integration.source"

    is_proof_expected = fields.Boolean(
        "Proves Each Day",
        tracking=True,
        help="It tells each day how many messages it sent. Somebody is asked where it does not.",
    )
    proof_since = fields.Date("First Day to Prove", help="Days before are not asked for.")
    proof_grace_hours = fields.Integer(
        "Told Within (hours)",
        default=6,
        required=True,
        help="So many hours after the end of the day its totals are overdue.",
    )
    proof_tz = fields.Selection(
        _tz_get, "Days Are Those Of", default="UTC", required=True, help="Time zone of its days."
    )
    has_gapless_numbers = fields.Boolean(
        "Numbers Without Gaps",
        help="It numbers the messages about a subject 1, 2, 3 and leaves none out: a number that "
        "is missing is a message that is missing.",
    )
    proof_ids = fields.One2many("hc.integration.proof", "source_id", "Daily Proofs", readonly=True)
    open_difference_count = fields.Integer("Differences", compute="_compute_proof_counts")
    not_told_count = fields.Integer("Days Not Told", compute="_compute_proof_counts")

    _proof_grace_bounded = models.Constraint(
        "CHECK (proof_grace_hours BETWEEN 0 AND 168)", "Totals are told within 0 to 168 hours."
    )

    @api.onchange("is_proof_expected")
    def _onchange_is_proof_expected(self):
        if self.is_proof_expected and not self.proof_since:
            self.proof_since = fields.Date.context_today(self)

    def _compute_proof_counts(self):
        # How many there are is shown to whoever may see the system; what they are is not.
        differences = (
            self.env["hc.integration.difference"]
            .sudo()
            ._read_group(
                [("source_id", "in", self.ids), ("state", "=", "open")], ["source_id"], ["__count"]
            )
        )
        days = (
            self.env["hc.integration.proof"]
            .sudo()
            ._read_group(
                [("source_id", "in", self.ids), ("state", "=", "not_told")],
                ["source_id"],
                ["__count"],
            )
        )
        by_source = {source.id: count for source, count in differences}
        not_told = {source.id: count for source, count in days}
        for source in self:
            source.open_difference_count = by_source.get(source.id, 0)
            source.not_told_count = not_told.get(source.id, 0)

    def action_open_proofs(self):
        """Open the daily proofs of this system."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_integration.hc_integration_proof_action"
        )
        return action | {"domain": [("source_id", "=", self.id)], "context": {}}

    def action_open_differences(self):
        """Open the differences of this system that nobody has settled."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_integration.hc_integration_difference_action"
        )
        return action | {
            "domain": [("source_id", "=", self.id), ("state", "=", "open")],
            "context": {},
        }

    def action_tell_totals(self):
        """Open the dialog for what the system says that it sent."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What the System Says"),
            "res_model": "hc.integration.totals.entry",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_source_id": self.id},
        }
