# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from base64 import b64decode

from odoo import api, models
from odoo.exceptions import UserError

from .hc_event_handler import EventOutcome, EventRefusedError, EventWaitsError

_REMITTANCE = "remittance_835"
_PAYMENT_FIELDS = (
    "reference",
    "event_reference",
    "amount",
    "currency",
    "happened_on",
    "account_number",
    "case_numbers",
    "note",
)


class HcEventHandler(models.AbstractModel):
    """Events that an operation of another module does; where it is not installed, they wait."""

    _inherit = "hc.event.handler"

    @api.model
    def _apply_claim_status(self, event):
        return self._record_claim_status(event, event.data["effective_on"])

    @api.model
    def _apply_claim_rejected(self, event):
        return self._record_claim_status(event, event.data["rejected_on"])

    @api.model
    def _record_claim_status(self, event, day):
        """Put on record what was said of a claim; no money moves."""
        payload = {
            name: event.data[name]
            for name in ("claim_number", "statuses", "payer_claim_number", "message")
            if name in event.data
        }
        payload |= {"effective_on": day, "exchange_id": event.exchange.id}
        result = self._run_operation(event, payload)
        return EventOutcome(
            changed=("status",) if result["is_new"] else (),
            note=self.env._("The claim is %(state)s.", state=result["state"]),
        )

    @api.model
    def _apply_payment_confirmed(self, event):
        return self._report_payment(event, "confirmed")

    @api.model
    def _apply_payment_failed(self, event):
        return self._report_payment(event, "failed")

    @api.model
    def _apply_payment_refunded(self, event):
        return self._report_payment(event, "refunded")

    @api.model
    def _apply_payment_charged_back(self, event):
        return self._report_payment(event, "charged_back")

    @api.model
    def _apply_payment_reversal_undone(self, event):
        return self._report_payment(event, "reversal_undone")

    @api.model
    def _report_payment(self, event, outcome):
        payload = {name: event.data[name] for name in _PAYMENT_FIELDS if name in event.data}
        payload |= {
            "source": event.data.get("payment_source", event.source.code),
            "event": outcome,
        }
        result = self._run_operation(event, payload)
        return EventOutcome(
            changed=("payment",) if result["is_new"] else (),
            note=self.env._("The report is %(state)s.", state=result["state"]),
        )

    @api.model
    def _apply_message_status(self, event):
        status = self._get_canonical(event, "status", "message")
        if status is None:
            return self._no_change(None, self.env._("On its way: nothing changes here."))
        reference, reason = event.data["message_reference"], event.data.get("reason_code")
        message_sudo = self.env["hc.gateway.message"]._find_reported(event.source, reference)
        if message_sudo:
            message_sudo._take_status(status, reason)
            if not message_sudo._has_listener():
                return EventOutcome(changed=("state",))
        payload = {"message_reference": message_sudo.reference or reference, "status": status}
        if reason:
            payload["reason_code"] = reason
        result = self._run_operation(event, payload)
        # Who handed the message over was told: the gateway's sender need not repeat it.
        if message_sudo.state == status:
            message_sudo._write_guarded({"reported_state": status})
        return EventOutcome(changed=("state",) if result["is_moved"] else ())

    @api.model
    def _apply_document_received(self, event):
        facility = self._get_facility(event)
        self._get_patient(event, facility)
        payload = dict(event.data) | {
            "source": event.source.code,
            "exchange_id": event.exchange.id,
        }
        result = self._run_operation(event, payload)
        return EventOutcome(
            record=self.env["hc.document"].browse(result["document_id"]),
            changed=(result["verdict"],),
        )

    @api.model
    def _apply_clinical_received(self, event):
        """Store a clinical document, which goes the way of those that come as a file."""
        data = event.data
        self.env["hc.exchange"]._check_may_import()
        number = data["document_id"]
        return self._store_document(event, data["document_type"], number, number)

    @api.model
    def _store_document(self, event, document_type, number, name):
        """Store the content of an event as a document of its source, to be processed after.

        :raise UserError: another content has this number
        """
        received, verdict = self.env["hc.exchange"]._receive(
            document_type,
            event.source.code,
            number,
            b64decode(event.data["content_base64"], validate=True),
            name,
        )
        if verdict == "conflict":
            raise UserError(self.env._("A document of this id was received with other content."))
        self.env.ref("hc_revenue_base.ir_cron_process_exchanges").sudo()._trigger()
        return EventOutcome(record=received, changed=(verdict,))

    @api.model
    def _apply_remittance_received(self, event):
        """Hand the 835 to the module that reads it; named only, wait for its file."""
        exchanges = self.env["hc.exchange"]
        if _REMITTANCE not in exchanges._fields["document_type"].get_values(self.env):
            self._wait_for_module(event, _REMITTANCE)
        exchanges._check_may_import()
        data = event.data
        if "content_base64" in data:
            number = data.get("document_id", f"event:{event.exchange.sudo().external_id}")
            return self._store_document(
                event, _REMITTANCE, number, f"{data['payment_reference']}.835"
            )
        if "document_id" not in data:
            raise EventRefusedError(
                "data_invalid", self.env._("Give either /content_base64 or /document_id.")
            )
        named_sudo = exchanges.sudo().search(
            [
                ("company_id", "=", self.env.company.id),
                ("document_type", "=", _REMITTANCE),
                ("external_id", "=", data["document_id"]),
            ],
            limit=1,
        )
        if not named_sudo:
            raise EventWaitsError(
                f"remittance:{self.env.company.id}:{data['document_id']}",
                self.env._("The file of the remittance has not come yet."),
            )
        return EventOutcome(record=named_sudo.sudo(False), changed=("named",))
