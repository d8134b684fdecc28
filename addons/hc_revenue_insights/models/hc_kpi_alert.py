# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import lifecycles


class HcKpiAlert(models.Model):
    """That an indicator is not well: who knows, who took it, since when, until when.

    One at a time per rule, however many days it lasts. It ends by itself when the figure is well.
    """

    _name = "hc.kpi.alert"
    _description = "Indicator Alert"
    _inherit = ["hc.lifecycle.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "opened_at desc, id desc"
    _rec_name = "rule_id"
    _lifecycles = {"state": lifecycles.KPI_ALERT}
    _guarded_fields = frozenset(
        [
            "rule_id",
            "company_id",
            "facility_id",
            "code",
            "first_day",
            "last_day",
            "value",
            "bound",
            "opened_at",
            "notified_at",
            "escalated_at",
            "acknowledged_by_id",
            "acknowledged_at",
            "closed_at",
        ]
    )

    rule_id = fields.Many2one(
        "hc.kpi.alert.rule", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    facility_id = fields.Many2one("hc.facility", readonly=True, index="btree_not_null")
    code = fields.Selection(related="rule_id.code", store=True)
    severity = fields.Selection(related="rule_id.severity")
    first_day = fields.Date("Since", required=True, readonly=True)
    last_day = fields.Date(required=True, readonly=True)
    value = fields.Float(digits=(16, 2), readonly=True, aggregator=None)
    bound = fields.Float("Measured By", digits=(16, 2), readonly=True, aggregator=None)
    opened_at = fields.Datetime(required=True, readonly=True)
    notified_at = fields.Datetime(readonly=True)
    escalated_at = fields.Datetime(readonly=True)
    acknowledged_by_id = fields.Many2one("res.users", readonly=True)
    acknowledged_at = fields.Datetime(readonly=True)
    closed_at = fields.Datetime(readonly=True)
    note = fields.Text(help="What is known and done about it.")
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="open",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )

    _one_open = models.UniqueIndex(
        "(rule_id) WHERE state <> 'closed'", "This rule has an open alert already."
    )

    def action_acknowledge(self):
        """Take the alerts: nobody else needs to be told.

        :raise UserError: somebody took one before, or it is closed
        """
        self.check_access("write")
        for alert in self.filtered(lambda alert: alert.state != "open"):
            state = dict(self._fields["state"]._description_selection(self.env))[alert.state]
            raise UserError(
                self.env._(
                    "%(alert)s is %(state)s already (%(user)s): nothing is left to take.",
                    alert=alert.display_name,
                    state=state,
                    user=alert.acknowledged_by_id.name or self.env._("by itself"),
                )
            )
        self.sudo()._transition("acknowledged")
        self.sudo()._write_guarded(
            {
                "acknowledged_by_id": self.env.uid,
                "acknowledged_at": self.env.cr.now().replace(microsecond=0),
            }
        )
        self.sudo().activity_ids.filtered(lambda activity: activity.automated).action_done()

    def action_open_figure(self):
        """The records behind the figure of the last day."""
        self.ensure_one()
        filters = {
            "as_of": fields.Date.to_string(self.last_day),
            "facility_id": self.facility_id.id,
            "payer_id": self.rule_id.payer_id.id,
        }
        return self.env["hc.kpi.dashboard"].get_drill_down(self.code, filters)

    @api.model
    def _cron_check(self):
        """Judge the rules by the last day written down, tell people, escalate."""
        commit_progress = self.env["ir.cron"]._commit_progress
        rules = self.env["hc.kpi.alert.rule"].search([("company_id", "!=", False)])
        commit_progress(remaining=len(rules))
        for rule in rules:
            rule._check(self.env.cr.now().replace(microsecond=0))
            if not commit_progress(1):
                break


class HcKpiAlertRule(models.Model):
    _inherit = "hc.kpi.alert.rule"

    def _check(self, now):
        """Open, go on with or close the rule's alert, and tell whom it concerns.

        :param datetime now: the moment, in UTC
        """
        self.ensure_one()
        alert = self.env["hc.kpi.alert"].search(
            [("rule_id", "=", self.id), ("state", "!=", "closed")]
        )
        as_of = self.env["hc.kpi.snapshot.day"]._get_last_day(self.code, self.company_id)
        if as_of and (not alert or as_of >= alert.last_day):
            alert = self._settle(alert, as_of, now)
        if alert.state == "open":
            alert._notify(now)
            alert._escalate(now)

    def _settle(self, alert, as_of, now):
        holds, value, bound = self._judge(as_of)
        if not holds:
            if alert:
                alert._close(as_of, now)
            return self.env["hc.kpi.alert"]
        figures = {"last_day": as_of, "value": float(value), "bound": float(bound)}
        if alert:
            alert._write_guarded(figures)
            return alert
        alert = alert._create_guarded(
            figures
            | {
                "rule_id": self.id,
                "company_id": self.company_id.id,
                "facility_id": self.facility_id.id,
                "first_day": as_of,
                "opened_at": now,
            }
        )
        alert._open_work_item()
        return alert

    def _is_quiet(self, now):
        """Whether people are left in peace at this moment."""
        if not self.calendar_id:
            return False
        moment = fields.Datetime.context_timestamp(self.with_context(tz="UTC"), now)
        minute = timedelta(minutes=1)
        return not self.calendar_id._work_intervals_batch(moment, moment + minute)[False]
