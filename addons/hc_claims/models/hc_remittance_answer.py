# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from collections import defaultdict

from odoo import models
from odoo.exceptions import LockError

from odoo.addons.hc_revenue_base.hc_core.money import to_decimal

from ..hc_claim_core import adjudication
from .hc_remittance_posting import QUIET


class HcRemittanceClaim(models.Model):
    """Posting of answers, in sets: one entry per set, its items settle the receivables."""

    _inherit = "hc.remittance.claim"

    def _to_decimal(self, amount):
        return to_decimal(amount, self.currency_id.decimal_places)

    def _post_answers(self):
        """Post matched answers of one remittance; of each case one after the other.

        What may not be posted is held with its reason and keeps its money in the account of
        remittances to post.
        """
        waiting = self._lock_matched()
        while waiting:
            of_case, later = [], []
            seen = set()
            for answer in waiting:
                (later if answer.case_id.id in seen else of_case).append(answer.id)
                seen.add(answer.case_id.id)
            self.browse(of_case)._post_round()
            waiting = self.browse(later).filtered(lambda answer: answer.state == "matched")

    def _lock_matched(self):
        """Those that still are to be posted, held until the end of the transaction."""
        self._lock_for_transition(["state", "claim_id"])
        matched = self.filtered(
            lambda answer: answer.state == "matched" and answer.remittance_id.state != "undoing"
        )
        try:
            matched.case_id.sorted("id").lock_for_update(allow_referencing=True)
        except LockError:
            raise LockError(
                self.env._("Somebody else is posting to one of these cases. Try again.")
            ) from None
        return matched

    def _post_round(self):
        """Post answers of different cases."""
        special = self.filtered(lambda answer: answer._is_special())
        for answer in special:
            answer._post_special()
        normal = self - special
        items = normal._get_open_items()
        plans = {}
        for answer in normal:
            posting = answer._plan(items[answer.id])
            if posting.hold:
                answer._hold(posting.hold)
            else:
                plans[answer] = posting
        if plans:
            normal.browse([answer.id for answer in plans])._post_plans(plans, items)
        # A reversal may have come before the answer that it reverses.
        normal._try_held_again(("reversal_unknown", "reversal_differs"))

    def _is_special(self):
        unproven = bool(self.proof_note) or not self.currency_id.is_zero(self.amount_difference)
        return unproven or self.status_code in (
            adjudication.REVERSAL,
            adjudication.PREDETERMINATION,
            adjudication.NOT_OURS,
        )

    def _post_special(self):
        """Answers that post nothing, or undo what was posted."""
        if self.proof_note or not self.currency_id.is_zero(self.amount_difference):
            self._hold("unproven", self.proof_note)
        elif self.status_code == adjudication.REVERSAL:
            self._post_reversal()
        elif self.currency_id.is_zero(self.amount_paid):
            self._transition("no_posting", facts={"status": self.status_code})
        else:
            self._hold("status")

    def _get_open_items(self):
        """What the payers owe on the cases of the answers, ``{answer id: items}``, locked."""
        lines = self.env["account.move.line"].sudo()
        found = lines.search(
            [
                ("hc_case_id", "in", self.case_id.ids),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("hc_responsibility", "like", "payer_"),
                ("reconciled", "=", False),
            ],
            order="date_maturity, id",
        )
        if found:
            found.lock_for_update(allow_referencing=True)
            found.invalidate_recordset(["amount_residual", "reconciled"], flush=True)
        by_party = defaultdict(lines.browse)
        for line in found:
            by_party[line.hc_case_id.id, line.hc_responsibility] |= line
        return {
            answer.id: by_party[answer.case_id.id, answer.claim_id._responsibility]
            for answer in self
        }

    def _plan(self, items):
        """What the answer posts, given what its payer owes."""
        self.ensure_one()
        open_amount = self._to_decimal(sum(items.mapped("amount_residual")))
        if self.claim_id.part_count > 1:
            open_amount = min(open_amount, self._get_part_open())
        return adjudication.plan_posting(
            self._get_answer(), open_amount, has_next_party=bool(self._get_next_party())
        )

    def _get_part_open(self):
        """What the payer owes of the claim's part: the receivable is of all parts together."""
        claim = self.claim_id
        of_part = claim.case_id.claim_ids.filtered(lambda other: other.part == claim.part)
        mine = of_part.filtered(claim._is_same_part).answer_ids._get_standing()
        owed = claim.amount_charged
        if claim.payer_order != "1":
            moved = (of_part.answer_ids - mine)._get_standing()
            moved = moved.filtered(lambda answer: answer.next_party == claim._responsibility)
            owed = sum(moved.mapped("amount_moved"))
        names = ("amount_paid", "amount_allowed_off", "amount_moved")
        settled = sum(sum(mine.mapped(name)) for name in names)
        return self._to_decimal(owed - settled)

    def _get_next_party(self):
        """Who is asked for the patient's share: the next payer, else the patient.

        :return: ``(responsibility, partner)``, or None where nobody may be asked
        """
        return self.claim_id._get_next_party()

    def _hold(self, code, note=False):
        """Put the answer aside: its money waits in the account of remittances to post."""
        self.ensure_one()
        self._write_guarded({"hold_code": code, "hold_note": note})
        self._transition("held", reason=note or None, facts={"hold": code})
        # The remittance opens the work items of all that waits when it is through.
        if self.remittance_id.state == "posted":
            self._open_waiting_items()

    def _open_waiting_items(self):
        """A work item for each answer: a person must look at it."""
        self.env["hc.work.item"]._open([answer._prepare_waiting_item() for answer in self])

    def _prepare_waiting_item(self):
        labels = dict(self._fields["hold_code"]._description_selection(self.env))
        is_held = self.state == "held"
        reason = labels.get(self.hold_code) if is_held else self.env._("No claim found")
        return {
            "kind": "remittance_claim",
            "queue_code": "billing",
            "dedup_key": f"remittance_claim:{self.id}",
            "name": self.env._(
                "%(reason)s: answer to %(number)s in %(remittance)s",
                reason=reason,
                number=self.patient_control_number or "–",
                remittance=self.remittance_id.name,
            ),
            "description": self.hold_note or self.match_note or False,
            "case_id": self.case_id.id,
            "facility_id": self.facility_id.id,
            "company_id": self.company_id.id,
            "res_model": self._name,
            "res_id": self.id,
        }

    def _post_plans(self, plans, items):
        """Post planned answers as one entry, and settle what they settle.

        :param plans: ``{answer: Posting}``
        :param items: ``{answer id: open items of its payer}``
        """
        remittance = self.remittance_id
        accounts = self._get_accounts()
        lines = []
        for answer, posting in plans.items():
            lines += answer._prepare_lines(posting, items[answer.id], accounts)
        move = self.env["account.move"]
        if lines:
            move = remittance._create_entry(
                accounts["remittance_clearing"].journal_id, lines, self.env._("Claims")
            )
        # Before the payer's part is settled: a case that seems to owe nothing would be closed.
        self._record(plans, move.id)
        self._settle(move, items)
        self._claim_from_next_payer()
        self.case_id._close_if_settled()

    def _get_accounts(self):
        uses = self.env["hc.ledger.account"]
        company = self.company_id
        kinds = ("remittance_clearing", "contractual_allowance", "balance_transfer")
        return {kind: uses._get_for(company, kind) for kind in kinds}

    def _prepare_lines(self, posting, items, accounts):
        """Values of the items that one answer posts; the entry's total is always zero."""
        claim, party = self.claim_id, self.claim_id._responsibility
        common = {
            "partner_id": claim.payer_id.partner_id.id,
            "hc_case_id": claim.case_id.id,
            "hc_responsibility": party,
            "hc_remittance_claim_id": self.id,
            "analytic_distribution": False,
        }

        def line(account, amount, label, **values):
            # Both given, neither is derived from the other; the entry's currency is the company's.
            sums = dict.fromkeys(("balance", "amount_currency"), float(amount))
            return {**common, "account_id": account.id, "name": label, **values, **sums}

        number = claim.name
        lines = []
        if posting.cash:
            clearing = accounts["remittance_clearing"].account_id
            lines.append(line(clearing, posting.cash, number))
        allowance = accounts["contractual_allowance"].account_id
        lines += [
            line(allowance, item.amount, f"{number} {item.group}-{item.reason}")
            for item in posting.allowances
        ]
        if posting.moved:
            lines.append(self._prepare_moved_line(posting.moved, items, accounts, line))
        if posting.settled:
            lines.append(
                line(
                    items[:1].account_id,
                    -posting.settled,
                    number,
                    date_maturity=items[:1].date_maturity,
                )
            )
        return lines

    def _prepare_moved_line(self, amount, items, accounts, line):
        """What the next payer owes from now on; the patient owes it by an invoice."""
        responsibility, partner = self._get_next_party()
        if responsibility == "patient":
            return line(accounts["balance_transfer"].account_id, amount, self.claim_id.name)
        return line(
            items[:1].account_id,
            amount,
            self.claim_id.name,
            partner_id=partner.id,
            hc_responsibility=responsibility,
            date_maturity=self.remittance_id._get_today(),
        )

    def _settle(self, move, items):
        """Reconcile what the answers settled with what the payers owed, all at once."""
        plan = []
        for item in move.line_ids:
            answer = item.hc_remittance_claim_id
            if (
                item.account_type == "asset_receivable"
                and item.hc_responsibility == answer.claim_id._responsibility
            ):
                plan.append(items[answer.id] | item)
        self.env["account.move.line"].with_context(**QUIET)._reconcile_plan(plan)

    def _record(self, plans, move_id):
        """Note on answers and claims what was posted."""
        for answer, posting in plans.items():
            answer._write_guarded(
                {
                    "amount_allowed_off": float(posting.allowed_off),
                    "amount_moved": float(posting.moved),
                    "amount_denied": float(posting.denied),
                    "amount_pended": float(posting.pended),
                    "next_party": answer._get_next_party()[0] if posting.moved else False,
                    "move_id": move_id,
                    "hold_code": False,
                    "hold_note": False,
                }
            )
        facts = {
            answer.id: {
                "entry": move_id,
                "claim": answer.claim_id.id,
                "paid": str(posting.cash),
                "allowance": str(posting.allowed_off),
                "moved": str(posting.moved),
                "denied": str(posting.denied + posting.pended),
            }
            for answer, posting in plans.items()
        }
        self._transition("posted", facts={"by_id": facts})
        by_outcome = defaultdict(list)
        for answer, posting in plans.items():
            by_outcome[posting.outcome].append(answer)
        for outcome, answers in by_outcome.items():
            self.browse([answer.id for answer in answers])._tell_claims(outcome)

    def _tell_claims(self, outcome):
        """Give the claims their outcome."""
        self.claim_id._transition_where_allowed(
            outcome, facts={"remittance": self.remittance_id.id}
        )
