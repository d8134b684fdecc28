# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import content_disposition, request


class StatementDocuments(http.Controller):
    """Statements as they were issued, for the people of the office."""

    @http.route(
        "/revenue/statements/<int:statement_id>.pdf", type="http", auth="user", methods=["GET"]
    )
    def download_statement(self, statement_id, **_parameters):
        """Answer with the letter of a statement, to who may see patient data."""
        statement = request.env["hc.statement"].browse(statement_id)
        if not request.env.user.has_group("hc_revenue_base.group_hc_phi"):
            raise request.not_found()
        return send_letter(statement)

    @http.route(
        "/revenue/statement-runs/<int:run_id>.pdf", type="http", auth="user", methods=["GET"]
    )
    def download_run(self, run_id, **_parameters):
        """Answer with all letters of a run that are to be mailed, for the printer."""
        run = request.env["hc.statement.run"].browse(run_id)
        if not request.env.user.has_group("hc_revenue_base.group_hc_phi"):
            raise request.not_found()
        try:
            content = run._read_letters()
        except (AccessError, MissingError, UserError):
            raise request.not_found() from None
        return send_pdf(run.name, content)


def send_letter(statement):
    """Answer with the bytes that were issued; with 404 where one may not see them."""
    try:
        content = statement._read_letter()
        name = statement.name
    except (AccessError, MissingError, UserError):
        # What one may not see is not there.
        raise request.not_found() from None
    return send_pdf(name, content)


def send_pdf(name, content):
    """Answer with a PDF that nobody keeps on the way."""
    return request.make_response(
        content,
        [
            ("Content-Type", "application/pdf"),
            ("Content-Disposition", content_disposition(f"{name}.pdf")),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ],
    )
