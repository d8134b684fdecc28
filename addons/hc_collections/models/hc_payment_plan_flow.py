# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How plans come about, are decided, followed and ended."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from odoo.addons.hc_revenue_base.hc_core.money import to_decimal

from ..hc_dunning_core.errors import DunningError, check_whole
from ..hc_dunning_core.plan_offers import MOST_MONTHS
from ..hc_dunning_core.plan_schedule import Instalment, check_schedule, schedule
from .hc_controlled_action_plan import WITHIN_TIER


class HcPaymentPlan(models.Model):
    _inherit = "hc.payment.plan"

    @api.model
    def _propose(self, account, cases, months, first_due_on, *, request=None, **values):
        """Make a plan for what is open on cases of an account, and ask for its decision.

        Within the tier the party's own choice is enough; outside of it somebody must agree.

        :param account: who owes
        :param cases: whose open items it covers
        :param int months: how many instalments
        :param date first_due_on: when the first one is due
        :param dict request: further values of the controlled action: ``justification``,
            ``evidence``, ``reason_code_id``
        :param values: ``instalments`` (``[(due on, amount)]``, else equal ones), ``pay_by``,
            ``token_id``, ``previous`` (the plan that it replaces), ``reason``
        :return: the plan
        :raise UserError: nothing is open, the parts do not sum, other plans cover the items, or a
            payment is under way
        """
        account.ensure_one()
        account.check_access("write")
        cases.check_access("read")
        account_sudo = account.sudo()
        # Of two plans at once for the same items the second waits, and then is refused.
        account_sudo._lock_for_transition(["amount_open"])
        account_sudo._check_no_pending_payment()
        previous = values.pop("previous", None) or self.browse()
        previous.check_access("write")
        instalments = values.pop("instalments", None)
        items = account_sudo._get_plan_items(cases, previous)
        today = fields.Date.context_today(self)
        if not first_due_on or first_due_on < today:
            raise UserError(self.env._("The first instalment is due today or later."))
        amount = account_sudo.currency_id.round(sum(items.mapped("amount_residual")))
        parts = self._make_schedule(account_sudo, amount, months, first_due_on, instalments)
        plan = self.sudo()._create_guarded(
            [self._prepare_plan_vals(account_sudo, items, amount, parts, previous, values)]
        )
        plan._check_token()
        plan._transition("proposed", reason=values.get("reason"))
        plan.with_user(self.env.user)._request_decision(request or {})
        return plan.sudo(False)

    @api.model
    def _make_schedule(self, account, amount, months, first_due_on, instalments=None):
        """The instalments, checked: they sum to the amount and follow each other.

        :raise UserError: they do not
        """
        places = account.currency_id.decimal_places
        whole = to_decimal(amount, places)
        try:
            if not instalments:
                return schedule(whole, months, first_due_on)
            parts = tuple(
                Instalment(number, due_on, to_decimal(part, places))
                for number, (due_on, part) in enumerate(sorted(instalments), start=1)
            )
            check_whole("instalments", len(parts), 1, MOST_MONTHS)
            check_schedule(parts, whole)
        except DunningError as error:
            raise UserError(
                self.env._("The instalments make no plan: %(why)s", why=str(error))
            ) from None
        return parts

    @api.model
    def _prepare_plan_vals(self, account, items, amount, parts, previous, values):
        today = fields.Date.context_today(self)
        policy = self.env["hc.payment.plan.policy"]._get_in_force(account.company_id, today)
        judged = policy._judge(parts, today)
        return {
            "name": previous.name or self.env["ir.sequence"].next_by_code("hc.payment.plan"),
            "version": previous.version + 1 if previous else 1,
            "previous_id": previous.id,
            "account_id": account.id,
            "item_ids": [Command.set(items.ids)],
            "case_ids": [Command.set(items.hc_case_id.ids)],
            "facility_id": items[:1].hc_case_id.facility_id.id,
            "policy_id": policy.id,
            "is_within_tier": not judged.needs_approval,
            "tier_note": judged.words,
            "amount_total": amount,
            "months": len(parts),
            "first_due_on": parts[0].due_on,
            "user_id": self.env.uid,
            "instalment_ids": [
                Command.create(
                    {"number": part.number, "due_on": part.due_on, "amount": float(part.amount)}
                )
                for part in parts
            ],
            **values,
        }

    def _check_token(self):
        """Refuse a saved payment method that is not this party's, of this company and in use.

        :raise UserError: why not
        """
        for plan in self.sudo().filtered(lambda plan: plan.pay_by == "token"):
            token, account = plan.token_id, plan.account_id
            if not token:
                raise UserError(self.env._("Choose the saved payment method."))
            owner = token.partner_id.commercial_partner_id
            if (
                token.company_id != account.company_id
                or owner != account.partner_id.commercial_partner_id
                or not token.active
                or token.provider_id.state == "disabled"
            ):
                raise UserError(
                    self.env._(
                        "This saved payment method is not one of the party's in %(company)s. "
                        "Choose another or send payment links.",
                        company=account.company_id.name,
                    )
                )

    def _request_decision(self, request):
        """Ask for the decision, as a controlled action on record."""
        self.ensure_one()
        plan = self.sudo()
        action = self.env["hc.controlled.action"]._request(
            "payment_plan",
            self,
            idempotency_key=f"payment_plan:{self.id}",
            amount=plan.amount_total,
            case_id=plan.case_ids[:1].id,
            facility_id=plan.facility_id.id,
            exception_category=WITHIN_TIER if plan.is_within_tier else "outside_tier",
            parameters={"months": plan.months, "first_due_on": str(plan.first_due_on)},
            **request,
        )
        plan._write_guarded({"action_id": action.id})

    def _activate(self, action):
        """Begin the plan that was agreed to; what it replaces ends.

        :raise UserError: the balance has changed since it was proposed, or is about to
        """
        self.ensure_one()
        self.account_id._lock_for_transition(["amount_open"])
        self._lock_for_transition(["state"])
        self.account_id._check_no_pending_payment()
        self.account_id._check_free_items(self.item_ids, self.previous_id | self)
        residual = sum(self.item_ids.mapped("amount_residual"))
        if self.currency_id.compare_amounts(residual, self.amount_total):
            raise UserError(
                self.env._(
                    "%(plan)s was calculated for %(before)s; %(now)s is open now. Make a new plan.",
                    plan=self.display_name,
                    before=self.currency_id.format(self.amount_total),
                    now=self.currency_id.format(residual),
                )
            )
        if self.previous_id.state == "active":
            self.previous_id._end("cancelled", self.env._("replaced by %s", self.display_name))
        self._transition(
            "active",
            reason=action.justification,
            facts={"action": action.id},
            on_behalf_of=action.requester_id,
        )
        self._write_guarded(
            {
                "activated_on": fields.Date.context_today(self),
                "settled_before": self._get_settled_otherwise(),
            }
        )
        self._hold()

    def _hold(self):
        """Leave what the plan is about alone while it is current; later cases are followed up."""
        items = self.sudo().item_ids
        cases = items.hc_case_id
        self.env["hc.collection.hold"]._place(
            self.account_id,
            "plan",
            self.env._("payment plan %s", self.display_name),
            cases=cases if all(item.hc_case_id for item in items) else None,
            source=self,
            owner_id=self.user_id.id,
        )

    def _end(self, state, reason):
        """Move to a state in which the plan no longer holds the account."""
        self.ensure_one()
        if self._transition(state, reason=reason):
            self._write_guarded({"ended_on": fields.Date.context_today(self)})
            self.env["hc.collection.hold"]._release_of(self, reason)
            unsent = self.sudo().instalment_ids.transaction_ids.filtered(
                lambda charge: charge.state == "draft" and charge.operation == "offline"
            )
            (unsent - unsent.filtered("hc_sent_at"))._withdraw_unsent(reason)

    def _follow(self):
        """Follow the ledger: a plan of which nothing is owed is completed, and the reverse."""
        for plan in self:
            is_settled = plan.currency_id.is_zero(plan.amount_left)
            if plan.state == "active" and is_settled:
                plan._end("completed", self.env._("nothing of it is owed any more"))
            elif plan.state == "completed" and not is_settled:
                plan._transition("active", reason=self.env._("a payment was taken back"))
                plan._write_guarded({"ended_on": False})
                plan._hold()

    @api.model
    def _cron_check(self):
        """Scheduled Action: find the plans that have failed."""
        again = Domain([("state", "=", "completed"), ("amount_left", ">", 0)])
        self._run_at_offices(lambda plans: Domain("state", "=", "active") | again, "_check")

    def _check(self):
        """Complete what is paid, end what has failed by its policy."""
        self._follow()
        today = fields.Date.context_today(self)
        for plan in self.filtered(lambda plan: plan.state == "active"):
            standing = plan._judge(today)
            if standing.state == "defaulted":
                plan._end(
                    "defaulted",
                    self.env._("%s instalments were missed", standing.missed),
                )
                plan._open_defaulted_item(standing)

    def _open_defaulted_item(self, standing):
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "plan_defaulted",
                    "queue_code": "patient_payments",
                    "dedup_key": f"plan_defaulted:{self.id}",
                    "name": self.env._("Plan %(plan)s has failed", plan=self.display_name),
                    "description": self.env._(
                        "%(missed)s instalments missed, %(overdue)s overdue, %(left)s left. Speak "
                        "with the party: reschedule, or offer assistance.",
                        missed=standing.missed,
                        overdue=self.currency_id.format(float(standing.overdue_amount)),
                        left=self.currency_id.format(self.amount_left),
                    ),
                    "company_id": self.company_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )

    def _cancel(self, reason):
        """End a plan by agreement, with a reason."""
        self.ensure_one()
        self.check_access("write")
        if len((reason or "").strip()) < 5:
            raise UserError(self.env._("Say in a sentence why: the audit log keeps it."))
        self.sudo()._end("cancelled", reason.strip())

    def _drop_refused(self, action):
        """What was refused, or withdrawn, is no plan."""
        for plan in self.filtered(lambda plan: plan.state == "proposed"):
            plan._end("cancelled", action.gate_reason or self.env._("not agreed to"))

    def action_open_reschedule(self):
        """Calculate a new version of the plan."""
        self.ensure_one()
        action = self.account_id.action_open_plan_calculator()
        action["name"] = self.env._("Reschedule %s", self.display_name)
        action["context"] = {
            "default_account_id": self.account_id.id,
            "default_previous_id": self.id,
        }
        return action

    def action_open_cancel(self):
        """Ask why the plan ends."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("End the Plan"),
            "res_model": "hc.payment.plan.end.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_plan_id": self.id},
        }

    @api.depends("action_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_decision_readable(self):
        """A plan is for all who work on the account, its decision for those of the facility."""
        readable = self.action_id._filtered_access("read")
        for plan in self:
            plan.is_decision_readable = plan.action_id in readable

    def action_open_decision(self):
        """Open what was asked for and decided."""
        self.ensure_one()
        return self.action_id._get_records_action()
