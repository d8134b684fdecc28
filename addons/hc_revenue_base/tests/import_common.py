# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import csv
import io

from ..hc_core.charge_columns import COLUMN_BY_NAME
from .common import HcCommon

ROW = {
    "external_id": "C-1",
    "facility_code": "RIV",
    "encounter_number": "V-1",
    "encounter_start": "2026-03-02T09:00",
    "encounter_end": "2026-03-02T09:30",
    "patient_mrn": "2000001",
    "patient_last_name": "Rivers",
    "patient_first_name": "Kim",
    "patient_birth_date": "1975-02-03",
    "patient_sex": "female",
    "payer_code": "ACME",
    "member_id": "W777",
    "coverage_start": "2026-01-01",
    "service_date": "2026-03-02",
    "department_code": "FAM",
    "performer_npi": "1679576722",
    "procedure_code": "V1001",
    "place_of_service": "11",
    "diagnosis_codes": "Z00.00",
    "coding_approved": "yes",
}


def charge_file(*rows, columns=tuple(COLUMN_BY_NAME)):
    """A charge file with the default row changed as each of ``rows`` says."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, restval="")
    writer.writeheader()
    for row in rows:
        merged = ROW | row
        writer.writerow({name: merged.get(name, "") for name in columns})
    return buffer.getvalue().encode()


class HcImportCommon(HcCommon):
    """Charge files and the users who bring them in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._create_user("import_clerk", "clerk")
        cls.feed = cls._create_user("import_feed", "integration")

    def _receive(self, content, user=None, source="ehr", name="charges.csv", **kwargs):
        exchanges = self.env["hc.exchange"].with_user(user or self.feed)
        return exchanges._receive_charges(content, source, name, **kwargs)

    def _import(self, content, user=None, **kwargs):
        """Receive and process a file in this transaction; its exchange, as the superuser."""
        exchange, _verdict = self._receive(content, user, **kwargs)
        if exchange.sudo().state == "received":
            exchange._as_sender()._process(lambda done, left: True)
        return exchange.sudo()

    def _messages(self, exchange):
        return "\n".join(exchange.row_ids.mapped("message"))

    def _service(self, external_id, source="ehr"):
        return self.env["hc.service.line"].search(
            [("external_id", "=", external_id), ("source", "=", source)]
        )

    def _counts(self):
        """How much there is of everything that an import may touch."""
        names = (
            "hc.patient",
            "hc.coverage",
            "hc.encounter",
            "hc.encounter.diagnosis",
            "hc.service.line",
            "hc.charge",
            "hc.billing.case",
            "hc.transition",
            "account.move",
            "account.move.line",
            "res.partner",
        )
        self.env.flush_all()
        return {
            name: self.env[name].with_context(active_test=False).search_count([]) for name in names
        }
