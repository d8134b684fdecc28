# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.tools import SQL


class HcKpiSnapshot(models.Model):
    """What an indicator was at the end of a day, as far as was known then, or is known now.

    A row is one cell: a day, facility, payer and department. Where a later correction changes the
    past, the old row stays and tells until when it was believed; a new one is added.
    """

    _name = "hc.kpi.snapshot"
    _description = "Indicator Snapshot"
    _inherit = ["hc.guarded.mixin"]
    _order = "as_of desc, code, facility_id, payer_id, department_id"
    _rec_name = "code"
    _log_access = False
    _guarded_fields = frozenset(
        {
            "code",
            "company_id",
            "as_of",
            "facility_id",
            "payer_id",
            "department_id",
            "numerator",
            "denominator",
            "record_count",
            "is_first",
            "known_at",
            "superseded_at",
        }
    )

    code = fields.Selection(
        selection="_get_codes", string="Indicator", required=True, readonly=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    as_of = fields.Date("Day", required=True, readonly=True)
    facility_id = fields.Many2one("hc.facility", readonly=True, ondelete="cascade")
    payer_id = fields.Many2one("hc.payer", readonly=True, ondelete="cascade")
    department_id = fields.Many2one("hc.department", readonly=True, ondelete="cascade")
    numerator = fields.Float(digits=(20, 6), required=True, readonly=True)
    denominator = fields.Float(digits=(20, 6), readonly=True, help="Empty: nothing is divided.")
    record_count = fields.Integer("Records", required=True, readonly=True)
    value = fields.Float(
        compute="_compute_value",
        digits=(16, 2),
        aggregator="avg",
        help="Of several rows: the sum of what is counted ÷ the sum of what it is measured by.",
    )
    is_first = fields.Boolean("As Known Then", required=True, readonly=True)
    known_at = fields.Datetime("Known Since", required=True, readonly=True)
    superseded_at = fields.Datetime(
        "Corrected", readonly=True, help="Since then another value is known for the same day."
    )

    # Two runs at once: the second one fails and is tried again.
    _current = models.UniqueIndex(
        "(company_id, as_of, code, COALESCE(facility_id, 0), COALESCE(payer_id, 0), "
        "COALESCE(department_id, 0)) WHERE superseded_at IS NULL",
        "This figure is written down already.",
    )
    _first = models.Index("(company_id, as_of, code) WHERE is_first")

    @api.model
    def _get_codes(self):
        return self.env["hc.kpi.target"]._get_codes()

    @api.depends("numerator", "denominator")
    def _compute_value(self):
        registry = self.env["hc.kpi.provider"]._get_registry()
        for snapshot in self:
            definition = registry.get(snapshot.code)
            snapshot.value = self._divide(definition, snapshot.numerator, snapshot.denominator)

    @api.model
    def _divide(self, definition, numerator, denominator):
        if not definition or not (definition.is_ratio or definition.base_method):
            return numerator
        scale = 100 if definition.unit == "percent" else 1
        return scale * numerator / denominator if denominator else 0.0

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """A ratio of many rows is the ratio of their sums, never the mean of their ratios."""
        if aggregate_spec not in ("value:avg", "value:sum"):
            return super()._read_group_select(aggregate_spec, query)
        registry = self.env["hc.kpi.provider"]._get_registry().values()
        code = self._field_to_sql(self._table, "code", query)
        denominator = SQL(
            "NULLIF(SUM(%s), 0)", self._field_to_sql(self._table, "denominator", query)
        )
        numerator = self._field_to_sql(self._table, "numerator", query)
        percent = [
            definition.code
            for definition in registry
            if definition.unit == "percent" and (definition.is_ratio or definition.base_method)
        ]
        plain = [
            definition.code
            for definition in registry
            if not (definition.is_ratio or definition.base_method)
        ]
        # Rows of several indicators have no common value; an amount of several days is that of
        # their mean day.
        return SQL(
            """CASE WHEN MIN(%(code)s) <> MAX(%(code)s) THEN NULL
                    WHEN MIN(%(code)s) = ANY(%(plain)s)
                    THEN SUM(%(numerator)s) / COUNT(DISTINCT %(day)s)
                    WHEN MIN(%(code)s) = ANY(%(percent)s)
                    THEN ROUND(100 * SUM(%(numerator)s) / %(denominator)s, 4)
                    ELSE ROUND(SUM(%(numerator)s) / %(denominator)s, 4) END""",
            code=code,
            day=self._field_to_sql(self._table, "as_of", query),
            plain=plain,
            percent=percent,
            numerator=numerator,
            denominator=denominator,
        )
