# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.hc_revenue_base.models.hc_work_item import OPEN_STATES as OPEN_ITEM_STATES

from .hc_billing_dispute import OPEN_STATES

MINIMUM_REASON_LENGTH = 10


class HcBillingDispute(models.Model):
    """How disputes come in, are looked into and are decided."""

    _inherit = "hc.billing.dispute"

    @api.model
    def _open(self, account, amounts, *, kind, description, attachments=None, **values):
        """Take a dispute in: hold what is disputed, note what was said, give it to its owner.

        :param account: whose balance it is
        :param dict amounts: ``{case: disputed amount}``
        :param str kind: one of the kinds of the ``kind`` field
        :param str description: what the party says
        :param attachments: evidence that the user has uploaded
        :param values: ``is_estimate``, ``channel``, ``received_on``, ``owner_id``, ``due_on``
        :return: the dispute
        :raise UserError: no amount is given, or more than is open and not disputed yet
        """
        account.ensure_one()
        account.check_access("write")
        account._lock_for_transition(["state"])
        attachments = attachments or self.env["ir.attachment"]
        self._check_own_files(attachments)
        responsibilities = self._check_disputable(account, amounts)
        dispute = self.sudo()._create_guarded(
            [
                {
                    "name": self.env["ir.sequence"].next_by_code("hc.billing.dispute"),
                    "account_id": account.id,
                    "facility_id": next(iter(amounts)).facility_id.id,
                    "kind": kind,
                    "description": description,
                    "attachment_ids": [Command.set(attachments.ids)],
                    "line_ids": [
                        Command.create(
                            {
                                "case_id": case.id,
                                "responsibility": responsibilities[case],
                                "amount_disputed": amount,
                            }
                        )
                        for case, amount in amounts.items()
                    ],
                    **values,
                }
            ]
        )
        attachments.sudo().write({"res_model": self._name, "res_id": dispute.id})
        dispute._place_holds()
        dispute._record_received()
        dispute._open_item()
        return dispute.with_env(self.env)

    @api.model
    def _check_own_files(self, attachments):
        # A file of another record would be moved here: a letter out of its freeze, for one.
        if attachments.sudo().filtered(
            lambda file: (
                file.create_uid != self.env.user
                or (file.res_id and not (file.res_model or "").endswith("wizard"))
            )
        ):
            raise UserError(self.env._("Upload the evidence yourself, do not link other files."))

    @api.model
    def _check_disputable(self, account, amounts):
        """Whose balance each case's amount is, after it was held against what is open.

        :return: ``{case: responsibility}``
        :raise UserError: with the amount that may be disputed
        """
        if not amounts:
            raise UserError(self.env._("Enter the disputed amount of at least one case."))
        available = account._get_disputable_amounts()
        for case, amount in amounts.items():
            open_amount = available.get(case, ("", 0.0))[1]
            currency = account.currency_id
            if currency.compare_amounts(amount, 0) <= 0 or (
                currency.compare_amounts(amount, open_amount) > 0
            ):
                raise UserError(
                    self.env._(
                        "%(case)s: %(amount)s cannot be disputed. Enter an amount above zero and "
                        "up to %(open)s, which is open and not disputed yet.",
                        case=case.name,
                        amount=currency.format(amount),
                        open=currency.format(open_amount),
                    )
                )
        return {case: available[case][0] for case in amounts}

    def _place_holds(self):
        self.ensure_one()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for line in self.line_ids:
            values = {"owner_id": self.owner_id.id}
            if not self.is_estimate:
                values["amount"] = line.amount_disputed
            self.env["hc.collection.hold"]._place(
                self.account_id,
                "estimate_dispute" if self.is_estimate else "dispute",
                f"{self.name}: {kinds[self.kind]}",
                cases=line.case_id,
                source=self,
                **values,
            )

    def _record_received(self):
        self.ensure_one()
        contact = self.env["hc.contact"]._record(
            [
                {
                    "account_id": self.account_id.id,
                    "key": f"dispute:{self.id}:received",
                    "direction": "in",
                    "channel": self.channel,
                    "purpose": "dispute",
                    "subject": self.display_name,
                    "user_id": self.env.uid,
                }
            ]
        )
        contact.sudo()._transition("done")

    def _get_received_contact(self):
        """What the party said or wrote when it disputed."""
        self.ensure_one()
        return self.env["hc.contact"].search(
            [("account_id", "=", self.account_id.id), ("key", "=", f"dispute:{self.id}:received")]
        )

    def _open_item(self):
        for dispute in self.sudo():
            self.env["hc.work.item"]._open(
                [
                    {
                        "kind": "dispute",
                        "severity": "warning",
                        "queue_code": "billing",
                        "dedup_key": f"dispute:{dispute.id}",
                        "name": self.env._(
                            "Dispute %(number)s, %(amount)s",
                            number=dispute.display_name,
                            amount=dispute.currency_id.format(dispute.amount_disputed),
                        ),
                        "assignee_id": dispute.owner_id.filtered("active").id,
                        "facility_id": dispute.facility_id.id,
                        "company_id": dispute.company_id.id,
                        "res_model": self._name,
                        "res_id": dispute.id,
                    }
                ]
            )

    def action_investigate(self):
        """Look into these disputes."""
        self._transition("investigating")

    def action_open_decision(self):
        """Ask what is conceded, and why."""
        return self._open_wizard("decide", self.env._("Decide the Dispute"))

    def action_open_withdrawal(self):
        """Ask why the party takes the dispute back."""
        return self._open_wizard("withdraw", self.env._("Withdraw the Dispute"))

    def action_open_reopening(self):
        """Ask what new evidence there is."""
        return self._open_wizard("reopen", self.env._("Take the Dispute Up Again"))

    def _open_wizard(self, purpose, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "hc.dispute.decision.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_dispute_id": self.id, "default_purpose": purpose},
        }

    def _check_reason(self, reason):
        if len((reason or "").strip()) < MINIMUM_REASON_LENGTH:
            raise UserError(self.env._("Say in a sentence why: the party is told, the log too."))
        return reason.strip()

    def _check_not_waiting(self):
        if self.sudo().is_waiting:
            raise UserError(
                self.env._(
                    "%(dispute)s waits for approval: withdraw the request first.",
                    dispute=self.display_name,
                )
            )

    def _withdraw(self, reason):
        """The party takes the dispute back; everything is followed up again."""
        self.ensure_one()
        reason = self._check_reason(reason)
        self._check_not_waiting()
        self._write_guarded({"decision_reason": reason})
        self._transition("withdrawn", reason=reason)

    def _reopen(self, reason):
        """Look once more at what was denied."""
        self.ensure_one()
        if self.state != "denied":
            raise UserError(self.env._("Only a denied dispute is taken up again."))
        self._transition("investigating", reason=self._check_reason(reason))

    def _decide(self, conceded, *, reason, reason_code=None, idempotency_key):
        """Decide what is conceded, case by case; amounts go to those who must agree.

        :param dict conceded: ``{line: amount}``, 0 for what is still owed
        :param str reason: why, in a sentence; the party is told
        :param reason_code: of a write-off, needed where something is conceded
        :return: the requested actions
        :raise UserError: the reason is missing, an amount is too high or a request waits
        """
        self.ensure_one()
        self.check_access("write")
        self._lock_for_transition(["state"])
        reason = self._check_reason(reason)
        self._check_not_waiting()
        if self.state == "open":
            self._transition("investigating")
        self._check_conceded(conceded, reason_code)
        self._write_guarded(
            {
                "decision_reason": reason,
                "decided_by_id": self.env.uid,
                "decided_on": fields.Date.context_today(self),
            }
        )
        actions = self.env["hc.controlled.action"]
        for line, amount in conceded.items():
            line.sudo()._write_guarded({"amount_conceded": amount, "action_id": False})
            if amount:
                actions |= self._request_concession(line, reason, reason_code, idempotency_key)
        self.sudo()._conclude()
        return actions

    def _check_conceded(self, conceded, reason_code):
        if self.state != "investigating":
            raise UserError(
                self.env._("%s is decided already: take it up again first.", self.display_name)
            )
        for line, amount in conceded.items():
            if line.dispute_id != self or line.sudo().action_id.state == "applied":
                raise UserError(self.env._("This case is not to be decided here."))
            if not 0 <= amount <= line.amount_disputed:
                raise UserError(
                    self.env._(
                        "%(case)s: concede between 0 and %(amount)s, which is disputed.",
                        case=line.case_id.name,
                        amount=line.currency_id.format(line.amount_disputed),
                    )
                )
        if any(conceded.values()) and (reason_code is None or reason_code.usage != "write_off"):
            raise UserError(self.env._("Choose a reason for what is conceded."))

    def _request_concession(self, line, reason, reason_code, idempotency_key):
        action = line.case_id._request_adjustment(
            "dispute_invoice",
            line.responsibility,
            line.amount_conceded,
            idempotency_key=f"{idempotency_key}:{line.id}",
            reason_code_id=reason_code.id,
            justification=reason,
            evidence=[
                {"evidence_type": "justification", "text": reason},
                {"evidence_type": "record", "res_model": self._name, "res_id": self.id},
                *[
                    {"evidence_type": "attachment", "attachment_id": file.id}
                    for file in self.sudo().attachment_ids.with_env(self.env)
                ],
            ],
        )
        line.sudo()._write_guarded({"action_id": action.id})
        return action

    def _conclude(self):
        """Move disputes to their outcome once all that is conceded is posted."""
        for dispute in self.filtered(lambda each: each.state == "investigating"):
            lines = dispute.line_ids
            if any(line.amount_conceded and line.action_id.state != "applied" for line in lines):
                continue
            outcome = "denied"
            if dispute.amount_conceded:
                is_all = not dispute.currency_id.compare_amounts(
                    dispute.amount_conceded, dispute.amount_disputed
                )
                outcome = "upheld" if is_all else "partly_upheld"
            dispute._transition(
                outcome,
                reason=dispute.decision_reason,
                facts={"actions": lines.action_id.ids},
            )

    def _on_state_investigating(self, previous):
        for dispute in self.sudo():
            if previous[dispute.id] not in OPEN_STATES:
                self.env["hc.contact"]._withdraw_answers(dispute, "dispute")
                dispute._place_holds()
                dispute._open_item()

    def _on_state_upheld(self, previous):
        self._settle_decided()

    def _on_state_partly_upheld(self, previous):
        self._settle_decided()

    def _on_state_denied(self, previous):
        self._settle_decided()

    def _on_state_withdrawn(self, previous):
        self._settle_decided(is_answered=False)

    def _settle_decided(self, is_answered=True):
        """Follow up again, close the work item, and have the party told."""
        for dispute in self.sudo():
            self.env["hc.collection.hold"]._release_of(
                dispute, self.env._("%s is decided", dispute.name)
            )
            if is_answered:
                dispute._record_answer()
        self.env["hc.work.item"].sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("kind", "=", "dispute"),
                ("state", "in", OPEN_ITEM_STATES),
            ]
        )._resolve("fixed")

    def _record_answer(self):
        """The letter that tells the party."""
        self.env["hc.contact"]._answer(
            self,
            "dispute",
            f"dispute_{self.state}",
            amount=self.amount_disputed,
            conceded=self.amount_conceded,
        )


class HcControlledAction(models.Model):
    """A concession that is applied, or taken back, moves the dispute that it names."""

    _inherit = "hc.controlled.action"

    def _get_disputes(self):
        lines = self.env["hc.billing.dispute.line"].sudo().search([("action_id", "in", self.ids)])
        return lines.dispute_id

    def _apply_dispute_invoice(self):
        result = super()._apply_dispute_invoice()
        self.sudo()._get_disputes()._conclude()
        return result

    def _apply_reversal(self):
        original = self._get_reversed_action()
        result = super()._apply_reversal()
        lines = self.env["hc.billing.dispute.line"].sudo().search([("action_id", "=", original.id)])
        lines._write_guarded({"amount_conceded": 0.0, "action_id": False})
        lines.dispute_id._transition_where_allowed(
            "investigating", reason=self.justification, facts={"action": self.id}
        )
        return result
