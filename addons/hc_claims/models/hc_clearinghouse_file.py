# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.hc_revenue_base.models.hc_work_item import OPEN_STATES

from ..hc_x12.interchange import EnvelopeError

_FILE_FIELDS = frozenset(
    {
        "name",
        "clearinghouse_id",
        "company_id",
        "usage_indicator",
        "control_number",
        "written_at",
        "sent_at",
        "acknowledged_at",
        "exchange_id",
    }
)


class HcClearinghouseFileMixin(models.AbstractModel):
    """A file for a clearinghouse: one interchange with its control number, as it went out.

    A model adds its life cycle, what the file holds and who may read it
    (``_filter_readable_files``, ``_read_file``).
    """

    _name = "hc.clearinghouse.file.mixin"
    _description = "File for a Clearinghouse"
    _inherit = ["hc.guarded.mixin"]
    # Where the file is downloaded; of the work items about it the kind, and what their key begins
    # with where another kind of file shares it.
    _file_route = ""
    _file_item_kind = ""
    _file_item_key = ""

    name = fields.Char("File No.", required=True, readonly=True, copy=False)
    clearinghouse_id = fields.Many2one(
        "hc.clearinghouse", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    usage_indicator = fields.Selection(
        selection=lambda self: self.env["hc.clearinghouse"]._fields["usage_indicator"].selection,
        string="Usage",
        required=True,
        readonly=True,
    )
    control_number = fields.Integer(
        "Interchange No.", required=True, readonly=True, index=True, aggregator=None, help="ISA13."
    )
    written_at = fields.Datetime("Written", required=True, readonly=True, index=True)
    sent_at = fields.Datetime("Handed Over", readonly=True)
    acknowledged_at = fields.Datetime("Acknowledged", readonly=True)
    exchange_id = fields.Many2one("hc.exchange", "File", readonly=True, ondelete="restrict")
    # What a form offers: who may not see every patient in a file is not asked to download it.
    is_file_readable = fields.Boolean("May Download", compute="_compute_is_file_readable")
    is_exchange_readable = fields.Boolean(
        "May Open the Exchange", compute="_compute_is_exchange_readable"
    )

    _name_unique = models.UniqueIndex("(company_id, name)", "This file number is taken.")
    _control_number_unique = models.UniqueIndex(
        "(clearinghouse_id, control_number)",
        "The clearinghouse has a file of this interchange number already.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | _FILE_FIELDS

    @api.depends("name")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_file_readable(self):
        readable = self._filter_readable_files()
        for file in self:
            file.is_file_readable = file in readable

    @api.depends("exchange_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_exchange_readable(self):
        readable = self.exchange_id._filtered_access("read")
        for file in self:
            file.is_exchange_readable = file.exchange_id in readable

    def _filter_readable_files(self):
        """Those of the files whose every patient the user may see; a model says which these are.

        Returns:
            a part of the records; none of them without an answer of the model.
        """
        return self.browse()

    def _check_file_access(self):
        """A file shows all its patients: it is for who may see each of them.

        Raises:
            AccessError: the user may not.
        """
        self.ensure_one()
        self.check_access("read")
        if self not in self._filter_readable_files():
            raise AccessError(
                self.env._(
                    "%(file)s holds patients that you may not see. Ask somebody who sees all its "
                    "facilities.",
                    file=self.name,
                )
            )

    @api.model
    @contextmanager
    def _writing_to(self, clearinghouse):
        """Tell a person which number of the clearinghouse cannot be written.

        :raise UserError: with what the writer says
        """
        try:
            yield
        except EnvelopeError as error:
            message = self.env._("%(partner)s: %(error)s", partner=clearinghouse.name, error=error)
            raise UserError(message) from error

    @api.model
    def _refuse_unwritten(self, clearinghouse, outcome):
        """Say what the writer objects to; nothing is kept of the file.

        :raise UserError: always
        """
        messages = [finding.message for finding in outcome.findings.findings[:10]]
        raise UserError("\n".join([clearinghouse.name, *messages]))

    @api.model
    def _prepare_file_vals(self, clearinghouse, label, control_number, written_at):
        """Values of a file; a module adds to ``super()``.

        :param str label: what the number of the file says that it holds
        """
        return {
            "name": f"{clearinghouse.code}-{label}-{control_number:09d}",
            "clearinghouse_id": clearinghouse.id,
            "company_id": clearinghouse.company_id.id,
            "usage_indicator": clearinghouse.usage_indicator,
            "control_number": control_number,
            "written_at": written_at,
        }

    def _attach_file(self, document_type, data):
        """Keep the file as a document that goes out."""
        exchange = self.env["hc.exchange"]._send(
            document_type,
            self.clearinghouse_id.code,
            self.name,
            data,
            f"{self.name}.x12",
            company=self.company_id,
        )
        self._write_guarded({"exchange_id": exchange.id})

    def action_download(self):
        """Download the file."""
        self.ensure_one()
        self._check_file_access()
        return {
            "type": "ir.actions.act_url",
            "url": f"/revenue/{self._file_route}/{self.id}.x12",
            "target": "self",
        }

    def action_mark_sent(self):
        """The files were handed to their clearinghouse."""
        self.check_access("write")
        self._transition("sent")

    def _on_state_sent(self, previous):
        self._write_guarded({"sent_at": self.env.cr.now().replace(microsecond=0)})
        self.sudo().exchange_id._finish_sending()

    def _note_acknowledged(self):
        """The first TA1 or 999 says when the file arrived."""
        if not self.acknowledged_at:
            self._write_guarded({"acknowledged_at": self.env.cr.now().replace(microsecond=0)})

    def _open_file_item(self, key, name, description, severity="error"):
        """Work for those who exchange files."""
        self.ensure_one()
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": self._file_item_kind,
                    "severity": severity,
                    "queue_code": "edi",
                    "dedup_key": f"{self._file_item_key or self._file_item_kind}:{self.id}:{key}",
                    "name": name,
                    "description": description,
                    "company_id": self.company_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )

    def _resolve_file_items(self, resolution_code="fixed"):
        self.env["hc.work.item"].sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "in", OPEN_STATES),
            ]
        )._resolve(resolution_code)
