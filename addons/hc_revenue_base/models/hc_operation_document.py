# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hashlib
from base64 import b64decode

from odoo import api, models
from odoo.fields import Command

from ..hc_core import csv_safe
from ..hc_core.operations import OperationDefinition, OperationError
from ..hc_core.schema_parts import ID, optional, record, text

# Base64 of an eight-megabyte document, with room for the rest of the input.
_SIZE_MAX = 12_000_000
_SENDERS = ("hc_revenue_base.group_hc_clerk", "hc_revenue_base.group_hc_integration")


class HcOperation(models.AbstractModel):
    """Attach a document to a patient or visit."""

    _inherit = "hc.operation"

    @api.model
    def _get_operations(self):
        return super()._get_operations() + [self._define_attach_document()]

    @api.model
    def _define_attach_document(self):
        types = [
            code for code, _label in self.env["hc.document"]._fields["document_type"].selection
        ]
        day = {"type": "string", "format": "date", "maxLength": 10}
        return OperationDefinition(
            code="document.attach",
            version=1,
            summary=self.env._(
                "Attach a document to a patient or visit: its file, or the address where it lies."
            ),
            schema_in=record(
                ("source", "document_id", "facility_code", "patient_mrn", "document_type", "name"),
                source=text(64, minLength=1),
                document_id=text(128, minLength=1),
                facility_code=text(32, minLength=1),
                patient_mrn=text(64, minLength=1),
                encounter_number=text(64, minLength=1),
                document_type={"type": "string", "enum": types},
                name=text(128, minLength=1),
                document_date=day,
                expires_on=day,
                content_base64=text(_SIZE_MAX, minLength=4, format="base64"),
                sha256=text(64, minLength=64),
                repository_url=text(500, minLength=8),
                exchange_id=ID,
            ),
            schema_out=record(
                ("document_id", "verdict"),
                document_id=ID,
                verdict={"type": "string", "enum": ["new", "renewed", "known"]},
                sha256=optional(text(64)),
            ),
            groups=_SENDERS,
            handler="_operation_attach_document",
            size_max=_SIZE_MAX,
        )

    @api.model
    def _operation_attach_document(self, payload):
        content, checksum = self._check_document(payload)
        facility = self._find_own_facility(payload["facility_code"])
        patient = self._find_own_patient(payload["patient_mrn"], facility)
        vals = self._prepare_document_vals(payload, facility, patient) | {"checksum": checksum}
        documents = self.env["hc.document"]
        documents.check_access("write")
        # Whoever sends a clinical note need not be able to read it.
        known = (
            documents.sudo()
            .with_context(active_test=False)
            .search(
                [
                    (name, "=", value)
                    for name, value in (
                        ("company_id", self.env.company.id),
                        ("source", payload["source"]),
                        ("external_id", payload["document_id"]),
                    )
                ]
            )
        )
        if not known:
            document, verdict = documents._create_guarded([vals]), "new"
        elif known.patient_id != patient:
            raise OperationError("rejected", reason=self.env._("It is another patient's document."))
        elif checksum and known.checksum == checksum:
            return {"document_id": known.id, "verdict": "known", "sha256": checksum}
        else:
            known._write_guarded(vals)
            document, verdict = known, "renewed"
        if content is not None:
            self._attach_content(document, payload["name"], content)
        return {"document_id": document.id, "verdict": verdict, "sha256": checksum or None}

    @api.model
    def _check_document(self, payload):
        """What was sent along, and its digest.

        :raise OperationError: neither file nor address, a file that is not the one that the
            sender meant, or an address that people should not be led to
        """
        for name in ("source", "document_id", "name"):
            if csv_safe.is_dangerous(payload[name]):
                raise OperationError("payload_invalid", problems=f"/{name} begins like a formula")
        url = payload.get("repository_url")
        if url:
            problem = self.env["hc.document"]._get_repository_problem(url, payload["source"])
            if problem:
                raise OperationError("payload_invalid", problems=f"/repository_url: {problem}")
        if "content_base64" not in payload:
            if not url:
                raise OperationError(
                    "payload_invalid", problems="give content_base64 or repository_url"
                )
            return None, payload.get("sha256", "").lower()
        content = b64decode(payload["content_base64"], validate=True)
        checksum = hashlib.sha256(content).hexdigest()
        if payload.get("sha256", checksum).lower() != checksum:
            raise OperationError("payload_invalid", problems="/sha256 is not that of the content")
        return content, checksum

    @api.model
    def _prepare_document_vals(self, payload, facility, patient):
        vals = {
            "name": payload["name"],
            "document_type": payload["document_type"],
            "patient_id": patient.id,
            "source": payload["source"],
            "external_id": payload["document_id"],
        }
        for name in ("document_date", "expires_on", "repository_url"):
            if name in payload:
                vals[name] = payload[name]
        if "encounter_number" in payload:
            encounter = self._find_visible(
                "hc.encounter",
                [
                    ("number", "=", payload["encounter_number"]),
                    ("facility_id", "=", facility.id),
                    ("patient_id", "=", patient.id),
                ],
                "visit of this number",
            )
            vals["encounter_id"] = encounter.id
        if "exchange_id" in payload:
            vals["exchange_id"] = self._find_visible(
                "hc.exchange", [("id", "=", payload["exchange_id"])], "exchange"
            ).id
        return vals

    @api.model
    def _attach_content(self, document, name, content):
        attachment_sudo = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {"name": name, "raw": content, "res_model": document._name, "res_id": document.id}
            )
        )
        # Whoever sends a file need not be able to read the files of patients.
        document.sudo().write({"attachment_ids": [Command.link(attachment_sudo.id)]})
