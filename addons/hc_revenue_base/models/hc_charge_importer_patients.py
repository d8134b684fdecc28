# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models
from odoo.fields import Command

# Column of the file → field of the patient.
_PATIENT_FIELDS = {
    "patient_last_name": "last_name",
    "patient_first_name": "first_name",
    "patient_birth_date": "birth_date",
    "patient_sex": "sex",
    "patient_street": "street",
    "patient_city": "city",
    "patient_state": "state_id",
    "patient_zip": "zip",
}


class HcChargeImporter(models.AbstractModel):
    """Patients of a charge file: found by MRN, registered, completed, never changed."""

    _inherit = "hc.charge.importer"

    def _check_patients(self, rows):
        """Refuse rows that would open another facility's patient by a record number alone.

        Who treats a patient sees the patient, so that a mistyped or guessed number would show a
        stranger. Last name and birth date must prove that the facility has the patient before it.
        """
        known = self._find_patients({row.charge.patient_mrn for row in rows})
        proven = {
            (row.charge.patient_mrn, row.resolved.facility_id)
            for row in rows
            if _is_same_person(row.charge, known.get(row.charge.patient_mrn))
        }
        for row in rows:
            patient = known.get(row.charge.patient_mrn)
            if not patient or row.resolved.facility_id in patient.facility_ids.ids:
                continue
            if (row.charge.patient_mrn, row.resolved.facility_id) not in proven:
                row.errors.append(self._issue(row, "patient_mrn", "patient_unproven"))

    def _find_patients(self, mrns):
        """The company's patients by MRN, those whom the user may not see too."""
        patients_sudo = self.env["hc.patient"].sudo().with_context(active_test=False)
        found = patients_sudo.search(
            [("company_id", "=", self.env.company.id), ("mrn", "in", list(mrns))]
        )
        return {patient.mrn: patient for patient in found}

    def _get_or_create_patients(self, rows):
        """The patients by MRN; new ones are registered, known ones completed, never changed."""
        told = self._collect_patient_vals(rows)
        known = self._find_patients(told)
        for row in rows:
            if row.charge.patient_mrn in known and row.charge.patient_mrn in told:
                vals = told.pop(row.charge.patient_mrn)
                self._complete_patient(known[row.charge.patient_mrn], vals, row)
        created = self.env["hc.patient"].sudo().create(list(told.values()))
        return known | dict(zip(told, created, strict=True))

    def _collect_patient_vals(self, rows):
        """Values of the patients by MRN: of each field the first that a row tells."""
        states = self._find_states({row.charge.patient_state for row in rows})
        collected = {}
        for row in rows:
            vals = collected.setdefault(
                row.charge.patient_mrn,
                {
                    "mrn": row.charge.patient_mrn,
                    "company_id": self.env.company.id,
                    "facility_ids": set(),
                },
            )
            vals["facility_ids"].add(row.resolved.facility_id)
            for column, field_name in _PATIENT_FIELDS.items():
                value = getattr(row.charge, column)
                if field_name == "state_id" and value:
                    if value.upper() not in states:
                        row.warnings.append(self._issue(row, column, "state_unknown", value))
                    value = states.get(value.upper())
                if value and value != "unknown":
                    vals.setdefault(field_name, value)
        for vals in collected.values():
            vals["facility_ids"] = [Command.link(id_) for id_ in sorted(vals["facility_ids"])]
        return collected

    def _find_states(self, names):
        """Ids of states by code and by name, in capitals."""
        names = {name.upper() for name in names if name}
        country = self.env.company.country_id or self.env.ref("base.us")
        if not names:
            return {}
        states = self.env["res.country.state"].search([("country_id", "=", country.id)])
        return {
            key: state.id
            for state in states
            for key in (state.name.upper(), state.code.upper())
            if key in names
        }

    def _complete_patient(self, patient, vals, row):
        """Fill what the record lacks; what differs stays and is remarked upon."""
        missing = {}
        for column, field_name in _PATIENT_FIELDS.items():
            value = vals.get(field_name)
            current = patient[field_name]
            current = current.id if field_name == "state_id" else current
            if not value or value == current:
                continue
            if not current or current == "unknown":
                missing[field_name] = value
            elif str(value).casefold() != str(current).casefold():
                row.warnings.append(self._issue(row, column, "patient_differs"))
        treated_at = set(patient.facility_ids.ids)
        links = [command for command in vals["facility_ids"] if command[1] not in treated_at]
        if links:
            missing["facility_ids"] = links
        if missing:
            patient.write(missing)


def _is_same_person(charge, patient):
    """Whether a row knows the person behind a record number."""
    return bool(
        patient
        and patient.last_name
        and patient.birth_date
        and charge.patient_last_name.casefold() == patient.last_name.casefold()
        and charge.patient_birth_date == patient.birth_date
    )
