# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request


class ClaimDocuments(http.Controller):
    """Claims as documents that a person reads, and as the files that went out."""

    @http.route("/revenue/claims/<int:claim_id>.pdf", type="http", auth="user", methods=["GET"])
    def download_claim(self, claim_id, **_parameters):
        """Answer with the PDF of a claim that the user may read, patient data included."""
        claim = request.env["hc.claim"].browse(claim_id)
        try:
            content = claim._render_pdf()
        except (AccessError, MissingError):
            # What one may not see is not there.
            raise request.not_found() from None
        return _download(f"{claim.name}.pdf", "application/pdf", content)

    @http.route(
        "/revenue/claim-files/<int:batch_id>.x12", type="http", auth="user", methods=["GET"]
    )
    def download_file(self, batch_id, **_parameters):
        """Answer with a file of claims, to who may read each claim in it."""
        batch = request.env["hc.claim.batch"].browse(batch_id)
        try:
            content = batch._read_file()
        except (AccessError, MissingError):
            raise request.not_found() from None
        return _download(f"{batch.name}.x12", "application/edi-x12", content)

    @http.route(
        "/revenue/status-files/<int:inquiry_id>.x12", type="http", auth="user", methods=["GET"]
    )
    def download_inquiry(self, inquiry_id, **_parameters):
        """Answer with a file of status questions, to who may read each claim in it."""
        inquiry = request.env["hc.claim.status.inquiry"].browse(inquiry_id)
        try:
            content = inquiry._read_file()
        except (AccessError, MissingError):
            raise request.not_found() from None
        return _download(f"{inquiry.name}.x12", "application/edi-x12", content)


def _download(name, content_type, content):
    return request.make_response(
        content,
        [
            ("Content-Type", content_type),
            ("Content-Disposition", content_disposition(name)),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ],
    )
