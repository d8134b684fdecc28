# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hashlib

from odoo import fields, models
from odoo.fields import Command


class HcExchange(models.Model):
    """Patients, coverages and documents that came as resources."""

    _inherit = "hc.exchange"

    def _take_in_patient(self, _intake, rows, known, _references):
        """Patients by record number; written beyond the sender's own rights, as the importer does.

        What a system may overwrite is its right to master data; of patients whom it does not
        treat it says something only if it knows the person.
        """
        importer = self.env["hc.charge.importer"].with_context(
            tracking_disable=True, mail_create_nolog=True
        )
        found = importer._find_patients({row.draft.record.mrn for row in rows})
        states = importer._find_states({row.draft.record.state for row in rows})
        scope = self._get_scope()
        new = {}
        for row in rows:
            patient = found.get(row.draft.record.mrn)
            if patient:
                self._update_patient(row, patient, known, states, scope)
            elif row.draft.record.mrn in new:
                row.repeated = True
            else:
                vals = self._prepare_patient_vals(row, states)
                codes = {code for code, _number in row.draft.visits}
                treats = scope.filtered(lambda f, codes=codes: f.code in codes) or scope
                vals["facility_ids"] = [Command.set(treats.ids)]
                new[row.draft.record.mrn] = (row, vals)
        created = importer.env["hc.patient"].sudo().create([vals for _row, vals in new.values()])
        for (row, _vals), patient in zip(new.values(), created, strict=True):
            row.made = {"res_model": "hc.patient", "res_id": patient.id, "is_origin": True}
        self._begin_told(
            [
                (patient, row.draft.record, self._tell_patient(row.draft.record, states))
                for (row, _vals), patient in zip(new.values(), created, strict=True)
            ]
        )

    def _get_scope(self):
        """The facilities that the sender may speak about: the source's, within its user's."""
        facilities = self.env["hc.facility"].search([("company_id", "=", self.env.company.id)])
        told = self._get_clinical_source().facility_ids
        return facilities & told if told else facilities

    def _prepare_patient_vals(self, row, states):
        owners, patients = self.env["hc.data.owner"], self.env["hc.patient"].sudo()
        vals = {"mrn": row.draft.record.mrn, "company_id": self.env.company.id}
        for told in self._tell_patient(row.draft.record, states).values():
            if told.pop("state_id", None):
                vals["state_id"] = states[row.draft.record.state.upper()]
            vals |= owners._to_vals(patients, told)
        return vals

    def _update_patient(self, row, patient, known, states, scope):
        resource = known.get(row.draft.record.key)
        row.made = {"res_model": "hc.patient", "res_id": patient.id}
        owns = bool(resource and resource.is_origin and resource.res_id == patient.id)
        treats = bool(scope & patient.facility_ids)
        if not owns and not treats and not _is_same_person(row.draft.record, patient):
            reasons = self.env["hc.charge.importer"]._get_reasons()
            row.errors.append(row.remark("patient_mrn", "unproven", reasons["patient_unproven"]))
            return
        told = self._tell_patient(row.draft.record, states)
        self._update_owned(row, patient, told, owns=owns)

    def _take_in_coverage(self, _intake, rows, known, references):
        """Coverages of patients whom the sender may speak about."""
        self._load_payers(rows, references)
        patients = self._find_own_patients(rows)
        wanted = []
        for row in rows:
            patient = patients.get(row.draft.cells.get("patient_mrn"))
            payer_id = references.payers.get(row.draft.cells.get("payer_code"))
            if not patient:
                reason = self.env._("is of no patient whom the sender may speak about.")
                row.errors.append(row.remark("patient_mrn", "patient_unknown", reason))
            elif payer_id:
                wanted.append((row, patient, payer_id))
        self._write_coverages(wanted, known)

    def _load_payers(self, rows, references):
        codes = {row.draft.cells.get("payer_code") for row in rows}
        references._load_simple("hc.payer", "code", references.payers, codes)

    def _find_own_patients(self, rows):
        """Patients by record number whom the sender treats, or registered."""
        numbers = {row.draft.cells.get("patient_mrn") for row in rows} - {None, ""}
        found = self.env["hc.charge.importer"]._find_patients(numbers)
        mine = self._get_scope()
        registered = (
            self.env["hc.fhir.resource"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.env.company.id),
                    ("source", "=", self.sudo().source),
                    ("resource_type", "=", "Patient"),
                    ("natural_key", "in", list(numbers)),
                ]
            )
        )
        own = set(registered.mapped("natural_key"))
        return {
            mrn: patient
            for mrn, patient in found.items()
            if mrn in own or mine & patient.facility_ids
        }

    def _write_coverages(self, wanted, known):
        """Complete the coverages on file, update what the source registered, create the others.

        :param wanted: ``[(row, patient, payer id)]``
        """
        coverages_sudo = self.env["hc.coverage"].sudo()
        on_file = {}
        for coverage in coverages_sudo.search(
            [
                ("patient_id", "in", [patient.id for _row, patient, _payer in wanted]),
                ("payer_id", "in", list({payer_id for _row, _patient, payer_id in wanted})),
            ],
            order="id",
        ):
            on_file.setdefault((coverage.patient_id.id, coverage.payer_id.id), []).append(coverage)
        new = {}
        for row, patient, payer_id in wanted:
            record = row.draft.record
            resource = known.get(record.key)
            candidates = on_file.get((patient.id, payer_id), ())
            coverage = _choose(candidates, record, resource)
            if coverage:
                owns = bool(resource and resource.is_origin)
                self._update_owned(row, coverage, self._tell_coverage(record), owns=owns)
                if record.status != "active":
                    self._withdraw_coverage(row, coverage, owns=owns)
                row.made = {"res_model": "hc.coverage", "res_id": coverage.id}
            elif record.status == "active":
                order = str(min(record.order or len(patient.coverage_ids) + 1, 3))
                vals = self._prepare_coverage_vals(record)
                vals |= {"patient_id": patient.id, "payer_id": payer_id, "coverage_order": order}
                key = (patient.id, payer_id, record.member_id)
                new.setdefault(key, ([], vals))[0].append(row)
        created = coverages_sudo.create([vals for _rows, vals in new.values()])
        for (rows, _vals), coverage in zip(new.values(), created, strict=True):
            for row in rows:
                row.made = {"res_model": "hc.coverage", "res_id": coverage.id, "is_origin": True}
        self._begin_told(
            [
                (coverage, rows[0].draft.record, self._tell_coverage(rows[0].draft.record))
                for (rows, _vals), coverage in zip(new.values(), created, strict=True)
            ]
        )

    def _prepare_coverage_vals(self, record):
        [told] = self._tell_coverage(record).values()
        coverages = self.env["hc.coverage"].sudo()
        vals = self.env["hc.data.owner"]._to_vals(coverages, told)
        return {"subscriber_relation": "self", **vals}

    def _take_in_document(self, _intake, rows, known, _references):
        """Files about patients whom the sender may speak about."""
        patients = self._find_own_patients(rows)
        documents_sudo = self.env["hc.document"].sudo()
        for row in rows:
            record = row.draft.record
            patient = patients.get(row.draft.cells.get("patient_mrn"))
            resource = known.get(record.key)
            filed = documents_sudo.browse(
                resource.res_id if resource and resource.res_model == "hc.document" else ()
            ).exists()
            problem = record.url and documents_sudo._get_repository_problem(
                record.url, self.sudo().source
            )
            if not patient or (filed and filed.patient_id != patient):
                reason = self.env._("is of no patient whom the sender may speak about.")
                row.errors.append(row.remark("patient_mrn", "patient_unknown", reason))
            elif record.is_withdrawn:
                filed.active = False
            elif problem:
                row.errors.append(row.remark("", "bad_link", problem))
            else:
                self._file_document(row, patient, filed)

    def _file_document(self, row, patient, filed):
        """File a document, or what a newer version of it says."""
        record = row.draft.record
        vals = self._prepare_document_vals(row, patient)
        if filed:
            filed._write_guarded(vals)
        else:
            filed = filed._create_guarded([vals])
        if record.content:
            attachment_sudo = (
                self.env["ir.attachment"]
                .sudo()
                .create(
                    {
                        "name": filed.name,
                        "res_model": filed._name,
                        "res_id": filed.id,
                        "raw": record.content,
                        "mimetype": record.content_type,
                    }
                )
            )
            filed.attachment_ids = [Command.link(attachment_sudo.id)]
        row.made = {"res_model": "hc.document", "res_id": filed.id, "is_origin": True}

    def _prepare_document_vals(self, row, patient):
        record = row.draft.record
        number = row.draft.cells.get("encounter_number")
        source = self.sudo().source
        visit = patient.encounter_ids.filtered(
            lambda visit: number and visit.number == number and visit.source == source
        )[:1]
        today = fields.Date.context_today(self, self.sudo().create_date)
        return {
            "name": record.title or self.env._("Document %(id)s", id=record.resource_id),
            "document_type": "other",
            "patient_id": patient.id,
            "encounter_id": visit.id,
            "document_date": record.dated or today,
            "source": source,
            "external_id": record.key[:128],
            "exchange_id": self.id,
            "checksum": hashlib.sha256(record.content).hexdigest() if record.content else False,
            "repository_url": record.url or False,
        }


def _choose(candidates, record, resource):
    """The coverage that a resource means: the one made from it, else of its member or of none."""
    if resource and resource.res_model == "hc.coverage":
        for coverage in candidates:
            if coverage.id == resource.res_id:
                return coverage
    fitting = (c for c in candidates if not c.member_id or c.member_id == record.member_id)
    return next(fitting, None)


def _is_same_person(record, patient):
    """Whether the sender proves to know the person behind a record number."""
    return bool(
        record.last_name
        and record.birth_date
        and record.last_name.casefold() == (patient.last_name or "").casefold()
        and record.birth_date == patient.birth_date
    )
