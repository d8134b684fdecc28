# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from odoo.addons.hc_revenue_base.models.hc_patient import CLINICAL_GROUP, PHI_GROUP

from ..hc_x12.findings import FindingLog
from ..hc_x12.transaction_file import Outcome
from ..hc_x12.write_276 import write_276
from ..lifecycles import CLAIM_INQUIRY
from .hc_claim_file import build_envelope


class HcClaimStatusInquiry(models.Model):
    """One file of questions about claims (276): an interchange, as it went out."""

    _name = "hc.claim.status.inquiry"
    _description = "Claim Status Inquiry"
    _inherit = ["hc.clearinghouse.file.mixin", "hc.lifecycle.mixin", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True
    _lifecycles = {"state": CLAIM_INQUIRY}
    _file_route = "status-files"
    _file_item_kind = "claim_batch"
    _file_item_key = "claim_status_inquiry"

    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="written",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    question_ids = fields.One2many(
        "hc.claim.status.question", "inquiry_id", "Questions", readonly=True
    )
    question_count = fields.Integer("Questions in File", compute="_compute_counts")
    answered_count = fields.Integer("Answered", compute="_compute_counts")

    def _compute_counts(self):
        counts = {
            inquiry: (count, answered)
            for inquiry, count, answered in self.env["hc.claim.status.question"]._read_group(
                [("inquiry_id", "in", self.ids)], ["inquiry_id"], ["__count", "answered_at:count"]
            )
        }
        for inquiry in self:
            inquiry.question_count, inquiry.answered_count = counts.get(inquiry._origin, (0, 0))

    @api.model
    def _write_file(self, clearinghouse, claims):
        """Ask about claims in one file of a clearinghouse.

        A question that cannot be written is left out; the claim says nothing of it. So is a claim
        that its primary payer sent on: what it says is not known here.

        :return: the inquiry; empty where nothing could be asked
        :raise UserError: the clearinghouse's own numbers cannot be written
        """
        now = self.env.cr.now().replace(microsecond=0)
        claims = claims.filtered("content")
        requests = claims._prepare_status_requests(clearinghouse)
        if not requests:
            return self.browse()
        control_number = clearinghouse._take_control_number()
        outcome = Outcome(findings=FindingLog(limit=len(requests)))
        with self._writing_to(clearinghouse):
            pieces = write_276(
                build_envelope(clearinghouse, control_number, now), requests, outcome
            )
            data = b"".join(pieces)
        asked = claims.filtered(lambda claim: claim.name not in set(outcome.left_out))
        if not outcome.documents:
            self._refuse_unwritten(clearinghouse, outcome)
        inquiry = self._create_guarded(
            [self._prepare_file_vals(clearinghouse, "276", control_number, now)]
        )
        inquiry._attach_file("x12_276", data)
        inquiry._note_asked(asked)
        return inquiry

    def _note_asked(self, claims):
        self.env["hc.claim.status.question"]._create_guarded(
            [
                {"inquiry_id": self.id, "claim_id": claim.id, "trace_number": claim.name}
                for claim in claims
            ]
        )
        claims._write_guarded({"status_asked_on": fields.Date.context_today(self)})
        claims._log_decision(facts={"asked": self.name})

    def _filter_readable_files(self):
        """Files about claims that the user may read, all of them."""
        may_see = self.env.su or all(map(self.env.user.has_group, (PHI_GROUP, CLINICAL_GROUP)))
        if not may_see:
            return self.browse()
        asked = self.sudo().question_ids.claim_id
        readable = set(asked.with_env(self.env)._filtered_access("read").ids)
        return self.filtered(
            lambda inquiry: readable.issuperset(inquiry.sudo().question_ids.claim_id.ids)
        )

    def _read_file(self):
        """The file as it went out; that its patients were read is on record."""
        self._check_file_access()
        self.question_ids.claim_id._note_phi_read(["content"])
        return self.sudo().exchange_id.payload_attachment_id.raw

    def _on_state_rejected(self, previous):
        """Nothing was asked: say so, and let the claims be asked about again."""
        for inquiry in self:
            inquiry.question_ids.claim_id._write_guarded({"status_asked_on": False})
            inquiry._open_file_item(
                "rejected",
                self.env._("%(inquiry)s was rejected", inquiry=inquiry.name),
                self.env._(
                    "The clearinghouse did not take the questions. See its acknowledgement and "
                    "the partner's settings; then ask again."
                ),
            )

    def action_open_claims(self):
        """Open the claims that are asked about."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("hc_claims.hc_claim_action")
        return action | {
            "domain": [("id", "in", self.question_ids.claim_id.ids)],
            "context": {},
        }

    # What TA1 and 999 say of the file; see hc.claim.batch.

    def _follow_interchange(self, is_accepted, exchange, _category, _code):
        """TA1: the interchange as a whole was taken or thrown away."""
        self._note_acknowledged()
        if not is_accepted:
            self._transition_where_allowed("rejected", facts={"exchange": exchange.id})

    def _follow_group(self, is_accepted, exchange, _category, _code, rejected):
        """999: the questions were taken, or some of their transaction sets were not."""
        self._note_acknowledged()
        if not is_accepted and not rejected:
            self._transition_where_allowed("rejected", facts={"exchange": exchange.id})


class HcClaimStatusQuestion(models.Model):
    """One claim that a payer was asked about, and when it answered."""

    _name = "hc.claim.status.question"
    _description = "Claim Status Question"
    _inherit = ["hc.guarded.mixin"]
    _order = "id desc"
    _guarded_fields = frozenset(
        {"inquiry_id", "claim_id", "trace_number", "answered_at", "exchange_id"}
    )

    inquiry_id = fields.Many2one(
        "hc.claim.status.inquiry", required=True, readonly=True, index=True, ondelete="cascade"
    )
    claim_id = fields.Many2one(
        "hc.claim", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="inquiry_id.company_id", store=True, index=True)
    facility_id = fields.Many2one(related="claim_id.facility_id", store=True, index=True)
    payer_id = fields.Many2one(related="claim_id.payer_id", store=True, index=True)
    trace_number = fields.Char(
        "Trace No.", required=True, readonly=True, index=True, help="TRN02: comes back in the 277."
    )
    asked_at = fields.Datetime(related="inquiry_id.written_at", string="Asked")
    answered_at = fields.Datetime("Answered", readonly=True)
    exchange_id = fields.Many2one(
        "hc.exchange", "Answer", readonly=True, index="btree_not_null", ondelete="restrict"
    )

    @api.model
    def _note_answered(self, exchange, trace_numbers):
        """Note which open questions a 277 answers, also where it says nothing new."""
        open_ = self.sudo().search(
            [
                ("company_id", "=", exchange.company_id.id),
                ("trace_number", "in", list(trace_numbers)),
                ("answered_at", "=", False),
            ]
        )
        open_._write_guarded(
            {
                "answered_at": self.env.cr.now().replace(microsecond=0),
                "exchange_id": exchange.id,
            }
        )
        for inquiry in open_.inquiry_id:
            if all(inquiry.question_ids.mapped("answered_at")):
                inquiry._transition_where_allowed("answered", facts={"exchange": exchange.id})
