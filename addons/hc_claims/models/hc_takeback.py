# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core.money import to_decimal

from ..hc_claim_core.takebacks import ACCOUNT_STATES, Document, sum_account
from ..lifecycles import TAKEBACK

RECOUPMENT = "payer_recoupment"
_COUNTED_STATES = ("posting", "posted")


class HcTakeback(models.Model):
    """The running account with a payer under one reference: what it announces, takes and returns.

    Its documents are the provider adjustments of posted remittances and our own bookings; the
    balance is their sum, whatever came first. A person accepts or disputes what it comes to.
    """

    _name = "hc.takeback"
    _description = "Takeback"
    _inherit = ["hc.lifecycle.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "payer_id, last_on desc, id desc"
    _rec_names_search = ["reference"]
    _check_company_auto = True
    _lifecycles = {"state": TAKEBACK}
    _guarded_fields = frozenset(
        {
            "company_id",
            "payer_id",
            "reference",
            "account_state",
            "amount_announced",
            "amount_recovered",
            "amount_returned",
            "amount_booked",
            "balance",
            "first_on",
            "last_on",
            "claim_id",
            "dispute_note",
            "disputed_on",
            "disputed_balance",
        }
    )

    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="new",
        string="Decision",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    payer_id = fields.Many2one(
        "hc.payer", required=True, readonly=True, index=True, ondelete="restrict"
    )
    reference = fields.Char(readonly=True, help="As the payer sends it; empty: it sends none.")
    account_state = fields.Selection(
        list(ACCOUNT_STATES), "Account", readonly=True, index=True, default="recovered"
    )
    amount_announced = fields.Monetary("Announced", readonly=True, help="Rows below zero.")
    amount_recovered = fields.Monetary("Taken", readonly=True, help="Rows above zero.")
    amount_returned = fields.Monetary(
        "Refund Acknowledged", readonly=True, help="Code 72: the payer has our refund."
    )
    amount_booked = fields.Monetary("Booked by Us", readonly=True)
    balance = fields.Monetary(
        readonly=True,
        help="The sum of the documents. Below zero: the payer will still take it. Above: it took "
        "more than it announced.",
    )
    first_on = fields.Date("First Document", readonly=True)
    last_on = fields.Date("Last Document", readonly=True)
    claim_id = fields.Many2one("hc.claim", "Claim Concerned", readonly=True, check_company=True)
    case_id = fields.Many2one(related="claim_id.case_id")
    adjustment_ids = fields.One2many(
        "hc.provider.adjustment", "takeback_id", "Documents", readonly=True
    )
    reversal_ids = fields.Many2many(
        "hc.remittance.claim",
        string="Reversals of the Claim",
        compute="_compute_reversal_ids",
        help="Answers that take an earlier one back under the same number.",
    )
    is_explained = fields.Boolean(compute="_compute_reversal_ids")
    action_ids = fields.Many2many(
        "hc.controlled.action", string="Controlled Actions", compute="_compute_action_ids"
    )
    dispute_note = fields.Text(readonly=True, copy=False)
    disputed_on = fields.Date(readonly=True, copy=False)
    disputed_balance = fields.Monetary("Disputed", readonly=True, copy=False)

    _reference_unique = models.UniqueIndex(
        "(company_id, payer_id, reference) NULLS NOT DISTINCT",
        "This payer's reference has an account already.",
    )

    @api.depends("payer_id", "reference")
    def _compute_display_name(self):
        for takeback in self:
            takeback.display_name = f"{takeback.payer_id.name} {takeback.reference or '–'}"

    @api.depends("reference", "payer_id", "balance")
    def _compute_reversal_ids(self):
        reversals = self.env["hc.remittance.claim"].search(
            [
                ("status_code", "=", "22"),
                ("payer_id", "in", self.payer_id.ids),
                ("remittance_id.state", "in", _COUNTED_STATES),
                "|",
                ("payer_claim_number", "in", self.mapped("reference")),
                ("patient_control_number", "in", self.mapped("reference")),
            ]
        )
        for takeback in self:
            takeback.reversal_ids = reversals.filtered(
                lambda answer, takeback=takeback: (
                    takeback.reference
                    and answer.payer_id == takeback.payer_id
                    and takeback.reference
                    in (answer.payer_claim_number, answer.patient_control_number)
                )
            )
            takeback.is_explained = bool(
                takeback.reversal_ids
                or takeback.currency_id.compare_amounts(takeback.balance, 0) <= 0
            )

    @api.depends("state")
    def _compute_action_ids(self):
        actions = self.env["hc.controlled.action"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        )
        by_id = actions.grouped("res_id")
        for takeback in self:
            takeback.action_ids = by_id.get(takeback.id, actions.browse())

    def _get_creation_facts(self):
        return {"payer": self.payer_id.id}

    @api.model
    def _open_accounts(self, keys):
        """New accounts for ``(company id, payer id, reference)``, with the claim they may be of.

        :raise ConcurrencyError: another transaction opened one of them meanwhile; try again
        """
        vals_list = [
            {
                "company_id": company,
                "payer_id": payer,
                "reference": reference,
                "claim_id": self._propose_claim(company, payer, reference).id,
            }
            for company, payer, reference in keys
        ]
        try:
            with self.env.cr.savepoint(flush=False):
                quiet = self.with_context(tracking_disable=True)
                return quiet._create_guarded(vals_list).with_env(self.env)
        except psycopg2.errors.UniqueViolation as error:
            if error.diag.table_name != self._table:
                raise
            raise ConcurrencyError("another transaction opened the same account") from error

    def _refresh(self):
        """Sum the documents of each account again, and say what follows from it."""
        if not self:
            return
        self._lock_for_transition(["state", "balance"])
        documents, days = self._get_documents()
        for takeback in self:
            account = sum_account(documents.get(takeback.id, ()))
            first_on, last_on = days.get(takeback.id, (False, False))
            takeback._write_guarded(
                {
                    "account_state": account.state,
                    "amount_announced": float(account.announced),
                    "amount_recovered": float(account.recovered),
                    "amount_returned": float(account.returned),
                    "amount_booked": float(account.booked),
                    "balance": float(account.balance),
                    "first_on": first_on,
                    "last_on": last_on,
                }
            )
        self._follow_balance()

    def _get_documents(self):
        """``({id: [Document]}, {id: (first day, last day)})`` of posted rows and our bookings."""
        self.env["hc.provider.adjustment"].flush_model()
        self.env["hc.remittance"].flush_model(["state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT row.takeback_id, row.reason_code, row.amount, row.payment_date
                  FROM hc_provider_adjustment row
                  JOIN hc_remittance remittance ON remittance.id = row.remittance_id
                 WHERE row.takeback_id IN %(ids)s AND remittance.state IN %(states)s
                """,
                ids=tuple(self.ids),
                states=_COUNTED_STATES,
            )
        )
        documents, days = {}, {}
        for takeback_id, code, amount, day in rows:
            documents.setdefault(takeback_id, []).append(Document(code, to_decimal(amount)))
            if day:
                first, last = days.get(takeback_id, (day, day))
                days[takeback_id] = (min(first, day), max(last, day))
        for takeback in self:
            documents.setdefault(takeback.id, []).extend(
                Document("", to_decimal(line.balance)) for line in takeback._get_booked_items()
            )
        return documents, days

    def _follow_balance(self):
        """Work for what no document explains; none for what is settled."""
        items = self.env["hc.work.item"]
        waiting = self.filtered(lambda takeback: takeback._needs_person())
        decided = waiting.filtered(lambda takeback: takeback.state in ("accepted", "disputed"))
        decided._transition("new", reason=self.env._("its documents changed since"))
        items._open([takeback._prepare_work_item_vals() for takeback in waiting])
        items.sudo().search(
            [
                ("dedup_key", "in", [f"takeback:{each.id}" for each in self - waiting]),
                ("state", "in", ("open", "in_progress")),
            ]
        )._resolve("fixed")

    def _needs_person(self):
        """Money was taken that nothing explains, or our booking came twice with the payer's.

        What is disputed waits for the payer, until it takes or returns more.
        """
        self.ensure_one()
        balance = self.currency_id.compare_amounts(self.balance, 0)
        disputed = self.currency_id.compare_amounts(self.balance, self.disputed_balance) == 0
        if self.state == "disputed" and disputed:
            return False
        return balance > 0 or (balance < 0 and bool(self._get_bookable()))

    def _prepare_work_item_vals(self):
        self.ensure_one()
        return {
            "kind": "takeback",
            "queue_code": "billing",
            "dedup_key": f"takeback:{self.id}",
            "name": self.env._(
                "%(payer)s took %(amount)s: %(reference)s",
                payer=self.payer_id.name,
                amount=self.currency_id.format(self.balance),
                reference=self.reference or "–",
            ),
            "description": self.env._(
                "No reversal of a claim explains it. Find out what it is for, then accept it or "
                "dispute it."
            ),
            "case_id": self.case_id.id,
            "facility_id": self.case_id.facility_id.id,
            "company_id": self.company_id.id,
            "res_model": self._name,
            "res_id": self.id,
        }


class HcProviderAdjustment(models.Model):
    """Adjustments that go to a running account are filed under their payer and reference."""

    _inherit = "hc.provider.adjustment"

    takeback_id = fields.Many2one(
        "hc.takeback", "Takeback Account", readonly=True, copy=False, index="btree_not_null"
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"takeback_id"}

    def _file_under_accounts(self):
        """Put posted rows on the account of their payer and reference, made where it is new.

        :return: the accounts
        """
        takebacks = self.env["hc.takeback"].sudo()
        rows = self.filtered(lambda row: row.ledger_use == RECOUPMENT)
        keys = dict.fromkeys(
            (row.company_id.id, row.payer_id.id, row.reference or False) for row in rows
        )
        found = takebacks.search(
            [
                ("company_id", "in", rows.company_id.ids),
                ("payer_id", "in", rows.payer_id.ids),
                ("reference", "in", [reference for _c, _p, reference in keys]),
            ]
        )
        by_key = {(t.company_id.id, t.payer_id.id, t.reference): t for t in found}
        new = [key for key in keys if key not in by_key]
        by_key.update(zip(new, takebacks._open_accounts(new), strict=True))
        for row in rows:
            account = by_key[row.company_id.id, row.payer_id.id, row.reference or False]
            row._write_guarded({"takeback_id": account.id})
        return rows.takeback_id


class HcRemittance(models.Model):
    """Posting and undoing a remittance moves the accounts with its payer."""

    _inherit = "hc.remittance"

    def _post_payment(self):
        result = super()._post_payment()
        self.provider_adjustment_ids._file_under_accounts()
        return result

    def _finish_posting(self):
        result = super()._finish_posting()
        if self.state == "posted":
            self.provider_adjustment_ids.takeback_id._refresh()
        return result

    def _take_back_payment(self):
        result = super()._take_back_payment()
        self.provider_adjustment_ids.takeback_id._refresh()
        return result
