# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from .statement_documents import send_pdf


class PrintRuns(http.Controller):
    """Letters for the printer."""

    @http.route("/revenue/print-runs/<int:run_id>.pdf", type="http", auth="user", methods=["GET"])
    def download_print_run(self, run_id, **_parameters):
        """Answer with the letters of a print run as one file, to who may see patient data."""
        run = request.env["hc.letter.run"].browse(run_id)
        if not request.env.user.has_group("hc_revenue_base.group_hc_phi"):
            raise request.not_found()
        try:
            content = run._read_file()
        except (AccessError, MissingError, UserError):
            raise request.not_found() from None
        return send_pdf(run.name, content)
