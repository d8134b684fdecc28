# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timezone

from odoo import models
from odoo.fields import Domain

from ..hc_fhir import records


class HcExchange(models.Model):
    """What a document points to and does not hold: resources of the same source's earlier ones."""

    _inherit = "hc.exchange"

    def _add_known_records(self, intake):
        """Let references to resources received before find what became of these.

        Only what the same source has sent itself: nobody learns of a record by its number.
        """
        keys = intake.external_keys()
        if not keys:
            return
        for key, resource_sudo in self._find_known(keys).items():
            build = getattr(self, f"_known_{resource_sudo.resource_type.lower()}", None)
            record = build(key, resource_sudo, intake) if build else None
            if record:
                intake.add(record)

    def _find_known(self, keys):
        """``{key: resource}`` for literal references and for those by identifier."""
        resources = self.env["hc.fhir.resource"]
        source = self.sudo().source
        found = resources._find(source, keys)
        logical = {}
        for key in keys - found.keys():
            kind, mark, pair = key.partition("?")
            if mark:
                logical[kind, pair.partition("|")[2]] = key
        if logical:
            by_number = resources.sudo().search(
                Domain("company_id", "=", self.env.company.id)
                & Domain("source", "=", source)
                & Domain("resource_type", "in", list({kind for kind, _value in logical}))
                & Domain("natural_key", "in", list({value for _kind, value in logical}))
            )
            for resource in by_number:
                key = logical.get((resource.resource_type, resource.natural_key))
                if key:
                    found[key] = resource
        return found

    def _known_patient(self, key, resource_sudo, intake):
        patient_sudo = self.env["hc.patient"].sudo().browse(resource_sudo.res_id).exists()
        if resource_sudo.res_model != "hc.patient" or not patient_sudo:
            return None
        record = records.Patient(
            key=key,
            path=key,
            resource_id="",
            mrn=patient_sudo.mrn,
            last_name=patient_sudo.last_name or "",
            first_name=patient_sudo.first_name or "",
            birth_date=patient_sudo.birth_date or None,
            sex=patient_sudo.sex or "unknown",
        )
        for coverage in patient_sudo.coverage_ids:
            intake.add(self._known_coverage_of(coverage, key))
        return record

    def _known_coverage_of(self, coverage, patient_key):
        place = f"{patient_key}#coverage-{coverage.id}"
        return records.Coverage(
            key=place,
            path=place,
            resource_id="",
            patient=records.Reference(place, patient_key),
            payer=records.Reference(place, display=coverage.payer_id.code),
            member_id=coverage.member_id or "",
            relation=coverage.subscriber_relation or "",
            date_from=coverage.date_from or None,
            date_to=coverage.date_to or None,
            order=int(coverage.coverage_order),
        )

    def _known_encounter(self, key, resource_sudo, intake):
        visit_sudo = self.env["hc.encounter"].sudo().browse(resource_sudo.res_id).exists()
        if resource_sudo.res_model != "hc.encounter" or not visit_sudo:
            return None
        patient_key = f"{key}#patient"
        patient = visit_sudo.patient_id
        intake.add(
            records.Patient(
                key=patient_key,
                path=key,
                resource_id="",
                mrn=patient.mrn,
                last_name=patient.last_name or "",
                birth_date=patient.birth_date or None,
            )
        )
        return records.Encounter(
            key=key,
            path=key,
            resource_id="",
            number=visit_sudo.number,
            state=visit_sudo.state,
            encounter_class=visit_sudo.encounter_class,
            patient=records.Reference(key, patient_key),
            facility=records.Reference(key, display=visit_sudo.facility_id.code),
            started_at=visit_sudo.started_at.replace(tzinfo=timezone.utc),
            ended_at=None,
        )

    def _known_practitioner(self, key, resource_sudo, _intake):
        return records.Practitioner(
            key=key, path=key, resource_id="", npi=resource_sudo.natural_key or ""
        )

    def _known_organization(self, key, resource_sudo, _intake):
        return records.Organization(
            key=key, path=key, resource_id="", name=resource_sudo.natural_key or ""
        )
