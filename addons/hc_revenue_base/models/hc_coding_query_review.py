# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What an adviser may know of coding queries, and the draft of a question. Nothing is sent."""

from odoo import api, fields, models

from ..hc_core.facts import FactSpec
from ..hc_core.review import ReviewField
from .hc_patient import CLINICAL_GROUP


class HcCodingQuery(models.Model):
    _name = "hc.coding.query"
    _inherit = ["hc.coding.query", "hc.reviewable.mixin"]

    @api.model
    def _review_fact_specs(self):
        return (
            *super()._review_fact_specs(),
            FactSpec("state", "text", "State", False),
            FactSpec("category", "text", "Category", False),
            FactSpec("service_count", "integer", "Services asked about", False),
        )

    def _review_facts(self):
        self.ensure_one()
        return {
            **super()._review_facts(),
            "state": self.state,
            "category": self.category,
            "service_count": len(self.service_line_ids),
        }

    def _review_fields(self):
        proposals = super()._review_fields()
        may_read = self.env.su or self.env.user.has_group(CLINICAL_GROUP)
        if may_read and (not self.state or self.state == "draft"):
            label = self._fields["question"]._description_string(self.env)
            proposals = {**proposals, "question": ReviewField("text", label, task="draft")}
        return proposals

    def _review_draft(self, field_name):
        """The office's own wording for the category: it leads to no answer, and names no code."""
        if field_name != "question" or self.state != "draft":
            return super()._review_draft(field_name)
        template = self.template_id or self.env["hc.coding.query.template"].search(
            [
                ("category", "=", self.category),
                ("company_id", "in", [False, self.company_id.id]),
            ],
            limit=1,
        )
        if not template:
            return ""
        day = fields.Datetime.context_timestamp(self, self.encounter_id.started_at).date()
        about = self.env._("About the visit of %(day)s:", day=fields.Date.to_string(day))
        return f"{about}\n{template.question}"
