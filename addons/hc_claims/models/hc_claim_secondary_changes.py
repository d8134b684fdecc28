# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""When the primary payer decides again, the claim to the secondary payer follows.

One that was not sent is made anew. One that was sent carries what is no longer so: a person looks
and sends a replacement, which takes up what the primary says by then, or voids it.
"""

from decimal import Decimal

from odoo import models

from ..lifecycles import UNSENT_STATES

_CHANGED, _REVERSED = "primary_changed", "primary_reversed"


class HcClaim(models.Model):
    _inherit = "hc.claim"

    def _create_secondary_claim(self, adjudication, is_forwarded=None):
        """Claim from the secondary payer, or bring the claim to it up to what was decided now."""
        created = super()._create_secondary_claim(adjudication, is_forwarded)
        if created:
            return created
        existing = self._get_secondary_claims()
        if not existing:
            return created
        now = self._prepare_prior_adjudication(adjudication)
        changes = existing._get_primary_changes(now)
        if not changes:
            existing._resolve_correction_items(_CHANGED, _REVERSED)
            return created
        if existing.state in UNSENT_STATES:
            existing._withdraw(
                self.env._("the primary payer decided again: %(changes)s", changes=changes)
            )
            return super()._create_secondary_claim(adjudication, is_forwarded)
        existing._resolve_correction_items(_REVERSED)
        is_forwarded = self.payer_id.sends_crossover if is_forwarded is None else is_forwarded
        if not is_forwarded:
            existing._open_correction_items(
                _CHANGED,
                self.env._(
                    "The primary payer decided again: %(changes)s. Look at it and send a "
                    "replacement: it carries the new decision.",
                    changes=changes,
                ),
            )
        return created

    def _get_primary_changes(self, now):
        """What differs between the decision that this claim carries and another, in words.

        :param dict now: a decision as :meth:`_prepare_prior_adjudication` stores it
        """
        carried = next(
            (
                plain
                for plain in self.sudo().prior_adjudications or ()
                if plain["payer_order"] == now["payer_order"]
            ),
            None,
        )
        if carried is None:
            return self.env._("it carries no decision of the primary payer")
        changes = []
        if Decimal(carried["paid"]) != Decimal(now["paid"]):
            changes.append(
                self.env._("paid %(before)s, now %(now)s", before=carried["paid"], now=now["paid"])
            )
        before, after = _sum_adjustments(carried), _sum_adjustments(now)
        changes += [
            self.env._(
                "%(code)s %(before)s, now %(now)s",
                code="-".join(code),
                before=before.get(code, 0),
                now=after.get(code, 0),
            )
            for code in sorted(before.keys() | after.keys())
            if before.get(code, 0) != after.get(code, 0)
        ]
        if not changes and _strip(carried) != _strip(now):
            changes.append(self.env._("the lines are decided otherwise"))
        return "; ".join(changes)

    def _follow_reversal(self):
        """The primary payer takes its decision back, and gives none: the secondary has no base."""
        for claim in self.filtered(lambda claim: claim.payer_order == "1"):
            if claim.answer_ids._get_standing():
                continue
            secondary = claim._get_secondary_claims()
            if secondary.state in UNSENT_STATES:
                secondary._withdraw(self.env._("the primary payer took its decision back"))
            elif secondary:
                secondary._open_correction_items(
                    _REVERSED,
                    self.env._(
                        "The primary payer took its decision back. Wait for its correction; where "
                        "none comes, void this claim with the secondary payer."
                    ),
                )

    def _resolve_correction_items(self, *keys):
        """The reasons to correct these claims are gone."""
        dedup_keys = [f"claim_correction:{claim.id}:{key}" for claim in self for key in keys]
        self.env["hc.work.item"].sudo().search(
            [("dedup_key", "in", dedup_keys), ("state", "in", ("open", "in_progress"))]
        )._resolve("superseded")

    def _prepare_correction_vals(self, correction, number, note):
        """A replacement to the secondary payer carries what the primary says now."""
        vals = super()._prepare_correction_vals(correction, number, note)
        primary = self.case_id._get_live_claims().filtered(lambda claim: claim.part == self.part)[
            :1
        ]
        answer = primary.answer_ids._get_standing().sorted("id")[-1:]
        if self.payer_order == "1" or correction == "void" or not answer:
            return vals
        now = primary._prepare_prior_adjudication(answer._get_adjudication())
        others = [
            plain
            for plain in self.prior_adjudications or ()
            if plain["payer_order"] != primary.payer_order
        ]
        return vals | {"prior_adjudications": [now, *others]}


def _sum_adjustments(plain):
    """``{(group, reason): amount}`` of a decision, of the claim and its lines together."""
    totals = {}
    rows = [plain, *plain["lines"].values()]
    for row in rows:
        for group, reason, amount in row["adjustments"]:
            totals[group, reason] = totals.get((group, reason), 0) + Decimal(amount)
    return {code: amount for code, amount in totals.items() if amount}


def _strip(plain):
    """A decision without its date and number, which alone change nothing."""
    return {key: plain[key] for key in ("paid", "adjustments", "lines")}


class HcRemittanceClaim(models.Model):
    """A decision that is taken back, by the payer or by us, takes the next claim with it."""

    _inherit = "hc.remittance.claim"

    def _post_reversal(self):
        result = super()._post_reversal()
        if self.state == "posted":
            self.claim_id._follow_reversal()
        return result

    def _undo(self):
        result = super()._undo()
        self.claim_id._follow_reversal()
        return result
