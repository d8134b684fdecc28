# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .hc_remittance_matching import _UNSENT

_CANDIDATE_LIMIT = 20


class HcRemittanceClaim(models.Model):
    """What the screens of an answer show besides its own fields, and where buttons lead."""

    _inherit = "hc.remittance.claim"

    _phi_patient_path = "claim_id.patient_id"

    payment_date = fields.Date(related="remittance_id.payment_date")
    trace_number = fields.Char(related="remittance_id.trace_number")
    patient_id = fields.Many2one(related="claim_id.patient_id")
    status_label = fields.Char("Payer's Status", compute="_compute_status_label")
    reason_summary = fields.Char(
        "Reasons", compute="_compute_reason_summary", help="Group and reason of each adjustment."
    )
    waiting_reason = fields.Char("Why It Waits", compute="_compute_waiting_reason")
    hold_advice = fields.Char("What to Do", compute="_compute_hold_advice")
    is_proven = fields.Boolean("Adds Up", compute="_compute_is_proven")
    can_put_aside = fields.Boolean(compute="_compute_can_put_aside")
    claim_reason = fields.Char("Matched Because", compute="_compute_claim_reason")

    def _get_status_labels(self):
        return {
            "1": self.env._("Decided as primary"),
            "2": self.env._("Decided as secondary"),
            "3": self.env._("Decided as tertiary"),
            "4": self.env._("Denied by the payer"),
            "19": self.env._("Decided as primary, forwarded"),
            "20": self.env._("Decided as secondary, forwarded"),
            "21": self.env._("Decided as tertiary, forwarded"),
            "22": self.env._("Takes an earlier answer back"),
            "23": self.env._("Not this payer's, forwarded"),
            "25": self.env._("Predetermination, no payment"),
        }

    @api.depends("status_code")
    def _compute_status_label(self):
        labels = self._get_status_labels()
        for answer in self:
            label = labels.get(answer.status_code, self.env._("Unknown"))
            answer.status_label = f"{answer.status_code or '–'} · {label}"

    @api.depends("adjustment_ids.group_code", "adjustment_ids.reason_code")
    def _compute_reason_summary(self):
        for answer in self:
            codes = (f"{row.group_code}-{row.reason_code}" for row in answer.adjustment_ids)
            answer.reason_summary = ", ".join(dict.fromkeys(codes))

    @api.depends("state", "hold_code", "hold_note", "match_note")
    def _compute_waiting_reason(self):
        labels = dict(self._fields["hold_code"]._description_selection(self.env))
        for answer in self:
            if answer.state == "held":
                reason = labels.get(answer.hold_code) or ""
                parts = (reason, answer.hold_note)
            elif answer.state == "unmatched":
                parts = (self.env._("No claim found"), answer.match_note)
            else:
                parts = ()
            answer.waiting_reason = ". ".join(filter(None, parts)) or False

    @api.depends("state", "hold_code")
    def _compute_hold_advice(self):
        advice = self._get_hold_advice()
        for answer in self:
            text = advice.get(answer.hold_code) if answer.state == "held" else False
            if text and answer.hold_code == "credit":
                items = answer.sudo()._get_open_items()[answer.id]
                text = self.env._(
                    "The payer owes %(open)s on the case. %(advice)s",
                    open=answer.currency_id.format(sum(items.mapped("amount_residual"))),
                    advice=text,
                )
            answer.hold_advice = text

    def _get_hold_advice(self):
        """What a person does about each reason to hold."""
        return {
            "unproven": self.env._("Ask the payer for a corrected remittance."),
            "credit": self.env._(
                "Was it posted by hand before, or paid twice? Settle it. It is posted by itself "
                "when the payer takes the earlier answer back."
            ),
            "status": self.env._("Ask the payer what its status code means here."),
            "negative": self.env._("Ask the payer which answer it takes back."),
            "no_next_party": self.env._(
                "The patient may not be billed. Bill the next payer, or write the share off."
            ),
            "reversal_unknown": self.env._(
                "The answer that it takes back was posted elsewhere or is still to come. It is "
                "tried again by itself when that answer is posted."
            ),
            "reversal_differs": self.env._(
                "Its amounts are not those that were posted. Ask the payer for the remittance "
                "that it takes back."
            ),
            "not_posted": self.env._("Settle the cause in accounting, then try again."),
        }

    @api.depends("amount_difference", "proof_note")
    def _compute_is_proven(self):
        for answer in self:
            answer.is_proven = not answer.proof_note and answer.currency_id.is_zero(
                answer.amount_difference
            )

    @api.depends("state", "amount_paid")
    def _compute_can_put_aside(self):
        for answer in self:
            answer.can_put_aside = answer.state in (
                "unmatched",
                "held",
            ) and answer.currency_id.is_zero(answer.amount_paid)

    @api.depends("match_method", "match_note", "patient_control_number", "payer_claim_number")
    def _compute_claim_reason(self):
        for answer in self:
            reasons = {
                "control_number": self.env._(
                    "The payer gave our claim number %(number)s back.",
                    number=answer.patient_control_number,
                ),
                "payer_number": self.env._(
                    "The payer's number %(number)s is known from an earlier answer.",
                    number=answer.payer_claim_number,
                ),
                "services": self.env._(
                    "The only claim of this payer with the same member, charge and days."
                ),
                "reversal": self.env._("The claim of the answer that this one takes back."),
                "picked": self.env._("A person picked it; the history says who."),
            }
            answer.claim_reason = " ".join(
                filter(None, (reasons.get(answer.match_method), answer.match_note))
            )

    def _get_ranked_candidates(self):
        """Claims that the answer could mean, each with what speaks for it, best first.

        :return: list of ``(claim, reasons)``, of claims that the user may see
        """
        self.ensure_one()
        answer = self.sudo()
        claims = self.env["hc.claim"]
        common = Domain(
            [
                ("company_id", "=", answer.company_id.id),
                ("payer_id", "=", answer.payer_id.id),
                ("state", "not in", (*_UNSENT, "void")),
            ]
        )
        found = claims.browse(answer._get_candidates(_CANDIDATE_LIMIT).ids)._filtered_access("read")
        for domain in self._get_candidate_domains(answer):
            found |= claims.search(common & domain, limit=_CANDIDATE_LIMIT, order="id desc")
        ranked = [(claim, answer._get_candidate_reasons(claim.sudo())) for claim in found]
        ranked.sort(key=lambda each: (-len(each[1]), -each[0].id))
        return ranked[:_CANDIDATE_LIMIT]

    @api.model
    def _get_candidate_domains(self, answer):
        """What a claim may have in common with an answer, most telling first."""
        if answer.patient_control_number:
            yield Domain("name", "=ilike", answer.patient_control_number.strip())
        if answer.payer_claim_number:
            yield Domain("payer_claim_number", "=", answer.payer_claim_number)
        if answer.patient_member_id:
            yield Domain("coverage_id.member_id", "=ilike", answer.patient_member_id)
        if answer.service_date_from:
            days = Domain("line_ids.service_date", ">=", answer.service_date_from)
            days &= Domain(
                "line_ids.service_date", "<=", answer.service_date_to or answer.service_date_from
            )
            yield days & Domain("amount_charged", "=", abs(answer.amount_charged))

    def _get_candidate_reasons(self, claim):
        """What speaks for a claim, in words."""
        days = {line.service_date for line in claim.line_ids}
        last = self.service_date_to or self.service_date_from
        member = (self.patient_member_id or "").upper()
        return [
            text
            for text, holds in (
                (
                    self.env._("same number"),
                    claim.name.upper() == (self.patient_control_number or "").strip().upper(),
                ),
                (
                    self.env._("payer's number"),
                    self.payer_claim_number and claim.payer_claim_number == self.payer_claim_number,
                ),
                (
                    self.env._("same member"),
                    member and (claim.coverage_id.member_id or "").upper() == member,
                ),
                (
                    self.env._("same charge"),
                    not self.currency_id.compare_amounts(
                        claim.amount_charged, abs(self.amount_charged)
                    ),
                ),
                (
                    self.env._("same days"),
                    self.service_date_from
                    and any(self.service_date_from <= day <= last for day in days),
                ),
                (
                    self.env._("same procedures"),
                    self.service_ids
                    and {line.code for line in claim.line_ids}
                    == {service.submitted_code or service.code for service in self.service_ids},
                ),
            )
            if holds
        ]

    def action_open_pick_claim(self):
        """Show the claims that the answer could mean."""
        self.ensure_one()
        # A row's button needs a row that is stored.
        wizard = self.env["hc.remittance.pick.wizard"].create({"answer_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pick the Claim"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_unmatch(self):
        """Take a claim away that was picked or found wrongly, before anything is posted."""
        self.check_access("write")
        answers = self.sudo()
        answers._lock_for_transition(["state", "claim_id"])
        for answer in answers:
            if answer.state != "matched":
                raise UserError(
                    self.env._(
                        "Only an answer that is matched and not posted is taken from its claim."
                    )
                )
        for answer in answers:
            claim = answer.claim_id
            answer.service_ids._write_guarded({"claim_line_id": False, "match_method": False})
            answer._write_guarded({"claim_id": False, "match_method": False, "match_note": False})
            answer._transition("unmatched", facts={"claim": claim.id})

    def action_put_aside(self):
        """Put answers aside that carry no money and are not ours, or need nothing posted."""
        self.check_access("write")
        answers = self.sudo()
        answers._lock_for_transition(["state", "claim_id"])
        for answer in answers:
            if not answer.can_put_aside:
                raise UserError(
                    self.env._(
                        "%(answer)s is not put aside: only answers that wait and pay nothing are. "
                        "Money always goes to a claim.",
                        answer=answer.display_name,
                    )
                )
        answers._transition("no_posting", facts={"by": "person"})
        answers._resolve_waiting_item()

    def action_open_claim(self):
        """Open the claim that is answered."""
        self.ensure_one()
        return self._open_record(self.claim_id)

    def action_open_case(self):
        """Open the case that the claim bills."""
        self.ensure_one()
        return self._open_record(self.case_id)

    def action_open_entry(self):
        """Open the entry that posted the answer."""
        self.ensure_one()
        return self._open_record(self.move_id)

    def action_open_remittance(self):
        """Open the remittance that the answer came in."""
        self.ensure_one()
        return self._open_record(self.remittance_id)

    def action_open_patient_invoice(self):
        """Open the invoice of the patient's share."""
        self.ensure_one()
        return self._open_record(self.transfer_invoice_id)

    def _open_record(self, record):
        if not record:
            raise UserError(self.env._("There is nothing to open."))
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }


class HcRemittanceService(models.Model):
    _inherit = "hc.remittance.service"

    procedure = fields.Char(
        "Procedure Answered", compute="_compute_procedure", help="Code and modifiers, as answered."
    )
    claim_line_code = fields.Char(related="claim_line_id.code", string="Our Procedure")
    claim_line_charged = fields.Monetary(
        related="claim_line_id.amount_charged", string="We Charged"
    )
    charge_difference = fields.Monetary(
        "Charge Differs", compute="_compute_charge_difference", help="As sent less our charge."
    )
    adjustment_summary = fields.Char("Adjusted", compute="_compute_adjustment_summary")

    @api.depends("code", "modifiers", "submitted_code")
    def _compute_procedure(self):
        for service in self:
            answered = " ".join(filter(None, (service.code, service.modifiers)))
            service.procedure = (
                self.env._(
                    "%(answered)s for %(asked)s", answered=answered, asked=service.submitted_code
                )
                if service.submitted_code and service.submitted_code != service.code
                else answered
            )

    @api.depends("amount_charged", "claim_line_id.amount_charged")
    def _compute_charge_difference(self):
        for service in self:
            ours = service.claim_line_id.amount_charged
            service.charge_difference = (
                abs(service.amount_charged) - ours if service.claim_line_id else 0.0
            )

    @api.depends("adjustment_ids.amount")
    def _compute_adjustment_summary(self):
        for service in self:
            service.adjustment_summary = ", ".join(
                f"{row.group_code}-{row.reason_code} {row.currency_id.format(row.amount)}"
                for row in service.adjustment_ids
            )
