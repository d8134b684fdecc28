# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Finding credits in the ledger and among held answers, set by set, and noticing their end."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.hc_revenue_base.hc_core.money import to_decimal

from ..hc_claim_core.adjudication import plan_posting
from ..hc_claim_core.credits import age_band
from ..lifecycles import OPEN_CREDIT_STATES

_UNBOUNDED = Decimal("Infinity")


class HcCreditBalance(models.Model):
    _inherit = "hc.credit.balance"

    def _cron_find_credit_balances(self):
        """Scheduled Action: open what is new, read the amounts again, resolve what is gone."""
        commit_progress = self.env["ir.cron"]._commit_progress
        companies = self.env["res.company"].search([("partner_id", "!=", False)])
        commit_progress(remaining=len(companies))
        for company in companies:
            self.sudo()._find_in_company(company)
            if not commit_progress(1):
                break

    def _find_in_company(self, company):
        """Compare the open records of a company with what its ledger shows."""
        rows = {
            **self._get_case_credits(company),
            **self._get_loose_payments(company),
            **self._get_held_answers(company),
        }
        self._compare(company, rows, Domain("company_id", "=", company.id))

    def _find_for_answers(self, answers):
        """The same for answers, at the moment when they are held or posted after all."""
        for company, of_company in answers.grouped("company_id").items():
            rows = self._get_held_answers(company, of_company)
            self._compare(company, rows, Domain("answer_id", "in", of_company.ids))

    def _refresh(self):
        """Read the amounts of these records again."""
        for company, credits_ in self.grouped("company_id").items():
            of_cases = credits_.filtered(lambda credit: credit.source == "balance")
            rows = {
                **self._get_case_credits(company, of_cases.case_id.ids),
                **self._get_loose_payments(company, credits_.item_id.ids),
                **self._get_held_answers(company, credits_.answer_id),
            }
            mine = set(credits_.mapped("source_key"))
            rows = {key: vals for key, vals in rows.items() if key in mine}
            self._compare(company, rows, Domain("id", "in", credits_.ids))

    def _compare(self, company, rows, domain):
        """Open, update and resolve the records of a domain by what was found.

        :param rows: ``{source key: values}``
        """
        self.flush_model()
        known = self.search(domain & Domain("state", "in", OPEN_CREDIT_STATES))
        by_key = {credit.source_key: credit for credit in known}
        for key, credit in by_key.items():
            amount = rows[key]["amount"] if key in rows else 0.0
            if credit.currency_id.compare_amounts(credit.amount, amount):
                credit._write_guarded({"amount": amount})
        known.filtered(lambda credit: credit.source_key not in rows)._resolve()
        self._open_found(company, [vals for key, vals in rows.items() if key not in by_key])

    @api.model
    def _get_case_credits(self, company, case_ids=None):
        """Parties of cases who have paid more than they owe, by the ledger.

        :return: ``{source key: values}``
        """
        items = Domain(
            [
                ("company_id", "=", company.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("amount_residual", "<", 0),
                ("hc_case_id", "!=" if case_ids is None else "in", case_ids or False),
            ]
        )
        lines = self.env["account.move.line"]
        cases = [case.id for (case,) in lines._read_group(items, ["hc_case_id"])]
        if not cases:
            return {}
        balances = self.env["hc.balance"]
        balances.invalidate_model()
        rows = {}
        for case, party, partner, amount in balances._read_group(
            [("company_id", "=", company.id), ("case_id", "in", cases)],
            ["case_id", "responsibility", "partner_id"],
            ["amount_open:sum"],
            having=[("amount_open:sum", "<", 0)],
        ):
            if company.currency_id.is_zero(amount):
                continue
            key = f"balance:{case.id}:{party or ''}:{partner.id}"
            rows[key] = self._prepare_found_vals(
                company, "balance", key, -amount, case, party, partner
            )
        return rows

    @api.model
    def _get_loose_payments(self, company, item_ids=None):
        """Payments of payers and patients that are on no case and settle nothing."""
        lines = self.env["account.move.line"]
        domain = Domain(
            [
                ("company_id", "=", company.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("amount_residual", "<", 0),
                ("hc_case_id", "=", False),
                ("partner_id", "!=", False),
            ]
        ) & (
            Domain("move_id.origin_payment_id", "!=", False)
            | Domain("statement_line_id", "!=", False)
        )
        if item_ids is not None:
            domain &= Domain("id", "in", item_ids)
        items = lines.search(domain)
        partners = items.partner_id.ids
        payers = self.env["hc.payer"].with_context(active_test=False)
        ours = payers.search([("partner_id", "in", partners)]).partner_id
        patients = self.env["hc.patient"].with_context(active_test=False)
        people = patients.search([("partner_id", "in", partners)]).partner_id
        rows = {}
        for item in items.filtered(lambda item: item.partner_id in ours | people):
            key = f"payment:{item.id}"
            party = "patient" if item.partner_id in people else False
            # A payment that settled an invoice in part was most likely meant for that case.
            settled = item.matched_debit_ids.debit_move_id
            case = settled.hc_case_id if len(settled.hc_case_id) == 1 else False
            party = party or (settled[:1].hc_responsibility if case else False)
            rows[key] = self._prepare_found_vals(
                company, "payment", key, -item.amount_residual, case, party, item.partner_id
            ) | {"item_id": item.id}
        return rows

    @api.model
    def _get_held_answers(self, company, answers=None):
        """Money of answers that are held because posting them would create a credit."""
        domain = Domain(
            [
                ("company_id", "=", company.id),
                ("state", "=", "held"),
                ("hold_code", "=", "credit"),
                ("amount_paid", ">", 0),
                ("remittance_id.state", "in", ("posting", "posted")),
            ]
        )
        if answers is not None:
            domain &= Domain("id", "in", answers.ids)
        held = self.env["hc.remittance.claim"].search(domain)
        balances = self.env["hc.balance"]
        balances.invalidate_model()
        open_amounts = {
            (case.id, party): amount
            for case, party, amount in balances._read_group(
                [("case_id", "in", held.case_id.ids)],
                ["case_id", "responsibility"],
                ["amount_open:sum"],
            )
        }
        rows = {}
        for answer in held:
            claim = answer.claim_id
            party = claim._responsibility
            excess = answer._get_excess(open_amounts.get((claim.case_id.id, party), 0.0))
            if excess <= 0:
                continue
            key = f"answer:{answer.id}"
            partner = claim.payer_id.partner_id
            rows[key] = self._prepare_found_vals(
                company, "answer", key, float(excess), claim.case_id, party, partner
            ) | {"answer_id": answer.id, "payer_id": claim.payer_id.id}
        return rows

    @api.model
    def _prepare_found_vals(self, company, source, key, amount, case, party, partner):
        return {
            "company_id": company.id,
            "source": source,
            "source_key": key,
            "amount": company.currency_id.round(amount),
            "case_id": case.id if case else False,
            "responsibility": party or False,
            "partner_id": partner.id,
        }

    @api.model
    def _open_found(self, company, vals_list):
        """Record new credits with the clock of their payer type, and open work for each."""
        if not vals_list:
            return self.browse()
        today = fields.Date.context_today(self)
        rules = self.env["hc.overpayment.rule"]._get_by_type(company)
        payers = self._get_payers_of(company, vals_list)
        causes = self._propose_causes(vals_list)
        listed_before = self._find_listed_before(company, vals_list)
        numbers = self.env["ir.sequence"]._draw_numbers(
            "hc.credit.balance", company, len(vals_list)
        )
        for number, vals in zip(numbers, vals_list, strict=True):
            vals.setdefault("payer_id", payers.get(vals["partner_id"], False))
            payer = self.env["hc.payer"].browse(vals["payer_id"] or [])
            is_patient = vals["responsibility"] == "patient"
            rule = rules.get("self_pay" if is_patient else payer.payer_type)
            cause, reason = causes[vals["source_key"]]
            vals.update(
                name=number,
                amount_found=vals["amount"],
                found_on=today,
                return_days=rule.return_days if rule else 0,
                suspension_days=rule.suspension_days if rule else 0,
                warning_days=rule.warning_days if rule else 0,
                proposed_cause=cause,
                proposal_reason=reason,
                **listed_before[vals["source_key"]]._get_carried_clock(vals["source_key"], today),
            )
        quiet = self.with_context(tracking_disable=True, mail_create_nosubscribe=True)
        credits_ = quiet._create_guarded(vals_list).with_env(self.env)
        for credit in credits_:
            credit._set_clock()
        credits_._open_work_items()
        return credits_

    @api.model
    def _get_payers_of(self, company, vals_list):
        """``{partner id: payer id}``; patients' partners have none."""
        payers = self.env["hc.payer"].with_context(active_test=False)
        found = payers.search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", [vals["partner_id"] for vals in vals_list]),
            ]
        )
        return {payer.partner_id.id: payer.id for payer in found}

    def _resolve(self):
        """What the ledger does not show any more is resolved, and by what."""
        today = fields.Date.context_today(self)
        for credit in self:
            credit._write_guarded(
                {"amount": 0.0, "resolution": credit._get_resolution(), "resolved_on": today}
            )
        self._transition("resolved")
        self._resolve_work_items()

    def _get_resolution(self):
        self.ensure_one()
        if self.action_ids.filtered(lambda action: action.state == "applied"):
            return "refunded"
        if self.adjustment_id or self.state == "offset":
            return "offset"
        return "corrected" if self.correction_note else "settled"

    def _guard_state_resolved(self):
        """Nobody declares a credit away: the ledger does."""
        return {
            credit.id: [self.env._("the ledger still shows a credit")]
            for credit in self
            if not credit.currency_id.is_zero(credit.amount)
        }

    def _open_work_items(self):
        self.env["hc.work.item"]._open([credit._prepare_work_item_vals() for credit in self])

    def _prepare_work_item_vals(self):
        self.ensure_one()
        return {
            "kind": "credit_balance",
            "severity": "warning",
            "queue_code": "cob" if self.proposed_cause == "both_primary" else "billing",
            "dedup_key": f"credit_balance:{self.id}",
            "name": self.env._(
                "Credit of %(amount)s: %(number)s",
                amount=self.currency_id.format(self.amount),
                number=self.case_id.name or self.name,
            ),
            "description": self.proposal_reason,
            "case_id": self.case_id.id,
            "facility_id": self.facility_id.id,
            "company_id": self.company_id.id,
            "res_model": self._name,
            "res_id": self.id,
        }

    def _resolve_work_items(self):
        keys = [f"{kind}:{credit.id}" for credit in self for kind in _ITEM_KINDS]
        self.env["hc.work.item"].sudo().search(
            [("dedup_key", "in", keys), ("state", "in", ("open", "in_progress"))]
        )._resolve("fixed")

    def _cron_sweep_clock(self):
        """Scheduled Action: ages of open credits, and warnings before their last day."""
        self._run_in_batches([("state", "in", OPEN_CREDIT_STATES)], "_follow_clock")

    def _follow_clock(self):
        today = fields.Date.context_today(self)
        by_band = defaultdict(self.browse)
        for credit in self:
            band = age_band(credit.found_on, today)
            if band != credit.age_band:
                by_band[band] |= credit
        for band, credits_ in by_band.items():
            credits_._write_guarded({"age_band": band})
        self._release_refused()
        late = self.filtered(lambda credit: credit.clock_status in ("warning", "overdue"))
        self.env["hc.work.item"]._open([credit._prepare_deadline_item_vals() for credit in late])

    def _prepare_deadline_item_vals(self):
        return self._prepare_work_item_vals() | {
            "kind": "credit_deadline",
            "severity": self.severity,
            "queue_code": "compliance",
            "dedup_key": f"credit_deadline:{self.id}",
            "name": self.env._(
                "%(credit)s is to be returned by %(day)s",
                credit=self.display_name,
                day=self.deadline,
            ),
            "description": self.env._(
                "Report and return it, or record the investigation that suspends the clock. "
                "Money that is kept after that day may be a false claim (31 U.S.C. 3729)."
            ),
        }


