# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP

from ..hc_x12.findings import FindingLog
from ..hc_x12.transaction_file import Outcome
from ..hc_x12.write_270 import write_270
from ..lifecycles import ELIGIBILITY_BATCH
from .hc_claim_file import build_envelope

_LOST_CATEGORIES = ("R", "M", "W", "X")


class HcEligibilityBatch(models.Model):
    """One file of questions (270): an interchange with its control number, as it went out."""

    _name = "hc.eligibility.batch"
    _description = "Eligibility File"
    _inherit = [
        "hc.clearinghouse.file.mixin",
        "hc.lifecycle.mixin",
        "hc.batch.mixin",
        "mail.thread",
    ]
    _order = "id desc"
    _check_company_auto = True
    _lifecycles = {"state": ELIGIBILITY_BATCH}
    _guarded_fields = frozenset({"inquiry_count", "transaction_count"})
    _file_route = "eligibility-files"
    _file_item_kind = "eligibility_file"

    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="written",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    inquiry_ids = fields.One2many("hc.eligibility.inquiry", "batch_id", "Questions", readonly=True)
    inquiry_count = fields.Integer("Questions in File", readonly=True)
    answered_count = fields.Integer("Answered", compute="_compute_answered_count")
    transaction_count = fields.Integer("Transaction Sets", readonly=True)

    def _compute_answered_count(self):
        counts = dict(
            self.env["hc.eligibility.inquiry"]._read_group(
                [("batch_id", "in", self.ids), ("state", "in", ("answered", "rejected"))],
                ["batch_id"],
                ["__count"],
            )
        )
        for batch in self:
            batch.answered_count = counts.get(batch, 0)

    @api.model
    def _write_file(self, clearinghouse, inquiries, contents):
        """Write questions into a file of a clearinghouse.

        :param contents: ``{inquiry id: dataclass of the X12 package}``
        :raise UserError: the clearinghouse's own numbers, or a question, cannot be written
        """
        now = self.env.cr.now().replace(microsecond=0)
        number = clearinghouse._take_control_number()
        outcome = Outcome(findings=FindingLog(limit=max(len(inquiries), 1)))
        with self._writing_to(clearinghouse):
            pieces = write_270(
                build_envelope(clearinghouse, number, now),
                [contents[inquiry.id] for inquiry in inquiries],
                outcome,
            )
            data = b"".join(pieces)
        if outcome.left_out or not outcome.transactions:
            self._refuse_unwritten(clearinghouse, outcome)
        batch = self._create_guarded(
            [
                self._prepare_file_vals(clearinghouse, "270", number, now)
                | {
                    "inquiry_count": outcome.documents,
                    "transaction_count": len(outcome.transactions),
                }
            ]
        )
        batch._attach_file("x12_270", data)
        inquiries._mark_sent(batch, contents, outcome.transactions)
        return batch

    def _filter_readable_files(self):
        """Files with questions that the user may read, all of them."""
        if not (self.env.su or self.env.user.has_group(PHI_GROUP)):
            return self.browse()
        inquiries = self.env["hc.eligibility.inquiry"]
        counts = dict(
            inquiries._read_group([("batch_id", "in", self.ids)], ["batch_id"], ["__count"])
        )
        return self.filtered(lambda batch: counts.get(batch, 0) >= batch.inquiry_count)

    def _read_file(self):
        """The file as it went out; that its patients were read is on record."""
        self._check_file_access()
        self.inquiry_ids._note_phi_read(["content"])
        return self.sudo().exchange_id.payload_attachment_id.raw

    def action_open_inquiries(self):
        """Open the questions in the file."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_claims.hc_eligibility_inquiry_action"
        )
        return action | {"domain": [("batch_id", "=", self.id)], "context": {}}

    def _follow_interchange(self, is_accepted, exchange, category, code):
        """Take a TA1: a rejected interchange was thrown away, with all its questions."""
        self._follow_file(exchange, category, {"": code}, is_lost=not is_accepted)

    def _follow_group(self, is_accepted, exchange, category, codes, rejected):
        """Take a 999: the questions of rejected transaction sets were thrown away.

        :param dict rejected: ``{ST02: codes}`` of the rejected sets
        """
        is_lost = category in _LOST_CATEGORIES or len(rejected) >= self.transaction_count
        self._follow_file(exchange, category, rejected or {"": codes}, is_lost)
        if not is_lost:
            whole = is_accepted and not rejected
            self._transition_where_allowed(
                "accepted" if whole else "partly_rejected", facts={"exchange": exchange.id}
            )

    def _follow_file(self, exchange, category, codes, is_lost):
        self.ensure_one()
        self._note_acknowledged()
        lost = self.inquiry_ids.filtered(
            lambda inquiry: (
                inquiry.state == "sent" and (is_lost or inquiry.transaction_number in codes)
            )
        )
        lost._transition_where_allowed(
            "rejected", facts={"exchange": exchange.id, "acknowledgement": category}
        )
        if not is_lost:
            self._resolve_file_items()
        elif self._transition_where_allowed("rejected", facts={"exchange": exchange.id})[0]:
            self._open_file_item(
                "rejected",
                self.env._("%(batch)s was rejected", batch=self.name),
                self.env._(
                    "The clearinghouse did not take the questions (%(codes)s). Nobody was asked: "
                    "mend what the acknowledgement names and ask again.",
                    codes=", ".join(filter(None, [category, *codes.values()])),
                ),
            )
