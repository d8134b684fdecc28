# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Requests of other systems: the body stays untouched, errors are problem+json."""

import json

from werkzeug.exceptions import HTTPException

from odoo.http import Dispatcher, Response

from ..hc_webhook_core import problem
from ..hc_webhook_core.errors import BorderError


def problem_response(error):
    """Answer with a refusal as its sender may see it."""
    error = problem.shown(error)
    response = Response(problem.body_of(error), status=error.status)
    response.headers["Content-Type"] = problem.CONTENT_TYPE
    response.headers["Cache-Control"] = "no-store"
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Signature realm="hc"'
    if error.wait_seconds:
        response.headers["Retry-After"] = str(error.wait_seconds)
    return response


def json_response(document, status):
    """Answer with a JSON document that nobody keeps."""
    response = Response(json.dumps(document), status=status)
    response.headers["Content-Type"] = "application/json"
    response.headers["Cache-Control"] = "no-store"
    return response


class BorderDispatcher(Dispatcher):
    """Routes of the type ``hc_border``.

    Odoo's own types read the body before the route is asked: a form as a form, JSON as deep as it
    goes. Here the route reads it, after it knows how much of it and from whom.
    """

    routing_type = "hc_border"
    mimetypes = ("*/*",)

    @classmethod
    def is_compatible_with(cls, request):
        """Whatever its content type: the route refuses what it does not want."""
        return True

    def dispatch(self, endpoint, args):
        """Call the route with the parts of the address only."""
        self.request.params = dict(args)
        return self.request.registry["ir.http"]._dispatch(endpoint)

    def handle_error(self, exc):
        """Describe an error without its text, which may quote what was sent."""
        if isinstance(exc, HTTPException) and exc.code:
            return problem_response(BorderError("request_invalid", exc.code, exc.name))
        return problem_response(problem.INTERNAL)
