# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from .claim_documents import _download


class EligibilityDocuments(http.Controller):
    """Files of questions to payers, as they went out."""

    @http.route(
        "/revenue/eligibility-files/<int:batch_id>.x12", type="http", auth="user", methods=["GET"]
    )
    def download_eligibility_file(self, batch_id, **_parameters):
        """Answer with a file of questions, to who may see each patient in it."""
        batch = request.env["hc.eligibility.batch"].browse(batch_id)
        try:
            content = batch._read_file()
        except (AccessError, MissingError):
            # What one may not see is not there.
            raise request.not_found() from None
        return _download(f"{batch.name}.x12", "application/edi-x12", content)
