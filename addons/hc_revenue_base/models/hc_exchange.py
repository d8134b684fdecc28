# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..hc_core import lifecycles
from .hc_patient import PHI_GROUP

# Begins the event of a document that waits to be carried out; its type follows.
READY_TO_LEAVE = "ready to leave"


class HcExchange(models.Model):
    """One document that crosses the border, in or out.

    Handlers register by document type: a module adds a value to ``document_type`` and a method
    ``_handle_<document type>()``. The payload is frozen once received.
    """

    _name = "hc.exchange"
    _description = "Exchange"
    _inherit = ["hc.lifecycle.mixin", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True
    _lifecycles = {"state": lifecycles.EXCHANGE}
    _guarded_fields = frozenset(
        {
            "name",
            "direction",
            "document_type",
            "source",
            "external_id",
            "checksum",
            "encoding",
            "payload_attachment_id",
            "size_bytes",
            "attempts",
            "next_attempt_at",
            "error",
            "processed_count",
            "total_count",
            "failed_count",
            "imported_count",
            "repeated_count",
            "warning_count",
            "result_attachment_id",
            "finished_at",
            "company_id",
        }
    )

    name = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="received",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    direction = fields.Selection(
        [("in", "Inbound"), ("out", "Outbound")], required=True, readonly=True, default="in"
    )
    document_type = fields.Selection(
        # A document that still proves something when the module that read it is gone.
        [("charge_csv", "Charges (CSV)"), ("former", "Of a Former Module")],
        required=True,
        readonly=True,
        index=True,
    )
    source = fields.Char(required=True, readonly=True, index=True)
    external_id = fields.Char("External ID", required=True, readonly=True)
    checksum = fields.Char("SHA-256", required=True, readonly=True)
    encoding = fields.Selection(
        [("utf-8", "UTF-8"), ("cp1252", "Windows-1252")],
        default="utf-8",
        required=True,
        readonly=True,
    )
    # Documents hold patient data. An attachment that names one of these fields in its
    # ``res_field`` is as closed as the field itself, by whatever way it is asked for.
    payload_attachment_id = fields.Many2one(
        "ir.attachment", "Payload", readonly=True, groups=PHI_GROUP
    )
    size_bytes = fields.Integer("Size (bytes)", readonly=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    attempts = fields.Integer(readonly=True)
    next_attempt_at = fields.Datetime("Next Attempt", readonly=True)
    error = fields.Text(readonly=True)
    total_count = fields.Integer("Rows", readonly=True)
    processed_count = fields.Integer("Rows Done", readonly=True)
    failed_count = fields.Integer("Rows Refused", readonly=True)
    imported_count = fields.Integer("Rows Imported", readonly=True)
    repeated_count = fields.Integer("Rows Known Already", readonly=True)
    warning_count = fields.Integer("Rows With Warning", readonly=True)
    row_ids = fields.One2many("hc.exchange.row", "exchange_id", "Remarks", readonly=True)
    result_attachment_id = fields.Many2one(
        "ir.attachment", "Refused Rows (File)", readonly=True, groups=PHI_GROUP
    )
    finished_at = fields.Datetime(readonly=True)

    _external_unique = models.UniqueIndex(
        "(company_id, direction, source, document_type, external_id)",
        "This document was received already.",
    )

    @api.model
    def _receive(self, document_type, source, external_id, content, name, encoding="utf-8"):
        """Store an inbound document first; processing comes after.

        :param bytes content: the document as it came
        :param str encoding: how its text is encoded, where the type of document has text
        :return: ``(exchange, verdict)``; verdict is ``new``, ``duplicate`` (same id and content)
            or ``conflict`` (same id, other content: a work item is opened, nothing is stored)
        """
        checksum = hashlib.sha256(content).hexdigest()
        # Asked beyond what the user may see: the id is unique for all users of the company.
        existing = self.sudo().search(
            [
                ("company_id", "=", self.env.company.id),
                ("direction", "=", "in"),
                ("source", "=", source),
                ("document_type", "=", document_type),
                ("external_id", "=", external_id),
            ]
        )
        if existing:
            verdict = "duplicate" if existing.checksum == checksum else "conflict"
            if verdict == "conflict":
                existing._open_conflict(checksum)
            return existing.sudo(self.env.su), verdict
        # Nobody creates exchanges by hand; the sender stays the record's creator.
        exchange_sudo = self.sudo()._create_guarded(
            [
                {
                    "name": name,
                    "document_type": document_type,
                    "source": source,
                    "external_id": external_id,
                    "checksum": checksum,
                    "size_bytes": len(content),
                    "encoding": encoding,
                }
            ]
        )
        exchange_sudo._attach("payload_attachment_id", name, content)
        return exchange_sudo.sudo(self.env.su), "new"

    @api.model
    def _send(self, document_type, source, external_id, content, name, company=None):
        """Store a document that leaves; it is *processing* until it is handed over.

        :param str source: who gets it
        :param bytes content: the document as it goes out
        :param company: whose document it is; the user's where not given
        :return: the exchange; :meth:`_finish_sending` ends it
        """
        exchange_sudo = self.sudo()._create_guarded(
            [
                {
                    "name": name,
                    "direction": "out",
                    "document_type": document_type,
                    "source": source,
                    "external_id": external_id,
                    "checksum": hashlib.sha256(content).hexdigest(),
                    "size_bytes": len(content),
                    "company_id": (company or self.env.company).id,
                }
            ]
        )
        exchange_sudo._attach("payload_attachment_id", name, content)
        exchange_sudo._transition("processing")
        # Who carries documents of this type is told of it.
        event = {"event": f"{READY_TO_LEAVE} {document_type}"}
        self.env["hc.transition"].sudo()._append(
            [{"record": exchange_sudo, "kind": "event", "facts": event}]
        )
        return exchange_sudo.sudo(self.env.su)

    def _finish_sending(self):
        """The documents were handed over to who gets them."""
        leaving = self.filtered(lambda exchange: exchange.direction == "out")
        leaving._transition("done")
        leaving._write_guarded({"finished_at": self.env.cr.now().replace(microsecond=0)})

    def _attach(self, field_name, name, content):
        """Store a file under one of the exchange's attachment fields, as closed as the field."""
        attachment_sudo = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": name,
                    "raw": content,
                    "mimetype": "text/csv" if name.lower().endswith(".csv") else None,
                    "res_model": self._name,
                    "res_id": self.id,
                    "res_field": field_name,
                }
            )
        )
        self.sudo()._write_guarded({field_name: attachment_sudo.id})

    def _open_conflict(self, checksum):
        self.ensure_one()
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "import_conflict",
                    "queue_code": "charge_integrity",
                    "dedup_key": f"exchange_conflict:{self.id}:{checksum}",
                    "name": self.env._("%(name)s came again with other content", name=self.name),
                    "description": self.env._(
                        "Source %(sender)s sent document %(external_id)s twice with different "
                        "content. The first one stands; ask the sender which one is right.",
                        sender=self.source,
                        external_id=self.external_id,
                    ),
                    "company_id": self.company_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )

    def _process(self, checkpoint):
        """Run the handler of the document's type, from where an earlier run stopped.

        :param checkpoint: called by the handler after each consistent step with the number of
            units done and left; commits where the caller may, and returns False when time is up
        :return: whether the document is through
        """
        self.ensure_one()
        handler = getattr(self, f"_handle_{self.document_type}", None)
        if handler is None:
            raise UserError(
                self.env._("No module handles documents of type %(type)s.", type=self.document_type)
            )
        return handler(checkpoint)