_ITEM_KINDS = ("credit_balance", "credit_deadline")


class HcRemittanceClaim(models.Model):
    """An answer that would create a credit is on the list of credits while it is held."""

    _inherit = "hc.remittance.claim"

    def _get_excess(self, open_amount):
        """What the answer pays beyond what is open, as Decimal; not more than its money."""
        self.ensure_one()
        places = self.currency_id.decimal_places
        plan = plan_posting(self._get_answer(), _UNBOUNDED, has_next_party=True)
        excess = plan.settled - to_decimal(open_amount, places)
        return min(plan.cash, excess)

    def _open_waiting_items(self):
        """Held answers are listed when their remittance is through."""
        result = super()._open_waiting_items()
        held = self.filtered(lambda answer: answer.state == "held" and answer.hold_code == "credit")
        if held:
            self.env["hc.credit.balance"].sudo()._find_for_answers(held)
        return result

    def _resolve_waiting_item(self):
        result = super()._resolve_waiting_item()
        credits_ = self.env["hc.credit.balance"].sudo()
        if credits_.search_count(
            [("answer_id", "in", self.ids), ("state", "in", OPEN_CREDIT_STATES)], limit=1
        ):
            credits_._find_for_answers(self)
        return result


class HcBalance(models.Model):
    """Credits with a record here are followed up by it."""

    _inherit = "hc.balance"

    @api.model
    def _get_kept_credits(self, items):
        credits_ = (
            self.env["hc.credit.balance"]
            .sudo()
            .search(
                [
                    ("state", "in", OPEN_CREDIT_STATES),
                    "|",
                    ("item_id", "in", items.ids),
                    ("case_id", "in", items.hc_case_id.ids),
                ]
            )
        )
        kept = items.filtered(
            lambda item: item in credits_.item_id or item.hc_case_id in credits_.case_id
        )
        return super()._get_kept_credits(items) | kept
