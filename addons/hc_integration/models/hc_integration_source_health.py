# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.tools import format_datetime

from ..hc_webhook_core import health
from ..hc_webhook_core.health import AMBER, GREEN, NONE, RED

LEVELS = [(GREEN, "Well"), (AMBER, "Look At It"), (RED, "In Trouble"), (NONE, "Not Connected")]


class HcIntegrationSource(models.Model):
    """How a connected system is doing, in a word and in figures, whenever somebody looks."""

    _inherit = "hc.integration.source"

    health = fields.Selection(LEVELS, compute="_compute_health", search="_search_health")
    health_reasons = fields.Text("Why", compute="_compute_health")
    last_success_in_at = fields.Datetime("Last Success In", compute="_compute_health")
    last_success_out_at = fields.Datetime("Last Success Out", compute="_compute_health")
    failure_rate = fields.Float(
        "Failed, 24 h (%)", compute="_compute_health", help="Of what was finished in 24 hours."
    )
    backlog_count = fields.Integer("Backlog", compute="_compute_health")
    retry_count = fields.Integer(
        "Tried Again", compute="_compute_health", help="Failed, and tried again by themselves."
    )
    oldest_unresolved_at = fields.Datetime("Oldest Not Applied", compute="_compute_health")
    waiting_out_count = fields.Integer("Waiting to Be Sent", compute="_compute_health")
    dead_out_count = fields.Integer("Dead Letters", compute="_compute_health")
    next_expected_at = fields.Datetime(
        "Expected Until",
        compute="_compute_health",
        help="When it is silent beyond this moment, somebody is told.",
    )
    expected_every_hours = fields.Float(
        "Expected Every (hours)",
        tracking=True,
        help="It says something at least every so many hours. 0: it may be silent.",
    )
    expected_calendar_id = fields.Many2one(
        "resource.calendar",
        "Hours Counted",
        help="Count only the hours in which it is at work. Empty: around the clock.",
    )
    connected_at = fields.Datetime("Connected Since", readonly=True, copy=False)
    red_since = fields.Datetime("In Trouble Since", readonly=True, copy=False)
    shown_playbook = fields.Html("What to Do", compute="_compute_shown_playbook")

    _expected_bounded = models.Constraint(
        "CHECK (expected_every_hours BETWEEN 0 AND 2400)",
        "A word is expected every 0 to 2400 hours; 0 means never.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"connected_at", "red_since"}

    def _prepare_move_vals(self, target, field_name):
        vals = super()._prepare_move_vals(target, field_name)
        if target == "active":
            # From now on it may be expected to say something.
            vals["connected_at"] = self.env.cr.now().replace(microsecond=0)
        return vals

    @api.depends("kind", "playbook")
    def _compute_shown_playbook(self):
        defaults = {
            each.kind: each.body
            for each in self.env["hc.integration.playbook"].sudo().search_fetch(
                [("kind", "in", self.mapped("kind"))], ["kind", "body"]
            )
        }  # fmt: skip
        for source in self:
            source.shown_playbook = source.playbook or defaults.get(source.kind, False)

    @api.depends("state", "expected_every_hours", "expected_calendar_id", "fhir_poll_error")
    def _compute_health(self):
        as_of = self.env.cr.now().replace(microsecond=0)
        all_figures = self._get_figures(as_of)
        for source in self:
            figures, shown = all_figures[source.id]
            level, reasons = health.judge(figures, as_of)
            source.health = level
            source.health_reasons = "\n".join(
                source._describe_reason(code, figures) for code in reasons
            )
            source.failure_rate = 100.0 * figures.failure_rate
            source.retry_count = figures.retries
            source.oldest_unresolved_at = figures.oldest_unresolved_at or False
            source.waiting_out_count = figures.waiting_out
            source.dead_out_count = figures.dead_out
            source.next_expected_at = figures.next_expected_at or False
            source.backlog_count = shown["backlog"]
            source.last_success_in_at = shown["last_in"] or False
            source.last_success_out_at = shown["last_out"] or False

    @api.model
    def _search_health(self, operator, value):
        if operator != "in":
            return NotImplemented
        sources = self.search([("state", "!=", False)])
        return [("id", "in", sources.filtered(lambda each: each.health in value).ids)]

    def _describe_reason(self, code, figures):
        """A reason in words, with its figures."""
        rate = round(100 * figures.failure_rate)
        texts = {
            "paused": self.env._("It is paused."),
            "silent": self.env._(
                "It was expected to speak by %(moment)s, and is silent.",
                moment=self._show(figures.next_expected_at),
            ),
            "endpoint_down": self.env._(
                "Addresses of it that do not answer and are left alone for a while: %(count)s.",
                count=figures.endpoints_down,
            ),
            "poll_failed": self.env._("It cannot be asked for changes."),
            "folder_failed": self.env._("A folder of its file drops cannot be used."),
            "failing": self.env._("%(rate)s percent of what it sent failed.", rate=rate),
            "some_fail": self.env._("%(rate)s percent of what it sent failed.", rate=rate),
            "stuck": self.env._(
                "What it sent on %(moment)s has not been applied yet.",
                moment=self._show(figures.oldest_unresolved_at),
            ),
            "stuck_out": self.env._(
                "Events wait for it since %(moment)s.", moment=self._show(figures.oldest_out_at)
            ),
            "given_up": self.env._(
                "Messages that were given up and wait for a person: %(count)s.",
                count=figures.given_up,
            ),
            "dead_letters": self.env._(
                "Events that could not be sent to it: %(count)s.", count=figures.dead_out
            ),
            "refused": self.env._(
                "Messages that were turned away in 24 hours: %(count)s.", count=figures.refused
            ),
            "differences": self.env._(
                "Differences between what it says and what we hold: %(count)s.",
                count=figures.differences,
            ),
            "not_told": self.env._(
                "Days of which it has not told what it sent: %(count)s.", count=figures.not_told
            ),
        }
        texts["slow"], texts["slow_out"] = texts["stuck"], texts["stuck_out"]
        return texts[code]

    def _show(self, moment):
        return format_datetime(self.env, moment, dt_format="short") if moment else ""
