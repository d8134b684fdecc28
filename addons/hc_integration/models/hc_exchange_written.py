# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from ..hc_webhook_core import interchange_marks


class HcExchange(models.Model):
    """Documents that left as files: when, and what their receiver said of them."""

    _inherit = "hc.exchange"

    written_at = fields.Datetime("Written to Its Folder", readonly=True, copy=False)
    acknowledgement = fields.Selection(
        [
            (interchange_marks.ACCEPTED, "Accepted"),
            (interchange_marks.PARTLY, "Accepted in Part"),
            (interchange_marks.REJECTED, "Rejected"),
        ],
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="What the receiver said of the file as a whole: the worst of its answers.",
    )
    acknowledged_at = fields.Datetime("First Answer", readonly=True, copy=False)
    acknowledged_by_id = fields.Many2one(
        "hc.exchange", "Last Answer", readonly=True, copy=False, index="btree_not_null"
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "written_at",
            "acknowledgement",
            "acknowledged_at",
            "acknowledged_by_id",
        }

    def _note_written(self):
        """The document lies where its receiver takes it: it was handed over."""
        self.ensure_one()
        self._write_guarded({"written_at": self.env.cr.now().replace(microsecond=0)})
        if self.state == "processing":
            self._finish_sending()

    def _note_acknowledgement(self, verdict, answer=None):
        """Put on record what the receiver says of a document; a refusal is work for people.

        :param str verdict: of ``interchange_marks.VERDICTS``
        :param answer: the exchange that said so, if it is one
        :return: whether anything new was said
        """
        self.ensure_one()
        before, known_answer = self.acknowledgement, self.acknowledged_by_id
        vals = {"acknowledgement": interchange_marks.worst(before or None, verdict)}
        if not self.acknowledged_at:
            vals["acknowledged_at"] = self.env.cr.now().replace(microsecond=0)
        if answer:
            vals["acknowledged_by_id"] = answer.id
        self._write_guarded(vals)
        if verdict != interchange_marks.ACCEPTED:
            self._open_refused_item(verdict)
        return (before, known_answer) != (self.acknowledgement, self.acknowledged_by_id)

    def _open_refused_item(self, verdict):
        words = dict(self._fields["acknowledgement"]._description_selection(self.env))
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "import_failed",
                    "queue_code": "edi",
                    "dedup_key": f"exchange_refused:{self.id}",
                    "name": self.env._(
                        "%(name)s: %(verdict)s", name=self.name, verdict=words[verdict]
                    ),
                    "description": self.env._(
                        "Its receiver did not take the whole file. Look at the answer, correct the "
                        "cause, and send what was not taken in a new file."
                    ),
                    "company_id": self.company_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )

    @api.model
    def _receive(self, document_type, source, external_id, content, name, encoding="utf-8"):
        exchange, verdict = super()._receive(
            document_type, source, external_id, content, name, encoding
        )
        if verdict == "new":
            exchange.sudo()._match_acknowledgement(content)
        return exchange, verdict

    def _match_acknowledgement(self, content):
        """Note an X12 acknowledgement on the files of the same partner that it names."""
        self.ensure_one()
        files_sudo = self.env["hc.file.drop.file"].sudo()
        for mark, verdict in interchange_marks.answered_marks(content).items():
            named = files_sudo.search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("result", "=", "written"),
                    ("marks", "=like", f"% {_escape(mark)} %"),
                    "|",
                    ("exchange_id.source", "=", self.source),
                    ("drop_id.source_id.code", "=", self.source),
                ],
                order="id desc",
                limit=1,
            )
            if named:
                named.exchange_id._note_acknowledgement(verdict, self)


def _escape(text):
    """A text of which no character is a wildcard."""
    return "".join(f"\\{char}" if char in "%_\\" else char for char in text)
