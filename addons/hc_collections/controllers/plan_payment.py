# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import http
from odoo.http import request

from .bill_payment import BillPayment


def find_instalment(part_id, token):
    """The instalment of a link that was sent, as sudo; 404 for any other word."""
    part_sudo = request.env["hc.payment.plan.instalment"]._find_by_link(part_id, token)
    if not part_sudo:
        raise request.not_found()
    return part_sudo


class PlanPayment(BillPayment):
    """Paying an instalment by the link that was sent: its plan is settled first."""

    @http.route(
        "/instalment/<int:part_id>/<string:token>",
        type="http", auth="public", website=True, methods=["GET"],
    )  # fmt: skip
    def show_instalment(self, part_id, token, amount=None, done=None, **_parameters):
        """Show what is to be paid of an instalment now: the amount, and no visit."""
        part = find_instalment(part_id, token)
        return self._render_payment(
            part.plan_id.account_id,
            amount,
            payable=part._get_amount_to_pay(),
            instalment_id=part.id,
            page_url=f"/instalment/{part_id}/{token}",
            transaction_route=f"/instalment/{part_id}/{token}/transaction",
            back_url=None,
            message="paid" if done else None,
        )

    @http.route(
        "/instalment/<int:part_id>/<string:token>/transaction", type="jsonrpc", auth="public"
    )
    def start_instalment_payment(self, part_id, token, access_token=None, **parameters):
        """Begin the payment of an instalment."""
        part = find_instalment(part_id, token)
        return self._start(
            part.plan_id.account_id,
            access_token,
            f"/instalment/{part_id}/{token}?done=1",
            parameters,
            payable=part._get_amount_to_pay(),
            hc_instalment_id=part.id,
        )
