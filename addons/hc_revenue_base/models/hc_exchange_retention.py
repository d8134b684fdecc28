# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from ..hc_core.retention import RetentionSubject


class HcRetentionPolicy(models.Model):
    _inherit = "hc.retention.policy"

    @api.model
    def _get_subjects(self):
        return [
            *super()._get_subjects(),
            RetentionSubject(
                code="received_files",
                name=self.env._("Received files"),
                model="hc.exchange",
                aged_by="finished_at",
                domain=(
                    ("direction", "=", "in"),
                    ("state", "in", ["done", "rejected"]),
                    ("payload_attachment_id", "!=", False),
                ),
                method="_erase_file",
                stays=self.env._(
                    "Number, sender, size, checksum, result and history of the document; a file "
                    "that comes again is still recognised."
                ),
                # 45 CFR 164.316(b)(2) asks for six years of documentation; a year more.
                default_days=2557,
                shortest_days=365,
            ),
        ]


class HcExchange(models.Model):
    """Contents of received documents are erased by age; that they came, and what of, stays."""

    _name = "hc.exchange"
    _inherit = ["hc.exchange", "hc.batch.mixin"]

    erased_at = fields.Datetime("Content Erased", readonly=True, copy=False)

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"erased_at"}

    def _erase_file(self):
        """Delete the files; the documents keep what proves which they were."""
        attachments_sudo = self.sudo().payload_attachment_id
        self._write_guarded({"payload_attachment_id": False} | self._prepare_erased_vals())
        attachments_sudo.unlink()

    def _prepare_erased_vals(self):
        return {"erased_at": self.env.cr.now().replace(microsecond=0)}
