# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The indicators once more: record by record, in plain Python, sharing nothing with the models.

Each function returns ``(numerator, denominator or None, ids of the records behind)``.
"""

from collections import defaultdict
from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo


def money(value):
    return Decimal(str(round(value, 2)))


class Recompute:
    """The indicators of some facilities at one day, as of a moment of the test's clock."""

    def __init__(self, env, facilities, day, now):
        self.env = env
        self.facilities = facilities
        self.day = day
        self.now = now
        self.log = defaultdict(list)
        for entry in env["hc.transition"].search([("id", ">", 0)], order="res_id, sequence"):
            self.log[entry.res_model, entry.res_id].append(entry)

    def until(self, facility):
        zone = ZoneInfo(facility.timezone) if facility else ZoneInfo("UTC")
        next_day = datetime.combine(self.day + timedelta(days=1), time(), zone)
        end = next_day.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
        return min(self.now, end - timedelta(seconds=1))

    def states(self, record, field_name):
        """``[(state, since)]`` of a record up to the moment."""
        until = self.until(record.facility_id)
        return [
            (entry.to_state, entry.occurred_at)
            for entry in self.log[record._name, record.id]
            if entry.field_name == field_name and entry.occurred_at <= until
        ]

    def own(self, model):
        records = self.env[model].search([("id", ">", 0)])
        return records.filtered(lambda record: record.facility_id in self.facilities)

    def is_standing(self, charge):
        if charge.origin_id and charge.charged_on > self.day:
            return False
        return "void" not in [state for state, _since in self.states(charge, "state")]

    def charge_lag_days(self):
        first = self.day - timedelta(days=30)
        charges = self.own("hc.charge").filtered(
            lambda c: not c.origin_id and first < c.charged_on <= self.day
        )
        lag = sum((c.charged_on - c.service_date).days for c in charges)
        return Decimal(lag), Decimal(len(charges)), set(charges.ids)

    def billed_on(self, case):
        days = [
            move.invoice_date
            for move in case.invoice_ids
            if move.move_type == "out_invoice" and move.state == "posted"
        ]
        return min(days) if days else None

    def current_case(self, encounter):
        """The youngest case that existed; an encounter's first one counts from the start."""
        until = self.until(encounter.facility_id)
        current = None
        for case in encounter.case_ids.sorted("id"):
            opened = self.log["hc.billing.case", case.id][0].occurred_at
            if current is None or opened <= until:
                current = case
        return current

    def is_unbilled(self, encounter):
        if not encounter.ended_at or encounter.ended_at > self.until(encounter.facility_id):
            return False
        all_states = [e.to_state for e in self.log["hc.encounter", encounter.id]]
        if "completed" not in all_states:
            return False
        if "cancelled" in [state for state, _since in self.states(encounter, "state")]:
            return False
        case = self.current_case(encounter)
        if case is None:
            return True
        billed = self.billed_on(case)
        if billed and billed <= self.day:
            return False
        stages = self.states(case, "stage")
        return not stages or stages[-1][0] not in ("not_billable", "cancelled", "closed")

    def daily_charges(self, days):
        first = self.day - timedelta(days=days)
        charges = self.own("hc.charge").filtered(
            lambda c: first < c.service_date <= self.day and self.is_standing(c)
        )
        return sum((money(c.amount) for c in charges), Decimal(0)) / days

    def dnfb_amount(self):
        encounters = self.own("hc.encounter").filtered(self.is_unbilled)
        charges = encounters.charge_ids.filtered(self.is_standing)
        amount = sum((money(c.amount) for c in charges), Decimal(0))
        return amount, None, set(encounters.ids)

    def dnfb_days(self):
        amount, _none, ids = self.dnfb_amount()
        return amount, self.daily_charges(90), ids

    def straight_through_rate(self):
        first = self.day - timedelta(days=30)
        behind = clean = 0
        ids = set()
        for case in self.own("hc.billing.case"):
            billed = self.billed_on(case)
            if billed is None or not first < billed <= self.day:
                continue
            ids.add(case.id)
            behind += 1
            clean += not (case.origin_case_id or self.was_touched(case))
        return Decimal(clean), Decimal(behind), ids

    def was_touched(self, case):
        invoiced_at = None
        for entry in self.log["hc.billing.case", case.id]:
            if entry.to_state == "invoiced":
                invoiced_at = entry.occurred_at
                break
            if entry.to_state == "exception" or entry.kind in ("override", "decision"):
                return True
        return any(
            self.log["hc.work.item", item.id][0].occurred_at < invoiced_at
            for item in case.work_item_ids
        )

    def first_pass_readiness(self):
        first = self.day - timedelta(days=30)
        outcomes = {}
        for case in self.own("hc.billing.case"):
            checks = case.evaluation_ids.sorted("id")
            if checks and first < checks[0].as_of <= self.day:
                outcomes[case.id] = checks[0].outcome != "exception"
        return Decimal(sum(outcomes.values())), Decimal(len(outcomes)), set(outcomes)

    def open_items(self):
        items = {}
        for item in self.env["hc.work.item"].search([("id", ">", 0)]):
            if item.facility_id and item.facility_id not in self.facilities:
                continue
            states = self.states(item, "state")
            if states and states[-1][0] in ("open", "in_progress"):
                items[item] = states[0][1]
        return items

    def exception_volume(self):
        items = self.open_items()
        return Decimal(len(items)), None, {item.id for item in items}

    def exception_age_days(self):
        items = self.open_items()
        seconds = sum(
            Decimal((self.until(item.facility_id) - opened).total_seconds())
            for item, opened in items.items()
        )
        return Decimal(seconds) / 86400, Decimal(len(items)), {item.id for item in items}

    def sla_breach_rate(self):
        items = self.open_items()
        late = [i for i in items if i.due_at and i.due_at < self.until(i.facility_id)]
        return Decimal(len(late)), Decimal(len(items)), {item.id for item in items}

    def receivables(self):
        """``[(case, responsibility, billed on, open amount)]`` of each receivable item."""
        rows = []
        for case in self.own("hc.billing.case"):
            for line in self.env["account.move.line"].search(
                [("hc_case_id", "=", case.id), ("date", "<=", self.day)]
            ):
                if line.account_id.account_type != "asset_receivable":
                    continue
                if line.move_id.state != "posted":
                    continue
                amount = money(line.balance)
                for part in line.matched_credit_ids:
                    amount -= money(part.amount) if part.max_date <= self.day else 0
                for part in line.matched_debit_ids:
                    amount += money(part.amount) if part.max_date <= self.day else 0
                if amount:
                    rows.append((case, line.hc_responsibility, line.date, amount))
        return rows

    def days_in_ar_net(self):
        rows = self.receivables()
        first = self.day - timedelta(days=90)
        revenue = Decimal(0)
        for case in self.own("hc.billing.case"):
            for line in self.env["account.move.line"].search([("hc_case_id", "=", case.id)]):
                income = line.account_id.account_type.startswith("income")
                if income and line.move_id.state == "posted" and first < line.date <= self.day:
                    revenue -= money(line.balance)
        return (
            sum((row[3] for row in rows), Decimal(0)),
            revenue / 90,
            {row[0].id for row in rows},
        )

    def days_in_ar_gross(self):
        rows = [row for row in self.receivables() if row[3] > 0]
        return (
            sum((row[3] for row in rows), Decimal(0)),
            self.daily_charges(365),
            {row[0].id for row in rows},
        )

    def ar_over_90_share(self):
        rows = [row for row in self.receivables() if row[3] > 0]
        old = [row for row in rows if (self.day - row[2]).days > 90]
        return (
            sum((row[3] for row in old), Decimal(0)),
            sum((row[3] for row in rows), Decimal(0)),
            {row[0].id for row in rows},
        )
