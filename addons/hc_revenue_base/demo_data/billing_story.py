# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the demonstration group's people do with the visits, each with the own rights."""

from collections import defaultdict
from datetime import timedelta
from random import Random

from dateutil.relativedelta import relativedelta

from .office import Office

_BATCH_SIZE = 200
# Of all billed visits: paid in full, paid in part; the others are still open.
_PAID_SHARE = 0.6
_PARTLY_PAID_COUNT = 12


class BillingStory:
    """Visits are completed, coded, billed and paid by the users whose work it is.

    :param office: the demonstration group
    :param rng: source of every choice
    :param as_of: the day from which all dates are counted
    """

    def __init__(self, office: Office, rng: Random, as_of):
        self.office = office
        self.rng = rng
        self.as_of = as_of

    def run(self, visits):
        """Take the visits through billing.

        :param visits: list of ``(encounter, planned visit)``
        """
        by_outcome = defaultdict(list)
        for encounter, visit in visits:
            by_outcome[visit.outcome].append(encounter)
        self._act("integration", by_outcome["arrived"], "action_start")
        self._act("integration", by_outcome["no_show"], "action_cancel")
        self._bill_history(by_outcome["billed"])
        self._complete(by_outcome["undocumented"])
        self._complete(by_outcome["uncoded"])
        self._prepare(by_outcome["undocumented"] + by_outcome["uncoded"])
        coded = by_outcome["fresh"] + by_outcome["held"] + by_outcome["faulty"]
        self._complete(coded)
        self._approve(coded)
        self._prepare(coded)
        self._date_charges(encounter for encounter, _visit in visits)

    def _records(self, role, model, records):
        return self.office.env_of(role)[model].browse(record.id for record in records)

    def _act(self, role, encounters, method):
        records = self._records(role, "hc.encounter", encounters)
        for start in range(0, len(records), _BATCH_SIZE):
            getattr(records[start : start + _BATCH_SIZE], method)()

    def _complete(self, encounters):
        self._act("integration", encounters, "action_complete")

    def _approve(self, encounters):
        self._act("coder", encounters, "action_approve_coding")

    def _prepare(self, encounters):
        by_clerk = defaultdict(list)
        for encounter in encounters:
            by_clerk[self.office.clerk_of(encounter.facility_id)].append(encounter)
        for clerk, own in by_clerk.items():
            self._act(clerk, own, "action_prepare_billing")

    def _bill_history(self, encounters):
        """Bill older visits at the dates at which they would have been billed.

        While history is taken over, every facility reviews its invoices: accounting dates the
        drafts and posts them. Afterwards the clinic bills straight through.
        """
        harbor = self.office.ref("facility_harbor").with_env(self.office.env_of("administrator"))
        policy = harbor.billing_policy
        harbor.billing_policy = "review_first"
        self._complete(encounters)
        self._approve(encounters)
        self._prepare(encounters)
        invoices = self._post_dated(encounters)
        harbor.billing_policy = policy
        self._collect(invoices)

    def _date_charges(self, encounters):
        """Date the charges up to three days after their service, as departments post them."""
        charges = self._records("integration", "hc.encounter", encounters).sudo().charge_ids
        by_date = defaultdict(charges.browse)
        for charge in charges:
            posted_on = charge.service_date + timedelta(days=charge.id % 4)
            by_date[min(posted_on, self.as_of)] |= charge
        for posted_on, posted in by_date.items():
            posted._write_guarded({"charged_on": posted_on})

    def _post_dated(self, encounters):
        """Date the draft invoices of encounters a few days after the visit, and post them."""
        accounting = self.office.env_of("finance_manager")
        cases = self._records("finance_manager", "hc.encounter", encounters).case_ids
        by_date = defaultdict(list)
        for case in cases.filtered(lambda case: case.stage == "ready"):
            by_date[self._next_bill_run(case.service_date_to)].append(case.id)
        posted = accounting["account.move"]
        for billed_on, case_ids in sorted(by_date.items()):
            drafts = accounting["account.move"].search(
                [("hc_case_id", "in", case_ids), ("state", "=", "draft")]
            )
            drafts.write({"invoice_date": billed_on})
            drafts.action_post()
            posted |= drafts
        return posted

    def _next_bill_run(self, day):
        """The office bills on Fridays, two days after the visit at the earliest."""
        earliest = day + timedelta(days=2)
        return min(earliest + timedelta(days=(4 - earliest.weekday()) % 7), self.as_of)

    def _collect(self, invoices):
        """Payers pay a month's invoices at once; some patients pay, some in part."""
        old_enough = invoices.filtered(
            lambda move: move.invoice_date <= self.as_of - timedelta(days=16)
        ).sorted("id")
        paid = [move for move in old_enough if self.rng.random() < _PAID_SHARE]
        remittances = defaultdict(list)
        for move in paid:
            # What was billed in a month is paid in the middle of the next.
            month_later = move.invoice_date + relativedelta(months=1, day=14)
            day = min(month_later, self.as_of)
            remittances[move.commercial_partner_id.id, day].append(move.id)
        self._refresh_statistics()
        for (_partner, day), move_ids in sorted(remittances.items()):
            self._register_payment(move_ids, day)
        self._refresh_statistics()
        unpaid = [move for move in old_enough if move not in paid]
        for move in unpaid[:_PARTLY_PAID_COUNT]:
            day = min(move.invoice_date + timedelta(days=30), self.as_of)
            self._register_payment([move.id], day, share=self.rng.choice((0.5, 0.8)))

    def _refresh_statistics(self):
        """Tell the planner of the rows of this transaction.

        Without it, joins over payments and reconciliations scan whole tables for every row: the
        planner believes the tables that it last saw empty.
        """
        env = self.office.env_of("finance_manager")
        env.flush_all()
        env.cr.execute(
            "ANALYZE account_move, account_move_line, account_payment, account_partial_reconcile"
        )

    def _register_payment(self, move_ids, day, share=1.0):
        accounting = self.office.env_of("finance_manager")
        wizard = (
            accounting["account.payment.register"]
            .with_context(active_model="account.move", active_ids=move_ids)
            .create({"payment_date": day, "group_payment": True})
        )
        if share < 1.0:
            wizard.amount = wizard.currency_id.round(wizard.amount * share)
            wizard.payment_difference_handling = "open"
        wizard.action_create_payments()
