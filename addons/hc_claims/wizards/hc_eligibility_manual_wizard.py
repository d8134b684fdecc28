# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import base64
import hashlib

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools.mimetypes import guess_mimetype

from ..models.hc_coverage_benefit import kind_of

_EVIDENCE_TYPES = ("application/pdf", "image/png", "image/jpeg", "image/webp", "text/plain")
_EVIDENCE_MAX = 10 * 1024 * 1024
_REFERENCE_MIN = 3
# Older checks and larger amounts are slips of the finger.
_OLDEST_YEARS = 2
_FIGURE_MAX = 1_000_000
# What the answer in force would be asked for, as an EB would say it.
_FIGURES = (
    ("copay", "B", "27", "amount"),
    ("deductible_left", "C", "29", "amount"),
    ("out_of_pocket_left", "G", "29", "amount"),
    ("coinsurance_percent", "A", "", "percent"),
)


class HcEligibilityManualWizard(models.TransientModel):
    """Record a check that was made by portal or phone, because the payer's systems do not answer.

    It counts as a check like a 271; so it needs evidence: a reference number or a document.
    """

    _name = "hc.eligibility.manual.wizard"
    _description = "Record Manual Eligibility Check"
    _inherit = ["hc.guarded.mixin", "hc.phi.mixin"]
    _guards_computed_fields = False

    coverage_id = fields.Many2one("hc.coverage", required=True, readonly=True)
    patient_id = fields.Many2one(related="coverage_id.patient_id")
    payer_id = fields.Many2one(related="coverage_id.payer_id")
    currency_id = fields.Many2one(related="coverage_id.company_id.currency_id", store=True)
    channel = fields.Selection(
        [("portal", "Payer's Portal"), ("phone", "Phone Call")], required=True, default="portal"
    )
    outcome = fields.Selection(
        [("active", "Active"), ("inactive", "Inactive"), ("rejected", "Member Not Known")],
        required=True,
        default="active",
    )
    checked_on = fields.Date(
        "Checked", required=True, default=fields.Date.context_today, help="Not ahead of today."
    )
    reference = fields.Char(
        size=64, help="Number of the call or confirmation, and with whom you spoke."
    )
    evidence = fields.Binary(help="Picture or PDF of the portal's page.")
    evidence_name = fields.Char()
    plan_name = fields.Char(size=120)
    plan_date_from = fields.Date("Plan From")
    plan_date_to = fields.Date("Plan To")
    # What was not told is not zero.
    has_copay = fields.Boolean("Copay Was Told")
    copay = fields.Monetary()
    has_deductible_left = fields.Boolean("Deductible Was Told")
    has_out_of_pocket_left = fields.Boolean("Out-of-Pocket Was Told")
    has_coinsurance_percent = fields.Boolean("Coinsurance Was Told")
    deductible_left = fields.Monetary()
    out_of_pocket_left = fields.Monetary()
    coinsurance_percent = fields.Float("Coinsurance (%)", digits=(5, 2))
    note = fields.Text()

    @api.model
    def default_get(self, fields_list):
        """What the coverage says already stands in the form."""
        defaults = super().default_get(fields_list)
        coverage = self.env["hc.coverage"].browse(defaults.get("coverage_id") or [])
        if coverage and "plan_name" in fields_list:
            coverage.check_access("read")
            defaults.setdefault("plan_name", coverage.plan_name)
        return defaults

    def action_record(self):
        """Store the check; the coverage follows it, and the question it answers ends."""
        self.ensure_one()
        coverage = self.coverage_id
        coverage.check_access("read")
        self.env["hc.eligibility.inquiry"].check_access("write")
        self._check_evidence()
        answers = self.env["hc.eligibility.answer"]
        answer_sudo = answers.sudo()._note([self._prepare_answer_vals()])
        if not answer_sudo:
            raise UserError(self.env._("This check is on record already."))
        self._attach_evidence(answer_sudo)
        if coverage.eligibility_answer_id != answer_sudo:
            message = self.env._("A newer check stands on the coverage; this one is kept with it.")
            kind = "warning"
        else:
            message = self.env._("The coverage says now what you found out.")
            kind = "success"
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _check_evidence(self):
        """A check without evidence proves nothing.

        :raise UserError: neither reference nor sound document, or a day that cannot be
        """
        reference = (self.reference or "").strip()
        if len(reference) < _REFERENCE_MIN and not self.evidence:
            raise UserError(
                self.env._(
                    "Enter the reference number of the call or confirmation, or attach the page."
                )
            )
        if self.channel == "phone" and len(reference) < _REFERENCE_MIN:
            raise UserError(self.env._("Enter the reference number of the call."))
        if self.checked_on > fields.Date.context_today(self):
            raise UserError(self.env._("The day of the check lies ahead."))
        if self.plan_date_from and self.plan_date_to and self.plan_date_to < self.plan_date_from:
            raise UserError(self.env._("The plan ends before it begins."))
        self._check_figures()
        if self.evidence:
            raw = base64.b64decode(self.evidence)
            if len(raw) > _EVIDENCE_MAX or guess_mimetype(raw) not in _EVIDENCE_TYPES:
                raise UserError(
                    self.env._("The evidence is no picture, PDF or text of at most 10 MB.")
                )

    def _check_figures(self):
        """What a slip of the finger makes of a figure is not put on the coverage."""
        if self.checked_on < fields.Date.context_today(self) - relativedelta(years=_OLDEST_YEARS):
            raise UserError(
                self.env._("The check is of more than %(years)s years ago.", years=_OLDEST_YEARS)
            )
        told = [self[name] for name, *_code in _FIGURES if self[f"has_{name}"]]
        if any(not 0 <= amount <= _FIGURE_MAX for amount in told):
            raise UserError(
                self.env._(
                    "Amounts are not negative and at most %(limit)s.",
                    limit=self.currency_id.format(_FIGURE_MAX),
                )
            )
        if self.has_coinsurance_percent and self.coinsurance_percent > 100:
            raise UserError(self.env._("The coinsurance is at most 100 %."))

    def _prepare_answer_vals(self):
        """Values of the stored check; a module adds to ``super()``."""
        coverage = self.coverage_id
        waiting = coverage.eligibility_inquiry_ids.filtered(
            lambda inquiry: inquiry.state in ("sent", "no_answer", "rejected", "held", "draft")
        )
        benefits = self._prepare_benefits()
        said = (
            coverage.id,
            self.env.uid,
            self.channel,
            self.outcome,
            str(self.checked_on),
            self.reference,
            self.evidence and hashlib.sha256(self.evidence).hexdigest(),
            str(self.plan_date_from),
            str(self.plan_date_to),
            self.note,
            [sorted(each[2].items()) for each in benefits],
        )
        return {
            "coverage_id": coverage.id,
            "inquiry_id": waiting[:1].id,
            "payer_id": coverage.payer_id.id,
            "channel": self.channel,
            "outcome": self.outcome,
            "checked_on": self.checked_on,
            "service_date": waiting[:1].service_date_from or self.checked_on,
            "plan_name": self.plan_name,
            "plan_date_from": self.plan_date_from,
            "plan_date_to": self.plan_date_to,
            "reference": (self.reference or "").strip(),
            "note": self.note,
            "recorded_by_id": self.env.uid,
            "digest": hashlib.sha256(repr(said).encode()).hexdigest(),
            "benefit_ids": benefits,
        }

    def _prepare_benefits(self):
        rows = [("1" if self.outcome == "active" else "6", "", "", None)]
        if self.outcome == "rejected":
            rows = []
        elif self.outcome == "active":
            rows += [
                (code, period, kind, self[name])
                for name, code, period, kind in _FIGURES
                if self[f"has_{name}"]
            ]
        return [
            Command.create(
                {
                    "coverage_id": self.coverage_id.id,
                    "sequence": number,
                    "kind": kind_of(code),
                    "information": code,
                    "service_types": "30",
                    "period": period,
                    **({kind: value, f"has_{kind}": True} if kind else {}),
                }
            )
            for number, (code, period, kind, value) in enumerate(rows)
        ]

    def _attach_evidence(self, answer_sudo):
        if not self.evidence:
            return
        attachment_sudo = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": self.evidence_name or self.env._("Evidence"),
                    "raw": base64.b64decode(self.evidence),
                    "res_model": answer_sudo._name,
                    "res_id": answer_sudo.id,
                    "res_field": "attachment_id",
                }
            )
        )
        answer_sudo._write_guarded({"attachment_id": attachment_sudo.id})
