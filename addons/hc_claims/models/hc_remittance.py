# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models

from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP

from ..lifecycles import REMITTANCE

PAYMENT_METHODS = [
    ("ACH", "Electronic Funds Transfer"),
    ("CHK", "Check"),
    ("FWT", "Wire Transfer"),
    ("BOP", "Financial Institution Option"),
    ("NON", "No Payment"),
]


class HcRemittance(models.Model):
    """One payment advice of a payer (835 transaction): proven, matched, posted.

    The cash entry brings the payment into the books as a whole; the entries of the claims take it
    from the account of remittances to post. What is left there are exactly the claims that wait.
    """

    _name = "hc.remittance"
    _description = "Remittance"
    _inherit = [
        "hc.lifecycle.mixin",
        "hc.batch.mixin",
        "hc.job.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "payment_date desc, id desc"
    _rec_names_search = ["name", "trace_number"]
    _check_company_auto = True
    _lifecycles = {"state": REMITTANCE}
    _guarded_fields = frozenset(
        {
            "name",
            "company_id",
            "exchange_id",
            "transaction_number",
            "payer_id",
            "payer_name",
            "payer_identifier",
            "payee_name",
            "payee_npi",
            "trace_number",
            "originator_identifier",
            "payment_method",
            "handling_code",
            "payment_amount",
            "is_drawn_by_us",
            "payment_date",
            "production_date",
            "content_digest",
            "duplicate_of_id",
            "claim_count",
            "amount_claims",
            "amount_provider_adjustments",
            "amount_difference",
            "currency_code",
            "is_readable",
            "unproven_count",
            "hold_reason",
            "cash_move_id",
            "bank_item_id",
        }
    )

    name = fields.Char("Remittance No.", required=True, readonly=True, copy=False)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="received",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    exchange_id = fields.Many2one("hc.exchange", "File", readonly=True, index=True)
    transaction_number = fields.Integer("Transaction in File", readonly=True)
    payer_id = fields.Many2one("hc.payer", readonly=True, index=True, check_company=True)
    payer_name = fields.Char("Payer as Sent", readonly=True)
    payer_identifier = fields.Char("Payer ID as Sent", readonly=True)
    payee_name = fields.Char(readonly=True)
    payee_npi = fields.Char("Payee NPI", readonly=True)
    trace_number = fields.Char("Check or EFT No.", readonly=True, index=True, help="TRN02")
    originator_identifier = fields.Char("Originator", readonly=True, help="TRN03")
    payment_method = fields.Selection(PAYMENT_METHODS, readonly=True, help="BPR04")
    handling_code = fields.Char(readonly=True, help="BPR01")
    payment_amount = fields.Monetary("Payment", readonly=True, help="BPR02")
    is_drawn_by_us = fields.Boolean(
        "We Draw the Payment",
        readonly=True,
        help="BPR03 = D: the payer lets us debit its account. The money still flows to us; nothing "
        "arrives unless finance draws it.",
    )
    payment_date = fields.Date(readonly=True, index=True, help="BPR16")
    production_date = fields.Date(readonly=True)
    content_digest = fields.Char(readonly=True, help="SHA-256 of the transaction's segments.")
    duplicate_of_id = fields.Many2one("hc.remittance", "Same As", readonly=True)
    claim_count = fields.Integer("Claims", readonly=True)
    amount_claims = fields.Monetary("Paid on Claims", readonly=True)
    amount_provider_adjustments = fields.Monetary(
        "Provider Adjustments", readonly=True, help="Above zero: taken off the payment."
    )
    amount_difference = fields.Monetary(
        "Difference", readonly=True, help="Paid on claims − provider adjustments − payment."
    )
    currency_code = fields.Char("Currency as Sent", readonly=True)
    is_readable = fields.Boolean(
        "All Amounts Readable", readonly=True, help="An amount that cannot be read proves nothing."
    )
    unproven_count = fields.Integer("Claims That Do Not Add Up", readonly=True)
    hold_reason = fields.Text("Why Held", readonly=True)
    claim_ids = fields.One2many("hc.remittance.claim", "remittance_id", "Answers", readonly=True)
    provider_adjustment_ids = fields.One2many(
        "hc.provider.adjustment", "remittance_id", "Provider Adjustment Lines", readonly=True
    )
    cash_move_id = fields.Many2one("account.move", "Cash Entry", readonly=True)
    move_ids = fields.One2many("account.move", "hc_remittance_id", "Entries", readonly=True)
    bank_item_id = fields.Many2one("account.move.line", "Bank Receipt", readonly=True)

    _name_unique = models.UniqueIndex("(company_id, name)", "This number is taken.")
    # The same advice may come in several files; it is worked once (idempotency of 835: TRN03,
    # TRN02, BPR02, BPR16).
    _payment_unique = models.UniqueIndex(
        "(company_id, originator_identifier, trace_number, payment_amount, payment_date)"
        " WHERE state IN ('proven', 'posting', 'posted', 'undoing')",
        "This payment was received already.",
    )
    _transaction_unique = models.UniqueIndex(
        "(exchange_id, transaction_number)", "This transaction was read already."
    )


class HcRemittanceFinding(models.Model):
    """What is wrong or strange in a remittance's file, with its position."""

    _name = "hc.remittance.finding"
    _description = "Remittance Finding"
    _inherit = ["hc.guarded.mixin"]
    _order = "remittance_id, segment_number, id"
    _guarded_fields = frozenset(
        {"remittance_id", "code", "message", "severity", "segment_number", "segment", "claim"}
    )

    remittance_id = fields.Many2one(
        "hc.remittance", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="remittance_id.company_id", store=True, index=True)
    severity = fields.Selection(
        [("error", "Error"), ("warning", "Warning"), ("information", "Information")],
        required=True,
        readonly=True,
    )
    code = fields.Char(required=True, readonly=True)
    message = fields.Char(required=True, readonly=True, groups=PHI_GROUP)
    segment_number = fields.Integer("Segment", readonly=True)
    segment = fields.Char("Element", readonly=True)
    claim = fields.Char(readonly=True)
