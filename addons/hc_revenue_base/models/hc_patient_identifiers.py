# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models


class HcPatient(models.Model):
    """What tells who a patient is: whoever hands a text on takes these out of it."""

    _inherit = "hc.patient"

    def _get_identifiers(self):
        """What identifies the patient and those who answer for the patient in a text.

        Read with superuser rights: it serves to hide, also what the user may not see.

        :return: sorted ``(kind, value)``; kinds are NAME, DATE (ISO 8601), ID, PHONE, ADDRESS and
            EMAIL, after the identifiers of 45 CFR 164.514(b)(2)(i)
        """
        found = set()
        for patient in self.sudo():
            coverages = patient.with_context(active_test=False).coverage_ids
            for person in patient | patient.guarantor_id | coverages.subscriber_id:
                found |= person._get_own_identifiers()
            found |= {("ID", coverage.member_id) for coverage in coverages}
            found |= {("ID", encounter.number) for encounter in patient.encounter_ids}
        return tuple(sorted((kind, value) for kind, value in found if value))

    def _get_own_identifiers(self):
        self.ensure_one()
        return {
            ("NAME", self.first_name),
            ("NAME", self.last_name),
            ("DATE", self.birth_date and self.birth_date.isoformat()),
            ("DATE", self.death_date and self.death_date.isoformat()),
            ("ID", self.mrn),
            ("PHONE", self.phone),
            ("EMAIL", self.email),
            ("ADDRESS", self.street),
            ("ADDRESS", self.street2),
        }
