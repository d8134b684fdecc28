# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Calls, disputes, applications for assistance, holds and an agency, in every state."""

import base64
from datetime import timedelta

# What collectors spend their days on; more than that goes to a desk of its own.
WORKED_FROM, WORKED_TO = 50.0, 2500.0
_AGENCY = [("code", "=", "FAIRWAY")]


class CaseworkStory:
    """What collectors and counselors did with the patients' accounts.

    :param office: the demonstration group
    :param as_of: the day from which all dates are counted
    """

    def __init__(self, office, as_of):
        self.office = office
        self.as_of = as_of
        self.collector = office.env_of("collector")
        self.manager = office.env_of("manager")
        self.supervisor = office.env_of("supervisor")

    def run(self):
        """Tell each story on an account of its own, as far as there are accounts."""
        accounts = self.collector["hc.collection.account"].search(
            [
                ("party", "=", "patient"),
                ("amount_open", ">=", WORKED_FROM),
                ("amount_open", "<=", WORKED_TO),
            ],
            order="amount_open desc, id",
        )
        stories = (
            self._dispute_in_work,
            self._dispute_upheld,
            self._dispute_denied,
            self._application_to_decide,
            self._application_granted,
            self._bankruptcy,
            self._with_an_agency,
            self._dispute_to_agree,
            self._application_to_agree,
            self._placement_to_agree,
        )
        # What deciders write is quoted in their letters as it is: in English, but for one of them.
        accounts[: len(stories)].sudo().patient_id.language = False
        for account, tell in zip(accounts, stories, strict=False):
            tell(account)
        for account in accounts[: len(stories) + 4]:
            account.action_take()
            self._log_call(account)
        accounts.sudo()._score_priority()

    def _log_call(self, account):
        self.collector["hc.contact.wizard"].create(
            {
                "account_id": account.id,
                "channel": "call",
                "outcome": "reached",
                "note": "Spoke about the statement; named the ways to pay and to get help.",
            }
        ).action_confirm()

    def _dispute(self, account, kind, description):
        case, (_responsibility, amount) = next(iter(account._get_disputable_amounts().items()))
        return self.collector["hc.billing.dispute"]._open(
            account,
            {case: account.currency_id.round(amount / 2)},
            kind=kind,
            description=description,
            channel="call",
            received_on=self.as_of - timedelta(days=4),
            due_on=self.as_of + timedelta(days=26),
            owner_id=self.collector.uid,
        )

    def _dispute_in_work(self, account):
        dispute = self._dispute(account, "insurance", "My insurance paid this in spring.")
        dispute.action_investigate()

    def _dispute_upheld(self, account):
        said, why = "The visit is on the bill twice.", "The second entry has no chart note."
        self._concede(account, "upheld", said, why)

    def _dispute_to_agree(self, account):
        said = "I was never told of the second test."
        self._concede(account, "to agree", said, "The chart names no order for that test.")

    def _concede(self, account, name, description, reason):
        """The manager finds for the party; whoever else must agree has yet to."""
        dispute = self._dispute(account, "billing_error", description)
        dispute.with_env(self.manager)._decide(
            {line.with_env(self.manager): line.amount_disputed for line in dispute.line_ids},
            reason=reason,
            reason_code=self.manager["hc.reason.code"].search(
                [("usage", "=", "write_off")], limit=1
            ),
            idempotency_key=f"demo:dispute {name}",
        )

    def _dispute_denied(self, account):
        """The answer goes out as a letter, to somebody who reads Spanish."""
        account.sudo().patient_id.language = "es_US"
        dispute = self._dispute(account, "price", "Another clinic charges less.")
        dispute._decide(
            dict.fromkeys(dispute.line_ids, 0),
            reason="El precio es el que se acordó antes de la visita.",
            idempotency_key="demo:denied",
        )

    def _apply(self, account, persons, income):
        application = self.manager["hc.assistance.application"]._receive(
            account.with_env(self.manager),
            channel="letter",
            documents=self.manager["ir.attachment"].create(
                {"name": "Pay slips.txt", "raw": b"Pay slips of three months"}
            ),
            applied_on=self.as_of - timedelta(days=6),
            owner_id=self.manager.uid,
            persons=persons,
            income=income,
        )
        application.action_complete()
        return application

    def _application_to_decide(self, account):
        self._apply(account, 3, 61000.0)

    def _application_granted(self, account):
        self._grant(account, "granted")

    def _application_to_agree(self, account):
        self._grant(account, "to agree")

    def _grant(self, account, name):
        application = self._apply(account, 4, 38000.0)
        application._decide(
            "granted",
            reason="Household and income are proved; the policy gives the whole discount.",
            idempotency_key=f"demo:assistance {name}",
        )

    def _bankruptcy(self, account):
        self.collector["hc.hold.wizard"].create(
            {
                "account_ids": account.ids,
                "kind": "bankruptcy",
                "reason": "notice of the court, chapter 7",
            }
        ).action_confirm()

    def _with_an_agency(self, account):
        self._place(account, self._sign_with_agency(), "placed")

    def _placement_to_agree(self, account):
        self._place(account, self.manager["hc.collection.agency"].search(_AGENCY), "to agree")

    def _sign_with_agency(self):
        return self.manager["hc.collection.agency"].create(
            {
                "name": "Fairway Recovery",
                "code": "FAIRWAY",
                "commission_percent": 18.0,
                "agreement": base64.b64encode(b"Agreement of Fairway Recovery, signed"),
                "agreement_name": "Agreement.txt",
                "agreement_from": self.as_of - timedelta(days=400),
            }
        )

    def _place(self, account, agency, name):
        # The guarantor was told of all of it half a year ago.
        for case in account.sudo()._get_open_by_case():
            case._write_guarded({"first_statement_on": self.as_of - timedelta(days=190)})
        account.sudo()._transition("pre_collections", reason="final notice of last month")
        self.supervisor["hc.placement"]._request(
            account.with_env(self.supervisor),
            agency.with_env(self.supervisor),
            justification="Four statements and a final notice were not answered.",
            idempotency_key=f"demo:placement {name}",
        )
