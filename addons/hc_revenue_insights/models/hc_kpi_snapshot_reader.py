# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class HcKpiSnapshot(models.Model):
    """Figures read from what was written down, as the reader may see them."""

    _inherit = "hc.kpi.snapshot"

    @api.model
    def _read_figures(self, codes, days, company, facility_ids=None, payer_ids=None, known="now"):
        """The figures of some indicators at the end of some days.

        :param codes: codes of definitions
        :param days: days that were written down; a day without rows has the figure of nothing
        :param facility_ids: only these, where any are given
        :param payer_ids: only these, where any are given
        :param str known: ``now``, or ``then``: what was known on the evening of the day
        :return: ``{code: {day: KpiFigure}}`` for all codes and days
        """
        domain = (
            Domain("company_id", "=", company.id)
            & Domain("code", "in", list(codes))
            & Domain("as_of", "in", list(days))
        )
        if known == "then":
            domain &= Domain("is_first", "=", True)
        else:
            domain &= Domain("superseded_at", "=", False)
        if facility_ids:
            domain &= Domain("facility_id", "in", list(facility_ids))
        if payer_ids:
            domain &= Domain("payer_id", "in", list(payer_ids))
        query = self._search(domain)
        # As text: the database adapter would turn exact numbers into floats.
        rows = self.env.execute_query(
            SQL(
                """SELECT snapshot.code, snapshot.as_of, sum(snapshot.numerator)::text,
                          sum(snapshot.denominator)::text, sum(snapshot.record_count)::int
                     FROM hc_kpi_snapshot snapshot WHERE snapshot.id IN %s GROUP BY 1, 2""",
                query.subselect(),
            )
        )
        sums = {
            (code, day): (Decimal(numerator), denominator and Decimal(denominator), count)
            for code, day, numerator, denominator, count in rows
        }
        provider = self.env["hc.kpi.provider"]
        nothing = (Decimal(0), None, 0)
        return {
            code: {
                day: provider._get_definition(code).figure(*sums.get((code, day), nothing))
                for day in days
            }
            for code in codes
        }
