# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from odoo.addons.hc_revenue_base.models.hc_work_item import OPEN_STATES as OPEN_ITEM_STATES

from .hc_assistance_application import POSTED_STATES
from .hc_billing_dispute_flow import MINIMUM_REASON_LENGTH


class HcAssistanceApplication(models.Model):
    """How applications come in, are completed and are decided."""

    _inherit = "hc.assistance.application"

    @api.model
    def _receive(self, account, *, channel, documents=None, message="", **values):
        """Take an application in; from now on the account is not followed up.

        :param account: of the guarantor who asks
        :param str channel: how it came, a channel of ``hc.contact``
        :param documents: proof that the user has uploaded
        :param str message: what the applicant says
        :param values: ``applied_on``, ``owner_id``, ``persons``, ``income``, ``region``
        :return: the application
        :raise UserError: the account is a payer's, or has an open application
        """
        account.ensure_one()
        account.check_access("write")
        account._lock_for_transition(["state"])
        if account.party != "patient":
            raise UserError(self.env._("Financial assistance is for patients."))
        if account._has_open_application():
            raise UserError(self.env._("%s has an open application already.", account.name))
        documents = documents or self.env["ir.attachment"]
        self.env["hc.billing.dispute"]._check_own_files(documents)
        application = self.sudo()._create_guarded(
            [
                {
                    "name": self.env["ir.sequence"].next_by_code("hc.assistance.application"),
                    "account_id": account.id,
                    "document_ids": [(6, 0, documents.ids)],
                    **values,
                }
            ]
        )
        application._close_documents()
        application._start(channel, message)
        return application.with_env(self.env)

    def _start(self, channel, message=""):
        """Hold the account, note what came and give it to the counselors."""
        self.ensure_one()
        self.env["hc.collection.hold"]._place(
            self.account_id,
            "assistance",
            self.env._("application %s", self.name),
            source=self,
            owner_id=self.owner_id.id,
        )
        self.env["hc.contact"]._record(
            [
                {
                    "account_id": self.account_id.id,
                    "key": f"assistance:{self.id}:received",
                    "direction": "in",
                    "channel": channel,
                    "purpose": "assistance",
                    "body": plaintext2html(message) if message else False,
                    "user_id": self.env.uid,
                }
            ]
        ).sudo()._transition("done")
        self._open_item()

    def _get_received_contact(self):
        """What the applicant said or wrote when they applied."""
        self.ensure_one()
        return self.env["hc.contact"].search(
            [
                ("account_id", "=", self.account_id.id),
                ("key", "=", f"assistance:{self.id}:received"),
            ]
        )

    def _open_item(self):
        for application in self.sudo():
            self.env["hc.work.item"]._open(
                [
                    {
                        "kind": "assistance",
                        "severity": "warning",
                        "queue_code": "financial_counseling",
                        "dedup_key": f"assistance:{application.id}",
                        "name": self.env._("Application %s", application.name),
                        "company_id": application.company_id.id,
                        "res_model": self._name,
                        "res_id": application.id,
                    }
                ]
            )

    def action_complete(self):
        """Household, income and proof are there: score the application.

        :raise UserError: something is missing, or it was decided already
        """
        self.check_access("write")
        self._lock_for_transition(["state"])
        for application in self:
            if application.state == "decided":
                raise UserError(
                    self.env._(
                        "%s is decided. It is looked at again once what was posted is taken back.",
                        application.name,
                    )
                )
            known = application.sudo()
            if known.persons < 1 or known.income < 0 or not known.document_ids:
                raise UserError(
                    self.env._(
                        "%s is not complete: enter the persons of the household (1 or more) and "
                        "their income, and attach a proof.",
                        application.name,
                    )
                )
        self._transition("complete")

    def _on_state_complete(self, previous):
        for application in self.sudo():
            if previous[application.id] == "decided":
                application._write_guarded({"outcome": False})
                application._start_again()
            application._score()

    def _start_again(self):
        self.env["hc.collection.hold"]._place(
            self.account_id,
            "assistance",
            self.env._("application %s is looked at again", self.name),
            source=self,
            owner_id=self.owner_id.id,
        )
        self._open_item()

    def action_score(self):
        """Score again: balances or the policy have changed."""
        self._check_open_to_decide()
        self.sudo()._score()

    def action_reopen(self):
        """Something is missing after all."""
        self._check_not_waiting()
        self._transition("received")

    def action_open_decision(self):
        """Ask for the decision."""
        return self._open_wizard("decide", self.env._("Decide the Application"))

    def action_open_withdrawal(self):
        """Ask why the application is withdrawn."""
        return self._open_wizard("withdraw", self.env._("Withdraw the Application"))

    def _open_wizard(self, purpose, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "hc.assistance.decision.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_application_id": self.id, "default_purpose": purpose},
        }

    def _check_not_waiting(self):
        if self.sudo().filtered("is_waiting"):
            raise UserError(
                self.env._("The application waits for approval: withdraw the request first.")
            )

    def _check_open_to_decide(self):
        self.ensure_one()
        self.check_access("write")
        self._lock_for_transition(["state"])
        self._check_not_waiting()
        if self.state != "complete":
            raise UserError(self.env._("%s is not complete.", self.name))

    def _check_reason(self, reason):
        if len((reason or "").strip()) < MINIMUM_REASON_LENGTH:
            raise UserError(self.env._("Say in a sentence why: the applicant is told."))
        return reason.strip()

    def _withdraw(self, reason):
        """The applicant takes the application back, or never completed it."""
        self.ensure_one()
        self._check_not_waiting()
        reason = self._check_reason(reason)
        self._write_guarded({"decision_reason": reason})
        self._transition("withdrawn", reason=reason)

    def _decide(self, outcome, *, reason, idempotency_key):
        """Grant what the score says, or deny; what is forgiven goes to those who must agree.

        :param str outcome: ``granted`` or ``denied``
        :param str reason: why, in a sentence; the applicant is told
        :return: the requested actions
        :raise UserError: it is not complete, the score gives nothing or the reason is missing
        """
        self._check_open_to_decide()
        reason = self._check_reason(reason)
        self.sudo()._score()
        if outcome == "granted" and not self.discount_percent:
            raise UserError(self.env._("By the policy there is no discount: deny, with a reason."))
        self._write_guarded(
            {
                "outcome": outcome,
                "decision_reason": reason,
                "decided_by_id": self.env.uid,
                "decided_on": fields.Date.context_today(self),
            }
        )
        actions = self.env["hc.controlled.action"]
        for line in self.line_ids if outcome == "granted" else ():
            if line.amount_forgiven and line.sudo().action_id.state not in POSTED_STATES:
                actions |= self._request_forgiveness(line, reason, idempotency_key)
        self.sudo()._conclude()
        return actions

    def _request_forgiveness(self, line, reason, idempotency_key):
        action = line.case_id._request_adjustment(
            "charity_care",
            "patient",
            line.amount_forgiven,
            idempotency_key=f"{idempotency_key}:{line.id}",
            reason_code_id=self.env.ref("hc_revenue_base.reason_write_off_charity_care").id,
            justification=reason,
            evidence=[
                {"evidence_type": "justification", "text": reason},
                {"evidence_type": "record", "res_model": self._name, "res_id": self.id},
            ],
        )
        line.sudo()._write_guarded({"action_id": action.id})
        return action

    def _conclude(self):
        """Decided once all that is forgiven is posted."""
        for application in self.filtered(lambda each: each.state == "complete" and each.outcome):
            lines = application.line_ids.filtered("amount_forgiven")
            is_granted = application.outcome == "granted"
            if is_granted and any(line.action_id.state != "applied" for line in lines):
                continue
            application._transition(
                "decided",
                reason=application.decision_reason,
                facts={"outcome": application.outcome, "actions": lines.action_id.ids},
            )

    def _on_state_decided(self, previous):
        for application in self.sudo():
            if application.outcome == "granted":
                application._propose_refunds()
            application._record_answer()
        self._settle()

    def _on_state_withdrawn(self, previous):
        self._settle()

    def _settle(self):
        """Follow up again, and close the work item."""
        for application in self.sudo():
            self.env["hc.collection.hold"]._release_of(
                application, self.env._("%s is decided", application.name)
            )
        self.env["hc.work.item"].sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("kind", "=", "assistance"),
                ("state", "in", OPEN_ITEM_STATES),
            ]
        )._resolve("fixed")

    def _propose_refunds(self):
        """Ask for the refund of what was paid beyond what is owed: others have to agree.

        A refund that is asked for, or paid, is not asked for again. One that cannot be paid leaves
        its reason on the line and its work item open; the decision stands.
        """
        lines = self.line_ids.filtered(
            lambda line: line.amount_refund and line.refund_action_id.state not in POSTED_STATES
        )
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "assistance_refund",
                    "severity": "warning",
                    "queue_code": "financial_counseling",
                    "dedup_key": f"assistance_refund:{line.id}",
                    "name": self.env._(
                        "Refund %(amount)s of %(case)s: assistance was granted",
                        amount=line.currency_id.format(line.amount_refund),
                        case=line.case_id.name,
                    ),
                    "case_id": line.case_id.id,
                    "facility_id": line.case_id.facility_id.id,
                    "company_id": self.company_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for line in lines
            ]
        )
        for line in lines:
            line._try_refund()

    def _record_answer(self):
        """The letter that tells the applicant."""
        told = [f"assistance_{self.outcome}"]
        if self.outcome == "granted":
            told += ["assistance_forgiven"] if self.amount_forgiven else []
            told += ["assistance_refund"] if self.amount_refund else []
        self.env["hc.contact"]._answer(
            self,
            "assistance",
            *told,
            forgiven=self.amount_forgiven,
            refund=self.amount_refund,
        )


class HcControlledAction(models.Model):
    """Charity care that is applied, or taken back, moves the application that it names."""

    _inherit = "hc.controlled.action"

    def _apply_charity_care(self):
        result = super()._apply_charity_care()
        lines = self.env["hc.assistance.case"].sudo().search([("action_id", "=", self.id)])
        lines.application_id._conclude()
        return result

    def _apply_reversal(self):
        original = self._get_reversed_action()
        result = super()._apply_reversal()
        lines = self.env["hc.assistance.case"].sudo().search([("action_id", "=", original.id)])
        lines._write_guarded({"action_id": False})
        for application in lines.application_id:
            self.env["hc.contact"]._withdraw_answers(application, "assistance")
        lines.application_id._transition_where_allowed(
            "complete", reason=self.justification, facts={"action": self.id}
        )
        return result
