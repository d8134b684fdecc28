# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from odoo.addons.hc_revenue_base.models.hc_work_item import OPEN_STATES

from ..hc_claim_core import variance as core
from ..hc_claim_core.coordination import ACCEPTED
from ..lifecycles import PAYMENT_VARIANCE
from .hc_payer_contract import CONTRACT_READERS

KINDS = [(core.UNDERPAID, "Underpaid"), (core.OVERPAID, "Overpaid")]
VERDICTS = [
    *KINDS,
    (core.WITHIN, "As Agreed"),
    (core.NOT_PRICED, "No Price in the Contract"),
    (core.NOT_ALLOWED, "Denied or Open"),
]
# States in which somebody may still do something about it.
UNSETTLED_STATES = ("new", "in_review", "disputed")


class HcPaymentVariance(models.Model):
    """A payer's answer that allows other amounts than its contract: one record per answer."""

    _name = "hc.payment.variance"
    _description = "Payment Variance"
    _inherit = ["hc.lifecycle.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "amount desc, id"
    _check_company_auto = True
    _lifecycles = {"state": PAYMENT_VARIANCE}
    _guarded_fields = frozenset(
        {
            "answer_id",
            "contract_id",
            "kind",
            "amount",
            "amount_expected",
            "amount_allowed",
            "amount_paid",
            "amount_underpaid",
            "amount_overpaid",
            "amount_recovered",
            "found_on",
            "disputed_on",
            "closing",
            "action_id",
        }
    )

    name = fields.Char(related="claim_id.name", string="Claim No.", store=True)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="new",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand="_expand_states",
    )
    answer_id = fields.Many2one(
        "hc.remittance.claim", required=True, readonly=True, index=True, ondelete="restrict"
    )
    remittance_id = fields.Many2one(related="answer_id.remittance_id", store=True, index=True)
    claim_id = fields.Many2one(related="answer_id.claim_id", store=True, index=True)
    case_id = fields.Many2one(related="claim_id.case_id", store=True, index=True)
    company_id = fields.Many2one(related="answer_id.company_id", store=True, index=True)
    facility_id = fields.Many2one(related="claim_id.facility_id", store=True, index=True)
    payer_id = fields.Many2one(related="claim_id.payer_id", store=True, index=True)
    payer_type = fields.Selection(related="payer_id.payer_type")
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    contract_id = fields.Many2one(
        "hc.payer.contract", required=True, readonly=True, index=True, ondelete="restrict"
    )
    payment_date = fields.Date(related="remittance_id.payment_date", store=True)
    kind = fields.Selection(KINDS, required=True, readonly=True, index=True)
    amount = fields.Monetary(
        "Variance", readonly=True, help="What was paid too little, or too much, of these services."
    )
    amount_expected = fields.Monetary("Expected", readonly=True)
    amount_allowed = fields.Monetary("Allowed", readonly=True)
    amount_paid = fields.Monetary("Paid", readonly=True)
    amount_underpaid = fields.Monetary("Underpaid", readonly=True)
    amount_overpaid = fields.Monetary("Overpaid", readonly=True)
    amount_recovered = fields.Monetary("Recovered", readonly=True)
    found_on = fields.Date("Found", required=True, readonly=True, index=True)
    disputed_on = fields.Date("Disputed", readonly=True, copy=False)
    dispute_reference = fields.Char("Payer's Reference", tracking=True)
    closing = fields.Selection(
        [
            ("reversed", "Payment Reversed"),
            ("agreed", "As Agreed After Another Look"),
            ("no_variance", "No Variance"),
        ],
        "Why Closed",
        readonly=True,
        copy=False,
    )
    action_id = fields.Many2one(
        "hc.controlled.action", "Acceptance", readonly=True, copy=False, ondelete="restrict"
    )
    responsible_user_id = fields.Many2one("res.users", "Claims Specialist", index=True)
    line_ids = fields.One2many(
        "hc.payment.variance.line",
        "variance_id",
        "Services",
        readonly=True,
        groups=CONTRACT_READERS,
    )
    summary = fields.Char(compute="_compute_summary", compute_sudo=True)
    explanation = fields.Text("Why", compute="_compute_explanation", groups=CONTRACT_READERS)

    _answer_unique = models.UniqueIndex("(answer_id)", "This answer has its variance already.")

    @api.model
    def _expand_states(self, states, domain):
        """Columns of the board: the ones that people work in, and those in use."""
        shown = {*states, *UNSETTLED_STATES}
        return [code for code, _label in self._get_lifecycle("state").selection() if code in shown]

    @api.depends("name", "kind")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for variance in self:
            variance.display_name = f"{variance.name or ''}: {labels.get(variance.kind, '')}"

    @api.depends("line_ids.verdict", "line_ids.code")
    def _compute_summary(self):
        for variance in self:
            counted = variance.line_ids.filtered(lambda line: line.is_counted)
            variance.summary = ", ".join(
                f"{line.code or '–'} {line.currency_id.format(-line.amount_difference)}"
                for line in counted[:4]
            )

    @api.depends("line_ids.steps", "line_ids.verdict")
    def _compute_explanation(self):
        for variance in self:
            variance.explanation = "\n".join(
                line._explain() for line in variance.line_ids if line.is_counted
            )

    def _take(self):
        """Who works on a variance that is nobody's owns it."""
        for variance in self.filtered(lambda each: not each.responsible_user_id):
            variance.responsible_user_id = self.env.user

    def _on_state_in_review(self, previous):
        self._take()

    def _on_state_disputed(self, previous):
        self._take()
        again = self.filtered(lambda each: previous[each.id] in ("recovered", "closed"))
        again._write_guarded({"closing": False})
        again._open_items()
        (self - again)._write_guarded({"disputed_on": fields.Date.context_today(self)})

    def _on_state_recovered(self, previous):
        self._resolve_items("fixed")

    def _on_state_accepted(self, previous):
        self._resolve_items("overridden")

    def _on_state_closed(self, previous):
        self._resolve_items("superseded")

    def _on_state_new(self, previous):
        self._write_guarded({"closing": False})
        self._open_items()

    def _open_items(self):
        """A work item for each variance, in the queue of those who know the contracts."""
        labels = dict(self._fields["kind"]._description_selection(self.env))
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "payment_variance",
                    "severity": "warning",
                    "queue_code": "contracting",
                    "dedup_key": f"payment_variance:{variance.id}",
                    "name": self.env._(
                        "%(kind)s: %(claim)s, %(amount)s",
                        kind=labels[variance.kind],
                        claim=variance.name,
                        amount=variance.currency_id.format(variance.amount),
                    ),
                    "description": variance.summary,
                    "case_id": variance.case_id.id,
                    "facility_id": variance.facility_id.id,
                    "company_id": variance.company_id.id,
                    "res_model": self._name,
                    "res_id": variance.id,
                }
                for variance in self
            ]
        )

    def _resolve_items(self, resolution_code):
        self.env["hc.work.item"].sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "in", OPEN_STATES),
            ]
        )._resolve(resolution_code)


