# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import datetime, time

from odoo import models

from .hc_encounter_feed import to_utc


class HcChargeImporter(models.AbstractModel):
    """Encounters of a charge file, and what its rows say of their progress."""

    _inherit = "hc.charge.importer"

    def _check_encounters(self, rows):
        """Refuse rows that would mix two patients in one encounter, or bill a cancelled one."""
        existing_sudo = self._find_encounters(rows).sudo()
        owners = {
            (e.facility_id.id, e.source, e.number): (e.patient_id.mrn, e.state)
            for e in existing_sudo
        }
        for row in rows:
            mrn, state = owners.setdefault(row.encounter_key, (row.charge.patient_mrn, "planned"))
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
            [
                ("number", "in", numbers),
                ("facility_id", "in", facility_ids),
                ("source", "in", sources),
            ]
        )
        return found.filtered(lambda e: (e.facility_id.id, e.source, e.number) in keys)

    def _get_or_create_encounters(self, rows, patients, coverages, authorizations, exchange):
        """The encounters by key; their rows are put on record for the end of the file."""
        known = {(e.facility_id.id, e.source, e.number): e for e in self._find_encounters(rows)}
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
        start = (
            starts[0]
            if starts
            else datetime.combine(min(row.charge.service_date for row in rows), time.min)
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


def _all_completed(rows):
    return all(row.charge.encounter_status == "completed" for row in rows)


def _all_approved(rows):
    return all(row.charge.coding_approved for row in rows)
