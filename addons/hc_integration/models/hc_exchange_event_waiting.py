# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from .hc_event_handler import EventRefusedError

_FIRST_PAUSE = timedelta(minutes=5)
_LONGEST_PAUSE = timedelta(hours=6)
_LAST_TRY_AFTER = timedelta(days=30)
_EVENTS_PER_STEP = 200
_MAY_GIVE_UP = (
    "hc_revenue_base.group_hc_operations",
    "hc_revenue_base.group_hc_administrator",
)


class HcExchange(models.Model):
    """Events whose subject is not there yet: they wait, and go on when it arrives."""

    _inherit = "hc.exchange"

    def _let_wait(self, wait):
        """Let an event wait; when its patience is over, ask a person.

        :param wait: :class:`EventWaitsError`
        """
        now = self.env.cr.now().replace(microsecond=0)
        if now - self.create_date > _LAST_TRY_AFTER:
            self._refuse_event(EventRefusedError("subject_never_came", wait.message))
            return
        patience = timedelta(hours=self.source_id.patience_hours)
        pause = min(_FIRST_PAUSE * 2 ** min(self.event_wait_count, 10), _LONGEST_PAUSE)
        until = self.event_wait_until or now + patience
        self._write_guarded(
            {
                "event_outcome": "waiting",
                "event_note": wait.message,
                "event_wait_key": wait.key,
                "event_wait_until": until,
                "event_wait_count": self.event_wait_count + 1,
                "event_result": {"outcome": "waiting"},
                "next_attempt_at": min(now + pause, max(until, now + _FIRST_PAUSE)),
            }
        )
        self._transition("waiting", reason=wait.message)
        if wait.module or until <= now:
            self._open_waiting_item(wait)

    def _open_waiting_item(self, wait):
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "event_waiting",
                    "queue_code": "operations",
                    "severity": "warning",
                    # One item where a module is missing, not one per event.
                    "dedup_key": f"event_waiting:{wait.module or self.id}",
                    "name": self.env._("Install %(module)s", module=wait.module)
                    if wait.module
                    else self.env._("%(name)s waits in vain", name=self.name),
                    "description": "\n".join(
                        [
                            wait.message,
                            self.env._(
                                "Events that wait are kept and tried again. Enter what is missing, "
                                "or give the event up on its page."
                            ),
                        ]
                    ),
                    "company_id": self.company_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )

    @api.model
    def _wake_waiting(self, keys):
        """Try events again that wait for one of the subjects, in their company."""
        if not keys:
            return
        waiting_sudo = self.sudo().search(
            [
                ("state", "=", "waiting"),
                ("event_wait_key", "in", list(keys)),
                ("company_id", "in", self.company_id.ids or self.env.company.ids),
            ]
        )
        waiting_sudo._try_again()

    def _try_again(self):
        """Put waiting events back in line; those that somebody else holds are in it already."""
        events_sudo = self.sudo().try_lock_for_update(allow_referencing=True)
        moved, _there, _left = events_sudo._transition_where_allowed("received")
        if moved:
            self._wake_event_drains()

    @api.model
    def _cron_retry_waiting_events(self):
        """Scheduled Action: try events again whose subject may have come by another way."""
        commit_progress = self.env["ir.cron"]._commit_progress
        domain = Domain("state", "=", "waiting") & Domain(
            "next_attempt_at", "<=", self.env.cr.now().replace(microsecond=0)
        )
        commit_progress(remaining=self.sudo().search_count(domain))
        last_id = 0
        while batch := self.sudo().search(
            domain & Domain("id", ">", last_id), order="id", limit=_EVENTS_PER_STEP
        ):
            last_id = batch[-1].id
            batch._try_again()
            if not commit_progress(len(batch)):
                break

    def action_try_event_again(self):
        """Try waiting events now, without waiting for their next turn."""
        self.check_access("write")
        self._try_again()

    def action_give_up_event(self):
        """Give up waiting events: their subject will never come."""
        self.check_access("write")
        self._check_may_give_up()
        for event_sudo in self.sudo().filtered(lambda each: each.state == "waiting"):
            event_sudo._refuse_event(
                EventRefusedError(
                    "given_up",
                    self.env._("%(user)s gave it up.", user=self.env.user.name),
                )
            )

    def _check_may_give_up(self):
        """Who may drop what a system told; what a person entered, that person may take back.

        :raise AccessError: neither
        """
        own = self.filtered(lambda event: event.is_manual and event.create_uid == self.env.user)
        if self.env.su or self == own or any(map(self.env.user.has_group, _MAY_GIVE_UP)):
            return
        raise self.env["hc.refused.attempt"]._refuse(
            self - own,
            "give_up",
            self.env._("What a system told is given up by Operations or a Billing Administrator."),
            reason="not_operations",
        )
