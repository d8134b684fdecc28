# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json

from odoo import http
from odoo.http import request

from odoo.addons.hc_revenue_base.hc_core.operations import OperationError

from ..hc_webhook_core import openapi

# No operation takes more; each has its own, usually far lower bound.
_BODY_MAX_BYTES = 16_000_000


class CallError(OperationError):
    """A refusal that only the way over HTTP knows."""

    messages = {
        **OperationError.messages,
        "media_type": "Send the input as JSON in UTF-8 (Content-Type: application/json).",
    }


class Operations(http.Controller):
    """The operations of the installed modules over HTTP: one address each."""

    @http.route(
        f"{openapi.PREFIX}/<string:code>",
        type="http",
        auth="hc_key",
        methods=["POST"],
        csrf=False,
        save_session=False,
        max_content_length=_BODY_MAX_BYTES,
    )
    def run_operation(self, code):
        """Run one operation as the key's user.

        The body is the input, the header ``Idempotency-Key`` names the intended effect of a write.
        """
        operations = request.env["hc.operation"]
        try:
            _check_may_call(code)
            payload = _read_json()
            answer = operations._run_operation(
                code, payload, request.httprequest.headers.get("Idempotency-Key")
            )
        except OperationError as error:
            return _refuse(error.code, error.message)
        headers = {"Idempotency-Replayed": "true"} if answer.is_replay else {}
        return request.make_json_response(answer.result, headers=headers)

    @http.route(
        "/hc/v1/openapi.json", type="http", auth="hc_key", methods=["GET"], save_session=False
    )
    def describe_operations(self):
        """The operations that the key's user may call, as OpenAPI 3.1."""
        may_call = _get_source()._may_call
        document = request.env["hc.operation"]._describe_openapi(may_call)
        return request.make_json_response(document)


def _get_source():
    """The connected system that calls, under superuser rights."""
    return request.env["hc.integration.source"].sudo().browse(request.hc_source_id)


def _check_may_call(code):
    """Whether the system's keys open an operation at all.

    :raise OperationError: they do not
    """
    if not _get_source()._may_call(code):
        raise OperationError("access_denied", subject=str(code)[:64])


def _read_json():
    """The input: JSON in UTF-8, nothing else.

    :raise OperationError: it is something else
    """
    if request.httprequest.mimetype != "application/json":
        raise CallError("media_type")
    try:
        return json.loads(request.httprequest.get_data().decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise OperationError("payload_invalid", problems="it is not JSON in UTF-8") from None


def _refuse_constant(name):
    raise ValueError(name)


def _refuse(code, detail):
    body = openapi.problem(code, detail)
    # Whatever the call changed before it was refused is undone already, by its savepoint.
    return request.make_json_response(
        body, status=body["status"], headers={"Content-Type": "application/problem+json"}
    )
