# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models
from odoo.fields import Command


class HcChargeImporter(models.AbstractModel):
    """How checked rows become records: one bulk ``create`` per model and batch."""

    _inherit = "hc.charge.importer"

    def _write_rows(self, rows, exchange):
        """Create or complete everything that the rows describe; their services come last."""
        patients = self._get_or_create_patients(rows)
        coverages = self._get_or_create_coverages(rows, patients)
        authorizations = self._find_authorizations(rows, patients)
        encounters = self._get_or_create_encounters(
            rows, patients, coverages, authorizations, exchange
        )
        diagnoses = self._get_or_create_diagnoses(rows, encounters)
        services = self.env["hc.service.line"]
        services.check_access("create")
        # A feed points at diagnoses that its own user need not be able to read.
        lines_sudo = services.sudo().create(
            [
                self._prepare_service_vals(
                    row, encounters[row.encounter_key], diagnoses, authorizations
                )
                for row in rows
            ]
        )
        lines_sudo.sudo(False).check_access("create")
        for row, line in zip(rows, lines_sudo, strict=True):
            row.service_line_id = line.id

    def _get_or_create_diagnoses(self, rows, encounters):
        """Ids of the encounters' diagnoses by (encounter id, code id)."""
        diagnoses_sudo = self.env["hc.encounter.diagnosis"].sudo()
        known, last_sequence = {}, {}
        encounter_ids = [encounter.id for encounter in encounters.values()]
        for diagnosis in diagnoses_sudo.search([("encounter_id", "in", encounter_ids)]):
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
        created = diagnoses_sudo.create(list(new.values()))
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
