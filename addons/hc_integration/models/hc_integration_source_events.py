# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from odoo.addons.hc_revenue_base.models.hc_exchange_processing import MAX_ATTEMPTS

from .hc_data_owner import DEFAULT_RIGHT, FIELD_GROUPS, RIGHTS


class HcIntegrationSource(models.Model):
    """What a connected system may do with master data, and how long its events wait."""

    _inherit = "hc.integration.source"

    patience_hours = fields.Integer(
        "Patience (hours)",
        default=24,
        required=True,
        help="An event whose subject is not there yet waits; after so many hours somebody is "
        "asked to help.",
    )
    data_owner_ids = fields.One2many("hc.data.owner", "source_id", "Rights to Master Data")
    waiting_event_count = fields.Integer(
        "Waiting for Subject", compute="_compute_waiting_event_count"
    )

    refused_event_count = fields.Integer(
        "Refused or Given Up", compute="_compute_refused_event_count"
    )

    # The matrix: one column a part of master data; whoever may look at a system sees it.
    right_demographics = fields.Selection(
        RIGHTS, "Name, Birth", compute="_compute_rights", compute_sudo=True
    )
    right_address = fields.Selection(
        RIGHTS, "Patient Address", compute="_compute_rights", compute_sudo=True
    )
    right_contact = fields.Selection(
        RIGHTS, "Telephone, E-mail", compute="_compute_rights", compute_sudo=True
    )
    right_coverage = fields.Selection(
        RIGHTS, "Coverage", compute="_compute_rights", compute_sudo=True
    )
    right_authorization = fields.Selection(
        RIGHTS, "Authorization", compute="_compute_rights", compute_sudo=True
    )

    _patience_bounded = models.Constraint(
        "CHECK (patience_hours BETWEEN 0 AND 720)", "Patience is 0 to 720 hours."
    )

    @api.depends_context("uid")
    def _compute_waiting_event_count(self):
        rows = self.env["hc.exchange"]._read_group(
            [("source_id", "in", self.ids), ("state", "=", "waiting")], ["source_id"], ["__count"]
        )
        counts = {source.id: count for source, count in rows}
        for source in self:
            source.waiting_event_count = counts.get(source.id, 0)

    @api.depends_context("uid")
    def _compute_refused_event_count(self):
        rows = self.env["hc.exchange"]._read_group(
            self._get_refused_events_domain(), ["source_id"], ["__count"]
        )
        counts = {source.id: count for source, count in rows}
        for source in self:
            source.refused_event_count = counts.get(source.id, 0)

    def _get_refused_events_domain(self):
        return [
            ("source_id", "in", self.ids),
            ("document_type", "=", "event"),
            "|",
            ("state", "=", "rejected"),
            "&",
            ("state", "=", "failed"),
            ("attempts", ">=", MAX_ATTEMPTS),
        ]

    @api.depends("data_owner_ids.right", "data_owner_ids.active", "data_owner_ids.field_group")
    def _compute_rights(self):
        for source in self:
            rights = {
                owner.field_group: owner.right for owner in source.data_owner_ids if owner.active
            }
            for group, _label in FIELD_GROUPS:
                source[f"right_{group}"] = rights.get(group, DEFAULT_RIGHT)

    def action_open_waiting_events(self):
        """Open the events that wait for their subject."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("hc_revenue_base.hc_exchange_action")
        return action | {
            "domain": [("source_id", "=", self.id), ("state", "=", "waiting")],
            "context": {},
        }

    def action_open_refused_events(self):
        """Open the events that were refused or given up, the latest first."""
        action = self.env["ir.actions.act_window"]._for_xml_id("hc_revenue_base.hc_exchange_action")
        return action | {"domain": self._get_refused_events_domain(), "context": {}}

    def action_enter_event(self):
        """Enter by hand what the system would have sent."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Enter an Event by Hand"),
            "res_model": "hc.event.entry",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_source_id": self.id},
        }
