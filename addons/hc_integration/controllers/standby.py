# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What other systems are told while the database is away: send it again."""

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

from ..hc_webhook_core import problem
from ..models.ir_http import STANDBY_PATH
from .border_dispatcher import problem_response


class Standby(http.Controller):
    """Answers for the border where Odoo has no database to ask.

    Without one Odoo knows only the addresses of server-wide modules, and of controllers that are
    in no module. It answers 404 to all others, which a sender may take as final.
    """

    # In no module of Odoo's, therefore; made server-wide the whole module would be served in
    # databases that have it not.
    __module__ = "hc_standby"

    @http.route(STANDBY_PATH, type="http", auth="none", csrf=False, save_session=False)
    def answer(self, rest):
        """Ask the sender to come again."""
        if request.db:
            raise NotFound
        return problem_response(problem.UNAVAILABLE)


# A server that was asked something before it had a database knows this address from now on too.
http.root.__dict__.pop("nodb_routing_map", None)
