# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models


class HcTransition(models.Model):
    """The log is the outbox's source: what is a fact is put aside for whoever wants to know."""

    _inherit = "hc.transition"

    @api.model
    def _prepare_row(self, entry, sequence, occurred_at):
        row = super()._prepare_row(entry, sequence, occurred_at)
        # A record that all companies share is spoken about by the company that acts.
        row["company_id"] = row["company_id"] or entry.get("company_id")
        return row

    @api.model
    def _insert(self, rows):
        ids = super()._insert(rows)
        matcher = self.env["hc.event.subscription"]._get_matcher()
        if matcher:
            for row, number in zip(rows, ids, strict=True):
                row["id"] = number
            self.env["hc.event.delivery"]._put(matcher.match(rows))
        return ids
