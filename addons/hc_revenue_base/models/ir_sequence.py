# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.tools import SQL


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    @api.model
    def _draw_numbers(self, code, company, count):
        """The next numbers of a company's sequence, or of the shared one where it has none.

        The sequence is looked up once; ``next_by_code`` does it for every number. Many at once
        take one query where the database counts: gaps allowed, no ranges of dates.

        :param str code: of the sequence
        :param int count: how many
        :return: the numbers, in order
        """
        sequence = self.sudo().search(
            [("code", "=", code), ("company_id", "in", (company.id, False))],
            order="company_id",
            limit=1,
        )
        if count < 2 or sequence.implementation != "standard" or sequence.use_date_range:
            return [sequence.next_by_id() for _number in range(count)]
        drawn = self.env.execute_query(
            SQL(
                "SELECT nextval(%s::regclass) FROM generate_series(1, %s)",
                f"ir_sequence_{sequence.id:03d}",
                count,
            )
        )
        return [sequence.get_next_char(number) for (number,) in drawn]
