# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import models


class HcKpiAlert(models.Model):
    """How an alert reaches people: a work item, an activity, an e-mail; once each."""

    _inherit = "hc.kpi.alert"

    def _describe(self):
        """What is wrong, in a sentence."""
        self.ensure_one()
        names = dict(self._fields["code"]._description_selection(self.env))
        return self.env._(
            "%(indicator)s was %(value)s on %(day)s, measured by %(bound)s%(part)s.",
            indicator=names[self.code],
            value=f"{self.value:,.2f}",
            bound=f"{self.bound:,.2f}",
            day=self.last_day,
            part=f" ({self.facility_id.display_name})" if self.facility_id else "",
        )

    def _get_item_key(self):
        return f"kpi_alert:{self.rule_id.id}"

    def _open_work_item(self):
        if not self.rule_id.queue_id:
            return
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "kpi_alert",
                    "severity": self.rule_id.severity,
                    "queue_code": self.rule_id.queue_id.code,
                    "dedup_key": self._get_item_key(),
                    "name": self.rule_id.name,
                    "description": self._describe(),
                    "company_id": self.company_id.id,
                    "facility_id": self.facility_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )

    def _notify(self, now):
        """Tell those whom the rule names, once, and within their hours."""
        self.ensure_one()
        if self.notified_at or self.rule_id._is_quiet(now):
            return
        self._tell(self.rule_id.notified_user_ids)
        self._write_guarded({"notified_at": now})

    def _escalate(self, now):
        """Tell those behind, where nobody who was told took it in time."""
        self.ensure_one()
        hours = self.rule_id.escalation_hours
        if not hours or self.escalated_at or not self.notified_at:
            return
        if self.notified_at + timedelta(hours=hours) > now or self.rule_id._is_quiet(now):
            return
        self._tell(self.rule_id.escalation_user_ids)
        self._write_guarded({"escalated_at": now})

    def _tell(self, users):
        for user in users:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.rule_id.name,
                note=self._describe(),
                user_id=user.id,
            )
        if self.rule_id.is_emailed and users:
            self.message_notify(
                partner_ids=users.partner_id.ids,
                subject=self.rule_id.name,
                body=self._describe(),
                force_send=False,
            )

    def _close(self, as_of, now):
        """The figure is well again: nothing is left to do."""
        self.ensure_one()
        self._write_guarded({"closed_at": now, "last_day": as_of})
        self._transition("closed", reason=self.env._("The figure is well again."))
        self.activity_ids.filtered(lambda activity: activity.automated).unlink()
        items_sudo = self.env["hc.work.item"].sudo()
        items_sudo.search(
            [("dedup_key", "=", self._get_item_key()), ("company_id", "=", self.company_id.id)]
        )._resolve("fixed")
