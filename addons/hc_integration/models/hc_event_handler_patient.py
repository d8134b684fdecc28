# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.fields import Command

from .hc_event_handler import EventOutcome

# Names of an event in those of the record; the others are the same.
_FIELDS = {"state_code": "state_id"}
_GROUPS = ("demographics", "address", "contact")


class HcEventHandler(models.AbstractModel):
    """Patients: what another system knows of them, within its right to overwrite."""

    _inherit = "hc.event.handler"

    @api.model
    def _apply_patient_updated(self, event):
        facility = self._get_facility(event)
        self.env["hc.patient"].check_access("write")
        values = {
            group: {_FIELDS.get(name, name): value for name, value in event.data[group].items()}
            for group in _GROUPS
            if event.data.get(group)
        }
        patient = self._find_patient(event, facility)
        is_new = not patient
        if is_new:
            patient = self._register_patient(event, facility)
        outcome = self.env["hc.data.owner"]._apply(event, patient, values)
        if is_new:
            outcome.changed = ("created", *outcome.changed)
        outcome.arrived = (self._patient_key(patient.mrn),)
        return outcome

    @api.model
    def _register_patient(self, event, facility):
        """Register the person; a source that may only propose waits for who may.

        Without a name and a birth date nobody could tell the person from another.
        """
        told = event.data.get("demographics", {})
        right = self.env["hc.data.owner"]._get_right(event.source, "demographics")
        if right == "propose" or not (told.get("last_name") and told.get("birth_date")):
            return self._get_patient(event, facility)
        self.env["hc.patient"].check_access("create")
        patient_sudo = (
            self.env["hc.patient"]
            .sudo()
            .create(
                {
                    "mrn": event.data["patient_mrn"],
                    "company_id": self.env.company.id,
                    "facility_ids": [Command.link(facility.id)],
                }
            )
        )
        return patient_sudo.sudo(False)

    @api.model
    def _no_change(self, record, note):
        """The outcome of an event that says nothing that would change anything here."""
        return EventOutcome(record=record, note=note)
