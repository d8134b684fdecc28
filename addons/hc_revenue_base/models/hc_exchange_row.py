# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcExchangeRow(models.Model):
    """What there is to say about one row of a document: why it was refused, or a warning.

    Names the place and the reason, never the patient: the cells stay in the payload.
    """

    _name = "hc.exchange.row"
    _description = "Remark on an Imported Row"
    _inherit = ["hc.guarded.mixin"]
    _order = "exchange_id desc, row_index"
    _rec_name = "line_number"
    _guarded_fields = frozenset({"exchange_id", "row_index", "result", "codes", "message"})

    exchange_id = fields.Many2one(
        "hc.exchange", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="exchange_id.company_id", store=True, index=True)
    row_index = fields.Integer("Row", required=True, readonly=True, aggregator=None)
    line_number = fields.Integer("Line", required=True, readonly=True, aggregator=None)
    external_id = fields.Char("External ID", readonly=True)
    result = fields.Selection(
        [("refused", "Refused"), ("warning", "Imported With Warning")],
        required=True,
        readonly=True,
        index=True,
    )
    columns = fields.Char(readonly=True)
    codes = fields.Char(readonly=True)
    message = fields.Text(readonly=True)

    _row_unique = models.UniqueIndex("(exchange_id, row_index)", "The row has a remark already.")
