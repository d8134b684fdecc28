# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.tools import format_amount

_COUNTED = 100
_SHOWN = 5


class HcApprovalRequest(models.Model):
    """The counter at the top of every screen."""

    _inherit = "hc.approval.request"

    @api.model
    def get_systray(self):
        """What waits for the current user.

        The count ends at 100, so that it costs the same however much waits.

        :return: dict with ``waiting`` and ``asked`` (counts up to 100), ``is_overdue`` and
            ``requests``, the most urgent of what waits: id, kind, case, amount, due_at
        """
        if not self.env.user.has_group("hc_revenue_base.group_hc_user"):
            return {"waiting": 0, "asked": 0, "is_overdue": False, "requests": []}
        steps = self.env["hc.approval.step"]
        # Steps, for their index has the most urgent first; two of one request count once.
        opened = steps.search_fetch(
            steps._search_mine(meant=True), ["request_id"], order="due_at, id", limit=_COUNTED
        )
        waiting = opened.request_id
        asked = self.search_count(
            [("requester_id", "=", self.env.uid), ("state", "=", "information")], limit=_COUNTED
        )
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        # Only these are read; the steps were found within the user's companies and facilities.
        shown = self.sudo().browse(waiting[:_SHOWN].ids)
        shown.fetch(["kind", "case_id", "amount", "currency_id", "due_at", "state"])
        shown.case_id.fetch(["name"])
        return {
            "waiting": len(waiting),
            "asked": asked,
            # They come by due time: where any is overdue, the first is.
            "is_overdue": bool(shown[:1].is_overdue),
            "requests": [
                {
                    "id": request.id,
                    "kind": kinds.get(request.kind, request.kind),
                    "case": request.case_id.name or "",
                    "amount": format_amount(self.env, request.amount, request.currency_id)
                    if request.amount
                    else "",
                    "due_at": fields.Datetime.to_string(request.due_at) or False,
                    "is_overdue": request.is_overdue,
                }
                for request in shown
            ],
        }
