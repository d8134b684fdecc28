# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError

from odoo.addons.hc_revenue_base.hc_core import csv_safe

from ..lifecycles import PAYMENT_REPORT

_AMOUNT_MAX = 10**9

EVENTS = [
    ("confirmed", "Confirmed"),
    ("failed", "Failed"),
    ("refunded", "Refunded"),
    ("charged_back", "Charged Back"),
    ("reversal_undone", "Charge-Back Won"),
]

_SIGNS = {"confirmed": 1, "refunded": -1, "charged_back": -1, "reversal_undone": 1}


class HcPaymentReport(models.Model):
    """What another system says became of a payment: one row per event, booked once.

    Reports may come twice, late and in any order. A refund of a payment that was not confirmed
    yet waits for it; what belongs to no account goes to a person at once.
    """

    _name = "hc.payment.report"
    _description = "Payment Report"
    _inherit = ["hc.lifecycle.mixin", "hc.batch.mixin", "hc.phi.mixin", "mail.thread"]
    _phi_patient_path = "account_id.patient_id"
    _order = "id desc"
    _rec_name = "reference"
    _check_company_auto = True
    _lifecycles = {"state": PAYMENT_REPORT}
    _content_fields = (
        "source_id",
        "event",
        "reference",
        "event_reference",
        "amount",
        "currency_id",
        "happened_on",
        "account_number",
        "case_numbers",
    )
    _guarded_fields = frozenset(
        {
            *_content_fields,
            "company_id",
            "account_id",
            "payment_id",
            "note",
            "user_id",
        }
    )

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
    source_id = fields.Many2one(
        "hc.payment.source", required=True, readonly=True, ondelete="restrict"
    )
    event = fields.Selection(EVENTS, required=True, readonly=True, index=True)
    reference = fields.Char(
        "Provider Reference", required=True, readonly=True, help="Of the payment, at its provider."
    )
    event_reference = fields.Char(
        readonly=True, help="Of the event, where a payment may have several: each refund."
    )
    amount = fields.Monetary(readonly=True)
    amount_moved = fields.Monetary(
        "Moved",
        compute="_compute_amount_moved",
        store=True,
        help="What came in; below zero: what was taken back. A failure moves nothing.",
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    happened_on = fields.Date("On", required=True, readonly=True)
    account_number = fields.Char("Account Given", readonly=True)
    case_numbers = fields.Char("Cases Given", readonly=True)
    note = fields.Char("What It Says", readonly=True)
    account_id = fields.Many2one(
        "hc.collection.account",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    patient_id = fields.Many2one(related="account_id.patient_id", string="Guarantor")
    payment_id = fields.Many2one(
        "account.payment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="account.group_account_readonly",
    )
    user_id = fields.Many2one(
        "res.users", "Reported By", required=True, readonly=True, default=lambda self: self.env.uid
    )

    _once = models.UniqueIndex(
        "(company_id, source_id, event, reference, coalesce(event_reference, ''))",
        "This was reported already.",
    )
    _amount_not_negative = models.Constraint(
        "CHECK (amount >= 0)", "Amounts are reported without a sign."
    )

    @api.depends("amount", "event")
    def _compute_amount_moved(self):
        for report in self:
            report.amount_moved = _SIGNS.get(report.event, 0) * report.amount

    @api.depends("reference", "event")
    def _compute_display_name(self):
        events = dict(self._fields["event"]._description_selection(self.env))
        for report in self:
            report.display_name = f"{report.reference} · {events.get(report.event, '')}"

    @api.model
    def _take(self, source_code, event, reference, amount, currency, happened_on, **values):
        """Take a report in and book it, once; the one way in.

        :param str source_code: code of the source, in the user's company
        :param str event: of ``EVENTS``
        :param str reference: what the provider calls the payment
        :param float amount: without sign; 0 where an attempt failed
        :param str currency: ISO code
        :param date happened_on: when it happened
        :param values: ``event_reference``, ``account_number``, ``case_numbers`` (list), ``note``
        :return: ``(report, whether it is new)``
        :raise UserError: the source or currency is unknown, the day is to come, or the same event
            was reported with other content
        """
        vals = self._prepare_report_vals(
            source_code, event, reference, amount, currency, happened_on, values
        )
        known = self.sudo().search(
            [
                (name, "=", vals[name] or False)
                for name in ("company_id", "source_id", "event", "reference", "event_reference")
            ]
        )
        if known:
            known._check_same(vals)
            if known.state == "received":
                known.lock_for_update(allow_referencing=True)
                known._apply()
            return known.sudo(self.env.su), False
        try:
            with self.env.cr.savepoint(flush=False):
                report = self.sudo()._create_guarded([vals])
        except psycopg2.errors.UniqueViolation as error:
            raise ConcurrencyError("another transaction took the same report") from error
        report._apply()
        return report.sudo(self.env.su), True

    @api.model
    def _prepare_report_vals(
        self, source_code, event, reference, amount, currency, happened_on, values
    ):
        company = self.env.company
        source = (
            self.env["hc.payment.source"]
            .sudo()
            .search([("company_id", "=", company.id), ("code", "=", source_code)])
        )
        if not source:
            raise UserError(
                self.env._("%(company)s has no payment source of this code.", company=company.name)
            )
        money = self.env["res.currency"].search([("name", "=", currency)])
        if not money:
            raise UserError(self.env._("The currency is not in use here."))
        if event != "failed" and money.compare_amounts(amount, 0) <= 0:
            raise UserError(self.env._("Report an amount above zero."))
        if not 0 <= amount <= _AMOUNT_MAX or abs(amount - money.round(amount)) > 1e-9:
            raise UserError(
                self.env._("Report an amount without sign, with the decimals of the currency.")
            )
        if any(map(csv_safe.is_dangerous, (reference, values.get("note") or ""))):
            raise UserError(self.env._("What was reported begins like a formula."))
        # Where the event happened it may be tomorrow already.
        if happened_on > fields.Date.context_today(self) + timedelta(days=1):
            raise UserError(self.env._("The day of the event is still to come."))
        return {
            "company_id": company.id,
            "source_id": source.id,
            "event": event,
            "reference": reference,
            "event_reference": values.get("event_reference") or False,
            "amount": amount,
            "currency_id": money.id,
            "happened_on": happened_on,
            "account_number": values.get("account_number") or False,
            "case_numbers": ", ".join(values.get("case_numbers") or ()) or False,
            "note": values.get("note") or False,
            "user_id": self.env.uid,
        }

    def _check_same(self, vals):
        self.ensure_one()
        for name in self._content_fields:
            value = self[name].id if self._fields[name].type == "many2one" else self[name]
            if name == "amount":
                differs = self.currency_id.compare_amounts(value, vals[name])
            else:
                differs = (value or False) != (vals[name] or False)
            if differs:
                raise UserError(
                    self.env._(
                        "%(report)s was reported before with another %(field)s. The first report "
                        "stands; ask the source which one is right.",
                        report=self.display_name,
                        field=self._fields[name].string,
                    )
                )
