# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.fields import Command

from odoo.addons.hc_revenue_base.hc_core.timely_filing import filing_deadline

from ..hc_x12 import check_837i, check_837p
from ..lifecycles import UNSENT_STATES

# Claims that stand for nothing any more.
_DEAD_STATES = ("void", "replaced")
LINES_MAX = {"professional": check_837p.LINES_MAX, "institutional": check_837i.LINES_MAX}


class HcBillingCase(models.Model):
    """A case that is invoiced to a payer has a claim to it."""

    _inherit = "hc.billing.case"

    claim_ids = fields.One2many("hc.claim", "case_id", "Claims", readonly=True)

    def _on_invoice_posted(self):
        result = super()._on_invoice_posted()
        self._follow_invoice()
        return result

    def _follow_invoice(self):
        """Claim what was invoiced.

        A claim that was not sent yet is made anew, with the late charge; one that was sent needs
        a replacement, which a person reviews and sends.
        """
        insured = self.filtered(
            lambda case: case.payer_id and case.encounter_id.primary_coverage_id
        )
        # Another invoice of the case, such as one to the patient, claims nothing new.
        insured = insured.filtered(
            lambda case: (
                not (live := case._get_live_claims())
                or not case._get_claim_charges() <= live.line_ids.charge_id
            )
        )
        claims = insured._get_live_claims()
        unsent = claims.filtered(lambda claim: claim.state in UNSENT_STATES)
        unsent._withdraw(self.env._("made anew with a late charge"))
        # A part that was not sent takes the late charge, else the last one is to be replaced.
        sent = (claims - unsent).filtered(lambda claim: not claim.case_id._get_lost_parts())
        sent.filtered(lambda claim: claim._is_last_part)._open_correction_items(
            "late_charge", self.env._("A late charge was invoiced after the claim was sent.")
        )
        (insured - sent.case_id)._create_claims()

    def _get_live_claims(self, payer_order="1"):
        """Claims to the payer of an order that stand, whatever became of them there."""
        return self.claim_ids.filtered(
            lambda claim: claim.payer_order == payer_order and claim.state not in _DEAD_STATES
        )

    def _get_lost_parts(self):
        """Parts of the claim to the primary payer of which no version stands."""
        known = self.claim_ids.filtered(lambda claim: claim.payer_order == "1")
        return set(known.mapped("part")) - set(self._get_live_claims().mapped("part"))

    def _create_claims(self, payer_order="1"):
        """Create the cases' claims to the payer of an order, and run their edits.

        What claims that stand ask for is not asked for again.
        """
        if not self:
            return self.env["hc.claim"]
        vals_list = []
        for company, cases in self.grouped("company_id").items():
            parts = [part for case in cases for part in case._split_charges(payer_order)]
            numbers = self.env["hc.claim"]._next_numbers(company, len(parts))
            vals_list += [
                case._prepare_claim_vals(number, payer_order, part, charges)
                for (case, part, charges), number in zip(parts, numbers, strict=True)
            ]
        claims = self.env["hc.claim"]._create_quietly(vals_list)
        claims._run_edits()
        return claims

    def _split_charges(self, payer_order):
        """``[(case, part, charges)]``: as many claims as the lines of the form take."""
        self.ensure_one()
        live = self._get_live_claims(payer_order)
        charges = self._get_claim_charges() - live.line_ids.charge_id
        if live and not charges:
            return []
        first, size = max(live.mapped("part"), default=0) + 1, self._get_lines_max()
        starts = range(0, len(charges), size) if charges else [0]
        return [
            (self, part, charges[start : start + size]) for part, start in enumerate(starts, first)
        ]

    def _get_lines_max(self):
        """Service lines of one claim in the format of the case."""
        return LINES_MAX["institutional" if self.encounter_id.type_of_bill else "professional"]

    def _prepare_claim_vals(self, number, payer_order="1", part=1, charges=None):
        """Values of an original claim; a module adds to ``super()``.

        :param str number: the claim's own number
        :param str payer_order: whose coverage of the encounter answers
        :param int part: of the claims that the case is asked for in
        :param charges: what the part asks for; None: all that is invoiced
        """
        self.ensure_one()
        encounter = self.encounter_id
        coverage = (
            encounter.primary_coverage_id if payer_order == "1" else encounter.secondary_coverage_id
        )
        charges = self._get_claim_charges() if charges is None else charges
        versions = self.claim_ids.filtered(
            lambda claim: claim.payer_order == payer_order and claim.part == part
        )
        return {
            "name": number,
            "case_id": self.id,
            "coverage_id": coverage.id,
            "payer_id": coverage.payer_id.id,
            "payer_order": payer_order,
            "claim_type": "institutional" if encounter.type_of_bill else "professional",
            "part": part,
            "version": max(versions.mapped("version"), default=0) + 1,
            "frequency": "1",
            "amount_charged": sum(charges.mapped("amount")),
            "filing_deadline": filing_deadline(
                charges.mapped("service_date"), coverage.payer_id.timely_filing_days
            ),
            "line_ids": [
                Command.create(charge._prepare_claim_line_vals(number, sequence))
                for sequence, charge in enumerate(charges, 1)
            ],
        }

    def _get_claim_charges(self):
        """What the claim asks to be paid: everything that is invoiced, in order of service."""
        return self.charge_ids.filtered(lambda charge: charge.state == "billed")

    def _on_stage_cancelled(self, previous):
        result = super()._on_stage_cancelled(previous)
        claims = self.sudo().claim_ids.filtered(lambda claim: claim.state not in _DEAD_STATES)
        unsent = claims.filtered(lambda claim: claim.state in UNSENT_STATES)
        unsent._withdraw(self.env._("case cancelled"))
        (claims - unsent)._open_correction_items(
            "case_cancelled",
            self.env._("The case was cancelled after the claim was sent: send a void claim."),
        )
        return result


