# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What an adviser may know of authorizations, and read in the letters that grant them."""

from odoo import api, fields, models

from ..hc_core.facts import FactSpec
from ..hc_core.review import ReviewField


class HcAuthorization(models.Model):
    _name = "hc.authorization"
    _inherit = ["hc.authorization", "hc.reviewable.mixin"]

    @api.model
    def _review_fact_specs(self):
        return (
            *super()._review_fact_specs(),
            FactSpec("authorization_type", "text", "Authorization or referral", False),
            FactSpec("payer_type", "text", "Payer type", False),
            FactSpec("procedures", "text_list", "Procedures"),
            FactSpec("days_left", "integer", "Days until it ends", False),
        )

    def _review_facts(self):
        self.ensure_one()
        return {
            **super()._review_facts(),
            "authorization_type": self.authorization_type,
            "payer_type": self.payer_id.payer_type,
            "procedures": sorted(self.code_ids.mapped("code")),
            "days_left": (self.date_to - fields.Date.context_today(self)).days,
        }

    def _review_documents(self):
        """The payer's letters: files of the authorization, and of documents of its visits."""
        files = super()._review_documents()
        files |= files.search([("res_model", "=", self._name), ("res_id", "=", self.id)])
        documents = self.env["hc.document"]
        if documents.has_access("read"):
            files |= documents.search(
                [
                    ("patient_id", "=", self.patient_id.id),
                    "|",
                    ("encounter_id.authorization_id", "=", self.id),
                    ("encounter_id.referral_id", "=", self.id),
                ]
            )._review_documents()
        return files.sorted("id")

    def _review_fields(self):
        def extract(field_type, name, source):
            label = self._fields[name]._description_string(self.env)
            return ReviewField(field_type, label, task="extract", source=source)

        return {
            **super()._review_fields(),
            "number": extract("text", "number", "authorization_number"),
            "date_from": extract("date", "date_from", "valid_from"),
            "date_to": extract("date", "date_to", "valid_through"),
            "approved_units": extract("decimal", "approved_units", "approved_units"),
        }


class HcDocument(models.Model):
    _name = "hc.document"
    _inherit = ["hc.document", "hc.reviewable.mixin"]

    @api.model
    def _review_fact_specs(self):
        return (
            *super()._review_fact_specs(),
            FactSpec("document_type", "text", "Type", False),
            FactSpec("age_days", "integer", "Age in days", False),
        )

    def _review_facts(self):
        self.ensure_one()
        today = fields.Date.context_today(self)
        return {
            **super()._review_facts(),
            "document_type": self.document_type,
            "age_days": (today - self.document_date).days,
        }

    def _review_documents(self):
        """Its files, as far as the user may read them."""
        own = self.attachment_ids._filtered_access("read")
        return super()._review_documents() | own

    def _review_fields(self):
        def extract(name, source):
            label = self._fields[name]._description_string(self.env)
            return ReviewField("date", label, task="extract", source=source)

        return {
            **super()._review_fields(),
            "document_date": extract("document_date", "letter_date"),
            "expires_on": extract("expires_on", "valid_through"),
        }
