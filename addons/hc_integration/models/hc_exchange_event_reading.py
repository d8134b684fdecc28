# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models

from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP

from .hc_event_handler import EventRefusedError

_CONTENT = frozenset({"payload_text", "payload_body"})


class HcExchange(models.Model):
    """Whoever reads what an event says of a patient is on record, as on the patient's own page."""

    _inherit = "hc.exchange"

    def _read_format(self, fnames, load="_classic_read"):
        values = super()._read_format(fnames, load)
        self._note_content_read(fnames)
        return values

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        self._note_content_read([path[0] for path in fields if path])
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)

    def _note_content_read(self, field_names):
        """Put on record that the user sees the content of these documents."""
        if self.env.su or not _CONTENT.intersection(field_names):
            return
        reads = self.env["hc.phi.read"]
        source = reads._get_source()
        if source and self.env.user.has_group(PHI_GROUP):
            patients_sudo = self.sudo()._find_shown_patients()
            reads._note_patients(self._name, patients_sudo.ids, "record", source)

    def _find_shown_patients(self):
        """The patients of whom events speak: by their number, or by the record that changed."""
        patients = self.env["hc.patient"].with_context(active_test=False)
        shown = patients.browse()
        for event in self.filtered(lambda exchange: exchange.document_type == "event"):
            shown |= patients.search(
                [
                    ("company_id", "=", event.company_id.id),
                    ("mrn", "=", event._get_named_patient()),
                ]
            )
            shown |= event._get_changed_record_patient()
        return shown

    def _get_changed_record_patient(self):
        """The patient whom the record of an event belongs to, or is."""
        patients, model_name = self.env["hc.patient"], self.event_res_model
        if not self.event_res_id or model_name not in self.env:
            return patients
        record = self.env[model_name].browse(self.event_res_id).exists()
        if model_name == patients._name:
            return record
        return record.patient_id if "patient_id" in record._fields else patients

    def _get_named_patient(self):
        try:
            data = self.env["hc.event.handler"]._read_data(self)
        except EventRefusedError:
            return False
        number = data.get("patient_mrn") if isinstance(data, dict) else None
        return number if isinstance(number, str) else False
