# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from odoo import api, fields, models


def to_utc(moment, zone_name):
    """A moment as the database stores it: in UTC, without zone.

    :param datetime moment: with a zone, or in the local time of ``zone_name``
    """
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone_name))
    return moment.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0)


class HcEncounter(models.Model):
    """What a feed says about an encounter's progress, kept until the whole file is in.

    The rows of one encounter may lie far apart in a file. Completing the encounter at its first
    row would bill it without the others, so that the last step of a file moves them all.
    """

    _inherit = "hc.encounter"

    feed_exchange_id = fields.Many2one(
        "hc.exchange",
        "Waiting For",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The document whose last row must be in before the encounter moves.",
    )
    feed_completed = fields.Boolean(readonly=True, copy=False)
    feed_coding_approved = fields.Boolean(readonly=True, copy=False)

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "feed_exchange_id",
            "feed_completed",
            "feed_coding_approved",
        }

    def _apply_feed_status(self, may_approve_coding):
        """Move the encounters to where their feed says they are, and bill them; safe to repeat.

        :param bool may_approve_coding: whether the sender may declare codes final
        """
        for exchange, encounters in self.grouped("feed_exchange_id").items():
            facts = {"exchange": exchange.id, "source": exchange.sudo().source}
            completed = encounters.filtered("feed_completed")
            completed.filtered(lambda e: not e.ended_at)._fill_end()
            completed._transition_where_allowed("completed", facts=facts)
            (encounters - completed).filtered(
                lambda e: e.state == "planned"
            )._transition_where_allowed("in_progress", facts=facts)
            if may_approve_coding:
                encounters.filtered("feed_coding_approved")._transition_where_allowed(
                    "approved", field_name="coding_state", facts=facts
                )
        self._write_guarded({"feed_exchange_id": False})
        # The Automation Rule leaves encounters that wait for a file to this call.
        self.filtered(
            lambda e: e.state == "completed" and e.coding_state == "approved"
        )._queue_billing()

    def _fill_end(self):
        """Let encounters whose end nobody sent end with the day of their last service."""
        for encounter in self:
            days = encounter.service_line_ids.mapped("service_date")
            zone_name = encounter.facility_id.timezone
            last_moment = (
                datetime.combine(max(days), time.min) + timedelta(days=1, seconds=-1)
                if days
                else None
            )
            end = to_utc(last_moment, zone_name) if last_moment else encounter.started_at
            encounter.ended_at = max(end, encounter.started_at)
