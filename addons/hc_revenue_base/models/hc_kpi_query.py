# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

GROUP_COLUMNS = {
    "facility": "facility_id",
    "payer": "payer_id",
    "department": "department_id",
    "responsibility": "responsibility",
}
# Records of no facility (a work item of the whole company) are counted under this one.
NO_FACILITY = 0


class HcKpiProvider(models.AbstractModel):
    """The query around an indicator's rows: days, facilities, the reader's record rules."""

    _inherit = "hc.kpi.provider"

    @api.model
    def _select_sums(self, rows_method, model_name, scope, group_by):
        group = SQL.identifier("counted", GROUP_COLUMNS[group_by]) if group_by else SQL("NULL")
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """WITH moments AS MATERIALIZED (%s)
                   SELECT counted.as_of, %s, sum(counted.numerator)::text,
                          sum(counted.denominator)::text, count(DISTINCT counted.res_id)
                     FROM (%s) AS counted
                    WHERE %s
                 GROUP BY 1, 2""",
                self._select_moments(scope),
                group,
                getattr(self, rows_method)(scope),
                self._get_reader_condition(model_name, scope),
            )
        )
        # As text: the database adapter would turn exact numbers into floats.
        return {
            (day, key): (Decimal(numerator), denominator and Decimal(denominator), count)
            for day, key, numerator, denominator, count in rows
        }

    @api.model
    def _select_moments(self, scope):
        """Days × facilities, with the last second of the day in the facility's time zone, or now.

        Facilities that were closed since count: their history stays.
        """
        domain = Domain("company_id", "=", scope.company.id)
        if scope.facility_ids is not None:
            domain &= Domain("id", "in", scope.facility_ids)
        facilities = self.env["hc.facility"].with_context(active_test=False)._search(domain)
        now = self.env.cr.now()
        moments = SQL(
            """SELECT day.as_of, facility.id AS facility_id, LEAST(%(now)s::timestamp,
                      ((day.as_of + 1)::timestamp AT TIME ZONE facility.timezone)
                      AT TIME ZONE 'UTC' - interval '1 second') AS until_at
                 FROM unnest(%(days)s::date[]) AS day(as_of)
           CROSS JOIN hc_facility facility
                WHERE facility.id IN %(facilities)s""",
            now=now,
            days=list(scope.days),
            facilities=facilities.subselect(),
        )
        if scope.facility_ids is not None:
            return moments
        return SQL(
            """%s UNION ALL
               SELECT day.as_of, %s, LEAST(%s::timestamp,
                      (day.as_of + 1)::timestamp - interval '1 second')
                 FROM unnest(%s::date[]) AS day(as_of)""",
            moments,
            NO_FACILITY,
            now,
            list(scope.days),
        )

    @api.model
    def _get_reader_condition(self, model_name, scope):
        """Only records of the company that the reader may see, and only of the payers asked for.

        Facilities name the company too, but for records that have none.
        """
        records = self.env[model_name].with_context(active_test=False)
        own = Domain.TRUE
        if "company_id" in records._fields:
            own = Domain("company_id", "in", [scope.company.id, False])
        condition = SQL("counted.res_id IN %s", records._search(own).subselect())
        if scope.payer_ids is not None:
            condition = SQL("%s AND counted.payer_id = ANY(%s)", condition, list(scope.payer_ids))
        return condition
