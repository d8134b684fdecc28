# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Comparing payments with contracts, behind the posting and in sets."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import float_repr

from ..hc_claim_core import adjudication, contract, variance
from .hc_contract_pricing import schedule_prices, to_steps
from .hc_payment_variance import UNSETTLED_STATES

_ANSWERS_PER_BATCH = 200
_COUNTED = (variance.UNDERPAID, variance.OVERPAID)


class HcRemittanceClaim(models.Model):
    """An answer is compared with its contract once, after it was posted."""

    _name = "hc.remittance.claim"
    _inherit = ["hc.remittance.claim", "hc.batch.mixin"]

    # Empty: not compared yet. Answers of payers without a contract stay so, at no cost.
    contract_checked_at = fields.Datetime("Compared", readonly=True, copy=False)
    amount_expected = fields.Monetary(
        "Expected by Contract", readonly=True, copy=False, help="Of the services that were priced."
    )
    amount_underpaid = fields.Monetary("Underpaid", readonly=True, copy=False)
    variance_ids = fields.One2many("hc.payment.variance", "answer_id", readonly=True)

    _unchecked_index = models.Index(
        "(claim_id) WHERE state = 'posted' AND contract_checked_at IS NULL"
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "contract_checked_at",
            "amount_expected",
            "amount_underpaid",
        }

    @api.model
    def _trigger_contract_check(self):
        self.env.ref("hc_claims.ir_cron_check_contracts").sudo()._trigger()

    @api.model
    def _cron_check_contracts(self):
        """Scheduled Action: compare posted answers of payers that have a contract."""
        payers = self.env["hc.payer.contract"].search([("state", "=", "published")]).payer_id
        # What a contract found that is not in force any more is looked at again, too.
        payers |= (
            self.env["hc.payment.variance"]
            .search([("state", "in", UNSETTLED_STATES), ("contract_id.state", "!=", "published")])
            .payer_id
        )
        self._run_in_batches(
            [
                ("state", "=", "posted"),
                ("contract_checked_at", "=", False),
                ("claim_id.payer_id", "in", payers.ids),
            ],
            "_check_contracts",
            batch_size=_ANSWERS_PER_BATCH,
        )

    def _check_contracts(self):
        """Compare answers with their contracts, and let their variances follow."""
        self.fetch(["claim_id", "status_code", "amount_charged", "amount_paid", "currency_id"])
        results = self._compare_with_contracts()
        self._write_guarded(
            {
                "contract_checked_at": self.env.cr.now().replace(microsecond=0),
                "amount_expected": 0.0,
                "amount_underpaid": 0.0,
            }
        )
        for answer, result in results.items():
            answer._write_guarded(
                {
                    "amount_expected": result["amount_expected"],
                    "amount_underpaid": result["amount_underpaid"],
                }
            )
        self.env["hc.payment.variance"]._follow(self, results)

    def _compare_with_contracts(self):
        """Each answer that a contract is about, with all its services.

        A later payer is compared where its claim carries what the earlier ones decided.

        :return: ``{answer: values of a variance with "lines"}``
        """
        answers = self.filtered(
            lambda answer: (
                answer.status_code in adjudication.ADJUDICATION_CODES
                and (answer.claim_id.payer_order == "1" or answer._get_prior_adjudications())
            )
        )
        contracts = self.env["hc.payer.contract"]._find_for(answers.claim_id)
        answers = answers.filtered(lambda answer: answer.claim_id.id in contracts)
        services = {answer: answer._get_priced_services() for answer in answers}
        used = self.env["hc.payer.contract"].union(*contracts.values())
        prices = used._load_prices({row["code"] for rows in services.values() for row in rows})
        values = {each: each._to_core() for each in used}
        return {
            answer: answer._compare(contracts[answer.claim_id.id], values, prices, rows)
            for answer, rows in services.items()
        }

    def _get_priced_services(self):
        """The services of the answer as they were charged, with what the payer did to each.

        Where the payer adjusts the claim as a whole, or answers no service, the services are those
        of the claim, and only their sum is compared.
        """
        self.ensure_one()
        if self._is_compared_as_whole():
            return [self._describe_service(line) for line in self.claim_id.line_ids]
        return [
            self._describe_service(line, part)
            for line, services in self.service_ids.grouped("claim_line_id").items()
            # What the payer splits is priced once, as it was claimed.
            for part in ([services] if line else services)
        ]

    def _is_compared_as_whole(self):
        return not self.service_ids or any(
            not row.service_id
            and row.treatment not in (adjudication.PATIENT, adjudication.PRIOR_PAYER)
            for row in self.adjustment_ids
        )

    def _describe_service(self, line, services=None):
        """One service: by the claim's line, where the answer names only a part by the answer.

        :param services: the answer's services to the line; none: the line was not answered
        """
        is_part = services and (not line or services.mapped("match_method") == ["split"])
        source = services if is_part else line
        decimal = self._to_decimal
        return {
            "code": (source.code or "").upper(),
            "modifiers": tuple(filter(None, (source.modifiers or "").upper().split(":"))),
            "revenue_code": source.revenue_code or line.revenue_code or "",
            "units": Decimal(float_repr(source.units, 3)).normalize(),
            "day": source.service_date or line.service_date or self.service_date_from or None,
            "facility_type": line._get_facility_type(),
            "charge_id": str(line.charge_id.id),
            "charge": decimal(sum((services or line).mapped("amount_charged"))),
            "paid": decimal(sum(services.mapped("amount_paid"))) if services else Decimal(0),
            "allowed": self._read_allowed(services or ()),
            "is_answered": bool(services),
        }

    def _read_allowed(self, services):
        return variance.sum_allowed(
            [
                self._read_allowed_of(
                    service.amount_charged, service.adjustment_ids, service.amount_allowed
                )
                for service in services
            ]
        )

    def _read_allowed_of(self, charged, adjustments, stated=0.0):
        """What the payer allowed of a charge, by its adjustments."""
        return variance.read_allowed(
            self._to_decimal(charged), self._to_adjustments(adjustments), self._to_decimal(stated)
        )

    def _to_adjustments(self, rows):
        return tuple(
            adjudication.Adjustment(
                row.group_code, row.reason_code, self._to_decimal(row.amount), row.treatment or ""
            )
            for row in rows
        )

    def _compare(self, record, values, prices, rows):
        """Values of the variance that the answer would be.

        :param record: the contract
        :param values: contracts as values of the pure package
        :param prices: of fee schedules
        :param rows: the services
        """
        expected = contract.price_services(
            values[record],
            [
                contract.Service(
                    charge=row["charge"],
                    code=row["code"],
                    modifiers=row["modifiers"],
                    revenue_code=row["revenue_code"],
                    facility_type=row["facility_type"],
                    units=row["units"],
                    day=row["day"],
                    schedule_prices=schedule_prices(
                        prices, row["code"], row["modifiers"], row["day"]
                    ),
                )
                for row in rows
            ],
        )
        tolerance = variance.Tolerance(
            self._to_decimal(record.tolerance_amount),
            Decimal(float_repr(record.tolerance_percent, 2)),
        )
        if rows and not rows[0]["is_answered"]:
            lines = [self._compare_whole(expected, tolerance)]
        else:
            lines = [
                self._compare_service(row, price, tolerance)
                for row, price in zip(rows, expected, strict=True)
            ]
        return self._sum_lines(record, lines)

    def _compare_service(self, row, price, tolerance):
        price, allowed, result = self._judge(price, row["allowed"], tolerance, row)
        return {
            "term_id": price.term.number if price.term else False,
            "code": row["code"],
            "modifiers": ":".join(row["modifiers"]) or False,
            "units": float(row["units"]),
            "service_date": row["day"],
            "amount_charged": float(row["charge"]),
            "amount_expected": float(price.amount or 0),
            "amount_allowed": float(allowed.amount or 0),
            "amount_paid": float(row["paid"]),
            "amount_difference": float(result.difference),
            "verdict": result.verdict,
            "allowed_source": allowed.source,
            "steps": to_steps(price),
        }

    def _compare_whole(self, prices, tolerance):
        """The claim as one line: the sum of what its services are worth."""
        steps = tuple(step for price in prices for step in price.steps)
        price = contract.Price(contract.sum_expected(prices), None, steps)
        allowed = self._read_allowed_of(self.amount_charged, self.adjustment_ids)
        price, allowed, result = self._judge(price, allowed, tolerance)
        return {
            "term_id": False,
            "code": self.env._("%s services", len(prices)),
            "units": 1.0,
            "service_date": self.claim_id.service_date_from,
            "amount_charged": self.amount_charged,
            "amount_expected": float(price.amount or 0),
            "amount_allowed": float(allowed.amount or 0),
            "amount_paid": self.amount_paid,
            "amount_difference": float(result.difference),
            "verdict": result.verdict,
            "allowed_source": allowed.source,
            "steps": to_steps(price),
        }

    def _judge(self, price, allowed, tolerance, row=None):
        """``(price, allowed, comparison)``; what comes before this payer is counted elsewhere.

        :param row: the service; None: the claim as a whole
        """
        return price, allowed, variance.compare(price.amount, allowed, tolerance)

    def _sum_lines(self, record, lines):
        totals = defaultdict(float)
        for line in lines:
            totals[line["verdict"]] += abs(line["amount_difference"])
            if line["verdict"] in (*_COUNTED, variance.WITHIN):
                for name in ("amount_expected", "amount_allowed", "amount_paid"):
                    totals[name] += line[name]
        round_ = self.currency_id.round
        under, over = (round_(totals[verdict]) for verdict in _COUNTED)
        return {
            "contract_id": record.id,
            "kind": variance.UNDERPAID if under >= over else variance.OVERPAID,
            "amount": max(under, over),
            "amount_underpaid": under,
            "amount_overpaid": over,
            "amount_expected": round_(totals["amount_expected"]),
            "amount_allowed": round_(totals["amount_allowed"]),
            "amount_paid": round_(totals["amount_paid"]),
            "lines": lines,
        }

    def _move(self, target, field_name, reason, facts, on_behalf_of):
        posted = self.filtered(lambda answer: answer.state == "posted")
        result = super()._move(target, field_name, reason, facts, on_behalf_of)
        if target == "posted":
            # Posted again behind an earlier answer, or restored: it is compared again.
            again = self.filtered("contract_checked_at")
            if again:
                again._write_guarded({"contract_checked_at": False})
        else:
            posted._close_variances()
        return result

    def _close_variances(self):
        """What was paid is taken back: there is nothing left that could differ."""
        checked = self.filtered("contract_checked_at")
        if checked:
            checked.sudo().variance_ids._close("reversed")


class HcClaimLine(models.Model):
    _inherit = "hc.claim.line"

    def _get_facility_type(self):
        """CLM05-1 as it holds for the line; empty where the line is unknown."""
        if not self:
            return ""
        if self.claim_id.claim_type == "institutional":
            return (self.claim_id.sudo().case_id.encounter_id.type_of_bill or "").lstrip("0")[:2]
        return self.charge_id.sudo().place_of_service_id.code or ""


class HcRemittance(models.Model):
    _inherit = "hc.remittance"

    def _finish_posting(self):
        result = super()._finish_posting()
        if self.state == "posted" and self.payer_id.sudo()._has_contract():
            self.env["hc.remittance.claim"]._trigger_contract_check()
        return result


class HcPayer(models.Model):
    _inherit = "hc.payer"

    def _has_contract(self):
        return bool(
            self.env["hc.payer.contract"].search_count(
                [("payer_id", "in", self.ids), ("state", "=", "published")], limit=1
            )
        )
