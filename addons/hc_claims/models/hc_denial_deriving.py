# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Denials follow the answers: made when one is posted, closed or void with what undoes it."""

from collections import defaultdict

from odoo import fields, models
from odoo.fields import Domain

from ..hc_claim_core.adjudication import DENIED, REVERSAL
from ..hc_claim_core.denials import DeniedAdjustment, Meaning, find_denials, get_root_cause
from ..lifecycles import DENIAL_OPEN_STATES


class HcRemittanceClaim(models.Model):
    _inherit = "hc.remittance.claim"

    denial_ids = fields.One2many("hc.denial", "answer_id", "Denials", readonly=True)

    def _move(self, target, field_name, reason, facts, on_behalf_of):
        previous = {answer.id: answer.state for answer in self}
        result = super()._move(target, field_name, reason, facts, on_behalf_of)
        if target == "posted":
            stands_again = self.filtered(lambda answer: previous[answer.id] == "reversed")
            if stands_again:
                stands_again._reopen_denials()
            answers = (self - stands_again).filtered(lambda answer: answer.status_code != REVERSAL)
            earlier = answers._find_earlier_denials()
            created = answers.filtered(lambda answer: answer.amount_denied > 0)._create_denials()
            if earlier:
                answers._settle_denials(earlier, created)
        elif target == "reversed":
            self._get_denials()._close("reversed", reason=self.env._("the payer took it back"))
        elif target in ("undone", "matched"):
            gone = self.filtered(lambda answer: previous[answer.id] in ("posted", "reversed"))
            if gone:
                gone._forget_denials()
        return result

    def _get_denials(self, domain=Domain.TRUE):
        return (
            self.env["hc.denial"]
            .sudo()
            .search(Domain([("answer_id", "in", self.ids), ("state", "!=", "void")]) & domain)
        )

    # Made

    def _create_denials(self):
        """One denial per denied line of each answer, all at once."""
        if not self:
            return self.env["hc.denial"]
        vals_list = []
        for answer in self:
            vals_list += answer._prepare_denials_vals()
        denials = self.env["hc.denial"]
        denials._complete_denials_vals(vals_list)
        created = denials._create_quietly(vals_list)
        created._open_work_items()
        return created

    def _prepare_denials_vals(self):
        """Values of the denials of one answer, without deadlines and chances."""
        self.ensure_one()
        services = {service.id: service for service in self.service_ids}
        denied = self.adjustment_ids.filtered(lambda row: row.treatment == DENIED)
        codes = {row.reason_code: row.code_id for row in denied}
        found = find_denials(
            [
                DeniedAdjustment(
                    row.service_id.id or None,
                    row.group_code,
                    row.reason_code,
                    self._to_decimal(row.amount),
                )
                for row in denied
            ],
            {
                reason: Meaning(code.category or "", code.preventable or "", code.remedy or "")
                for reason, code in codes.items()
            },
            (self.remark_codes or "").split(),
            {key: (service.remark_codes or "").split() for key, service in services.items()},
        )
        return [
            self._prepare_denial_vals(denial, services.get(denial.line), codes[denial.reason])
            for denial in found
        ]

    def _prepare_denial_vals(self, denial, service, code):
        claim = self.claim_id
        line = service.claim_line_id if service else self.env["hc.claim.line"]
        charge = line.charge_id.sudo()
        performer = charge.performer_id or self.case_id.sudo().encounter_id.attending_id
        return {
            "name": f"{claim.name}/{service.sequence if service else 0} "
            f"{denial.group}-{denial.reason}",
            "answer_id": self.id,
            "claim_id": claim.id,
            "case_id": claim.case_id.id,
            "payer_id": claim.payer_id.id,
            "facility_id": claim.facility_id.id,
            "patient_id": claim.patient_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "service_id": service.id if service else False,
            "claim_line_id": line.id,
            "charge_id": charge.id,
            "practitioner_id": performer.id,
            "procedure_code": service.code if service else False,
            "service_date": (service and service.service_date) or self.service_date_from,
            "denied_on": self.remittance_id.payment_date or fields.Date.context_today(self),
            "group_code": denial.group,
            "reason_code": denial.reason,
            "reason_summary": ", ".join(denial.reasons),
            "remark_codes": " ".join(denial.remarks) or False,
            "code_id": code.id,
            "category": denial.category or False,
            "root_cause": get_root_cause(denial.category),
            "preventable": denial.preventable or False,
            "remedy": denial.remedy,
            "is_appealable": denial.is_appealable,
            "no_appeal": denial.no_appeal or False,
            "resubmission": denial.resubmission,
            "amount_charged": service.amount_charged if service else self.amount_charged,
            "amount_denied": float(denial.amount),
            "responsible_user_id": claim.responsible_user_id.id,
        }

    # Settled by a later answer

    def _find_earlier_denials(self):
        """Denials of the same cases that a later word of the payer may settle."""
        return (
            self.env["hc.denial"]
            .sudo()
            .search(
                Domain([("case_id", "in", self.case_id.ids), ("answer_id", "not in", self.ids)])
                & (
                    Domain("state", "in", DENIAL_OPEN_STATES)
                    | Domain([("state", "=", "closed"), ("resolution", "=", "reversed")])
                )
            )
        )

    def _settle_denials(self, earlier, created):
        """Close what these answers pay or decide again; a line that they do not name waits on."""
        again = {(denial.answer_id, denial.charge_id): denial for denial in created}
        by_case = defaultdict(earlier.browse)
        for denial in earlier:
            by_case[denial.case_id] |= denial
        for answer in self:
            for denial in by_case[answer.case_id]:
                if denial.claim_id._is_same_part(answer.claim_id):
                    answer._settle_denial(denial, again)

    def _settle_denial(self, denial, again):
        services = self.service_ids
        if denial.charge_id and services:
            services = services.filtered(
                lambda service: service.claim_line_id.charge_id == denial.charge_id
            )
            if not services:
                return
            paid, before = sum(services.mapped("amount_paid")), denial.service_id.amount_paid
        else:
            paid, before = self.amount_paid, denial.answer_id.amount_paid
        # What replaces an answer pays the line anew; what comes on top pays the difference.
        gained = paid - before if denial.resolution == "reversed" else paid
        recovered = self.currency_id.round(min(max(gained, 0.0), denial.amount_denied))
        successor = again.get((self, denial.charge_id)) or again.get(
            (self, denial.charge_id.browse())
        )
        if successor:
            denial._close("denied_again", answer=self, recovered=recovered)
            successor._follow(denial)
        else:
            denial._close("paid" if recovered else "adjusted", answer=self, recovered=recovered)

    # Undone

    def _forget_denials(self):
        """What was derived from answers that are no more is void; what they closed is open."""
        self._get_denials()._transition_where_allowed("void")
        self.env["hc.denial"].sudo().search(
            [("closing_answer_id", "in", self.ids), ("state", "=", "closed")]
        )._reopen()

    def _reopen_denials(self):
        self._get_denials(Domain("resolution", "=", "reversed"))._reopen()
