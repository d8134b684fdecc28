# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What an adviser may know of denials and appeals, and may propose."""

from decimal import Decimal

from odoo import api, models
from odoo.tools import float_repr

from odoo.addons.hc_revenue_base.hc_core.facts import FactSpec
from odoo.addons.hc_revenue_base.hc_core.review import ReviewField
from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP


class HcDenial(models.Model):
    _name = "hc.denial"
    _inherit = ["hc.denial", "hc.payer.letter.mixin", "hc.kpi.subject.mixin"]

    @api.model
    def _review_fact_specs(self):
        return (
            *super()._review_fact_specs(),
            FactSpec("state", "text", "State", False),
            FactSpec("payer_type", "text", "Payer type", False),
            FactSpec("claim_type", "text", "Professional or institutional", False),
            FactSpec("procedure", "text", "Procedure"),
            FactSpec("reasons", "text_list", "Group and reason of each adjustment", False),
            FactSpec("remarks", "text_list", "Remarks", False),
            FactSpec("category", "text", "Category"),
            FactSpec("preventable", "text", "Preventable"),
            FactSpec("is_appealable", "boolean", "An appeal is admitted", False),
            FactSpec("level", "integer", "Next level of appeal", False),
            FactSpec("days_left", "integer", "Days left"),
            FactSpec("amount_denied", "decimal", "Denied amount", False),
            FactSpec("amount_charged", "decimal", "Charged amount", False),
            FactSpec("overturn_percent", "decimal", "Chance of an appeal in percent", False),
        )

    def _review_facts(self):
        self.ensure_one()
        places = self.currency_id.decimal_places
        return {
            **super()._review_facts(),
            "state": self.state,
            "payer_type": self.payer_id.payer_type,
            "claim_type": self.claim_id.claim_type,
            "procedure": self.procedure_code or None,
            "reasons": (self.reason_summary or "").split(", "),
            "remarks": (self.remark_codes or "").split(),
            "category": self.category or None,
            "preventable": self.preventable or None,
            "is_appealable": self.is_appealable,
            "level": self.level,
            "days_left": self.days_left if self.deadline else None,
            "amount_denied": Decimal(float_repr(self.amount_denied, places)),
            "amount_charged": Decimal(float_repr(self.amount_charged, places)),
            "overturn_percent": Decimal(float_repr(self.overturn_percent, 1)),
        }

    def _review_fields(self):
        users = self.env.ref("hc_revenue_base.group_hc_claims_specialist").sudo().all_user_ids
        ids = tuple(users.filtered(lambda user: self.company_id in user.company_ids).ids)
        fields_ = {**super()._review_fields()}
        if ids:
            fields_["responsible_user_id"] = ReviewField("record", self.env._("Specialist"), ids)
        return fields_

    def _get_letter_records(self):
        return [*super()._get_letter_records(), self.claim_id]


class HcAppeal(models.Model):
    _name = "hc.appeal"
    _inherit = ["hc.appeal", "hc.reviewable.mixin", "hc.kpi.subject.mixin"]

    @api.model
    def _review_fact_specs(self):
        return (
            *super()._review_fact_specs(),
            FactSpec("state", "text", "State", False),
            FactSpec("payer_type", "text", "Payer type", False),
            FactSpec("level", "integer", "Level", False),
            FactSpec("category", "text", "Category"),
            FactSpec("reasons", "text_list", "Group and reason of each denial", False),
            FactSpec("procedures", "text_list", "Procedures"),
            FactSpec("amount", "decimal", "Amount in dispute", False),
            FactSpec("days_left", "integer", "Days left"),
            FactSpec("missing_evidence", "text_list", "Evidence that is missing"),
        )

    def _review_facts(self):
        self.ensure_one()
        amount = float_repr(self.amount, self.currency_id.decimal_places)
        denials = self.denial_ids
        return {
            **super()._review_facts(),
            "state": self.state,
            "payer_type": self.payer_id.payer_type,
            "level": self.level,
            "category": self.category or None,
            "reasons": sorted({f"{each.group_code}-{each.reason_code}" for each in denials}),
            "procedures": sorted({each.procedure_code for each in denials if each.procedure_code}),
            "amount": Decimal(amount),
            "days_left": self.days_left if self.deadline else None,
            # Their names are the office's; what people add by hand may name a person.
            "missing_evidence": self._get_missing_evidence().type_id.mapped("name"),
        }

    def _review_fields(self):
        fields_ = {**super()._review_fields()}
        # What is declared, which policies are made of, hangs on nobody's rights.
        if self.env.su or self.env.user.has_group(PHI_GROUP):
            fields_["letter_body"] = ReviewField("text", self.env._("Letter"), task="draft")
        return fields_
