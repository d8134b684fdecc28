# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, fields, models

_KEPT_DAYS = 30
_PURGED_PER_RUN = 10_000


class HcAutomationRun(models.Model):
    """One run of an automation: figures and codes only, nothing about a patient.

    Runs of Automation Rules and Server Actions within one transaction are one row.
    """

    _name = "hc.automation.run"
    _description = "Automation Run"
    _inherit = ["hc.guarded.mixin"]
    _order = "id desc"
    _log_access = False
    _guarded_fields = frozenset(
        {
            "automation_id",
            "mode",
            "result",
            "started_at",
            "duration_seconds",
            "execution_count",
            "seen_count",
            "changed_count",
            "error_class",
            "user_id",
            "details",
        }
    )

    automation_id = fields.Many2one(
        "hc.automation", required=True, readonly=True, index=True, ondelete="cascade"
    )
    mode = fields.Selection(
        selection=lambda self: (
            self.env["hc.automation"]._fields["mode"]._description_selection(self.env)
        ),
        required=True,
        readonly=True,
    )
    result = fields.Selection(
        [
            ("done", "Done"),
            ("observed", "Observed"),
            ("skipped", "Skipped"),
            ("refused", "Refused"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        index=True,
        help="Skipped: it was off. Refused: it answered the user who started it with a message.",
    )
    started_at = fields.Datetime("Started", required=True, readonly=True, index=True)
    duration_seconds = fields.Float("Seconds", readonly=True, digits=(12, 3))
    execution_count = fields.Integer("Executions", readonly=True, default=1)
    seen_count = fields.Integer("Records Seen", readonly=True)
    changed_count = fields.Integer("Records Changed", readonly=True)
    error_class = fields.Char("Error", readonly=True)
    user_id = fields.Many2one("res.users", "Run By", readonly=True, ondelete="set null")
    details = fields.Json(readonly=True)
    details_html = fields.Html("What It Did", compute="_compute_details_html", sanitize=False)

    @api.depends("automation_id", "started_at")
    def _compute_display_name(self):
        for run in self:
            run.display_name = f"{run.automation_id.name} #{run.id}"

    def _compute_details_html(self):
        for run in self:
            run.details_html = self.env["ir.qweb"]._render(
                "hc_revenue_base.hc_automation_run_details",
                {"run": run, "moves": run._describe_entries(), "rows": run._describe_rows()},
            )

    def _describe_entries(self):
        """Log rows in words: ``(what, what happened, how often)``."""
        self.ensure_one()
        return [
            {
                "model": self._label_model(entry["model"]),
                "change": self._label_entry(entry),
                "count": entry["count"],
            }
            for entry in (self.details or {}).get("entries", [])
        ]

    def _label_entry(self, entry):
        model = self.env.get(entry["model"])
        field_name = entry["field"]
        if model is None or field_name not in getattr(model, "_lifecycles", {}):
            return dict(self.env["hc.transition"]._fields["kind"]._description_selection(self.env))[
                entry["kind"]
            ]
        lifecycle = model._get_lifecycle(field_name)
        if entry["kind"] == "creation":
            return self.env._("created, %(state)s", state=lifecycle.label(entry["to"]))
        return f"{lifecycle.label(entry['from'])} → {lifecycle.label(entry['to'])}"

    def _describe_rows(self):
        """Rows by model, in words; tables without a model of their own are left out."""
        by_table = {
            self.env[name]._table: self._label_model(name)
            for name in self.env.registry
            if self.env[name]._auto
        }
        return sorted(
            (
                {"model": by_table[table], **counts}
                for table, counts in (self.details or {}).get("rows", {}).items()
                if table in by_table
            ),
            key=lambda row: row["model"],
        )

    def _label_model(self, name):
        return self.env[name]._description if name in self.env else name

    @api.model
    def _prepare_run_vals(self, automation, result, tally, seconds, **values):
        """Values of one row from what a run counted."""
        return {
            "automation_id": automation.id,
            "mode": automation.mode,
            "result": result,
            "started_at": self.env.cr.now().replace(microsecond=0),
            "duration_seconds": seconds,
            "seen_count": tally.seen,
            "changed_count": len(tally.changed),
            "user_id": self.env.uid,
            "details": self._prepare_details(tally),
            **values,
        }

    @api.model
    def _prepare_details(self, tally):
        keys = ("model", "kind", "field", "from", "to")
        rows = {}
        for (table, kind), count in sorted(tally.rows.items()):
            rows.setdefault(table, {})[kind] = count
        return {
            "entries": [
                {**dict(zip(keys, key, strict=True)), "count": count}
                for key, count in sorted(tally.entries.items())
            ],
            "rows": rows,
            "capped": tally.capped,
            "mails_held": tally.mails_held,
        }

    @api.autovacuum
    def _gc_runs(self):
        limit = self.env.cr.now() - timedelta(days=_KEPT_DAYS)
        runs = self.search([("started_at", "<", limit)], order="id", limit=_PURGED_PER_RUN)
        runs.unlink()
        return len(runs), len(runs) == _PURGED_PER_RUN
