# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models


class HcReachMixin(models.AbstractModel):
    """A run that reaches many patients is worked by people who may see all of them."""

    _name = "hc.reach.mixin"
    _description = "Run That Reaches Patients"

    is_in_reach = fields.Boolean(
        "Mine to Work", compute="_compute_is_in_reach", help="I may see everybody it reaches."
    )

    @api.depends_context("uid")
    def _compute_is_in_reach(self):
        for run in self:
            run.is_in_reach = run._is_in_reach()

    def _get_reached(self):
        """The rows of a run, as ``(name of their model, domain)``."""
        raise NotImplementedError

    def _is_in_reach(self):
        """Whether the user may see everybody whom the run reaches; by its rows."""
        model, domain = self._get_reached()
        rows = self.env[model]
        return rows.search_count(domain) == rows.sudo().search_count(domain)

    def _check_reach(self, operation):
        """Refuse who works for some facilities only where a run reaches patients of others.

        :raise AccessError: with the attempt on record
        """
        self.check_access("write")
        for run in self:
            if not run._is_in_reach():
                raise self.env["hc.refused.attempt"]._refuse(
                    run,
                    operation,
                    self.env._(
                        "%(run)s reaches patients of facilities that are not yours. Ask somebody "
                        "who works for all of them.",
                        run=run.name,
                    ),
                    reason="facility",
                )
