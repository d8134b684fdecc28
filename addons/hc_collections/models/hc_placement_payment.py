# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models


class HcPlacementPayment(models.Model):
    """What an agency reports to have collected: the payment report it became, the commission.

    The commission is that of the money that is booked, less what was taken back since, at the rate
    of the day on which it was reported; paying it is the business of vendor bills.
    """

    _name = "hc.placement.payment"
    _description = "Payment Through an Agency"
    _inherit = ["hc.guarded.mixin", "hc.phi.mixin"]
    _phi_patient_path = "placement_id.account_id.patient_id"
    _order = "paid_on desc, id desc"
    _rec_name = "reference"
    _guarded_fields = frozenset(
        {
            "agency_id",
            "placement_id",
            "report_id",
            "exchange_id",
            "reference",
            "paid_on",
            "amount",
            "amount_booked",
            "commission_percent",
            "amount_commission",
        }
    )

    agency_id = fields.Many2one(
        "hc.collection.agency", required=True, readonly=True, index=True, ondelete="restrict"
    )
    placement_id = fields.Many2one(
        "hc.placement",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: the agency named none that we know; a person assigns the payment.",
    )
    report_id = fields.Many2one(
        "hc.payment.report", required=True, readonly=True, index=True, ondelete="restrict"
    )
    report_state = fields.Selection(related="report_id.state", string="Booked?")
    exchange_id = fields.Many2one(
        "hc.exchange", "Reported In", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    company_id = fields.Many2one(related="agency_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    reference = fields.Char(required=True, readonly=True)
    paid_on = fields.Date(required=True, readonly=True)
    amount = fields.Monetary("Reported", readonly=True)
    amount_booked = fields.Monetary(
        "Booked",
        compute="_compute_amount_booked",
        store=True,
        help="What came in by this payment, less what was refunded or charged back.",
    )
    commission_percent = fields.Float("Rate (%)", digits=(5, 2), readonly=True, aggregator=None)
    amount_commission = fields.Monetary(
        "Commission", compute="_compute_amount_commission", store=True
    )

    _once = models.UniqueIndex("(agency_id, reference)", "This payment was reported already.")

    @api.depends("report_id.state")
    def _compute_amount_booked(self):
        rows = self.env["hc.payment.report"]._read_group(
            [
                ("source_id", "in", self.report_id.source_id.ids),
                ("reference", "in", self.mapped("reference")),
                ("state", "=", "applied"),
            ],
            ["source_id", "reference", "currency_id"],
            ["amount_moved:sum"],
        )
        moved = {tuple(key): amount for *key, amount in rows}
        for payment in self:
            key = (payment.report_id.source_id, payment.reference, payment.currency_id)
            is_booked = payment.report_id.state == "applied"
            payment.amount_booked = max(0.0, moved.get(key, 0.0)) if is_booked else 0.0

    @api.depends("amount_booked", "commission_percent")
    def _compute_amount_commission(self):
        for payment in self:
            payment.amount_commission = payment.currency_id.round(
                payment.amount_booked * payment.commission_percent / 100
            )

    @api.model
    def _enter(self, agency, placement, report, exchange):
        """Enter a reported payment, once.

        :return: the payment, and whether it is new
        """
        known = self.sudo().search(
            [("agency_id", "=", agency.id), ("reference", "=", report.reference)]
        )
        if known:
            return known, False
        entered = self.sudo()._create_guarded(
            [
                {
                    "agency_id": agency.id,
                    "placement_id": placement.id,
                    "report_id": report.id,
                    "exchange_id": exchange.id,
                    "reference": report.reference,
                    "paid_on": report.happened_on,
                    "amount": report.amount,
                    "commission_percent": agency.commission_percent,
                }
            ]
        )
        return entered, True


class HcPaymentReport(models.Model):
    """What is taken back of an agency's payment takes its commission back too."""

    _inherit = "hc.payment.report"

    def _on_state_applied(self, previous):
        payments = (
            self.env["hc.placement.payment"]
            .sudo()
            .search(
                [
                    ("report_id.source_id", "in", self.source_id.ids),
                    ("reference", "in", self.mapped("reference")),
                ]
            )
        )
        # Other reports of the payment are no field of it: say that its sum has changed.
        payments.modified(["report_id"])
