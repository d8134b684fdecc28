# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.tools import SQL


class HcPayerContract(models.Model):
    """Before it is in force the checks, behind it what is compared again."""

    _inherit = "hc.payer.contract"

    checked_count = fields.Integer("Answers Compared", compute="_compute_progress")
    unchecked_count = fields.Integer("Answers to Compare", compute="_compute_progress")

    def _get_answers_domain(self):
        """Posted answers of the payer whose first day of service the contract covers."""
        self.ensure_one()
        days = [("claim_id.service_date_from", ">=", self.date_from)]
        if self.date_to:
            days.append(("claim_id.service_date_from", "<=", self.date_to))
        return [("claim_id.payer_id", "=", self.payer_id.id), ("state", "=", "posted"), *days]

    def _compute_progress(self):
        answers = self.env["hc.remittance.claim"]
        for contract in self:
            if contract.state != "published":
                contract.checked_count = contract.unchecked_count = 0
                continue
            domain = contract._get_answers_domain()
            left = answers.search_count([*domain, ("contract_checked_at", "=", False)])
            contract.unchecked_count = left
            contract.checked_count = answers.search_count(domain) - left

    def _guard_state_published(self):
        blockers = {}
        for contract in self:
            reasons = contract._get_objections()
            if reasons:
                blockers[contract.id] = reasons
        return blockers

    def _get_objections(self):
        """Why the contract cannot be put in force, as texts."""
        self.ensure_one()
        if not self.term_ids:
            return [self.env._("it has no term")]
        terms = [term._to_core() for term in self.term_ids]
        names = {term.id: term.where_text for term in self.term_ids}
        reasons = [
            self.env._(
                "“%(one)s” and “%(other)s” overlap", one=names[a.number], other=names[b.number]
            )
            for place, a in enumerate(terms)
            for b in terms[place + 1 :]
            if a.competes(b)
        ]
        return reasons[:5] + [
            self.env._("%s covers the same days, plan and facilities", other.display_name)
            for other in self._get_published()
            if other.code != self.code and self._covers_same(other)
        ]

    def _get_published(self):
        """Other contracts of the payer that are in force."""
        return self.sudo().search(
            [
                ("payer_id", "=", self.payer_id.id),
                ("state", "=", "published"),
                ("id", "!=", self.id),
            ]
        )

    def _covers_same(self, other):
        same_plan = (self.plan_name or "").lower() == (other.plan_name or "").lower()
        mine, theirs = self.facility_ids, other.facility_ids
        same_place = bool(mine & theirs) if mine and theirs else not mine and not theirs
        return self._overlaps_days(other) and same_plan and same_place

    def _publish(self):
        """Payments are compared with the version from now on, past ones too."""
        result = super()._publish()
        self._compare_again()
        return result

    def action_withdraw(self):
        """Take contracts out of force: payments are not compared with them any more."""
        self.check_access("write")
        self._check_publisher()
        for contract in self.sudo():
            contract._compare_again()
            contract._transition("withdrawn")

    def action_compare_again(self):
        """Compare the payer's past answers again."""
        self.check_access("write")
        self.sudo()._compare_again()

    def _compare_again(self):
        """Let the Scheduled Action compare all past answers that the contract may be about.

        It works in batches and goes on where it stopped; the contract shows how far it is.
        """
        for contract in self:
            self.env.flush_all()
            self.env.execute_query(
                SQL(
                    """UPDATE hc_remittance_claim answer SET contract_checked_at = NULL
                         FROM hc_claim claim
                        WHERE claim.id = answer.claim_id AND claim.payer_id = %s
                          AND claim.service_date_from >= %s
                          AND answer.contract_checked_at IS NOT NULL
                    RETURNING answer.id""",
                    contract.payer_id.id,
                    contract.date_from,
                )
            )
        self.env["hc.remittance.claim"].invalidate_model(["contract_checked_at"], flush=False)
        self.env["hc.remittance.claim"]._trigger_contract_check()

    @api.model
    def _find_for(self, claims):
        """The contract in force for each claim, by its first day of service.

        A contract of the claim's plan goes before one of all plans, then one of its facility
        before one of all.

        :return: ``{claim id: contract}``; claims without contract are missing
        """
        contracts = self.sudo().search(
            [("payer_id", "in", claims.payer_id.ids), ("state", "=", "published")]
        )
        by_payer = contracts.grouped("payer_id")
        found = {}
        for claim in claims:
            fitting = [
                contract
                for contract in by_payer.get(claim.payer_id, ())
                if contract._is_about(claim)
            ]
            if fitting:
                found[claim.id] = max(fitting, key=lambda each: each._get_rank())
        return found

    def _get_rank(self):
        return (bool(self.plan_name), bool(self.facility_ids), self.date_from)

    def _is_about(self, claim):
        self.ensure_one()
        plan = (self.plan_name or "").strip().lower()
        return (
            bool(claim.service_date_from)
            and self._is_effective(claim.service_date_from)
            and (not plan or plan == (claim.coverage_id.plan_name or "").strip().lower())
            and (not self.facility_ids or claim.facility_id in self.facility_ids)
        )
