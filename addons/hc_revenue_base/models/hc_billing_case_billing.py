# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from .hc_batch_mixin import CONCURRENCY_ERRORS


class HcBillingCase(models.Model):
    """From ready to invoiced to closed: the case's side of the general ledger."""

    _inherit = "hc.billing.case"

    balance_ids = fields.One2many("hc.balance", "case_id", "Open Balances")
    amount_open = fields.Monetary("Open", compute="_compute_amount_open")
    invoice_count = fields.Integer(compute="_compute_invoice_count")

    def _compute_amount_open(self):
        open_by_case = dict(
            self.env["hc.balance"]._read_group(
                [("case_id", "in", self.ids)], ["case_id"], ["amount_open:sum"]
            )
        )
        for case in self:
            case.amount_open = open_by_case.get(case, 0.0)

    def _compute_invoice_count(self):
        for case in self:
            case.invoice_count = len(case.sudo().invoice_ids)

    def action_create_invoice(self):
        """Bill cases that are ready, without waiting for the automation."""
        self.check_access("write")
        self._check_in_stages(("ready",), self.env._("is not ready to bill"))
        self.sudo()._bill(raise_errors=True)

    def _bill(self, raise_errors=False):
        """Invoice ready cases, as one batch; where that fails, one by one.

        A case that cannot be invoiced stays ready and gets a work item, unless ``raise_errors``.
        """
        try:
            with self.env.cr.savepoint():
                # Opening a savepoint runs what was queued for the end of the transaction, which
                # may have billed some of the cases.
                self.filtered(lambda case: case.stage == "ready")._create_invoices()
        except UserError as error:
            if raise_errors or isinstance(error, CONCURRENCY_ERRORS):
                raise
            if len(self) > 1:
                for case in self:
                    case._bill()
            else:
                self._open_billing_failed(str(error))

    def _create_invoices(self):
        """Create the invoices of unbilled charges and post those whose facility says so."""
        to_invoice = self.filtered(lambda case: not case._get_draft_invoices())
        # The case's log is the audit trail: chatter of machine-made invoices would only be noise.
        invoices = (
            self.env["account.move"]
            .with_context(
                tracking_disable=True, mail_create_nosubscribe=True, mail_create_nolog=True
            )
            ._create_guarded(to_invoice._prepare_invoices_vals())
        )
        straight_through = invoices.filtered(
            lambda move: move.hc_facility_id.billing_policy == "straight_through"
        )
        straight_through._post(soft=False)

    def _get_draft_invoices(self):
        return self.invoice_ids.filtered(
            lambda move: move.state == "draft" and move.move_type == "out_invoice"
        )

    def _prepare_invoices_vals(self):
        """Values of the invoices of all cases; a journal is looked up once per facility."""
        journals = {facility: facility._get_sale_journal() for facility in self.facility_id}
        return [case._prepare_invoice_vals(journals[case.facility_id]) for case in self]

    def _prepare_invoice_vals(self, journal):
        """Values of the invoice to the party that answers first.

        Revenue goes to the account of the journal. Left open, accounting would count for every
        line which account the payer's earlier lines had most often: slower with every invoice.
        """
        self.ensure_one()
        charges = self.charge_ids.filtered(lambda charge: charge.state == "pending")
        if not charges:
            raise UserError(self.env._("%(case)s has no charge to bill.", case=self.name))
        partner, term = self._get_invoice_party()
        vals = {
            "move_type": "out_invoice",
            "company_id": self.company_id.id,
            "partner_id": partner.id,
            "currency_id": self.currency_id.id,
            "invoice_date": fields.Date.context_today(self),
            "invoice_origin": self.name,
            "ref": self.encounter_id.number,
            "hc_case_id": self.id,
            "hc_responsibility": "payer_1" if self.payer_id else "patient",
            "invoice_line_ids": [
                Command.create(charge._prepare_invoice_line_vals(journal)) for charge in charges
            ],
        }
        if journal:
            vals["journal_id"] = journal.id
        if term:
            vals["invoice_payment_term_id"] = term.id
        return vals

    def _get_invoice_party(self):
        """Who answers first, as ``(partner, payment term)``: the payer, else the guarantor."""
        self.ensure_one()
        if self.payer_id:
            return self.payer_id.partner_id, self.payer_id.payment_term_id
        guarantor = self.patient_id.guarantor_id or self.patient_id
        return guarantor.partner_id, self.facility_id.self_pay_payment_term_id

    def _on_invoice_posted(self):
        """Follow the ledger: charges are billed, the case is invoiced."""
        self._check_in_stages(("ready", "invoiced"), self.env._("is not ready to bill"))
        self.charge_ids.filtered(lambda charge: charge.state == "pending")._transition("billed")
        ready = self.filtered(lambda case: case.stage == "ready")
        ready._transition(
            "invoiced",
            facts={"by_id": {case.id: {"invoice": case.invoice_ids.ids[:1]} for case in ready}},
        )
        self._close_if_settled()

    def _close_if_settled(self):
        """Close cases that are invoiced and owe nothing; a reopened one waits for its people."""
        candidates = self.filtered(lambda case: case.stage == "invoiced")._filter_settled()
        candidates._transition("closed", reason=self.env._("balance is zero"))

    def _is_settled(self):
        """Whether nothing of the case is open."""
        self.ensure_one()
        return bool(self._filter_settled())

    def _filter_settled(self):
        """Cases whose charges are billed and of which nothing is open; siblings narrow it."""
        billed = self.filtered(
            lambda case: (
                not (
                    case.charge_ids.filtered(lambda charge: charge.state == "pending")
                    or case._get_draft_invoices()
                )
            )
        )
        amounts = billed._get_amounts_open()
        return billed.filtered(lambda case: case.currency_id.is_zero(amounts.get(case.id, 0.0)))

    def _get_amounts_open(self):
        """Open receivable straight from the journal items, as ``{case id: amount}``."""
        rows = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                [
                    ("hc_case_id", "in", self.ids),
                    ("account_type", "=", "asset_receivable"),
                    ("parent_state", "=", "posted"),
                ],
                ["hc_case_id"],
                ["amount_residual:sum"],
            )
        )
        return {case.id: amount for case, amount in rows}

    def _guard_stage_closed(self):
        billable = self.filtered(lambda case: case.stage != "not_billable")
        return {
            case.id: [self.env._("its balance is not zero")]
            for case in billable - billable._filter_settled()
        }

    def _cron_close_settled(self):
        """Scheduled Action: close what was settled by other ways than reconciliation."""
        self._run_in_batches(Domain("stage", "=", "invoiced"), "_close_if_settled")

    def action_open_invoices(self):
        """Open the invoices and credit notes of the case."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        action.update(
            domain=[("hc_case_id", "=", self.id)],
            context={"create": False},
            views=[(False, "list"), (False, "form")],
        )
        if len(self.invoice_ids) == 1:
            action.update(res_id=self.invoice_ids.id, views=[(False, "form")])
        return action

    def action_open_work_items(self):
        """Open the work items of the case."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_revenue_base.hc_work_item_action"
        )
        action.update(domain=[("case_id", "=", self.id)], context={})
        return action

    def action_open_balances(self):
        """Open the balances of the case."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("hc_revenue_base.hc_balance_action")
        action.update(domain=[("case_id", "=", self.id)], context={})
        return action


class HcCharge(models.Model):
    _inherit = "hc.charge"

    def _prepare_invoice_line_vals(self, journal):
        """Values of the invoice line of one charge; no tax: health services are exempt."""
        self.ensure_one()
        account = (
            self.department_id.revenue_account_id
            or self.facility_id.revenue_account_id
            or journal.default_account_id
        )
        vals = {
            "name": self.name,
            "quantity": self.units,
            "price_unit": self.unit_price,
            "tax_ids": [Command.clear()],
            "hc_charge_id": self.id,
        }
        if account:
            vals["account_id"] = account.id
        return vals
