# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.tools import SQL

from ..hc_core import health
from ..hc_core.health import HealthResult


class HcHealth(models.AbstractModel):
    """What is watched of the running system; each module adds what it knows of.

    A module adds checks by ``_get_checks() + [HealthCheck(…)]`` and, for each, a method that
    returns a SELECT of ``label, value``. Values are read from the database at the moment of the
    question, so that they hold for all processes and nodes, and name no person.
    """

    _name = "hc.health"
    _description = "Health"

    @api.model
    def _get_checks(self):
        """The checks; a module extends the list.

        :return: list of :class:`~..hc_core.health.HealthCheck`
        """
        return []

    @api.model
    def _get_results(self):
        """All checks with what they find now.

        :return: list of :class:`~..hc_core.health.HealthResult`
        """
        checks = health.registry(self._get_checks())
        if not checks:
            return []
        self.env.flush_all()
        selects = [
            SQL("SELECT %s AS code, found.* FROM (%s) AS found", code, self._select(check))
            for code, check in checks.items()
        ]
        values = {code: {} for code in checks}
        for code, label, value in self.env.execute_query(SQL(" UNION ALL ").join(selects)):
            values[code][label] = value
        return [HealthResult(check, values[code]) for code, check in checks.items()]

    @api.model
    def _select(self, check):
        return SQL(
            """SELECT COALESCE(label::text, '') AS label, COALESCE(value, 0)::float8 AS value
                 FROM (%s) AS counted (label, value)""",
            getattr(self, check.rows_method)(),
        )
