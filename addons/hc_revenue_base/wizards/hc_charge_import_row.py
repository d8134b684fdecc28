# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..hc_core import csv_safe
from ..hc_core.charge_columns import COLUMN_BY_NAME

DEFAULT_SOURCE = "odoo_import"
_MESSAGES_SHOWN = 10


class HcChargeImportRow(models.TransientModel):
    """A charge as a row of text, for Odoo's own import and for the API.

    Creating such rows imports them: they become a charge file of their own, processed at once in
    the same transaction, by the importer of all other files. One refused row refuses the batch,
    as Odoo's import expects: it then tries the rows one by one and shows the error of each. The
    rows themselves are text in transit and are swept away by Odoo after a while.
    """

    _name = "hc.charge.import.row"
    _description = "Charge to Import"
    _rec_name = "external_id"

    exchange_id = fields.Many2one("hc.exchange", readonly=True, ondelete="cascade")
    source_system = fields.Char("source_system")
    external_id = fields.Char("external_id", required=True)
    facility_code = fields.Char("facility_code", required=True)
    encounter_number = fields.Char("encounter_number", required=True)
    encounter_class = fields.Char("encounter_class")
    encounter_start = fields.Char("encounter_start")
    encounter_end = fields.Char("encounter_end")
    patient_mrn = fields.Char("patient_mrn", required=True)
    patient_last_name = fields.Char("patient_last_name")
    patient_first_name = fields.Char("patient_first_name")
    patient_birth_date = fields.Char("patient_birth_date")
    patient_sex = fields.Char("patient_sex")
    patient_street = fields.Char("patient_street")
    patient_city = fields.Char("patient_city")
    patient_state = fields.Char("patient_state")
    patient_zip = fields.Char("patient_zip")
    payer_code = fields.Char("payer_code")
    member_id = fields.Char("member_id")
    subscriber_relation = fields.Char("subscriber_relation")
    coverage_start = fields.Char("coverage_start")
    coverage_end = fields.Char("coverage_end")
    service_date = fields.Char("service_date", required=True)
    department_code = fields.Char("department_code")
    performer_npi = fields.Char("performer_npi")
    procedure_code = fields.Char("procedure_code", required=True)
    modifiers = fields.Char("modifiers")
    units = fields.Char("units")
    unit_price = fields.Char("unit_price")
    revenue_code = fields.Char("revenue_code")
    place_of_service = fields.Char("place_of_service")
    diagnosis_codes = fields.Char("diagnosis_codes")
    authorization_number = fields.Char("authorization_number")
    encounter_status = fields.Char("encounter_status")
    coding_approved = fields.Char("coding_approved")

    @api.model_create_multi
    def create(self, vals_list):
        exchange = self._import_batch(vals_list)
        return super().create([vals | {"exchange_id": exchange.id} for vals in vals_list])

    @api.model
    def _import_batch(self, vals_list):
        """Import rows of text as one charge file.

        :raise UserError: rows were refused; nothing of the batch is kept
        """
        rows = [[vals.get(name) or "" for name in COLUMN_BY_NAME] for vals in vals_list]
        content = "".join(csv_safe.csv_lines(list(COLUMN_BY_NAME), rows)).encode()
        exchange, verdict = self.env["hc.exchange"]._receive_charges(
            content, DEFAULT_SOURCE, self.env._("Rows entered in Odoo")
        )
        if verdict == "new":
            # Not the encounters: another batch of the same sheet may hold more of their rows.
            exchange._process(lambda done, left: left > 0)
            self._raise_refused(exchange)
            self.env.ref("hc_revenue_base.ir_cron_process_exchanges").sudo()._trigger()
        return exchange

    @api.model
    def _raise_refused(self, exchange):
        exchange_sudo = exchange.sudo()
        messages = exchange_sudo.row_ids.filtered(lambda row: row.result == "refused")[
            :_MESSAGES_SHOWN
        ].mapped("message")
        if exchange_sudo.state == "rejected":
            messages = [exchange_sudo.error]
        if messages:
            raise UserError("\n".join(messages))

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Charges, one row a charge"),
                "template": "/hc_revenue_base/static/import/charges_sample.csv",
            }
        ]