class HcPaymentVarianceLine(models.Model):
    """One service of an answer: what the contract allows, what the payer did, and how we know."""

    _name = "hc.payment.variance.line"
    _description = "Payment Variance by Service"
    _inherit = ["hc.guarded.mixin"]
    _order = "variance_id, sequence"
    _guarded_fields = frozenset(
        {
            "variance_id",
            "sequence",
            "term_id",
            "code",
            "modifiers",
            "units",
            "service_date",
            "amount_charged",
            "amount_expected",
            "amount_allowed",
            "amount_paid",
            "amount_difference",
            "verdict",
            "allowed_source",
            "steps",
        }
    )

    variance_id = fields.Many2one(
        "hc.payment.variance", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="variance_id.company_id", store=True, index=True)
    facility_id = fields.Many2one(related="variance_id.facility_id", store=True, index=True)
    payer_id = fields.Many2one(related="variance_id.payer_id", store=True, index=True)
    contract_id = fields.Many2one(related="variance_id.contract_id", store=True, index=True)
    state = fields.Selection(related="variance_id.state", store=True)
    payment_date = fields.Date(related="variance_id.payment_date", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    sequence = fields.Integer("Line", required=True, readonly=True)
    term_id = fields.Many2one(
        "hc.payer.contract.term", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    code = fields.Char("Procedure", readonly=True, index=True)
    modifiers = fields.Char(readonly=True)
    units = fields.Float(digits=(12, 3), readonly=True)
    service_date = fields.Date(readonly=True)
    amount_charged = fields.Monetary("Charged", readonly=True)
    amount_expected = fields.Monetary("Expected", readonly=True)
    amount_allowed = fields.Monetary("Allowed", readonly=True)
    amount_paid = fields.Monetary("Paid", readonly=True)
    amount_difference = fields.Monetary(
        "Difference",
        readonly=True,
        help="Expected − allowed: above zero the payer pays too little.",
    )
    verdict = fields.Selection(VERDICTS, "Result", required=True, readonly=True, index=True)
    allowed_source = fields.Selection(
        [
            (core.STATED, "Stated by the payer (AMT*B6)"),
            (core.DERIVED, "Charge less contractual adjustments"),
            (ACCEPTED, "Payment and patient share of this payer"),
        ],
        "Allowed As",
        readonly=True,
    )
    steps = fields.Json(readonly=True)
    explanation = fields.Char("How It Came About", compute="_compute_explanation")
    is_counted = fields.Boolean(compute="_compute_is_counted")

    def _explain(self):
        """The difference of a service, in a sentence."""
        self.ensure_one()
        sources = dict(self._fields["allowed_source"]._description_selection(self.env))
        return self.env._(
            "%(code)s: the contract allows %(expected)s (%(how)s). The payer allowed %(allowed)s "
            "(%(origin)s).",
            code=self.code or "–",
            expected=self.currency_id.format(self.amount_expected),
            how=self.explanation,
            allowed=self.currency_id.format(self.amount_allowed),
            origin=sources.get(self.allowed_source, "").lower(),
        )

    @api.depends("verdict")
    def _compute_is_counted(self):
        for line in self:
            line.is_counted = line.verdict in (core.UNDERPAID, core.OVERPAID)

    @api.depends("steps", "term_id", "contract_id")
    def _compute_explanation(self):
        for line in self:
            contract = line.contract_id.sudo()
            texts = [contract._describe_step(step) for step in line.steps or ()]
            where = line.term_id.sudo().where_text
            line.explanation = "; ".join(filter(None, [where, *texts])) or self.env._(
                "no term of the contract gives a price"
            )
