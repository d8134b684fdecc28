# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.exceptions import UserError

from .hc_event_handler import EventRefusedError

# Accepted into adjudication, or not taken in (X12 code source 507). What else is said of a claim on
# its way takes nothing back: a rejection that comes late behind it still has to be mended in time.
_DECISIVE_CATEGORIES = frozenset({"A2", "A3", "A4", "A5", "A6", "A7", "A8"})


class HcEventHandler(models.AbstractModel):
    """What an event may be about at all, and what another one may outrank."""

    _inherit = "hc.event.handler"

    @api.model
    def _apply(self, event):
        if not self.env.user.active:
            raise UserError(
                self.env._(
                    "%(user)s, who sent it, was archived: nothing is done in that name any more.",
                    user=self.env.user.sudo().name,
                )
            )
        self._check_within_facilities(event)
        return super()._apply(event)

    @api.model
    def _check_within_facilities(self, event):
        """Refuse what could be about a facility of which the system may not speak.

        An event that names no facility names a claim, a payment or a message, which the module for
        it finds within the rights of the system's user; these must be no wider than the system.

        :raise EventRefusedError: the user sees more facilities than the system may speak about
        """
        allowed = event.source.sudo().facility_ids
        if not allowed or "facility_code" in event.data:
            return
        user = self.env.user
        is_wider = user.has_group("hc_revenue_base.group_hc_all_facilities")
        if is_wider or user.hc_facility_ids - allowed:
            self._note_attempt(event, event.exchange, "record_rule", "user_too_wide")
            raise EventRefusedError(
                "user_too_wide",
                self.env._(
                    "%(system)s may speak about some facilities only, and its user sees others: "
                    "give the user no other facilities than the system.",
                    system=event.source.name,
                ),
            )

    @api.model
    def _get_order_group(self, event):
        """What an older event of the subject must not undo; empty where it stands alone."""
        code = event.definition.code
        if code == "claim.status":
            categories = {status["category"] for status in event.data["statuses"]}
            if not categories & _DECISIVE_CATEGORIES:
                return ""
        # That a reader wants no more messages is the law's business, however late it is told.
        if code == "message.status":
            status = self._get_canonical(event, "status", "message")
            return "" if status == "opted_out" else event.definition.ordered_as
        return event.definition.ordered_as
