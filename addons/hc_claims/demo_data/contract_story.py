# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What payers of the demonstration have agreed to pay, and where they paid something else."""

from collections import Counter
from datetime import date

_AGREED_PERCENT = 72.0


class ContractStory:
    """Contracts of three payers, what their payments show, and what people do about it.

    :param office: the demonstration group
    :param as_of: the day from which all dates are counted
    """

    def __init__(self, office, as_of):
        self.office = office
        self.as_of = as_of
        self.first_day = date(as_of.year - 1, 1, 1)
        self.author = office.env_of("claims_specialist")
        self.publisher = office.env_of("manager")

    def run(self):
        """Tell every story."""
        self._agree("bluepine", "Bluepine commercial", [self._term(), self._dearer("bluepine", 80)])
        schedule = self._get_schedule()
        self._agree(
            "meridian",
            "Meridian, share of the charge master",
            [
                self._term(method="percent_of_schedule", schedule_id=schedule.id),
                self._dearer("meridian", 90),
            ],
            unlisted_percent=_AGREED_PERCENT,
            tolerance_percent=2.0,
        )
        self._agree("medicare", "Medicare", [self._term(), self._dearer("medicare", 65)])
        self._draft()
        self._compare()
        self._work()
        self._ask()

    def _term(self, **values):
        return {"percent": _AGREED_PERCENT, **values}

    def _get_schedule(self):
        """The charge master of the whole group."""
        return self.author["hc.fee.schedule"].search(
            [
                ("facility_id", "=", False),
                ("company_id", "=", self.office.ref("facility_harbor").company_id.id),
            ],
            limit=1,
        )

    def _dearer(self, payer, percent):
        """A term for the procedure that the payer has answered most often."""
        services = self.author["hc.remittance.service"].search(
            [
                ("remittance_claim_id.payer_id", "=", self.office.ref(f"payer_{payer}").id),
                ("remittance_claim_id.state", "=", "posted"),
            ]
        )
        counts = Counter(service.code for service in services)
        code = min(counts, key=lambda code: (-counts[code], code))
        return {"code_from": code, "percent": float(percent)}

    def _agree(self, payer, name, terms, **values):
        contract = self.author["hc.payer.contract"].create(
            {
                "name": name,
                "code": f"{payer.upper()}-{self.first_day.year}",
                "company_id": self.office.company.id,
                "payer_id": self.office.ref(f"payer_{payer}").id,
                "date_from": self.first_day,
                "term_ids": [(0, 0, term) for term in terms],
                **values,
            }
        )
        contract.with_env(self.publisher).action_publish()
        return contract

    def _draft(self):
        """A renewal that nobody has published yet."""
        contract = self.author["hc.payer.contract"].search(
            [("payer_id", "=", self.office.ref("payer_bluepine").id)]
        )
        draft = contract.browse(contract.action_new_version()["res_id"])
        draft.write(
            {
                "date_from": date(self.as_of.year + 1, 1, 1),
                "name": f"Bluepine commercial, {self.as_of.year + 1}",
            }
        )

    def _compare(self):
        """What the Scheduled Action does every hour."""
        answers = self.author["hc.remittance.claim"].search(
            [("state", "=", "posted"), ("contract_checked_at", "=", False)]
        )
        answers.sudo()._check_contracts()

    def _work(self):
        """Some are looked at, one is disputed, one is to be accepted."""
        variances = self.author["hc.payment.variance"].search([("kind", "=", "underpaid")])
        if len(variances) < 3:
            return
        variances[1].action_review()
        variances[0].action_dispute()
        variances[0].dispute_reference = "Call 88-4127"
        smallest = variances[-1]
        wizard = smallest.env["hc.payment.variance.wizard"].create(
            {
                "variance_ids": smallest.ids,
                "reason_code_id": self.author["hc.reason.code"]
                .search([("usage", "=", "write_off")], limit=1)
                .id,
                "justification": "The dispute costs more than the payer kept.",
            }
        )
        wizard.with_env(self.publisher).action_request()

    def _ask(self):
        """Bluepine and Meridian answer status requests; a file waits to be handed over."""
        payers = self.office.ref("payer_bluepine") | self.office.ref("payer_meridian")
        payers.sudo().takes_status_requests = True
        claims = self.author["hc.claim"].search(
            [
                ("payer_id", "in", payers.ids),
                ("state", "in", ("submitted", "received", "accepted")),
                ("submitted_on", "!=", False),
            ],
            order="submitted_on, id",
            limit=4,
        )
        if claims:
            claims.action_ask_status()
