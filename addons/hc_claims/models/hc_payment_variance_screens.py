# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Where payers, claims, remittances and cases lead to their variances."""

from odoo import fields, models


class HcVarianceSubjectMixin(models.AbstractModel):
    """A record that variances belong to: how many, and the way to them."""

    _name = "hc.variance.subject.mixin"
    _description = "Subject of Payment Variances"
    # The field of a variance that names the record.
    _variance_field = ""

    variance_count = fields.Integer("Payment Variances", compute="_compute_variance_count")

    def _compute_variance_count(self):
        counts = dict(
            self.env["hc.payment.variance"]._read_group(
                [(self._variance_field, "in", self.ids)], [self._variance_field], ["__count"]
            )
        )
        for record in self:
            record.variance_count = counts.get(record._origin, 0)

    def action_open_variances(self):
        """Open the payment variances of the record."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_claims.hc_payment_variance_action"
        )
        return action | {"domain": [(self._variance_field, "=", self.id)], "context": {}}


class HcPayer(models.Model):
    _name = "hc.payer"
    _inherit = ["hc.payer", "hc.variance.subject.mixin"]
    _variance_field = "payer_id"

    contract_ids = fields.One2many("hc.payer.contract", "payer_id", "Contracts")
    contract_count = fields.Integer(compute="_compute_contract_count")

    def _compute_contract_count(self):
        counts = dict(
            self.env["hc.payer.contract"]._read_group(
                [("payer_id", "in", self.ids), ("state", "in", ("draft", "published"))],
                ["payer_id"],
                ["__count"],
            )
        )
        for payer in self:
            payer.contract_count = counts.get(payer._origin, 0)

    def action_open_contracts(self):
        """Open the contracts with the payer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("hc_claims.hc_payer_contract_action")
        return action | {
            "domain": [("payer_id", "=", self.id)],
            "context": {"default_payer_id": self.id},
        }


class HcClaim(models.Model):
    _name = "hc.claim"
    _inherit = ["hc.claim", "hc.variance.subject.mixin"]
    _variance_field = "claim_id"


class HcRemittance(models.Model):
    _name = "hc.remittance"
    _inherit = ["hc.remittance", "hc.variance.subject.mixin"]
    _variance_field = "remittance_id"


class HcRemittanceClaim(models.Model):
    _name = "hc.remittance.claim"
    _inherit = ["hc.remittance.claim", "hc.variance.subject.mixin"]
    _variance_field = "answer_id"


class HcBillingCase(models.Model):
    _name = "hc.billing.case"
    _inherit = ["hc.billing.case", "hc.variance.subject.mixin"]
    _variance_field = "case_id"


class HcPayerContract(models.Model):
    _name = "hc.payer.contract"
    _inherit = ["hc.payer.contract", "hc.variance.subject.mixin"]
    _variance_field = "contract_id"

    def action_open_simulation(self):
        """Ask what the contract would pay for a service."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What Would the Contract Pay?"),
            "res_model": "hc.contract.simulation",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_contract_id": self.id},
        }


class HcPaymentVariance(models.Model):
    _inherit = "hc.payment.variance"

    def action_open_answer(self):
        """Open the payer's answer."""
        self.ensure_one()
        return self.answer_id._get_records_action()

    def action_open_claim(self):
        """Open the claim."""
        self.ensure_one()
        return self.claim_id._get_records_action()

    def action_open_contract(self):
        """Open the contract that was compared with."""
        self.ensure_one()
        return self.contract_id._get_records_action()

    def action_open_acceptance(self):
        """Open the controlled action that accepts the underpayment."""
        self.ensure_one()
        return self.action_id._get_records_action()


class HcWorkItem(models.Model):
    _inherit = "hc.work.item"

    kind = fields.Selection(
        selection_add=[("payment_variance", "Payment Variance")],
        ondelete={"payment_variance": "set default"},
    )

    def action_open_source(self):
        """Open the record that the item is about; a variance rather than its case."""
        self.ensure_one()
        if self.kind == "payment_variance":
            return self.env[self.res_model].browse(self.res_id)._get_records_action()
        return super().action_open_source()
