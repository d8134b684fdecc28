# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

from ..hc_core.operations import OperationDefinition, OperationError
from ..hc_core.schema_parts import AMOUNT, DAY, FLAG, MOMENT, optional, record, rows, text


class HcOperation(models.AbstractModel):
    """Look at a case."""

    _inherit = "hc.operation"

    @api.model
    def _get_operations(self):
        return super()._get_operations() + [self._define_fetch_case()]

    @api.model
    def _define_fetch_case(self):
        finding = record(rule=text(64), category=text(64), is_blocking=FLAG, message=text(2000))
        balance = record(responsibility=optional(text(32)), date_due=DAY, amount_open=AMOUNT)
        invoice = record(
            number=text(64), date=DAY, state=text(32), payment_state=text(32), amount_total=AMOUNT
        )
        return OperationDefinition(
            code="case.fetch",
            version=1,
            summary=self.env._("Where a case stands: stage, findings, balances, invoices."),
            schema_in=record(
                case_number=text(64), encounter_number=text(64), facility_code=text(32)
            ),
            schema_out=record(
                ("number", "stage"),
                number=text(64),
                encounter_number=text(64),
                facility_code=text(32),
                payer_code=optional(text(64)),
                stage=text(32),
                stage_entered_at=MOMENT,
                currency=text(8),
                amount_charged=AMOUNT,
                findings=rows(finding),
                balances=rows(balance),
                invoices=rows(invoice),
            ),
            groups=("hc_revenue_base.group_hc_user",),
            handler="_operation_fetch_case",
            is_write=False,
        )

    @api.model
    def _operation_fetch_case(self, payload):
        if ("case_number" in payload) == ("encounter_number" in payload):
            raise OperationError(
                "payload_invalid", problems="give either case_number or encounter_number"
            )
        if "case_number" in payload:
            domain = [("name", "=", payload["case_number"])]
        else:
            domain = [("encounter_id.number", "=", payload["encounter_number"])]
        if "facility_code" in payload:
            domain.append(("facility_id", "=", self._find_facility(payload["facility_code"]).id))
        return self._describe_case(self._find_case(domain))

    @api.model
    def _describe_case(self, case):
        currency = case.currency_id
        # Who may read the case may know its invoices' numbers and states, without the ledger.
        invoices_sudo = case.sudo().invoice_ids
        return {
            "number": case.name,
            "encounter_number": case.encounter_id.number,
            "facility_code": case.facility_id.code,
            "payer_code": case.payer_id.code or None,
            "stage": case.stage,
            "stage_entered_at": case.stage_entered_at and case.stage_entered_at.isoformat(),
            "currency": currency.name,
            "amount_charged": self._serve_money(case.amount_charged, currency),
            "findings": [
                {
                    "rule": finding.rule_code,
                    "category": finding.category,
                    "is_blocking": finding.is_blocking,
                    "message": finding.message,
                }
                for finding in case.open_finding_ids
            ],
            "balances": [
                {
                    "responsibility": balance.responsibility or None,
                    "date_due": balance.date_due and balance.date_due.isoformat(),
                    "amount_open": self._serve_money(balance.amount_open, currency),
                }
                for balance in self.env["hc.balance"].search([("case_id", "=", case.id)])
            ],
            "invoices": [
                {
                    "number": invoice.name or "/",
                    "date": invoice.invoice_date.isoformat() if invoice.invoice_date else None,
                    "state": invoice.state,
                    "payment_state": invoice.payment_state or "not_paid",
                    "amount_total": self._serve_money(invoice.amount_total_signed, currency),
                }
                for invoice in invoices_sudo.sorted("id")
            ],
        }

    @api.model
    def _find_case(self, domain):
        """The youngest case that the caller may see."""
        case = self.env["hc.billing.case"].search(
            [*domain, ("company_id", "=", self.env.company.id)], order="id desc", limit=1
        )
        if not case:
            raise OperationError("not_found", what="case of this number")
        return case

    @api.model
    def _find_facility(self, code):
        facility = self.env["hc.facility"].search(
            [("code", "=", code), ("company_id", "=", self.env.company.id)]
        )
        if not facility:
            raise OperationError("not_found", what=f"facility {code}")
        return facility
