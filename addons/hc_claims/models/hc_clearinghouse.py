# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.tools import SQL

from ..hc_x12.interchange import CONTROL_NUMBER_MAX

# Who the identifiers are numbers of (ISA05, ISA07); the ones that partners use.
IDENTIFIER_QUALIFIERS = [
    ("01", "01 Duns"),
    ("14", "14 Duns Plus Suffix"),
    ("20", "20 Health Industry Number"),
    ("27", "27 Carrier Number (CMS)"),
    ("28", "28 Fiscal Intermediary Number (CMS)"),
    ("29", "29 Medicare Provider Number (CMS)"),
    ("30", "30 Tax Number"),
    ("33", "33 Insurance Company Number (NAIC)"),
    ("ZZ", "ZZ Mutually Agreed"),
]


class HcClearinghouse(models.Model):
    """Whom files are exchanged with: a clearinghouse, or a payer that takes files directly.

    What decides where patient data goes, and whether a file is real, is controlled: a new
    partner is one for tests until a second person agrees.
    """

    _name = "hc.clearinghouse"
    _description = "Clearinghouse"
    _inherit = ["hc.guarded.mixin", "hc.config.controlled.mixin", "mail.thread"]
    _order = "name"
    _guarded_fields = frozenset({"last_control_number"})
    _config_fields = (
        "usage_indicator",
        "sender_qualifier",
        "sender_identifier",
        "receiver_qualifier",
        "receiver_identifier",
        "group_sender",
        "group_receiver",
        "submitter_identifier",
        "receiver_number",
        "active",
    )

    name = fields.Char(required=True, tracking=True)
    code = fields.Char(required=True, help="Names its files, and the source of its answers.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    active = fields.Boolean(default=True)
    usage_indicator = fields.Selection(
        [("T", "Test"), ("P", "Production")],
        "Usage",
        required=True,
        default="T",
        tracking=True,
        help="ISA15: files marked as test are not paid.",
    )
    sender_qualifier = fields.Selection(IDENTIFIER_QUALIFIERS, required=True, default="ZZ")
    sender_identifier = fields.Char(
        "Sender ID", size=15, required=True, help="ISA06: our number at the clearinghouse."
    )
    receiver_qualifier = fields.Selection(IDENTIFIER_QUALIFIERS, required=True, default="ZZ")
    receiver_identifier = fields.Char("Receiver ID", size=15, required=True, help="ISA08.")
    group_sender = fields.Char(size=15, help="GS02; empty: the sender of the interchange.")
    group_receiver = fields.Char(size=15, help="GS03; empty: the receiver of the interchange.")
    submitter_name = fields.Char(required=True, help="NM103 of loop 1000A: who hands files over.")
    submitter_identifier = fields.Char(
        "Submitter ID", size=80, required=True, help="NM109 of loop 1000A."
    )
    contact_name = fields.Char("Contact", required=True)
    contact_phone = fields.Char("Phone", required=True, help="Ten digits.")
    contact_email = fields.Char("E-mail")
    receiver_name = fields.Char(help="NM103 of loop 1000B; empty: the name of the clearinghouse.")
    receiver_number = fields.Char(size=80, help="NM109 of loop 1000B; empty: the receiver ID.")
    acknowledgement_days = fields.Integer(
        "Acknowledged Within (days)",
        default=2,
        help="A file without TA1 or 999 after so many days becomes a work item.",
    )
    claims_per_transaction = fields.Integer(
        default=500,
        help="Claims in one transaction set. A 999 that rejects the set rejects them all.",
    )
    claims_per_file = fields.Integer(default=5000)
    last_control_number = fields.Integer(
        "Last Interchange", readonly=True, copy=False, aggregator=None
    )
    payer_ids = fields.One2many("hc.payer", "clearinghouse_id", "Payers")

    _code_unique = models.UniqueIndex(
        "(company_id, code)", "Another clearinghouse of the company has this code."
    )
    _limits_positive = models.Constraint(
        "CHECK (acknowledgement_days BETWEEN 1 AND 60 "
        "AND claims_per_transaction BETWEEN 1 AND 5000 "
        "AND claims_per_file BETWEEN 1 AND 5000)",
        "Acknowledgement days are 1 to 60; a transaction set and a file have 1 to 5,000 claims.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_loading_registry():
            vals_list = [{**vals, "usage_indicator": "T"} for vals in vals_list]
        return super().create(vals_list)

    def _take_control_number(self):
        """The next interchange control number: used once, and none is left out.

        The row stays locked until the transaction ends, so that a file that is not written gives
        its number back, and two workers never write files of one clearinghouse at once.
        """
        self.ensure_one()
        [(number,)] = self.env.execute_query(
            SQL(
                """UPDATE hc_clearinghouse
                      SET last_control_number = COALESCE(last_control_number, 0) %% %s + 1
                    WHERE id = %s RETURNING last_control_number""",
                CONTROL_NUMBER_MAX,
                self.id,
            )
        )
        self.invalidate_recordset(["last_control_number"], flush=False)
        return number
