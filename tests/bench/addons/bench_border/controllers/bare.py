# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import http
from odoo.http import request


class Bare(http.Controller):
    """The least that a controller can do with a message: no check at all, one row by the ORM."""

    @http.route("/bench/bare", type="http", auth="public", methods=["POST"], csrf=False)
    def receive(self):
        """Insert a row."""
        message = (
            request.env["bench.message"]
            .sudo()
            .create(
                {
                    "external_id": request.httprequest.headers["webhook-id"],
                    "body": request.httprequest.get_data(as_text=True),
                }
            )
        )
        return request.make_json_response({"id": message.id}, status=202)
