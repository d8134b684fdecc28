# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hashlib

from odoo import api, fields, models

from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP

ORIGINS = [
    ("ta1", "Interchange (TA1)"),
    ("999", "File (999)"),
    ("277ca", "Claim (277CA)"),
    ("277", "Status (277)"),
]
OUTCOMES = [
    ("transit", "Passed On"),
    ("received", "Only Received"),
    ("accepted", "Accepted"),
    ("rejected", "Rejected"),
    ("pending", "Pending"),
    ("information_requested", "Information Requested"),
    ("final", "Decided"),
    ("other", "Other"),
]
# What a category (STC01-1) means for the claim. A1 says only that something arrived; a rejection
# is not a denial: the payer has not taken the claim in.
_OUTCOME_BY_CATEGORY = {
    "A0": "transit",
    "A1": "received",
    "A2": "accepted",
    "A5": "accepted",
    **dict.fromkeys(("A3", "A4", "A6", "A7", "A8"), "rejected"),
    **dict.fromkeys(("P0", "P1", "P2", "P5"), "pending"),
    **dict.fromkeys(("P3", "P4"), "information_requested"),
}
_OUTCOME_BY_LETTER = {"P": "pending", "R": "information_requested", "F": "final"}


def outcome_of(category):
    """What the category of a status means for the claim: a key of ``OUTCOMES``."""
    known = _OUTCOME_BY_CATEGORY.get(category)
    return known or _OUTCOME_BY_LETTER.get(category[:1], "other")


class HcClaimStatus(models.Model):
    """What a clearinghouse or payer said about a claim or file, once per message."""

    _name = "hc.claim.status"
    _description = "Claim Status"
    _inherit = ["hc.guarded.mixin"]
    _order = "id desc"
    # All of it: what was said stays as it was said.
    _guarded_fields = frozenset(
        {
            "claim_id",
            "batch_id",
            "company_id",
            "facility_id",
            "exchange_id",
            "origin",
            "outcome",
            "category",
            "status_code",
            "entity_code",
            "effective_on",
            "amount",
            "line_number",
            "payer_claim_number",
            "message",
            "received_at",
            "digest",
        }
    )

    claim_id = fields.Many2one("hc.claim", readonly=True, index=True, ondelete="restrict")
    batch_id = fields.Many2one(
        "hc.claim.batch", "File", readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    facility_id = fields.Many2one("hc.facility", readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    exchange_id = fields.Many2one(
        "hc.exchange", "Document", readonly=True, index=True, ondelete="restrict"
    )
    origin = fields.Selection(ORIGINS, "Kind", required=True, readonly=True)
    outcome = fields.Selection(OUTCOMES, required=True, readonly=True, index=True)
    category = fields.Char(readonly=True, help="STC01-1, or the answer of a 999 or TA1.")
    status_code = fields.Char("Status", readonly=True, help="STC01-2, or codes of errors.")
    entity_code = fields.Char("Entity", readonly=True, help="STC01-3: whom the status is about.")
    effective_on = fields.Date("Of", readonly=True, help="The sender's date of the status.")
    amount = fields.Monetary(readonly=True)
    line_number = fields.Char("Service", readonly=True, help="Procedure that the status is about.")
    payer_claim_number = fields.Char("Payer Claim No.", readonly=True)
    message = fields.Char(readonly=True, groups=PHI_GROUP)
    received_at = fields.Datetime("Received", required=True, readonly=True, index=True)
    digest = fields.Char(required=True, readonly=True)

    _digest_unique = models.UniqueIndex("(company_id, digest)", "This status is on record already.")
    _about_something = models.Constraint(
        "CHECK (claim_id IS NOT NULL OR batch_id IS NOT NULL)",
        "A status is about a claim or a file.",
    )

    @api.depends("category", "status_code", "outcome")
    def _compute_display_name(self):
        labels = dict(self._fields["outcome"]._description_selection(self.env))
        for status in self:
            codes = ":".join(filter(None, (status.category, status.status_code)))
            status.display_name = f"{codes} {labels.get(status.outcome, '')}".strip()

    @api.model
    def _note(self, vals_list):
        """Store statuses that are not on record yet.

        :param vals_list: values without ``digest`` and ``received_at``
        :return: the new rows; what was said before is no news, whatever file it comes in
        """
        now = self.env.cr.now().replace(microsecond=0)
        by_key = {}
        for vals in vals_list:
            digest = _digest(vals)
            by_key.setdefault(
                (vals["company_id"], digest), {**vals, "digest": digest, "received_at": now}
            )
        known = self.sudo().search_fetch(
            [("digest", "in", [digest for _company, digest in by_key])], ["company_id", "digest"]
        )
        for status in known:
            by_key.pop((status.company_id.id, status.digest), None)
        return self.sudo()._create_guarded(list(by_key.values()))


# What makes two messages the same; not the file that they came in.
_SAME = (
    "claim_id",
    "batch_id",
    "origin",
    "category",
    "status_code",
    "entity_code",
    "effective_on",
    "amount",
    "line_number",
    "payer_claim_number",
    "message",
)


def _digest(vals):
    text = "\x1f".join(str(vals.get(name) or "") for name in _SAME)
    return hashlib.sha256(text.encode()).hexdigest()
