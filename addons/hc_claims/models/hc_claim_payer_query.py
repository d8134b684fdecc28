# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The draft of a question to the payer about a claim that it has. Nothing is sent from here."""

from odoo import fields, models

from odoo.addons.hc_revenue_base.hc_core.review import ReviewField
from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP

# States in which the payer has the claim and its answer is open.
_ASKED_STATES = ("submitted", "received", "accepted", "pending", "information_requested")


class HcClaim(models.Model):
    _inherit = "hc.claim"

    payer_query = fields.Text(
        "Question to the Payer",
        copy=False,
        groups=PHI_GROUP,
        help="Words for a letter, a portal or a call. Nothing is sent from here.",
    )

    def _review_fields(self):
        proposals = super()._review_fields()
        may_read = self.env.su or self.env.user.has_group(PHI_GROUP)
        # Policies are made of what a record that is none yet declares.
        if may_read and (not self.id or self.state in _ASKED_STATES):
            label = self._fields["payer_query"]._description_string(self.env)
            proposals = {**proposals, "payer_query": ReviewField("text", label, task="draft")}
        return proposals

    def _review_draft(self, field_name):
        if field_name != "payer_query":
            return super()._review_draft(field_name)
        if self.state not in _ASKED_STATES:
            return ""
        return "\n".join([*self._get_query_references(), "", *self._get_query_questions()])

    def _get_query_references(self):
        """What the payer finds the claim by."""
        lines = [
            self.env._(
                "Our claim %(name)s of %(day)s over %(amount)s",
                name=self.name,
                day=fields.Date.to_string(self.submitted_on) if self.submitted_on else "–",
                amount=self.currency_id.format(self.amount_charged),
            )
        ]
        number = self.payer_claim_number or self.letter_claim_number
        if number:
            lines.append(self.env._("Your claim number: %(number)s", number=number))
        if self.letter_reference:
            lines.append(self.env._("Your reference: %(number)s", number=self.letter_reference))
        return lines

    def _get_query_questions(self):
        """What is asked, by what the payer said last; nothing about why, and no promise."""
        if self.state == "information_requested":
            return [
                self.env._("You asked for information about this claim."),
                self.env._(
                    "Which documents do you need, for which services, by when, and where should "
                    "we send them?"
                ),
            ]
        if self.state == "submitted":
            return [
                self.env._("We have no acknowledgement of this claim."),
                self.env._("Did you receive it, on which day, and under which number?"),
            ]
        return [
            self.env._("We have no decision on this claim."),
            self.env._("What does it wait for, and when will you decide?"),
        ]
