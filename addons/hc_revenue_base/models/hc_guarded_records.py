# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Records without a life cycle whose derived fields and references need the guard as well.

Their company and facility follow from what they belong to, and record rules rely on them: a
client that could set them would choose whose record rules apply.
"""

from odoo import api, models


class HcPatient(models.Model):
    _name = "hc.patient"
    _inherit = ["hc.patient", "hc.guarded.mixin"]
    # Whom the patient's invoices are made out to, and in whose books.
    _guarded_fields = frozenset({"partner_id", "company_id"})
    _guarded_after_create = frozenset({"company_id"})

    @api.model
    def _complete_vals(self, vals_list):
        partners_sudo = self.env["res.partner"].sudo()
        partners_sudo = partners_sudo.create(
            [self._prepare_partner_vals(vals) for vals in vals_list]
        )
        return [
            {**vals, "partner_id": partner.id}
            for vals, partner in zip(super()._complete_vals(vals_list), partners_sudo, strict=True)
        ]


class HcCoverage(models.Model):
    _name = "hc.coverage"
    _inherit = ["hc.coverage", "hc.guarded.mixin"]


class HcAuthorization(models.Model):
    _name = "hc.authorization"
    _inherit = ["hc.authorization", "hc.guarded.mixin"]


class HcDocument(models.Model):
    _name = "hc.document"
    _inherit = ["hc.document", "hc.guarded.mixin"]


class HcEncounterDiagnosis(models.Model):
    _name = "hc.encounter.diagnosis"
    _inherit = ["hc.encounter.diagnosis", "hc.guarded.mixin"]
    _guarded_fields = _guarded_after_create = frozenset({"encounter_id"})


class HcServiceLine(models.Model):
    _name = "hc.service.line"
    _inherit = ["hc.service.line", "hc.guarded.mixin"]
    # The charge of a service follows it: moved, it would move between patients.
    _guarded_fields = _guarded_after_create = frozenset({"encounter_id"})
