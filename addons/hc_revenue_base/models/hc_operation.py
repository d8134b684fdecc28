# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json
import logging
import traceback
from dataclasses import dataclass

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..hc_core import operations
from ..hc_core.operations import OperationError
from .hc_batch_mixin import CONCURRENCY_ERRORS

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class OperationAnswer:
    """What an operation returned, and whether it was returned before."""

    result: dict
    is_replay: bool = False


class HcOperation(models.AbstractModel):
    """The operations of all installed modules, and the one door to them.

    A module adds operations by ``_get_operations() + [OperationDefinition(…)]`` with a handler
    method ``_operation_<name>(payload)`` that returns the output, and resources by
    ``_get_resources() + [ResourceDefinition(…)]``. Handlers run as the caller, with the caller's
    own rights; a write runs once per idempotency key.
    """

    _name = "hc.operation"
    _description = "Operations"

    @api.model
    def _get_operations(self):
        """The operations; a module extends the list."""
        return []

    @api.model
    def _get_resources(self):
        """The exportable resources; a module extends the list."""
        return []

    @api.model
    def run(self, code, payload=None, idempotency_key=None):
        """Run an operation; the one method that other systems call.

        :param str code: code of a registered operation
        :param dict payload: its input
        :param str idempotency_key: chosen by the caller, one per intended effect
        :return: ``{"status": "ok", "result": …, "replayed": …}``, or ``{"status": "error",
            "error": {"code": …, "message": …}}`` when nothing was changed
        """
        try:
            answer = self._run_operation(code, payload, idempotency_key)
        except OperationError as error:
            return {"status": "error", "error": {"code": error.code, "message": error.message}}
        return {"status": "ok", "result": answer.result, "replayed": answer.is_replay}

    @api.model
    def _run_operation(self, code, payload, idempotency_key=None):
        """Check and run an operation as the calling user.

        :return: :class:`OperationAnswer`
        :raise OperationError: refused, with a stable code; nothing was changed
        """
        definition = self._get_operation(code)
        self._check_groups(definition.groups, definition.code)
        definition.check_key(idempotency_key)
        payload = {} if payload is None else payload
        digest = definition.check_input(payload)
        if not definition.is_write:
            return OperationAnswer(self._call_handler(definition, payload))
        known = self._find_answer(idempotency_key, digest)
        if known is not None:
            return OperationAnswer(known, is_replay=True)
        return OperationAnswer(self._run_once(definition, payload, idempotency_key, digest))

    @api.model
    def _get_operation(self, code):
        registry = operations.registry(self._get_operations())
        if not isinstance(code, str) or code not in registry:
            raise OperationError("operation_unknown", operation=str(code)[:64])
        return registry[code]

    @api.model
    def _check_groups(self, groups, subject):
        if not any(self.env.user.has_group(group) for group in groups):
            raise OperationError("access_denied", subject=subject)

    @api.model
    def _find_answer(self, key, digest):
        """The stored answer of an earlier call with this key, if any.

        The advisory lock is held until the transaction ends. Who meets it while the first call
        still runs is told so at once instead of waiting.
        """
        (locked,) = self.env.execute_query(
            SQL(
                "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))",
                f"hc.operation:{self.env.uid}:{key}",
            )
        )[0]
        if not locked:
            raise OperationError("in_progress")
        call_sudo = (
            self.env["hc.operation.call"]
            .sudo()
            .search([("actor_id", "=", self.env.uid), ("key", "=", key)])
        )
        if not call_sudo:
            return None
        # In another company the same input means something else.
        if (call_sudo.digest, call_sudo.company_id) != (digest, self.env.company.sudo()):
            raise OperationError("key_conflict")
        return json.loads(call_sudo.answer)

    @api.model
    def _run_once(self, definition, payload, key, digest):
        """Run a write and store its answer: both, or neither."""
        with self.env.cr.savepoint():
            answer = self._call_handler(definition, payload)
            # Another transaction that stored this key after ours began makes this insert fail as
            # a concurrency error: Odoo repeats the request, which then finds the answer.
            self.env["hc.operation.call"]._store(definition, key, digest, answer)
        return answer

    @api.model
    def _call_handler(self, definition, payload):
        """Call the handler; whatever it raises becomes a refusal with a stable code."""
        try:
            with self.env.cr.savepoint():
                answer = getattr(self, definition.handler)(payload)
                definition.check_output(answer)
                self.env.flush_all()
        except (*CONCURRENCY_ERRORS, OperationError):
            raise
        except AccessError:
            raise OperationError("access_denied", subject=definition.code) from None
        except UserError as error:
            raise OperationError("rejected", reason=str(error)) from None
        except Exception as error:  # noqa: BLE001 - the caller is told nothing of the inside
            # The message of a database error quotes values, which may be patient data.
            _logger.error(  # noqa: TRY400
                "operation %s failed: %s\n%s",
                definition.code,
                type(error).__name__,
                "".join(traceback.format_tb(error.__traceback__)),
            )
            raise OperationError("internal_error") from None
        return answer
