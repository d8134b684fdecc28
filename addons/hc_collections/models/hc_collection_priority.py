# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core.facts import FactSpec, fact_register
from odoo.addons.hc_revenue_base.hc_core.operators import OPERATORS
from odoo.addons.hc_revenue_base.hc_core.rules import Condition
from odoo.addons.hc_revenue_base.hc_core.scorer import Factor, ScoreCard, ScoreError

from ..hc_dunning_core.behaviour import BilledItem, behaviour
from ..hc_dunning_core.priority import (
    PRIORITY_FACTS,
    PRIORITY_MAXIMUM,
    PRIORITY_MINIMUM,
    priority_facts,
)
from .hc_billing_dispute import OPEN_STATES
from .hc_payment_promise import BROKEN_STATES


class HcCollectionPriorityFactor(models.Model):
    """One thing that makes an account more pressing: a fact, its points and its reason."""

    _name = "hc.collection.priority.factor"
    _description = "Priority Factor"
    _inherit = ["hc.config.controlled.mixin", "mail.thread"]
    _order = "fact, sequence, id"
    _config_fields = ("fact", "operator", "value", "points", "reason", "active")

    name = fields.Char("Code", required=True)
    sequence = fields.Integer(default=10)
    fact = fields.Selection([(name, label) for name, _type, label in PRIORITY_FACTS], required=True)
    operator = fields.Selection([(name, name) for name in sorted(OPERATORS)], required=True)
    value = fields.Char()
    points = fields.Integer(required=True)
    reason = fields.Char(required=True, help="What collectors read; {fact} stands for its value.")
    active = fields.Boolean(default=True)

    _name_unique = models.UniqueIndex("(name) WHERE active", "This factor exists already.")

    @api.constrains("fact", "operator", "value", "active")
    def _check_condition(self):
        for factor in self:
            try:
                factor._compile()
            except ScoreError as error:
                raise ValidationError(str(error)) from error

    def _compile(self):
        """The card of these factors."""
        return ScoreCard.compile(
            [
                Factor(
                    factor.name,
                    Condition(factor.fact, factor.operator, factor.value or ""),
                    factor.points,
                    factor.reason,
                )
                for factor in self
            ],
            fact_register([FactSpec(*fact) for fact in PRIORITY_FACTS]),
            minimum=PRIORITY_MINIMUM,
            maximum=PRIORITY_MAXIMUM,
        )


class HcCollectionAccount(models.Model):
    """How pressing an account is, by the points of the factors, with the reasons."""

    _inherit = "hc.collection.account"

    priority_score = fields.Integer("Priority", readonly=True, index=True, aggregator="avg")
    priority_reasons = fields.Text("Why", readonly=True)
    priority_on = fields.Date("Priority As Of", readonly=True)

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "priority_score",
            "priority_reasons",
            "priority_on",
        }

    @api.model
    def _cron_score_priority(self):
        """Score the accounts that owe something."""
        self._run_at_offices(
            lambda accounts: [("amount_open", ">", 0)], "_score_priority", batch_size=500
        )

    def _score_priority(self):
        """Score by what was known before today; only what has changed is written."""
        card = (
            self.env["hc.collection.priority.factor"]
            .sudo()
            .search([("active", "=", True)])
            ._compile()
        )
        today = fields.Date.context_today(self)
        facts = self._get_priority_facts(today)
        for account in self:
            score = card.score(facts[account.id])
            values = {
                "priority_score": score.total,
                "priority_reasons": "\n".join(
                    f"{reason.points:+d}  {reason.text}" for reason in score.reasons
                ),
                "priority_on": today,
            }
            if any(account[name] != value for name, value in values.items()):
                account.sudo()._write_guarded(values)

    def _get_priority_facts(self, as_of):
        """``{account id: facts}`` of a day, in a few queries for all accounts."""
        items = self._read_billed_items()
        disputed = set(
            self.env["hc.billing.dispute"]
            .sudo()
            .search([("account_id", "in", self.ids), ("state", "in", OPEN_STATES)])
            .account_id.ids
        )
        undeliverable = self._find_undeliverable()
        broken = self._count_broken_promises()
        return {
            account.id: priority_facts(
                behaviour(items[account.id], as_of),
                open_amount=Decimal(f"{account.amount_open:.2f}"),
                is_disputed=account.id in disputed,
                broken_promises=broken.get(account.id, 0),
                is_mail_undeliverable=account.id in undeliverable,
            )
            for account in self
        }

    def _count_broken_promises(self):
        """``{account id: number}`` of promises that were not kept, or in part only."""
        groups = (
            self.env["hc.payment.promise"]
            .sudo()
            ._read_group(
                [("account_id", "in", self.ids), ("state", "in", BROKEN_STATES)],
                ["account_id"],
                ["__count"],
            )
        )
        return {account.id: number for account, number in groups}

    def _find_undeliverable(self):
        contacts = (
            self.env["hc.contact"]
            .sudo()
            .search(
                [
                    ("account_id", "in", self.ids),
                    ("channel", "in", ("letter", "email")),
                    "|",
                    ("outcome", "=", "returned"),
                    ("state", "=", "failed"),
                ]
            )
        )
        return set(contacts.account_id.ids)

    def _read_billed_items(self):
        """What each account was billed, and when that was settled: ``{account id: items}``."""
        self.env["account.move.line"].flush_model()
        self.env["account.partial.reconcile"].flush_model()
        self.env["hc.billing.dispute.line"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT hc_account.id, line.date, coalesce(line.date_maturity, line.date),
                       line.balance,
                       CASE WHEN line.amount_residual = 0 THEN
                            (SELECT max(partial.max_date) FROM account_partial_reconcile partial
                              WHERE partial.debit_move_id = line.id) END,
                       EXISTS (SELECT 1 FROM hc_billing_dispute_line disputed
                                WHERE disputed.case_id = line.hc_case_id
                                  AND disputed.account_id = hc_account.id)
                  FROM hc_collection_account hc_account
                  JOIN account_move_line line
                    ON line.partner_id = hc_account.partner_id
                   AND line.company_id = hc_account.company_id
                   AND line.parent_state = 'posted' AND line.balance > 0
                  JOIN account_account account
                    ON account.id = line.account_id
                   AND account.account_type = 'asset_receivable'
                 WHERE hc_account.id = ANY(%s)
                """,
                list(self.ids),
            )
        )
        items = defaultdict(list)
        for (
            account_id,
            issued_on,
            due_on,
            amount,
            settled_on,
            is_disputed,
        ) in self.env.cr.fetchall():
            items[account_id].append(BilledItem(issued_on, due_on, amount, settled_on, is_disputed))
        return items
