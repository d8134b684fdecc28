# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP

from ..lifecycles import APPEAL, APPEAL_DECIDED_STATES

CHANNELS = [
    ("portal", "Payer Portal"),
    ("fax", "Fax"),
    ("mail", "Mail"),
    ("electronic", "Electronic"),
]
_APPROVERS = (
    "hc_revenue_base.group_hc_claims_specialist",
    "hc_revenue_base.group_hc_team_lead",
)
_DRAFT_FIELDS = frozenset({"letter_body", "evidence_ids"})


class HcAppeal(models.Model):
    """An appeal against denials of one claim, at one level of the payer.

    The letter is drafted from a template and edited; when a person approves it, letter and
    enclosures become one packet with a hash and stay as they are. What was sent, how and when,
    and what the payer decided, are entered by a person with evidence.
    """

    _name = "hc.appeal"
    _description = "Appeal"
    _inherit = [
        "hc.lifecycle.mixin",
        "hc.batch.mixin",
        "hc.phi.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "deadline, id desc"
    _check_company_auto = True
    _lifecycles = {"state": APPEAL}
    _guarded_line_models = ("hc.appeal.evidence",)
    _guarded_fields = frozenset(
        {
            "name",
            "claim_id",
            "denial_ids",
            "previous_appeal_id",
            "level",
            "level_name",
            "deadline",
            "category",
            "amount",
            "letter_date",
            "approved_by_id",
            "approved_at",
            "packet",
            "packet_name",
            "packet_sha256",
            "packet_page_count",
            "submission_channel",
            "submitted_on",
            "submission_reference",
            "submitted_by_id",
            "late_reason",
            "decided_on",
            "decided_by_id",
            "amount_overturned",
            "decision_note",
            "decision_document",
            "decision_document_name",
        }
    )

    name = fields.Char("Appeal", required=True, readonly=True, copy=False)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        group_expand="_expand_states",
    )
    claim_id = fields.Many2one(
        "hc.claim", required=True, readonly=True, index=True, ondelete="restrict"
    )
    denial_ids = fields.Many2many("hc.denial", string="Denials", readonly=True)
    case_id = fields.Many2one(related="claim_id.case_id", store=True, index=True)
    payer_id = fields.Many2one(related="claim_id.payer_id", store=True, index=True)
    facility_id = fields.Many2one(related="claim_id.facility_id", store=True, index=True)
    patient_id = fields.Many2one(related="claim_id.patient_id", store=True, index=True)
    company_id = fields.Many2one(related="claim_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    category = fields.Selection(
        selection=lambda self: self.env["hc.denial"]._fields["category"].selection,
        readonly=True,
        index=True,
    )
    previous_appeal_id = fields.Many2one(
        "hc.appeal", "Level Before", readonly=True, index="btree_not_null"
    )
    next_appeal_ids = fields.One2many("hc.appeal", "previous_appeal_id", "Next Levels")
    level = fields.Integer(required=True, readonly=True, default=1, aggregator=None)
    level_name = fields.Char("Level Is", readonly=True)
    deadline = fields.Date(readonly=True, index=True)
    amount = fields.Monetary("In Dispute", readonly=True)
    expected_value = fields.Monetary(compute="_compute_expected_value")
    letter_body = fields.Html(
        "Letter", sanitize=True, sanitize_style=True, copy=False, groups=PHI_GROUP
    )
    letter_date = fields.Date(readonly=True, copy=False)
    evidence_ids = fields.One2many("hc.appeal.evidence", "appeal_id")
    missing_count = fields.Integer("Missing", compute="_compute_missing_count")
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    approved_at = fields.Datetime(readonly=True, copy=False)
    packet = fields.Binary(readonly=True, copy=False, attachment=True, groups=PHI_GROUP)
    packet_name = fields.Char(readonly=True, copy=False)
    packet_sha256 = fields.Char("SHA-256", readonly=True, copy=False)
    packet_page_count = fields.Integer("Pages", readonly=True, copy=False)
    submission_channel = fields.Selection(CHANNELS, "Sent By", readonly=True, copy=False)
    submitted_on = fields.Date("Sent", readonly=True, copy=False)
    submission_reference = fields.Char("Confirmation No.", readonly=True, copy=False)
    submitted_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    late_reason = fields.Text("Good Cause for Late Filing", readonly=True, copy=False)
    decided_on = fields.Date("Decided", readonly=True, copy=False, index=True)
    decided_by_id = fields.Many2one(
        "res.users", "Entered By", readonly=True, copy=False, ondelete="restrict"
    )
    amount_overturned = fields.Monetary("Won", readonly=True, copy=False)
    decision_note = fields.Text("What the Payer Decided", readonly=True, copy=False)
    decision_document = fields.Binary(
        "Decision Letter", readonly=True, copy=False, attachment=True, groups=PHI_GROUP
    )
    decision_document_name = fields.Char(readonly=True, copy=False)
    responsible_user_id = fields.Many2one("res.users", "Specialist", index=True)

    _name_unique = models.UniqueIndex("(company_id, name)", "This appeal number is taken.")

    @api.depends("denial_ids.expected_value")
    def _compute_expected_value(self):
        for appeal in self:
            appeal.expected_value = sum(appeal.denial_ids.mapped("expected_value"))

    @api.depends("evidence_ids.is_provided", "evidence_ids.is_required")
    def _compute_missing_count(self):
        for appeal in self:
            appeal.missing_count = len(appeal._get_missing_evidence())

    def _get_missing_evidence(self):
        return self.evidence_ids.filtered(lambda row: row.is_required and not row.is_provided)

    @api.model
    def _expand_states(self, states, domain):
        """Columns of the board: those in use and those of open appeals."""
        shown = {*states, "draft", "approved", "submitted"}
        return [code for code, _label in self._get_lifecycle("state").selection() if code in shown]

    def _get_creation_facts(self):
        return {"claim": self.claim_id.id, "denials": self.denial_ids.ids, "level": self.level}

    def write(self, vals):
        if _DRAFT_FIELDS & vals.keys():
            self._check_editable()
        return super().write(vals)

    def _check_editable(self):
        """Refuse to change what somebody has approved.

        Held until the change is through: nobody approves meanwhile what then is another letter.

        :raise UserError: take the approval back first
        """
        self.sudo()._lock_for_transition(["state"])
        for appeal in self:
            if appeal.state != "draft":
                raise UserError(
                    self.env._(
                        "The letter and the evidence of %(appeal)s are approved and stay as they "
                        "are. Take the approval back to change them.",
                        appeal=appeal.name,
                    )
                )

    @api.model
    def _open_for(self, denials, previous=None):
        """Draft an appeal against denials of one claim and level.

        :param previous: the appeal of the level before
        :return: the draft, with letter and checklist
        """
        claim = denials.claim_id.ensure_one()
        payer = claim.payer_id
        row = self.env["hc.payer.deadline"]._get_levels(payer)[payer.id].get(denials[0].level)
        sequence = self.env["ir.sequence"].sudo().with_company(claim.company_id)
        deadlines = [day for day in denials.mapped("appeal_deadline") if day]
        appeal = self.sudo()._create_guarded(
            [
                {
                    "name": sequence.next_by_code("hc.appeal"),
                    "claim_id": claim.id,
                    "denial_ids": [(6, 0, denials.ids)],
                    "previous_appeal_id": previous.id if previous else False,
                    "level": denials[0].level,
                    "level_name": row.name if row else False,
                    "deadline": min(deadlines) if deadlines else False,
                    "category": denials[0].category,
                    "amount": sum(denial._get_amount_in_dispute() for denial in denials),
                    "responsible_user_id": denials.responsible_user_id[:1].id or self.env.uid,
                    "evidence_ids": self._prepare_checklist(denials),
                }
            ]
        )
        appeal.write({"letter_body": appeal._draft_letter()})
        denials.sudo()._transition("appealed", facts={"appeal": appeal.id})
        return appeal.sudo(self.env.su)

    @api.model
    def _prepare_checklist(self, denials):
        types = self.env["hc.appeal.evidence.type"]._get_for(
            {category for category in denials.mapped("category") if category}
        )
        return [
            (
                0,
                0,
                {
                    "type_id": each.id,
                    "name": each.name,
                    "is_required": each.is_required,
                    "sequence": each.sequence,
                },
            )
            for each in types
        ]

    def _check_approver(self):
        if not self.env.su and not any(map(self.env.user.has_group, _APPROVERS)):
            raise AccessError(
                self.env._("Claims specialists and team leads approve letters to payers.")
            )

    # Approval

    def action_approve(self):
        """Approve letter and evidence: from now on they stay as they are, as one packet."""
        self.check_access("write")
        self._check_approver()
        for appeal in self:
            appeal._transition("approved")

    def _guard_state_approved(self):
        blockers = {}
        for appeal in self:
            reasons = [
                self.env._("missing: %s", evidence.name)
                for evidence in appeal._get_missing_evidence()
            ]
            reasons += [
                self.env._("“%s” is the document of another patient", evidence.name)
                for evidence in appeal.evidence_ids._get_foreign()
            ]
            if not appeal.sudo()._has_letter():
                reasons.append(self.env._("write the letter"))
            blockers[appeal.id] = reasons
        return blockers

    def _on_state_approved(self, previous):
        for appeal in self:
            appeal._write_guarded(
                {
                    "letter_date": appeal._get_today(),
                    "approved_by_id": self.env.uid,
                    "approved_at": self.env.cr.now().replace(microsecond=0),
                }
            )
            appeal._store_packet()
        self._resolve_work_items(("appeal_documents",))

    def action_take_back(self):
        """Take the approval back, to change the letter before it is sent."""
        self.check_access("write")
        self._check_approver()
        self._transition("draft", reason=self.env._("approval taken back"))
        self._write_guarded(
            {
                "letter_date": False,
                "approved_by_id": False,
                "approved_at": False,
                "packet": False,
                "packet_sha256": False,
                "packet_page_count": 0,
            }
        )

    @api.model
    def _get_today(self):
        return fields.Date.context_today(self)

    @property
    def _is_decided(self):
        return self.state in APPEAL_DECIDED_STATES
