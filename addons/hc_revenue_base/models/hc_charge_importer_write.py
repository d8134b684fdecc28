# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import datetime, time

from odoo import models
from odoo.fields import Command

from .hc_encounter_feed import to_utc

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
    """How checked rows become records: one bulk ``create`` per model and batch."""

    _inherit = "hc.charge.importer"

    def _check_encounters(self, rows):
        """Refuse rows that would mix two patients in one encounter, or bill a cancelled one."""
        existing_sudo = self._find_encounters(rows).sudo()
        owners = {
            (e.facility_id.id, e.source, e.number): (e.patient_id.mrn, e.state)
            for e in existing_sudo
        }
        for row in rows:
            mrn, state = owners.setdefault(
                row.encounter_key, (row.charge.patient_mrn, "planned")
            )
            if mrn != row.charge.patient_mrn:
                row.errors.append(self._issue(row, "encounter_number", "patient_conflict"))
            elif state == "cancelled":
                row.errors.append(self._issue(row, "encounter_number", "encounter_cancelled"))

    def _find_encounters(self, rows):
        """The encounters that the rows name and that exist already, in the user's facilities."""
        keys = {row.encounter_key for row in rows}
        if not keys:
            return self.env["hc.encounter"]
        facility_ids, sources, numbers = map(list, map(set, zip(*keys, strict=True)))
        found = self.env["hc.encounter"].search(
            [("number", "in", numbers), ("facility_id", "in", facility_ids),
             ("source", "in", sources)]
        )
        return found.filtered(lambda e: (e.facility_id.id, e.source, e.number) in keys)

    def _write_rows(self, rows, exchange):
        """Create or complete everything that the rows describe; their services come last."""
        patients = self._get_or_create_patients(rows)
        coverages = self._get_or_create_coverages(rows, patients)
        authorizations = self._find_authorizations(rows, patients)
        encounters = self._get_or_create_encounters(
            rows, patients, coverages, authorizations, exchange
        )
        diagnoses = self._get_or_create_diagnoses(rows, encounters)
        lines = self.env["hc.service.line"].create(
            [
                self._prepare_service_vals(
                    row, encounters[row.encounter_key], diagnoses, authorizations
                )
                for row in rows
            ]
        )
        for row, line in zip(rows, lines, strict=True):
            row.service_line_id = line.id

    def _get_or_create_patients(self, rows):
        """The patients by MRN; new ones are registered, known ones completed, never changed."""
        patients_sudo = self.env["hc.patient"].sudo().with_context(active_test=False)
        told = self._collect_patient_vals(rows)
        known = {
            patient.mrn: patient
            for patient in patients_sudo.search(
                [("company_id", "=", self.env.company.id), ("mrn", "in", list(told))]
            )
        }
        for row in rows:
            if row.charge.patient_mrn in known and row.charge.patient_mrn in told:
                vals = told.pop(row.charge.patient_mrn)
                self._complete_patient(known[row.charge.patient_mrn], vals, row)
        created = patients_sudo.create(list(told.values()))
        return known | dict(zip(told, created, strict=True))

    def _collect_patient_vals(self, rows):
        """Values of the patients by MRN: of each field the first that a row tells."""
        states = self._find_states({row.charge.patient_state for row in rows})
        collected = {}
        for row in rows:
            vals = collected.setdefault(
                row.charge.patient_mrn,
                {"mrn": row.charge.patient_mrn, "company_id": self.env.company.id,
                 "facility_ids": set()},
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

    def _get_or_create_coverages(self, rows, patients):
        """The primary coverage by row index, for rows that name a payer."""
        coverages_sudo = self.env["hc.coverage"].sudo()
        insured = [row for row in rows if row.resolved.payer_id]
        known = {}
        for coverage in coverages_sudo.search(
            [
                ("patient_id", "in", [patients[row.charge.patient_mrn].id for row in insured]),
                ("payer_id", "in", list({row.resolved.payer_id for row in insured})),
            ],
            order="coverage_order, id",
        ):
            known.setdefault((coverage.patient_id.id, coverage.payer_id.id), []).append(coverage)
        new, by_row = {}, {}
        for row in insured:
            patient = patients[row.charge.patient_mrn]
            owner = (patient.id, row.resolved.payer_id)
            coverage = _choose_coverage(known.get(owner, ()), row.charge)
            if coverage:
                self._complete_coverage(coverage, row.charge)
                by_row[row.row_index] = coverage.id
            else:
                key = (*owner, row.charge.member_id)
                new.setdefault(key, self._prepare_coverage_vals(row, patient))
                by_row[row.row_index] = key
        ids = dict(zip(new, coverages_sudo.create(list(new.values())).ids, strict=True))
        return {index: ids.get(value, value) for index, value in by_row.items()}

    def _prepare_coverage_vals(self, row, patient):
        charge = row.charge
        return {
            "patient_id": patient.id,
            "payer_id": row.resolved.payer_id,
            "coverage_order": "1",
            "member_id": charge.member_id or False,
            "subscriber_relation": charge.subscriber_relation or "self",
            "date_from": charge.coverage_start or False,
            "date_to": charge.coverage_end or False,
        }

    def _complete_coverage(self, coverage, charge):
        missing = {
            name: value
            for name, value in (
                ("member_id", charge.member_id),
                ("date_from", charge.coverage_start),
                ("date_to", charge.coverage_end),
            )
            if value and not coverage[name]
        }
        date_from = missing.get("date_from") or coverage.date_from
        date_to = missing.get("date_to") or coverage.date_to
        if missing and not (date_from and date_to and date_to < date_from):
            coverage.write(missing)

    def _find_authorizations(self, rows, patients):
        """The authorization by row index, for rows that name one on file."""
        named = [
            row for row in rows if row.charge.authorization_number and row.resolved.payer_id
        ]
        if not named:
            return {}
        on_file = {
            (auth.patient_id.id, auth.payer_id.id, auth.number): auth.id
            for auth in self.env["hc.authorization"].sudo().search(
                [
                    ("number", "in", [row.charge.authorization_number for row in named]),
                    ("patient_id", "in", [patients[row.charge.patient_mrn].id for row in named]),
                ]
            )
        }
        found = {}
        for row in named:
            key = (patients[row.charge.patient_mrn].id, row.resolved.payer_id,
                   row.charge.authorization_number)
            if key in on_file:
                found[row.row_index] = on_file[key]
            else:
                row.warnings.append(
                    self._issue(row, "authorization_number", "authorization_unknown")
                )
        return found

    def _get_or_create_encounters(self, rows, patients, coverages, authorizations, exchange):
        """The encounters by key; their rows are put on record for the end of the file."""
        known = {
            (e.facility_id.id, e.source, e.number): e for e in self._find_encounters(rows)
        }
        rows_by_key = {}
        for row in rows:
            rows_by_key.setdefault(row.encounter_key, []).append(row)
        new = {}
        for key, members in rows_by_key.items():
            if key not in known:
                new[key] = self._prepare_encounter_vals(
                    members, patients[members[0].charge.patient_mrn], coverages, authorizations
                ) | {
                    "feed_exchange_id": exchange.id,
                    "feed_completed": _all_completed(members),
                    "feed_coding_approved": _all_approved(members),
                }
        created = self.env["hc.encounter"]._create_guarded(list(new.values()))
        for key, encounter in known.items():
            self._complete_encounter(encounter, rows_by_key[key])
        self._mark_encounters(
            {encounter: rows_by_key[key] for key, encounter in known.items()}, exchange
        )
        return known | dict(zip(new, created, strict=True))

    def _prepare_encounter_vals(self, rows, patient, coverages, authorizations):
        first = rows[0]
        charge, resolved = first.charge, first.resolved
        starts = [row.charge.encounter_start for row in rows if row.charge.encounter_start]
        ends = [row.charge.encounter_end for row in rows if row.charge.encounter_end]
        start = starts[0] if starts else datetime.combine(
            min(row.charge.service_date for row in rows), time.min
        )
        return {
            "number": charge.encounter_number,
            "source": charge.source_system,
            "facility_id": resolved.facility_id,
            "department_id": resolved.department_id,
            "patient_id": patient.id,
            "encounter_class": charge.encounter_class,
            "started_at": to_utc(start, resolved.zone_name),
            "ended_at": to_utc(ends[0], resolved.zone_name) if ends else False,
            "attending_id": resolved.performer_id,
            "primary_coverage_id": coverages.get(first.row_index, False),
            "authorization_id": authorizations.get(first.row_index, False),
        }

    def _complete_encounter(self, encounter, rows):
        """Fill the end of a known encounter; its payer stays what it is."""
        ends = [
            to_utc(row.charge.encounter_end, row.resolved.zone_name)
            for row in rows
            if row.charge.encounter_end
        ]
        if ends and not encounter.ended_at and ends[0] >= encounter.started_at:
            encounter.ended_at = ends[0]
        for row in rows:
            if row.resolved.payer_id and row.resolved.payer_id != encounter.payer_id.id:
                row.warnings.append(self._issue(row, "payer_code", "payer_differs"))

    def _mark_encounters(self, rows_by_encounter, exchange):
        """Note what the rows say of known encounters, to be done at the end of the file."""
        marked = {}
        for encounter, rows in rows_by_encounter.items():
            completed, approved = _all_completed(rows), _all_approved(rows)
            if encounter.feed_exchange_id == exchange:
                completed = completed and encounter.feed_completed
                approved = approved and encounter.feed_coding_approved
            key = (completed, approved)
            marked[key] = marked.get(key, self.env["hc.encounter"]) | encounter
        for (completed, approved), encounters in marked.items():
            encounters._write_guarded(
                {
                    "feed_exchange_id": exchange.id,
                    "feed_completed": completed,
                    "feed_coding_approved": approved,
                }
            )

    def _get_or_create_diagnoses(self, rows, encounters):
        """Ids of the encounters' diagnoses by (encounter id, code id)."""
        diagnoses = self.env["hc.encounter.diagnosis"]
        known, last_sequence = {}, {}
        encounter_ids = [encounter.id for encounter in encounters.values()]
        for diagnosis in diagnoses.search([("encounter_id", "in", encounter_ids)]):
            encounter_id = diagnosis.encounter_id.id
            known[encounter_id, diagnosis.code_id.id] = diagnosis.id
            last_sequence[encounter_id] = max(
                last_sequence.get(encounter_id, 0), diagnosis.sequence
            )
        new = {}
        for row in rows:
            encounter_id = encounters[row.encounter_key].id
            for code_id in row.resolved.diagnosis_code_ids:
                key = (encounter_id, code_id)
                if key not in known and key not in new:
                    last_sequence[encounter_id] = last_sequence.get(encounter_id, 0) + 10
                    new[key] = {
                        "encounter_id": encounter_id,
                        "code_id": code_id,
                        "sequence": last_sequence[encounter_id],
                    }
        created = diagnoses.create(list(new.values()))
        return known | dict(zip(new, created.ids, strict=True))

    def _prepare_service_vals(self, row, encounter, diagnoses, authorizations):
        charge, resolved = row.charge, row.resolved
        pointers = [diagnoses[encounter.id, code_id] for code_id in resolved.diagnosis_code_ids]
        return {
            "encounter_id": encounter.id,
            "source": charge.source_system,
            "external_id": charge.external_id,
            "content_digest": row.digest,
            "service_date": charge.service_date,
            "code_id": resolved.code_id,
            "modifier_ids": [Command.set(resolved.modifier_ids)],
            "units": float(charge.units),
            "unit_price": float(charge.unit_price or 0),
            "department_id": resolved.department_id,
            "performer_id": resolved.performer_id,
            "revenue_code_id": resolved.revenue_code_id,
            "place_of_service_id": resolved.place_of_service_id,
            "diagnosis_ids": [Command.set(pointers)],
            "authorization_id": authorizations.get(row.row_index, False),
        }


def _all_completed(rows):
    return all(row.charge.encounter_status == "completed" for row in rows)


def _all_approved(rows):
    return all(row.charge.coding_approved for row in rows)


def _choose_coverage(coverages, charge):
    """The coverage that a charge means: same member id or none, best in force that day."""
    candidates = [
        coverage
        for coverage in coverages
        if not charge.member_id
        or not coverage.member_id
        or coverage.member_id == charge.member_id
    ]
    return max(
        candidates,
        key=lambda coverage: (
            coverage._is_effective(charge.service_date),
            coverage.member_id == charge.member_id,
        ),
        default=None,
    )
