# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

from .hc_event_handler import EventRefusedError, EventWaitsError


class HcEventHandler(models.AbstractModel):
    """Find what events name, within what their source may speak about."""

    _inherit = "hc.event.handler"

    @api.model
    def _note_attempt(self, event, records, refusal, code):
        """Put on record that a source tried what it may not, though no request is running.

        :param records: what it tried to reach
        :param str refusal: which kind of control refused, as of ``hc.refused.attempt``
        """
        self.env["hc.refused.attempt"]._keep(
            [
                {
                    "user_id": self.env.uid,
                    "company_id": self.env.company.id,
                    "remote_address": "",
                    "route": f"/hc/v1/inbound/{event.source.code}",
                    "res_model": records._name,
                    "res_id": records.ids[0] if records.ids else None,
                    "record_count": len(records),
                    "operation": "event",
                    "refusal": refusal,
                    "reason": code,
                }
            ],
            survives_rollback=True,
        )

    @api.model
    def _refuse_foreign(self, event, records_sudo, code):
        """Refuse an event about what is not its source's business, and put it on record."""
        self._note_attempt(event, records_sudo, "record_rule", code)
        raise EventRefusedError(code, self._get_foreign_message())

    @api.model
    def _get_facility(self, event):
        """The facility that an event is about."""
        code = event.data["facility_code"]
        facilities = self.env["hc.facility"]
        found = facilities.search([("code", "=", code), ("company_id", "=", self.env.company.id)])
        allowed = event.source.sudo().facility_ids
        if found and (not allowed or found in allowed):
            return found
        foreign_sudo = facilities.sudo().search([("code", "=", code)])
        if foreign_sudo:
            self._refuse_foreign(event, foreign_sudo, "facility_foreign")
        raise UserError(
            self.env._("No facility has the code %(code)s. Add it, or tell the sender.", code=code)
        )

    @api.model
    def _find_patient(self, event, facility):
        """The patient whom an event names; none where unknown.

        A record number alone opens no other facility's patient, who would show a stranger to
        those who guess it: last name and birth date must prove that the sender has the person.
        """
        mrn = event.data["patient_mrn"]
        patient_sudo = (
            self.env["hc.patient"]
            .sudo()
            .with_context(active_test=False)
            .search([("company_id", "=", self.env.company.id), ("mrn", "=", mrn)])
        )
        if patient_sudo and facility not in patient_sudo.facility_ids:
            if not _is_same_person(event.data.get("demographics", {}), patient_sudo):
                self._refuse_foreign(event, patient_sudo, "patient_foreign")
            patient_sudo.facility_ids += facility
        return patient_sudo.sudo(False).with_context(active_test=True)

    @api.model
    def _get_patient(self, event, facility):
        """The patient whom an event names.

        :raise EventWaitsError: nobody has registered the patient yet
        """
        patient = self._find_patient(event, facility)
        if not patient:
            raise EventWaitsError(
                self._patient_key(event.data["patient_mrn"]),
                self.env._("The patient is not registered yet."),
            )
        return patient

    @api.model
    def _patient_key(self, mrn):
        return f"patient:{self.env.company.id}:{mrn}"

    @api.model
    def _encounter_key(self, facility, number):
        return f"encounter:{facility.id}:{number}"

    @api.model
    def _find_encounter(self, event, facility):
        """The visit that an event names: the source's own, or the only one of its number."""
        found = self.env["hc.encounter"].search(
            [
                ("facility_id", "=", facility.id),
                ("number", "=", event.data["encounter_number"]),
            ]
        )
        own = found.filtered(lambda encounter: encounter.source == event.source.code)
        encounter = own or found
        if len(encounter) > 1:
            raise UserError(
                self.env._("Several visits have this number. Correct the one that is wrong.")
            )
        mrn = event.data.get("patient_mrn")
        if encounter and mrn and encounter.sudo().patient_id.mrn != mrn:
            raise EventRefusedError(
                "patient_conflict",
                self.env._("The visit %(number)s is another patient's.", number=encounter.number),
            )
        return encounter

    @api.model
    def _get_encounter(self, event, facility):
        """The visit that an event names.

        :raise EventWaitsError: it is not there yet
        """
        encounter = self._find_encounter(event, facility)
        if not encounter:
            raise EventWaitsError(
                self._encounter_key(facility, event.data["encounter_number"]),
                self.env._("The visit is not known yet."),
            )
        return encounter

    @api.model
    def _get_payer(self, event):
        """The payer that an event names."""
        code = event.data["payer_code"]
        payer = self.env["hc.payer"].search(
            [("code", "=", code), ("company_id", "in", (False, self.env.company.id))], limit=1
        )
        if not payer:
            raise UserError(
                self.env._("No payer has the code %(code)s. Add it, or tell the sender.", code=code)
            )
        return payer


def _is_same_person(told, patient_sudo):
    """Whether a sender knows the person behind a record number."""
    last_name, birth_date = told.get("last_name"), told.get("birth_date")
    return bool(
        last_name
        and birth_date
        and patient_sudo.last_name
        and last_name.casefold() == patient_sudo.last_name.casefold()
        and birth_date == fields.Date.to_string(patient_sudo.birth_date)
    )
