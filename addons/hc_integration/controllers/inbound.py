# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import logging
import traceback
from datetime import datetime, timezone
from functools import partial

from psycopg2.extensions import ISOLATION_LEVEL_READ_COMMITTED, TRANSACTION_STATUS_IDLE
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from odoo import SUPERUSER_ID, http
from odoo.http import request

from odoo.addons.hc_revenue_base.models.hc_batch_mixin import CONCURRENCY_ERRORS

from ..hc_webhook_core import envelope, json_bounds, problem, signatures, transport
from ..hc_webhook_core.errors import BorderError
from ..models.hc_integration_source_inbound import PATH
from ..tools.border_memory import MEMORY
from ..tools.wake_up import EVENT_DRAINS
from .border_dispatcher import json_response, problem_response

_logger = logging.getLogger(__name__)

# When to come back to a source that is paused, and to a message that is being processed.
_PAUSED_SECONDS = 300
_IN_PROGRESS_SECONDS = 5
_NO_REFUSALS = (409,)


class Inbound(http.Controller):
    """Messages of connected systems: verified, bounded, stored, answered; processed after."""

    @http.route(
        f"{PATH}/<string:code>",
        type="hc_border", auth="none", methods=["POST"], csrf=False, save_session=False,
        readonly=False, max_content_length=transport.MAX_BODY_BYTES,
    )  # fmt: skip
    def receive(self, code):
        """Store a message of a source; see docs/guides/connecting-a-system.md for the answers."""
        _see_what_others_commit(request.env.cr)
        # Nobody is logged in; what has no user of its own yet is asked for by the system.
        request.update_env(user=SUPERUSER_ID)
        border = request.env["hc.integration.source"]._get_borders().get(code)
        try:
            return self._receive(border)
        except BorderError as error:
            if error.status not in _NO_REFUSALS:
                MEMORY.count(request.db, border and border.source_id, error.code)
            return problem_response(error)
        except CONCURRENCY_ERRORS:
            raise  # Odoo begins again
        except Exception as error:  # noqa: BLE001 - the text of an error may quote the message
            request.env.cr.rollback()  # tidy: allow commit - the answer tells of the failure
            _logger.error(  # noqa: TRY400
                "inbound message of source %s failed: %s\n%s",
                border and border.source_id,
                type(error).__name__,
                "".join(traceback.format_tb(error.__traceback__)),
            )
            return problem_response(problem.INTERNAL)
        finally:
            _write_refusals()

    def _receive(self, border):
        headers = {name.lower(): value for name, value in request.httprequest.headers.items()}
        now = datetime.now(timezone.utc)  # tidy: allow clock - a signature has an age
        transport.check_transport(headers)
        limit = border.max_body_bytes if border else transport.USUAL_BODY_BYTES
        transport.check_length(request.httprequest.content_length, limit)
        if not border:
            raise BorderError("source_unknown", 401, "No source has this address.")
        proof = signatures.read_proof(border.scheme, headers, now, border.signature_header)
        body = _read_body(limit)
        signatures.check_proof(proof, body, _get_secrets(border))
        _check_may_send_now(border)
        document = json_bounds.parse(body, border.max_depth)
        event = envelope.read_event(
            document, now, message_id=proof.message_id, scheme=border.scheme
        )
        envelope.check_allowed(event, border.allowed)
        exchanges_sudo = request.env(user=border.user_id, su=True)["hc.exchange"]
        return self._answer(exchanges_sudo._receive_event(border, event, body))

    def _answer(self, receipt):
        if receipt.verdict == "conflict":
            raise BorderError(
                "id_conflict",
                422,
                "Another message with this id was received before.",
                extra={"id": receipt.exchange_id},
            )
        if receipt.verdict == "new":
            # Not before the answer is on its way, and in a test never.
            request.env.cr.postcommit.add(partial(EVENT_DRAINS.request, request.db))
            return json_response({"id": receipt.exchange_id, "state": receipt.state}, 202)
        if receipt.state == "processing":
            raise BorderError(
                "in_progress",
                409,
                "This message is being processed right now.",
                wait_seconds=_IN_PROGRESS_SECONDS,
            )
        document = {"id": receipt.exchange_id, "state": receipt.state, "result": receipt.result}
        return json_response(document, 200)


def _see_what_others_commit(cr):
    """Let each statement see the latest rows, so that the second of two duplicates finds the first.

    Under Odoo's usual isolation it would fail, and wait before it is tried again.
    """
    if cr.connection.info.transaction_status == TRANSACTION_STATUS_IDLE:
        cr.connection.set_isolation_level(ISOLATION_LEVEL_READ_COMMITTED)


def _read_body(limit):
    """The bytes of the body; never more of them in memory than the source may send."""
    # A body in chunks announces no length and would be cut off at the limit without a word.
    request.httprequest.max_content_length = limit + 1
    try:
        body = request.httprequest.get_data()
    except RequestEntityTooLarge:
        raise transport.too_large(limit) from None
    except (BadRequest, OSError):
        raise BorderError("body_unreadable", 400, "The body ended early.") from None
    transport.check_length(len(body), limit)
    return body


def _get_secrets(border):
    sources = request.env["hc.integration.source"]
    numbers = sources._get_valid_value_numbers(border.secret_id)
    secret_sudo = request.env(user=border.user_id, su=True)["hc.secret"].browse(border.secret_id)
    return MEMORY.get_secrets((request.db, border.secret_id), numbers, secret_sudo._reveal_valid)


def _check_may_send_now(border):
    if border.state != "active":
        raise BorderError(
            "source_paused",
            503,
            "This source is paused. Send it again later.",
            wait_seconds=_PAUSED_SECONDS,
        )
    rates = request.env["hc.integration.rate"]
    take = partial(rates._take_block, border.source_id, border.rate_per_minute)
    wait_seconds = MEMORY.spend((request.db, border.source_id), take)
    if wait_seconds:
        raise BorderError(
            "rate_exceeded",
            429,
            f"More than {border.rate_per_minute} messages a minute.",
            wait_seconds=wait_seconds,
        )


def _write_refusals():
    """Write the counts that are due; a count that cannot be written fails no message."""
    counts = MEMORY.take_counts(request.db)
    if counts:
        try:
            request.env["hc.integration.refusal"]._add(counts)
        except Exception as error:  # noqa: BLE001
            _logger.warning("refusals were not counted: %s", type(error).__name__)
