# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..hc_dunning_core import assistance as core
from ..hc_dunning_core.errors import DunningError
from .hc_assistance_application import POSTED_STATES


class HcAssistanceApplication(models.Model):
    """What an application is worth, case by case.

    The decision works from the first statement on: what was paid before counts as paid of the
    patient's share, so that who paid more than is left gets the rest back.
    """

    _inherit = "hc.assistance.application"

    def _score(self):
        """Score, and say what that does to each case of the application period.

        Cases of which something is forgiven or refunded already, or about to be, stay as they are:
        what went back must not be worked out, and paid, a second time.
        """
        self.ensure_one()
        policy = self.env["hc.assistance.policy"]._get_in_force(self.company_id, self.applied_on)
        posted = self.line_ids.filtered(
            lambda line: {line.action_id.state, line.refund_action_id.state} & set(POSTED_STATES)
        )
        results = {
            case: self._score_case(policy, case)
            for case in self._get_cases(policy)
            if case not in posted.case_id
        }
        told = next(iter(results.values()), None) or self._score_amounts(policy, 0.0, 0.0)
        values = {
            "policy_id": policy.id,
            "income_percent": float(told.income_percent),
            "discount_percent": told.discount_percent,
            "needs_review": told.needs_review or policy.needs_review,
            "steps": self._tell(results, told),
            "line_ids": [
                *[Command.delete(line.id) for line in self.line_ids - posted],
                *[
                    Command.create(self._prepare_case_vals(policy, case, result))
                    for case, result in results.items()
                ],
            ],
        }
        with self._permit_creation():
            self._write_guarded(values)

    def _tell(self, results, told):
        """The steps in words; those that are common to all cases once."""
        common, lines = told.steps[:3], list(told.steps[:3])
        for case, result in results.items():
            own = [step for step in result.steps if step not in common]
            if not case.first_statement_on:
                own.append(
                    self.env._(
                        "No first statement is on record: the application period counts as open."
                    )
                )
            lines.append(f"{case.name}: {' '.join(own)}")
        return "\n".join(lines)

    def _get_cases(self, policy):
        """Cases of the account within the application period, in the order of their balance.

        Where no first statement is on record the period has not begun: the case is within it.
        """
        items = self.env["account.move.line"].search(
            Domain("partner_id", "=", self.account_id.partner_id.id)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("account_type", "=", "asset_receivable")
            & Domain("parent_state", "=", "posted")
            & Domain("hc_responsibility", "=", "patient")
            & Domain("hc_case_id", "!=", False)
            & Domain("date", "<=", fields.Date.context_today(self)),
            order="date, id",
        )
        return items.hc_case_id.filtered(
            lambda case: (
                not case.first_statement_on
                or (self.applied_on - case.first_statement_on).days <= policy.window_days
            )
        )

    def _score_case(self, policy, case):
        charges = case.charge_ids.filtered(lambda charge: charge.state == "billed")
        open_amount, paid = self._get_case_amounts(case)
        return self._score_amounts(policy, open_amount + paid, sum(charges.mapped("amount")))

    def _score_amounts(self, policy, balance, charges):
        def exact(amount):
            return Decimal(f"{amount:.2f}")

        try:
            return core.score(
                policy._get_core(),
                self.env["hc.poverty.guideline"]._get_core(),
                core.Application(
                    self.persons,
                    exact(self.income),
                    self.region,
                    self.applied_on,
                    exact(balance),
                    exact(charges),
                ),
            )
        except DunningError as error:
            raise UserError(
                self.env._("%(number)s cannot be scored: %(why)s", number=self.name, why=error)
            ) from error

    def _get_case_amounts(self, case):
        """What the patient still owes of a case, and what they have paid of it."""
        items = case._get_party_items("patient")
        payments = self.env["hc.assistance.case"]._get_payment_partials(items)
        return (
            case._get_adjustable_amount("charity_care", "patient"),
            sum(payments.mapped("amount")),
        )

    def _prepare_case_vals(self, policy, case, result):
        open_amount, paid = self._get_case_amounts(case)
        left = float(result.left) if result.is_eligible else open_amount + paid
        currency = self.currency_id
        refund = currency.round(max(0.0, paid - left))
        if currency.compare_amounts(refund, policy.refund_minimum) < 0:
            refund = 0.0
        return {
            "case_id": case.id,
            "is_period_open": not case.first_statement_on,
            "amount_charged": sum(
                case.charge_ids.filtered(lambda charge: charge.state == "billed").mapped("amount")
            ),
            "amount_owed": currency.round(open_amount + paid),
            "amount_paid": paid,
            "amount_left": left,
            "amount_forgiven": currency.round(open_amount - max(0.0, left - paid)),
            "amount_refund": refund,
        }
