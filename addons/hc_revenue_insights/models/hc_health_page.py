# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.exceptions import AccessError

from odoo.addons.hc_revenue_base.hc_core import health

from ..hc_kpi_core.exposition import Family

_READERS = ("operations", "administrator", "compliance", "manager", "executive")


class HcHealthPage(models.AbstractModel):
    """What the health page, the health address and the metrics tell; three views of one thing."""

    _name = "hc.health.page"
    _description = "Health Page"

    @api.model
    def get_overview(self):
        """All checks, the worst first.

        :return: dict with ``status`` and ``checks``, each with what to do
        :raise AccessError: the user has no business with the running of the system
        """
        groups = (f"hc_revenue_base.group_hc_{name}" for name in _READERS)
        if not any(self.env.user.has_group(group) for group in groups):
            raise AccessError(self.env._("Who runs or oversees the system may see its health."))
        results = self.sudo().env["hc.health"]._get_results()
        order = {status: -rank for rank, status in enumerate(health.STATUSES)}
        return {
            "status": health.overall(result.status for result in results),
            "checks": [
                self._make_row(result)
                for result in sorted(results, key=lambda result: order[result.status])
            ],
        }

    @api.model
    def _make_row(self, result):
        check = result.check
        return {
            "code": check.code,
            "name": check.name,
            "advice": check.advice,
            "unit": check.unit,
            "status": result.status,
            "value": result.worst,
            "warning_at": check.warning_at,
            "failing_at": check.failing_at,
            "parts": [
                {"label": label, "value": value, "status": check.judge(value)}
                for label, value in sorted(result.values.items(), key=lambda part: -part[1])
                if label and value
            ],
            "action": check.action,
            "domain": check.domain,
        }

    @api.model
    def _make_report(self):
        """What the health address tells whoever has the token: no text that a person wrote.

        :return: dict with ``status`` and, by check, its status and value
        """
        results = self.env["hc.health"]._get_results()
        return {
            "status": health.overall(result.status for result in results),
            "checks": {
                result.check.code: {"status": result.status, "value": result.worst}
                for result in results
            },
        }

    @api.model
    def _make_families(self):
        """The metrics of all checks, one more with their status, and how fast this was read."""
        results = self.env["hc.health"]._get_results()
        families = [
            Family(
                f"hc_{result.check.code}_{result.check.unit}",
                result.check.name,
                tuple(
                    ({result.check.label: label} if result.check.label else {}, value)
                    for label, value in (result.values or {"": 0}).items()
                    if label or not result.check.label
                ),
            )
            for result in results
        ]
        statuses = tuple(
            ({"check": result.check.code}, float(health.STATUSES.index(result.status)))
            for result in results
        )
        help_text = "0: well, 1: a warning, 2: failing."
        return families + [Family("hc_health_status", help_text, statuses)]
