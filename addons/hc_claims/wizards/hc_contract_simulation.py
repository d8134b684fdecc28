# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import float_repr

from odoo.addons.hc_revenue_base.hc_core.money import to_decimal

from ..hc_claim_core import contract as core
from ..models.hc_contract_pricing import schedule_prices, to_steps


class HcContractSimulation(models.TransientModel):
    """What a contract, a draft too, allows for one service, and how that comes about."""

    _name = "hc.contract.simulation"
    _description = "What Would the Contract Pay?"
    _inherit = ["hc.guarded.mixin"]
    _guards_computed_fields = False

    contract_id = fields.Many2one("hc.payer.contract", required=True)
    currency_id = fields.Many2one(related="contract_id.currency_id", store=True)
    service_date = fields.Date("Day of Service", default=fields.Date.context_today, required=True)
    code = fields.Char("Procedure")
    modifiers = fields.Char(help="With colons between them.")
    revenue_code = fields.Char()
    facility_type = fields.Char("Place or Bill Type")
    units = fields.Float(default=1.0, digits=(12, 3))
    amount_charged = fields.Monetary("Charge")
    amount_expected = fields.Monetary("Expected", compute="_compute_expected")
    is_priced = fields.Boolean(compute="_compute_expected")
    explanation = fields.Text("How It Comes About", compute="_compute_expected")

    @api.depends(
        "contract_id",
        "service_date",
        "code",
        "modifiers",
        "revenue_code",
        "facility_type",
        "units",
        "amount_charged",
    )
    def _compute_expected(self):
        for simulation in self:
            contract = simulation.contract_id
            if not contract or not simulation.service_date:
                simulation.amount_expected, simulation.is_priced = 0.0, False
                simulation.explanation = False
                continue
            [price] = core.price_services(contract._to_core(), [simulation._to_service()])
            simulation.amount_expected = float(price.amount or 0)
            simulation.is_priced = price.amount is not None
            simulation.explanation = "\n".join(simulation._explain(price))

    def _to_service(self):
        code = (self.code or "").strip().upper()
        modifiers = tuple(filter(None, (self.modifiers or "").upper().split(":")))
        prices = self.contract_id._load_prices([code])
        return core.Service(
            charge=to_decimal(self.amount_charged, self.currency_id.decimal_places),
            code=code,
            modifiers=modifiers,
            revenue_code=(self.revenue_code or "").strip(),
            facility_type=(self.facility_type or "").strip(),
            units=Decimal(float_repr(self.units, 3)),
            day=self.service_date,
            schedule_prices=schedule_prices(prices, code, modifiers, self.service_date),
        )

    def _explain(self, price):
        contract = self.contract_id
        if not contract._is_effective(self.service_date):
            yield self.env._("The contract is not in force on that day; if it were:")
        if price.term:
            term = self.env["hc.payer.contract.term"].browse(price.term.number)
            yield self.env._("Term: %s", term.display_name)
        for step in to_steps(price):
            yield contract._describe_step(step)
        if price.problem == core.NO_TERM:
            yield self.env._("No term of the contract is about this service: nothing is expected.")
        elif price.problem == core.NO_PRICE:
            yield self.env._("The fee schedule has no price of the code: nothing is expected.")
