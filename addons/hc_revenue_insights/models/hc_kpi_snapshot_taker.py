# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import logging
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.models.hc_batch_mixin import CONCURRENCY_ERRORS
from odoo.addons.hc_revenue_base.models.hc_kpi_provider import KpiScope

_logger = logging.getLogger(__name__)

# Days before yesterday whose figures are computed again every night: late charges, payments and
# corrections with an earlier day change them.
RESTATED_DAYS = 7
# A gap is filled from here on: before the first installation nothing was promised.
_GAP_DAYS_MAX = 92
_DAYS_PER_QUERY = 31


class HcKpiSnapshot(models.Model):
    """How snapshots are taken: whole days, one indicator at a time, each in its own commit."""

    _inherit = "hc.kpi.snapshot"

    @api.model
    def _cron_take(self):
        """Write down yesterday of every company, what was missed, and what changed since."""
        commit_progress = self.env["ir.cron"]._commit_progress
        companies = self.env["res.company"].search([("id", "!=", False)])
        codes = list(self.env["hc.kpi.provider"]._get_registry())
        work = [(company, code) for company in companies for code in codes]
        commit_progress(remaining=len(work))
        last_error = None
        for company, code in work:
            days = self._get_days_to_take(company, code, self.env.cr.now())
            try:
                with self.env.cr.savepoint():
                    self._take(code, company, days)
            except CONCURRENCY_ERRORS:
                raise
            except Exception as error:
                _logger.exception("the indicator %s could not be written down", code)
                last_error = error
            if not commit_progress(1):
                break
        if last_error:
            raise last_error

    @api.model
    def _get_days_to_take(self, company, code, now):
        """Days of an indicator that are missing or may have changed, oldest first.

        Those that were looked at since the office's day began are left: a run that was stopped
        goes on with the others.
        """
        last = company._get_office_day() - timedelta(days=1)
        rows = self.env.execute_query(
            SQL(
                """SELECT as_of, last_taken_at > %s - interval '12 hours'
                     FROM hc_kpi_snapshot_day
                    WHERE company_id = %s AND code = %s AND as_of > %s""",
                now,
                company.id,
                code,
                last - timedelta(days=_GAP_DAYS_MAX),
            )
        )
        fresh = {day for day, is_fresh in rows if is_fresh}
        known = {day for day, _is_fresh in rows}
        first = min(known, default=last - timedelta(days=RESTATED_DAYS))
        first = max(first, last - timedelta(days=_GAP_DAYS_MAX))
        restated_from = last - timedelta(days=RESTATED_DAYS)
        days = (first + timedelta(days=number) for number in range((last - first).days + 1))
        return [
            day for day in days if day not in fresh and (day not in known or day >= restated_from)
        ]

    @api.model
    def _take(self, code, company, days):
        """Write down an indicator for some days; what is known already in the same way stays.

        :param str code: code of a definition
        :param company: the company whose records count
        :param days: days up to yesterday
        :return: how many cells were new or changed
        """
        self = self.sudo().with_company(company)  # noqa: PLW0642 - the figures are nobody's own
        definition = self.env["hc.kpi.provider"]._get_definition(code)
        changed = 0
        for start in range(0, len(days), _DAYS_PER_QUERY):
            scope = KpiScope(tuple(days[start : start + _DAYS_PER_QUERY]), company)
            changed += self._take_scope(definition, scope)
        return changed

    @api.model
    def _take_scope(self, definition, scope):
        self.env.flush_all()
        provider = self.env["hc.kpi.provider"]
        parameters = {
            "code": definition.code,
            "company": scope.company.id,
            "days": list(scope.days),
            "now": self.env.cr.now().replace(microsecond=0),
        }
        self.env.cr.execute(
            SQL(
                """CREATE TEMPORARY TABLE hc_kpi_taken ON COMMIT DROP AS
                   WITH moments AS MATERIALIZED (%s) %s""",
                provider._select_moments(scope),
                provider._select_cells(definition, scope),
            )
        )
        superseded = self.env.execute_query(SQL(_SUPERSEDE, **parameters))
        added = self.env.execute_query(SQL(_ADD, **parameters))
        self.env.cr.execute("DROP TABLE hc_kpi_taken")
        changed_days = [day for (day,) in superseded + added]
        self.env.execute_query(SQL(_MARK, **parameters, changed_days=changed_days))
        self.env.invalidate_all()
        return len(changed_days)


# Cells that are gone or have another value
_SUPERSEDE = """
    UPDATE hc_kpi_snapshot AS kept
       SET superseded_at = %(now)s
     WHERE kept.company_id = %(company)s AND kept.code = %(code)s
       AND kept.as_of = ANY(%(days)s) AND kept.superseded_at IS NULL
       AND NOT EXISTS (
           SELECT FROM hc_kpi_taken taken
            WHERE taken.as_of = kept.as_of
              AND taken.facility_id = COALESCE(kept.facility_id, 0)
              AND taken.payer_id = COALESCE(kept.payer_id, 0)
              AND taken.department_id = COALESCE(kept.department_id, 0)
              AND ROUND(taken.numerator, 6) = kept.numerator
              AND ROUND(taken.denominator, 6) IS NOT DISTINCT FROM kept.denominator
              AND taken.record_count = kept.record_count)
 RETURNING kept.as_of"""

# Cells that no valid row tells of; the first of a day are what was known then
_ADD = """
    INSERT INTO hc_kpi_snapshot (code, company_id, as_of, facility_id, payer_id, department_id,
                                 numerator, denominator, record_count, is_first, known_at)
         SELECT %(code)s, %(company)s, taken.as_of, NULLIF(taken.facility_id, 0),
                NULLIF(taken.payer_id, 0), NULLIF(taken.department_id, 0),
                ROUND(taken.numerator, 6),
                ROUND(taken.denominator, 6), taken.record_count,
                NOT EXISTS (SELECT FROM hc_kpi_snapshot_day day
                             WHERE day.company_id = %(company)s AND day.code = %(code)s
                               AND day.as_of = taken.as_of),
                %(now)s
           FROM hc_kpi_taken taken
      LEFT JOIN hc_kpi_snapshot kept
             ON kept.company_id = %(company)s AND kept.code = %(code)s
            AND kept.as_of = taken.as_of AND kept.superseded_at IS NULL
            AND COALESCE(kept.facility_id, 0) = taken.facility_id
            AND COALESCE(kept.payer_id, 0) = taken.payer_id
            AND COALESCE(kept.department_id, 0) = taken.department_id
          WHERE kept.id IS NULL
      RETURNING as_of"""

_MARK = """
    INSERT INTO hc_kpi_snapshot_day AS day
                (code, company_id, as_of, first_taken_at, last_taken_at, change_count)
         SELECT %(code)s, %(company)s, taken.as_of, %(now)s, %(now)s, 0
           FROM unnest(%(days)s::date[]) AS taken(as_of)
    ON CONFLICT (company_id, as_of, code) DO UPDATE
            SET last_taken_at = %(now)s,
                change_count = day.change_count
                               + (day.as_of = ANY(%(changed_days)s::date[]))::int
      RETURNING id"""
