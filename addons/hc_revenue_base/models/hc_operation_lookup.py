# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from ..hc_core.operations import OperationError


class HiddenRecordError(OperationError):
    """The record is there, but not for this caller; outside it reads like one that is not."""


class HcOperation(models.AbstractModel):
    """Find what a caller names by its number, within what the caller may see."""

    _inherit = "hc.operation"

    @api.model
    def _find_visible(self, model_name, domain, what):
        """The one record of the user's company that a domain names.

        A record that the user may not see is put on record as a refused attempt; the caller is
        told no more than of one that does not exist.

        :param list domain: what tells the record from all others of a company
        :param str what: what is looked for, for the message
        :raise HiddenRecordError: it is another company's or facility's
        :raise OperationError: ``not_found``
        """
        records = self.env[model_name].with_context(active_test=False)
        found = records.search([*domain, ("company_id", "=", self.env.company.id)], limit=2)
        if len(found) == 1:
            return found.with_env(self.env)
        if found:
            raise OperationError("rejected", reason=f"several records answer to this {what}")
        self._check_not_hidden(records.sudo().search(domain, limit=1), what)
        raise OperationError("not_found", what=what)

    @api.model
    def _check_not_hidden(self, records_sudo, what):
        """Refuse to go on where records exist that the user may not see.

        :raise HiddenRecordError: there are some
        """
        if records_sudo:
            self.env["hc.refused.attempt"]._note_refusal(
                records_sudo.sudo(False), "operation", refusal="record_rule", reason="hidden_record"
            )
            raise HiddenRecordError("not_found", what=what)

    @api.model
    def _find_own_facility(self, code):
        """The facility of a code that the user works for; see :meth:`_find_visible`."""
        return self._find_visible("hc.facility", [("code", "=", code)], f"facility {code}")

    @api.model
    def _get_latest_day(self, facility, moment=None):
        """The later one of the days that it is for the facility and for the user.

        Which of both a system writes is its own business; later than either is what lies ahead.

        :param moment: in UTC; now if not given
        """
        here = self.with_context(tz=facility.timezone)
        return max(fields.Date.context_today(each, moment) for each in (self, here))

    @api.model
    def _find_own_patient(self, mrn, facility):
        """The patient of a record number whom a facility treats.

        :raise HiddenRecordError: only another facility treats the patient
        :raise OperationError: ``not_found``
        """
        patients = self.env["hc.patient"].with_context(active_test=False)
        domain = [("mrn", "=", mrn), ("company_id", "=", self.env.company.id)]
        patient = patients.search([*domain, ("facility_ids", "in", facility.ids)])
        if not patient:
            self._check_not_hidden(patients.sudo().search(domain), "patient of this number")
            raise OperationError("not_found", what="patient of this number")
        return patient.with_env(self.env)
