# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.tools import SQL

from .. import lifecycles

DIFFERENCES = ("theirs_only", "ours_only", "amount", "currency", "status")
RECONCILERS = (
    "hc_revenue_base.group_hc_finance_manager",
    "hc_revenue_base.group_hc_manager",
    "hc_revenue_base.group_hc_operations",
    "hc_revenue_base.group_hc_administrator",
)


class HcPaymentReconciliation(models.Model):
    """One day of a payment provider: what it says that it moved, against what is booked here.

    A day is one of the company's time zone. It is read from the provider page by page, each page
    kept before the next is asked for, so that a run goes on where it stopped. A day is reconciled
    anew by a run that takes the place of the older one.
    """

    _name = "hc.payment.reconciliation"
    _description = "Payment Reconciliation"
    _inherit = ["hc.lifecycle.mixin"]
    _order = "day desc, id desc"
    _lifecycles = {"state": lifecycles.PAYMENT_RECONCILIATION}
    _guarded_fields = frozenset(
        {
            *("provider_id", "company_id", "day", "cursor", "attempts", "error"),
            *("next_attempt_at", "finished_at", "theirs_count", "ours_count", "theirs_total"),
            *("ours_total", "difference_count", "pending_count", "other_currency_count"),
        }
    )

    provider_id = fields.Many2one(
        "payment.provider", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    day = fields.Date(required=True, readonly=True, help="By the calendar of the company.")
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="running",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    theirs_count = fields.Integer("Movements There", readonly=True)
    ours_count = fields.Integer("Movements Here", readonly=True)
    theirs_total = fields.Monetary(
        "Total There",
        readonly=True,
        help="Payments less refunds and what the bank took back, in the company's currency.",
    )
    ours_total = fields.Monetary("Total Here", readonly=True)
    total_difference = fields.Monetary(
        "There Less Here", compute="_compute_total_difference", store=True
    )
    difference_count = fields.Integer("Differences", readonly=True)
    pending_count = fields.Integer(
        "Pending", readonly=True, help="Not settled yet; the day is reconciled again."
    )
    other_currency_count = fields.Integer(
        "In Other Currencies",
        readonly=True,
        help="Compared one by one, and in no total.",
    )
    line_ids = fields.One2many("hc.payment.reconciliation.line", "reconciliation_id", readonly=True)
    difference_ids = fields.One2many(
        "hc.payment.reconciliation.line",
        "reconciliation_id",
        domain=[("result", "in", DIFFERENCES)],
        readonly=True,
    )
    cursor = fields.Json(readonly=True, help="How far the provider's lists were read.")
    attempts = fields.Integer("Tries That Failed", readonly=True, aggregator=None)
    error = fields.Char("Why It Failed", readonly=True)
    next_attempt_at = fields.Datetime("Tried Again", readonly=True)
    finished_at = fields.Datetime("Compared", readonly=True)

    _day_once = models.UniqueIndex(
        "(provider_id, day) WHERE state <> 'superseded'", "This day is being reconciled already."
    )

    @api.depends("theirs_total", "ours_total")
    def _compute_total_difference(self):
        for each in self:
            each.total_difference = each.theirs_total - each.ours_total

    @api.depends("provider_id", "day")
    def _compute_display_name(self):
        for each in self:
            each.display_name = f"{each.provider_id.sudo().name} {each.day}"

    @api.model
    def _begin(self, provider, days):
        """Reconcile days of a provider from the beginning; older runs of them are superseded.

        :param provider: ``payment.provider``
        :param days: dates
        :return: the new runs, which the Scheduled Action works off
        """
        runs_sudo, provider_sudo = self.sudo(), provider.sudo()
        older = runs_sudo.search(
            [
                ("provider_id", "=", provider.id),
                ("day", "in", list(days)),
                ("state", "!=", "superseded"),
            ]
        )
        if older:
            older._transition("superseded")
            older.flush_recordset()
        return runs_sudo._create_guarded(
            [
                {"provider_id": provider.id, "company_id": provider_sudo.company_id.id, "day": day}
                for day in days
            ]
        )

    @api.model
    def _check_may_reconcile(self):
        """:raise AccessError: the user is of none of the roles that may ask the provider"""
        if not any(map(self.env.user.has_group, RECONCILERS)):
            raise self.env["hc.refused.attempt"]._refuse(
                self,
                "reconcile",
                self.env._("Finance, managers, operations and administrators reconcile payments."),
                reason="payment_reconciliation",
            )

    def action_reconcile_now(self):
        """Ask the provider about these days again, as soon as the server comes to it."""
        self.check_access("read")
        self._check_may_reconcile()
        begun = self.browse()
        for provider, runs in self.grouped("provider_id").items():
            begun |= self._begin(provider, set(runs.mapped("day"))).sudo(False)
        self._wake()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_integration.hc_payment_reconciliation_action"
        )
        if len(begun) == 1:
            return action | {"res_id": begun.id, "views": [(False, "form")]}
        return action | {"domain": [("id", "in", begun.ids)], "context": {}}

    @api.model
    def _wake(self):
        self.env.ref("hc_integration.ir_cron_reconcile_payments").sudo()._trigger()

    def action_open_lines(self):
        """Open every movement of the day."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_integration.hc_payment_reconciliation_line_action"
        )
        return action | {"domain": [("reconciliation_id", "=", self.id)], "context": {}}

    def _read_sums(self):
        """Counts and totals of both sides, from the lines."""
        query = SQL(
            """SELECT count(*) FILTER (WHERE theirs_status = 'settled'),
                      count(*) FILTER (WHERE ours_status = 'settled'),
                      coalesce(sum(theirs_signed) FILTER (WHERE theirs_status = 'settled'
                               AND theirs_currency_id = %(currency)s), 0),
                      coalesce(sum(ours_signed) FILTER (WHERE ours_status = 'settled'
                               AND ours_currency_id = %(currency)s), 0),
                      count(*) FILTER (WHERE result IN %(differences)s),
                      count(*) FILTER (WHERE result = 'pending'),
                      count(*) FILTER (WHERE coalesce(theirs_currency_id, ours_currency_id)
                                       <> %(currency)s)
                 FROM hc_payment_reconciliation_line WHERE reconciliation_id = %(id)s""",
            currency=self.currency_id.id,
            differences=DIFFERENCES,
            id=self.id,
        )
        self.env["hc.payment.reconciliation.line"].flush_model()
        names = (
            *("theirs_count", "ours_count", "theirs_total", "ours_total"),
            *("difference_count", "pending_count", "other_currency_count"),
        )
        [row] = self.env.execute_query(query)
        return dict(zip(names, row, strict=True))