class HcCharge(models.Model):
    _inherit = "hc.charge"

    def _prepare_claim_line_vals(self, number, sequence):
        """Values of the claim line of one charge; a module adds to ``super()``.

        :param str number: number of the claim
        :param int sequence: place of the line in the claim, from 1
        """
        self.ensure_one()
        return {
            "sequence": sequence,
            "charge_id": self.id,
            "code": self.code_id.code,
            "modifiers": ":".join(self.modifier_ids.mapped("code")) or False,
            "revenue_code": self.revenue_code_id.code,
            "service_date": self.service_date,
            "units": self.units,
            "amount_charged": self.amount,
            "control_number": f"{number}-{sequence}",
        }


class HcClaim(models.Model):
    _inherit = "hc.claim"
    _guarded_line_models = ("hc.claim.line",)

    def _create_quietly(self, vals_list):
        """Create claims; the log is their audit trail, so chatter says nothing of it."""
        quiet = self.sudo().with_context(
            tracking_disable=True, mail_create_nosubscribe=True, mail_create_nolog=True
        )
        return quiet._create_guarded(vals_list).with_env(self.sudo().env)

    def _get_creation_facts(self):
        facts = {"case": self.case_id.id, "payer_order": self.payer_order, "version": self.version}
        if self.part > 1:
            facts["part"] = self.part
        if self.origin_claim_id:
            facts["origin"] = self.origin_claim_id.id
        return facts

    @api.depends("case_id.claim_ids.state", "payer_order")
    def _compute_part_count(self):
        for claim in self:
            live = claim.case_id._get_live_claims(claim.payer_order) | claim
            claim.part_count = len(set(live.mapped("part")))

    def _is_same_part(self, other):
        """Whether both ask the same payer for the same part of a case, as versions do."""
        names = ("case_id", "payer_order", "part")
        return all(self[name] == other[name] for name in names)

    @property
    def _is_last_part(self):
        live = self.case_id._get_live_claims(self.payer_order)
        return self.part >= max(live.mapped("part"), default=1)

    def _get_part_charges(self):
        """What a new version asks for: its own charges, the last part also what no other has."""
        self.ensure_one()
        charges = self.case_id._get_claim_charges()
        others = self.case_id._get_live_claims(self.payer_order).filtered(
            lambda claim: claim.part != self.part
        )
        if others and not self._is_last_part:
            return charges & self.line_ids.charge_id
        return charges - others.line_ids.charge_id

    def _withdraw(self, reason):
        """Give up claims that were not sent."""
        self._transition("void", reason=reason)

    def _on_state_void(self, previous):
        self._resolve_work_items("superseded")

    def _open_correction_items(self, key, description):
        """Ask a person to correct claims that were sent; nothing is sent again by itself."""
        self.env["hc.work.item"]._open(
            [
                claim._prepare_work_item_vals(
                    "claim_correction",
                    self.env._("%(claim)s is to be corrected", claim=claim.name),
                    description,
                    key=key,
                )
                for claim in self
            ]
        )
