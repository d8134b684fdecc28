# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Claims to a later payer: they carry what the earlier ones decided (coordination of benefits)."""

from datetime import date
from decimal import Decimal

from odoo import api, fields, models

from odoo.addons.hc_revenue_base.hc_core.timely_filing import filing_deadline
from odoo.addons.hc_revenue_base.models.hc_patient import CLINICAL_GROUP, PHI_GROUP

from ..hc_x12.claim import Adjudication, Adjustment, LineAdjudication


class HcClaim(models.Model):
    _inherit = "hc.claim"

    # Per earlier payer what it decided, amounts as text; see _prepare_prior_adjudication.
    prior_adjudications = fields.Json(
        readonly=True, copy=False, groups=f"{PHI_GROUP},{CLINICAL_GROUP}"
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"prior_adjudications"}

    def _create_secondary_claim(self, adjudication, is_forwarded=None):
        """Claim from the secondary payer what the primary left open; once per case.

        A claim that the primary payer sends on itself is on record as submitted: its answer
        comes to us all the same.

        :param dict adjudication: what the payer of this claim decided: ``paid``, ``paid_on``
            (date), and optionally ``claim_number``, ``remarks`` (codes), ``adjustments`` on claim
            level as ``[(group, reason, amount)]`` and ``lines`` as
            ``{claim line id: {"paid": amount, "adjustments": […]}}``; amounts are exact numbers
            (Decimal or text)
        :param bool is_forwarded: whether the primary payer has sent it on (crossover); None: as
            the payer is set up
        :return: the claim; empty where there is no secondary coverage or the claim exists; a part
            of a case has a part of its own at the next payer
        """
        self.ensure_one()
        case = self.case_id
        if not case.encounter_id.secondary_coverage_id:
            return self.browse()
        if is_forwarded is None:
            is_forwarded = self.payer_id.sends_crossover
        if self._get_secondary_claims():
            return self.browse()
        [number] = self._next_numbers(self.company_id, 1)
        vals = self._prepare_secondary_claim_vals(number, adjudication)
        claim = self._create_quietly([vals])
        if is_forwarded:
            claim._mark_forwarded(self)
        else:
            claim._run_edits()
        return claim

    def _get_secondary_claims(self):
        """The claim of this one's part of the case to the secondary payer that stands."""
        live = self.case_id._get_live_claims("2")
        return live.filtered(lambda claim: claim.part in self.mapped("part"))[:1]

    def _mark_forwarded(self, origin):
        """Note that the primary payer has sent the claim on: nothing is sent by us."""
        reason = self.env._("the primary payer sends its claim on to the secondary payer")
        for state in ("ready", "submitted"):
            self._transition(state, reason=reason, facts={"crossover_of": origin.id})
        self._write_guarded({"submitted_on": fields.Date.context_today(self)})

    def _prepare_secondary_claim_vals(self, number, adjudication):
        """Values of the claim to the secondary payer; a module adds to ``super()``."""
        vals = self.case_id._prepare_claim_vals(number, "2", self.part, self._get_part_charges())
        decided_on = adjudication.get("paid_on")
        payer = self.env["hc.payer"].browse(vals["payer_id"])
        return vals | {
            "claim_type": self.claim_type,
            "prior_adjudications": [
                *(self.prior_adjudications or []),
                self._prepare_prior_adjudication(adjudication),
            ],
            # A later payer's clock starts when the earlier one has decided.
            "filing_deadline": filing_deadline([decided_on], payer.timely_filing_days)
            if decided_on
            else vals["filing_deadline"],
        }

    def _prepare_prior_adjudication(self, adjudication):
        """What this claim's payer decided, as it is stored on the next payer's claim."""
        decided_on = adjudication.get("paid_on")
        lines = adjudication.get("lines") or {}
        return {
            "payer_order": self.payer_order,
            "payer_identifier": self.payer_id.payer_identifier or "",
            "paid": str(adjudication["paid"]),
            "paid_on": fields.Date.to_string(decided_on) if decided_on else "",
            "claim_number": adjudication.get("claim_number") or self.payer_claim_number or "",
            "remarks": list(adjudication.get("remarks") or ()),
            "adjustments": _plain_adjustments(adjudication.get("adjustments")),
            "lines": {
                str(line.charge_id.id): {
                    "paid": str(lines[line.id]["paid"]),
                    "adjustments": _plain_adjustments(lines[line.id].get("adjustments")),
                }
                for line in self.line_ids
                if line.id in lines
            },
        }

    def _read_prior_adjudication(self, plain):
        """A stored decision as a claim carries it; None where there is none."""
        if plain is None:
            return None
        on_lines = bool(plain["lines"])
        return Adjudication(
            paid=Decimal(plain["paid"]),
            paid_on=None if on_lines or not plain["paid_on"] else _day(plain["paid_on"]),
            adjustments=_read_adjustments(plain["adjustments"]),
            remarks=tuple(plain["remarks"][:5]),
            claim_number=plain["claim_number"],
        )

    def _read_line_adjudications(self, line):
        """What earlier payers decided on a line of this claim."""
        charge_id = str(line.charge_id.id)
        return tuple(
            LineAdjudication(
                payer_id=plain["payer_identifier"],
                paid=Decimal(plain["lines"][charge_id]["paid"]),
                paid_on=_day(plain["paid_on"]),
                adjustments=_read_adjustments(plain["lines"][charge_id]["adjustments"]),
            )
            for plain in self.prior_adjudications or ()
            if charge_id in plain["lines"] and plain["paid_on"]
        )


def _plain_adjustments(adjustments):
    return [[group, reason, str(amount)] for group, reason, amount in adjustments or ()]


def _read_adjustments(plain):
    return tuple(Adjustment(group, reason, Decimal(amount)) for group, reason, amount in plain)


def _day(text):
    return date.fromisoformat(text)
