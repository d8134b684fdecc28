# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hashlib
import logging
import time

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError

from ..hc_core.errors import HcError
from ..hc_core.http_errors import OutgoingError
from ..hc_core.network_policy import NetworkError
from ..tools import guarded_http
from ..tools.http_request import parse_url

_logger = logging.getLogger(__name__)


class HttpCallError(UserError):
    """A call that brought no answer.

    :param code: the stable code of the cause, such as ``timed_out`` or ``address_refused``
    :param may_retry: the same call may succeed later without anybody changing anything
    """

    def __init__(self, error: HcError):
        super().__init__(error.message)
        self.code = error.code
        self.may_retry = getattr(error, "may_retry", False)


class HcHttp(models.AbstractModel):
    """The one way in which the suite calls other systems.

    TLS is verified; addresses are resolved once and judged before the connection; times and sizes
    are bounded; a host that keeps failing is left alone; each call leaves a row of digests.
    Proxies of the environment are not used: behind one, nobody would know which address is called.
    """

    _name = "hc.http"
    _description = "Guarded HTTP Client"

    # A test puts its own name server here.
    _resolver = staticmethod(guarded_http.resolve)

    @api.model
    def _send(self, method, url, *, purpose, headers=None, body=b"", limits=None):
        """Call another system.

        :param str method: GET, HEAD, POST, PUT, PATCH or DELETE
        :param str url: https, without credentials
        :param str purpose: code of the calling program, for the log
        :param dict headers: texts by name; credentials come from ``hc.secret``
        :param bytes body: what to send
        :param limits: ``tools.http_request.Limits``; redirects are not followed by default
        :return: ``tools.guarded_http.Answer``, whatever its status
        :raises HttpCallError: there is no answer, or the call is not allowed
        """
        if self.env["hc.automation"]._is_observing():
            raise HttpCallError(OutgoingError("calls_observed"))
        started = time.monotonic()
        answer = failure = None
        try:
            answer = self._attempt(method, url, headers, body, limits)
        except (OutgoingError, NetworkError) as error:
            failure = error
        duration_ms = round((time.monotonic() - started) * 1000)
        self._log(method, url, purpose, body, answer, failure, duration_ms)
        if failure:
            raise HttpCallError(failure) from failure
        return answer

    @api.model
    def _attempt(self, method, url, headers, body, limits):
        if self._is_neutralized():
            raise OutgoingError("calls_disabled")
        target = parse_url(url)
        hosts = self.env["hc.http.host"]
        until = hosts._in_own_transaction("_admit", target.host, target.port)
        if until:
            raise OutgoingError("circuit_open", host=target.host, until=f"{until:%Y-%m-%d %H:%M}")
        trust = self.env["hc.http.allowance"]._get_trust()
        problem, retry_after_seconds = "", None
        try:
            answer = guarded_http.send(
                method,
                url,
                headers=headers,
                body=body,
                limits=limits,
                trust=trust,
                resolver=self._resolver,
            )
            if answer.is_overloaded:
                problem = str(answer.status)
                retry_after_seconds = answer.retry_after_seconds(self.env.cr.now())
            return answer
        except OutgoingError as error:
            problem = error.code if error.blames_host else ""
            raise
        finally:
            self._report(target, problem, retry_after_seconds)

    @api.model
    def _is_neutralized(self):
        return bool(
            self.env["ir.config_parameter"].sudo().get_param("database.is_neutralized", False)
        )

    @api.model
    def _report(self, target, problem, retry_after_seconds):
        """Tell the breaker; a breaker that cannot be told does not undo the call."""
        try:
            self.env["hc.http.host"]._in_own_transaction(
                "_report", target.host, target.port, problem, retry_after_seconds
            )
        except psycopg2.Error:
            _logger.exception("the outcome of a call to %s could not be stored", target.host)

    @api.model
    def _log(self, method, url, purpose, body, answer, failure, duration_ms):
        try:
            target = parse_url(url)
        except OutgoingError:
            target = None
        self.env["hc.http.call"]._record(
            {
                "company_number": self.env.company.id,
                "purpose": purpose,
                "method": str(method)[:10],
                "host": target.host if target else "",
                "port": target.port if target else 0,
                "address": answer.address if answer else "",
                "path_digest": _digest(target.path.encode()) if target else "",
                "status": answer.status if answer else 0,
                "duration_ms": duration_ms,
                "request_bytes": len(body),
                "request_digest": _digest(body),
                "response_bytes": len(answer.body) if answer else 0,
                "response_digest": _digest(answer.body) if answer else "",
                "error": failure.code if failure else "",
            }
        )


def _digest(content):
    return hashlib.sha256(content).hexdigest()
