# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.tools import SQL

from .hc_kpi_charges import PERIOD_DAYS


class HcKpiProvider(models.AbstractModel):
    """What the log, which nobody can edit, says of records at each moment."""

    _inherit = "hc.kpi.provider"

    @api.model
    def _select_last_moves(self, model_name, of_case=False):
        """The state in which each record was at each moment, and since when.

        :param str model_name: a model with ``facility_id`` and a life cycle in ``state``
        :param bool of_case: it has ``payer_id`` and ``case_id`` as well
        :return: SELECT of ``as_of, until_at, res_id, to_state, occurred_at, facility_id, payer_id,
            department_id``
        """
        return SQL(
            """SELECT moments.as_of, moments.until_at, record.id AS res_id, move.to_state,
                      move.occurred_at, record.facility_id, %(payer)s AS payer_id,
                      %(department)s AS department_id
                 FROM moments
                 JOIN %(table)s record ON record.facility_id = moments.facility_id
           CROSS JOIN LATERAL (
                      SELECT entry.to_state, entry.occurred_at FROM hc_transition entry
                       WHERE entry.res_model = %(model)s AND entry.res_id = record.id
                         AND entry.field_name = 'state'
                         AND entry.occurred_at <= moments.until_at
                    ORDER BY entry.sequence DESC LIMIT 1) AS move
                 %(case)s""",
            payer=SQL("record.payer_id" if of_case else "NULL::int"),
            department=SQL("hc_case.department_id" if of_case else "NULL::int"),
            table=SQL.identifier(self.env[model_name]._table),
            model=model_name,
            case=SQL(
                "LEFT JOIN hc_billing_case hc_case ON hc_case.id = record.case_id"
                if of_case
                else ""
            ),
        )

    @api.model
    def _select_decided(self, model_name, states, numerator, of_case=False):
        """One row per record that stands in one of these states at a moment, since a month or less.

        :param SQL numerator: of ``last``, a row of :meth:`_select_last_moves`
        """
        return SQL(
            """SELECT last.as_of, last.res_id, %(numerator)s AS numerator,
                      1::numeric AS denominator, last.facility_id, last.payer_id,
                      last.department_id, NULL::varchar AS responsibility
                 FROM (%(last)s) AS last
                WHERE last.to_state IN %(states)s
                  AND last.occurred_at > last.until_at - %(days)s * interval '1 day'""",
            numerator=numerator,
            last=self._select_last_moves(model_name, of_case),
            states=states,
            days=PERIOD_DAYS,
        )

    @api.model
    def _is_in(self, states):
        """1 where the last state of a record is one of these, else 0."""
        return SQL("CASE WHEN last.to_state IN %s THEN 1 ELSE 0 END::numeric", states)

    @api.model
    def _get_days_to_last(self, model_name):
        """Days from the first entry of a record to its last one."""
        return SQL(
            """(SELECT extract(epoch FROM last.occurred_at - opened.occurred_at) / 86400
                  FROM hc_transition opened
                 WHERE opened.res_model = %s AND opened.res_id = last.res_id
                   AND opened.sequence = 1)""",
            model_name,
        )
