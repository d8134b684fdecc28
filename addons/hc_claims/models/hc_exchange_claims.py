# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

# The files that leave by a clearinghouse.
_FILE_MODELS = ("hc.claim.batch", "hc.eligibility.batch", "hc.claim.status.inquiry")


class HcExchange(models.Model):
    """The files of claims, and what comes back for them."""

    _inherit = "hc.exchange"

    document_type = fields.Selection(
        selection_add=[
            ("x12_837p", "Claims (837P)"),
            ("x12_837i", "Claims (837I)"),
            ("x12_999", "File Acknowledgement (999, TA1)"),
            ("x12_277ca", "Claim Acknowledgement (277CA)"),
        ],
        ondelete={
            "x12_837p": "cascade",
            "x12_837i": "cascade",
            "x12_999": "cascade",
            "x12_277ca": "cascade",
        },
    )

    def _finish_sending(self):
        """A file that was handed over by a folder was sent, as if somebody had said so."""
        result = super()._finish_sending()
        for model in _FILE_MODELS:
            files_sudo = self.env[model].sudo().search([("exchange_id", "in", self.ids)])
            files_sudo.filtered(lambda file: file.state == "written")._transition("sent")
        return result

    @api.model
    def _check_brought_in(self, content, name, groups, refusal, max_bytes):
        """Whether the user may bring a file in, and whether it is one.

        :param bytes content: the file
        :param groups: who may
        :param str refusal: what is said to the others, on record
        :raise AccessError: the user may not
        :raise UserError: the file is empty or too large
        """
        if not self.env.su and not any(map(self.env.user.has_group, groups)):
            raise self.env["hc.refused.attempt"]._refuse(
                self, "import", refusal, reason="no_import_role"
            )
        if not content or len(content) > max_bytes:
            raise UserError(
                self.env._(
                    "%(name)s is empty or has more than %(count)s MB.",
                    name=name,
                    count=max_bytes // 1024**2,
                )
            )
