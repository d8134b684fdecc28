# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    @api.model
    def _draw_numbers(self, code, company, count):
        """The next numbers of a company's sequence, or of the shared one where it has none.

        The sequence is looked up once; ``next_by_code`` does it for every number.

        :param str code: of the sequence
        :param int count: how many
        """
        sequence = self.sudo().search(
            [("code", "=", code), ("company_id", "in", (company.id, False))],
            order="company_id",
            limit=1,
        )
        return [sequence.next_by_id() for _number in range(count)]
