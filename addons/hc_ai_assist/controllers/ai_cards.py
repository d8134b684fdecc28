# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request


class AiCards(http.Controller):
    """Cards of policies, as documents that a person reads and keeps."""

    @http.route("/revenue/ai-cards/<int:policy_id>.pdf", type="http", auth="user", methods=["GET"])
    def download_card(self, policy_id, **_parameters):
        """Answer with the card of a policy that the user may read."""
        policy = request.env["hc.ai.policy"].browse(policy_id)
        try:
            content = policy._render_card()
        except (AccessError, MissingError):
            # What one may not see is not there.
            raise request.not_found() from None
        return request.make_response(
            content,
            [
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", content_disposition(f"ai-card-{policy_id}.pdf")),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
