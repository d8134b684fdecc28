# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Corrections: a claim that was sent never changes; after a person's look a new one goes out."""

from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP

from ..hc_x12.plain import from_plain
from ..lifecycles import ADJUDICATED_STATES, UNSENT_STATES, WAITING_STATES
from .hc_claim_content import CLAIM_CLASSES

CORRECTIONS = [
    ("replacement", "Replacement: the payer has the claim, something in it changes"),
    ("resubmission", "New claim: the first one was rejected, or the payer wants a new one"),
    ("void", "Void: the payer shall forget the claim"),
]
_FREQUENCIES = {"replacement": "7", "resubmission": "1", "void": "8"}
_TAKEN_STATES = (*(state for state in WAITING_STATES if state != "submitted"), *ADJUDICATED_STATES)


class HcClaim(models.Model):
    _inherit = "hc.claim"

    correction_ids = fields.One2many("hc.claim", "origin_claim_id", "Corrected By", readonly=True)
    review_user_id = fields.Many2one(
        "res.users", "Reviewed By", readonly=True, copy=False, ondelete="restrict"
    )
    reviewed_at = fields.Datetime("Reviewed", readonly=True, copy=False)
    review_note = fields.Text("What Was Changed", readonly=True, copy=False, groups=PHI_GROUP)

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"review_user_id", "reviewed_at", "review_note"}

    def action_open_correction(self):
        """Ask which correction the claims need, and what a person found and changed."""
        self.check_access("write")
        kind = "resubmission" if self[:1].state == "rejected" else "replacement"
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct and Send Again"),
            "res_model": "hc.claim.correction.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_claim_ids": self.ids, "default_correction": kind},
        }

    def action_void(self):
        """Withdraw claims that were not sent."""
        self._transition("void", reason=self.env._("withdrawn by hand"))

    def _correct(self, correction, note):
        """Make a new version of each claim; the reviewer answers for it.

        :param str correction: a key of ``CORRECTIONS``
        :param str note: what the reviewer looked at and changed
        :return: the new claims, checked by the edits
        :raise UserError: a claim is in no state for it, the payer's number is unknown, or a
            correction waits already
        """
        self.check_access("write")
        if not (note or "").strip():
            raise UserError(self.env._("Write down what you looked at and what was changed."))
        claims_sudo = self.sudo()
        claims_sudo._lock_for_transition(["state"])
        for claim in claims_sudo:
            claim._check_correctable(correction)
        vals_list = []
        for company, claims in claims_sudo.grouped("company_id").items():
            numbers = self._next_numbers(company, len(claims))
            vals_list += [
                claim._prepare_correction_vals(correction, number, note)
                for claim, number in zip(claims, numbers, strict=True)
            ]
        corrected = claims_sudo._create_quietly(vals_list)
        for claim in corrected:
            claim._log_decision(
                reason=self.env._("reviewed by a person before it is sent"),
                facts={"correction": correction, "origin": claim.origin_claim_id.id},
            )
        claims_sudo._resolve_work_items(
            "fixed", ("claim_rejected", "claim_correction", "claim_stalled", "claim_deadline")
        )
        corrected._run_edits()
        return corrected.sudo(self.env.su)

    def _check_correctable(self, correction):
        self.ensure_one()
        self._check_no_correction_waits()
        if correction == "resubmission":
            if self.state != "rejected":
                raise UserError(
                    self.env._(
                        "%(claim)s was not rejected: the payer has it. Send a replacement, or "
                        "void it.",
                        claim=self.name,
                    )
                )
            return
        if self.state not in _TAKEN_STATES:
            raise UserError(
                self.env._(
                    "%(claim)s is not with the payer: it can be neither replaced nor voided there.",
                    claim=self.name,
                )
            )
        if not self.payer_claim_number:
            raise UserError(
                self.env._(
                    "The payer's number of %(claim)s is unknown: wait for its acknowledgement or "
                    "ask the payer.",
                    claim=self.name,
                )
            )

    def _check_no_correction_waits(self):
        waiting = self.correction_ids.filtered(lambda claim: claim.state in UNSENT_STATES)
        if waiting:
            raise UserError(
                self.env._(
                    "%(claim)s is being corrected already: %(other)s is not sent yet.",
                    claim=self.name,
                    other=waiting[0].name,
                )
            )

    def _prepare_correction_vals(self, correction, number, note):
        """Values of the new version; a module adds to ``super()``.

        What is voided is named as it was sent; a replacement says what the records say now.
        """
        self.ensure_one()
        vals = self.case_id._prepare_claim_vals(
            number, self.payer_order, self.part, self._get_part_charges()
        )
        if correction == "void":
            vals["line_ids"] = [
                Command.create(line.copy_data({"claim_id": False})[0]) for line in self.line_ids
            ]
            vals["amount_charged"] = self.amount_charged
        return vals | {
            "coverage_id": self.coverage_id.id,
            "payer_id": self.payer_id.id,
            "claim_type": self.claim_type,
            "frequency": _FREQUENCIES[correction],
            "origin_claim_id": self.id,
            "prior_adjudications": self.prior_adjudications,
            "filing_deadline": self._get_correction_deadline(correction),
            "responsible_user_id": self.responsible_user_id.id or self.env.uid,
            "review_user_id": self.env.uid,
            "reviewed_at": self.env.cr.now().replace(microsecond=0),
            "review_note": note,
        }

    def _get_correction_deadline(self, correction):
        """A rejected claim's clock keeps running; a payer that has decided sets its own."""
        if correction == "resubmission":
            return self.filing_deadline
        days = self.payer_id.corrected_claim_days
        decided_on = self.adjudicated_on or self.submitted_on
        return decided_on + timedelta(days=days) if days and decided_on else False

    def _prepare_content(self, billing_provider):
        """A void claim repeats what was sent; see the extended method."""
        origin = self.origin_claim_id
        if self.frequency != "8" or not origin.content:
            return super()._prepare_content(billing_provider)
        return replace(
            from_plain(CLAIM_CLASSES[self.claim_type], origin.content),
            claim_id=self.name,
            frequency=self.frequency,
            payer_claim_control_number=self._get_original_number(),
        )

    def _guard_state_ready(self):
        """No correction goes out that no person has looked at."""
        return {
            claim.id: [self.env._("a person has to review the correction first")]
            for claim in self
            if claim.origin_claim_id and not claim.review_user_id
        }

    def _on_state_submitted(self, previous):
        """What a new claim stands for is settled when it goes out."""
        origins = self.filtered(lambda claim: claim.frequency == "1").origin_claim_id
        origins._transition_where_allowed("replaced")
        self.filtered(
            lambda claim: claim.frequency == "8"
        ).origin_claim_id._transition_where_allowed("void")

    def _on_state_accepted(self, previous):
        result = super()._on_state_accepted(previous)
        replaced = self.filtered(lambda claim: claim.frequency == "7").origin_claim_id
        replaced._transition_where_allowed("replaced")
        self.filtered(lambda claim: claim.frequency == "8")._transition_where_allowed("closed")
        return result
