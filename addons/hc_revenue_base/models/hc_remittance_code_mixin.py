# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models


class HcRemittanceCodeMixin(models.AbstractModel):
    """A code that payers use in remittances, with the days between which they may.

    Names are the project's own words: the official texts of X12 are copyrighted and are not
    shipped. What is shipped is a start that the office tunes; an update of the module adds new
    codes and leaves the others as the office has them.
    """

    _name = "hc.remittance.code.mixin"
    _description = "Remittance Code"
    _rec_names_search = ["code", "name"]

    code = fields.Char(required=True)
    name = fields.Char("Label", required=True, translate=True, help="In our own words.")
    date_from = fields.Date("Effective From", default="2000-01-01", required=True)
    date_to = fields.Date("Effective To")
    active = fields.Boolean(default=True)
    source = fields.Char(help="What the meaning was checked against.")
    note = fields.Text("Notes")

    _dates_ordered = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)", "The code ends before it starts."
    )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for code in self:
            code.display_name = f"{code.code} {code.name}" if code.name else code.code

    @api.model
    def _load_records(self, data_list, update=False):
        return super()._load_records([{**data, "noupdate": True} for data in data_list], update)

    @api.model
    def _find_in_force(self, domain, codes, as_of):
        """The codes in force on a day.

        :param domain: besides code and dates
        :param codes: their texts, in any case
        :return: ``{code: record}``; codes that are not in the table are absent
        """
        found = self.search(
            [
                *domain,
                ("code", "in", [code.upper() for code in codes]),
                ("date_from", "<=", as_of),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", as_of),
            ],
            order="date_from",
        )
        return {record.code: record for record in found}

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("code"):
                vals["code"] = vals["code"].strip().upper()
        return super().create(vals_list)
