# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Why a call to another system was not made or brought no answer."""

from .errors import HcError


class OutgoingError(HcError):
    """A call that ended without an answer.

    ``may_retry``: the same call may succeed later, without anybody changing anything.
    ``blames_host``: it says something about the health of the host that was called.
    """

    messages = {
        "url_invalid": "The address {url} cannot be called: {reason}.",
        "method_invalid": "The method {method} cannot be used: choose one of {choices}.",
        "header_invalid": "The header {name} cannot be sent: {reason}.",
        "calls_disabled": (
            "This is a neutralized copy of a database: it calls no other system. Make the call "
            "from the original."
        ),
        "calls_observed": (
            "An observed run changes nothing and calls nobody. Switch the automation on to let it "
            "call."
        ),
        "circuit_open": (
            "{host} has failed repeatedly and is left alone until {until} (UTC). The call can be "
            "made again then; operations can end the pause under Control, Called Hosts."
        ),
        "host_unknown": "The name {host} has no address: correct it, or look at the name server.",
        "tls_required": (
            "{host} would be called without encryption: write https, or have an administrator "
            "allow plain calls to it under Configuration, Integration, Outgoing Allowances."
        ),
        "certificate_invalid": (
            "{host} does not prove who it is ({reason}): correct its certificate, or give its "
            "issuer's certificate in an allowance."
        ),
        "connection_failed": "{host} could not be reached: {reason}.",
        "timed_out": "{host} did not answer within {seconds} seconds.",
        "answer_invalid": "{host} answered with what is not HTTP: {reason}.",
        "answer_too_large": "{host} answers with more than {limit} bytes, the limit of this call.",
        "answer_encoded": (
            "{host} answered in the encoding {encoding}, which was not asked for: compressed "
            "answers of unknown size are refused."
        ),
        "redirect_refused": "{host} redirects to {target}: {reason}.",
    }
    _TEMPORARY = frozenset({"circuit_open", "connection_failed", "timed_out", "host_unknown"})
    _OF_HOST = frozenset(
        {"connection_failed", "timed_out", "answer_invalid", "certificate_invalid"}
    )

    @property
    def may_retry(self) -> bool:
        return self.code in self._TEMPORARY

    @property
    def blames_host(self) -> bool:
        return self.code in self._OF_HOST
