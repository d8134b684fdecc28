# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models

from .hc_patient import PHI_GROUP


class HcPatient(models.Model):
    _inherit = "hc.patient"

    authorization_ids = fields.One2many(
        "hc.authorization", "patient_id", "Authorizations", groups=PHI_GROUP
    )

    def action_open_encounters(self):
        """Open the encounters of the patient."""
        return self._open_of_patient("hc_revenue_base.hc_encounter_action")

    def action_open_cases(self):
        """Open the billing cases of the patient."""
        return self._open_of_patient("hc_revenue_base.hc_billing_case_action")

    def _open_of_patient(self, action_xml_id):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(action_xml_id)
        action["domain"] = [("patient_id", "=", self.id)]
        action["context"] = {"default_patient_id": self.id}
        return action


class HcEncounter(models.Model):
    _inherit = "hc.encounter"

    def action_open_cases(self):
        """Open the billing case of the encounter; the list where it was rebilled."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_revenue_base.hc_billing_case_action"
        )
        action["domain"] = [("encounter_id", "=", self.id)]
        action["context"] = {}
        if len(self.case_ids) == 1:
            action.update(views=[(False, "form")], res_id=self.case_ids.id)
        return action
