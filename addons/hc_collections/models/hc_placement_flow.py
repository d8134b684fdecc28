# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.hc_revenue_base.models.hc_work_item import OPEN_STATES as OPEN_ITEM_STATES

from ..hc_dunning_core.guardrails import acts
from .hc_placement import OUT_STATES

MINIMUM_REASON_LENGTH = 10


class HcPlacement(models.Model):
    """How cases go to an agency, and come back."""

    _inherit = "hc.placement"

    @api.model
    def _request(self, account, agency, *, justification, idempotency_key):
        """Ask that what is open of an account is handed to an agency.

        :param account: with a final notice given
        :param agency: who gets it
        :param str justification: why, in a sentence
        :return: the placement
        :raise UserError: the account may not be placed as things are
        :raise AccessError: a guardrail blocks it; names rule, source and earliest lawful day
        """
        account.ensure_one()
        account.check_access("write")
        account._lock_for_transition(["state"])
        if len((justification or "").strip()) < MINIMUM_REASON_LENGTH:
            raise UserError(self.env._("Say in a sentence why: whoever decides reads it."))
        if account.sudo().placement_ids.filtered(lambda one: one.state == "requested"):
            raise UserError(self.env._("The placement of %s is requested already.", account.name))
        amounts = self._get_placeable(account)
        self._require_lawful(account, agency, amounts)
        (number,) = self.env["ir.sequence"]._draw_numbers(self._name, account.company_id, 1)
        placement = self.sudo()._create_guarded(
            [
                {
                    "name": number,
                    "account_id": account.id,
                    "agency_id": agency.id,
                }
            ]
        )
        self.env["hc.placement.line"].sudo()._create_guarded(
            [
                {"placement_id": placement.id, "case_id": case_id, "amount_placed": amount}
                for case_id, amount in amounts.items()
            ]
        )
        action = self.env["hc.controlled.action"]._request(
            "agency_placement",
            placement.with_env(self.env),
            idempotency_key=idempotency_key,
            amount=placement.amount_placed,
            justification=justification.strip(),
            evidence=[
                {"evidence_type": "justification", "text": justification.strip()},
                {"evidence_type": "record", "res_model": account._name, "res_id": account.id},
            ],
        )
        placement._write_guarded({"action_id": action.id})
        return placement.with_env(self.env)

    @api.model
    def _require_lawful(self, account, agency, amounts):
        account._require_lawful(
            acts.PLACEMENT, acts.THIRD_PARTY, agency=agency, case_ids=_get_case_ids(amounts)
        )

    def _place(self, action):
        """Hand the cases over, as the ledger and the law are now; the next file tells the agency.

        :raise UserError: nothing may be placed any more
        """
        self.ensure_one()
        account = self.account_id
        account._lock_for_transition(["state"])
        self._refresh_lines(self._get_placeable(account, self))
        amounts = self._read_open()[self.id]
        if not amounts:
            raise UserError(
                self.env._("Nothing of %s may be placed any more.", account.display_name)
            )
        self._require_lawful(account, self.agency_id, amounts)
        self._write_guarded({"placed_on": fields.Date.context_today(self)})
        self._transition(
            "placed",
            reason=action.justification,
            facts={"action": action.id, "cases": self._get_placed_cases().ids},
            on_behalf_of=action.requester_id,
        )
        account._transition("placed", reason=action.justification, facts={"placement": self.id})
        self.env["hc.collection.hold"]._place(
            account,
            "placement",
            self.env._(
                "%(placement)s, %(agency)s", placement=self.name, agency=self.agency_id.name
            ),
            cases=self._get_placed_cases(),
            source=self,
            owner_id=action.requester_id.id,
        )

    def _refresh_lines(self, amounts):
        """Take over what is open now; lines that may not go say why.

        :param dict amounts: ``{case id or None: amount}`` that may go
        """
        for line in self.sudo().line_ids.filtered(lambda line: not line.left_out_because):
            amount = amounts.get(line.case_id.id or None)
            if amount is None:
                line._write_guarded(
                    {
                        "amount_placed": 0.0,
                        "left_out_because": self._get_case_objection(line)
                        or self.env._("nothing is open of it any more"),
                    }
                )
            elif self.currency_id.compare_amounts(amount, line.amount_placed):
                line._write_guarded({"amount_placed": amount})

    def _recall(self, reason):
        """Take cases back; the agency is told by the next file and has to confirm.

        What the agency has not been told of comes back at once.

        :raise UserError: the reason is missing, or the account is not with the agency
        """
        self.ensure_one()
        if len((reason or "").strip()) < MINIMUM_REASON_LENGTH:
            raise UserError(self.env._("Say in a sentence why: the agency is told."))
        reason = reason.strip()
        self._write_guarded(
            {"recall_reason": reason, "recall_asked_on": fields.Date.context_today(self)}
        )
        if not self.file_id:
            self._transition("recalled", reason=reason)
            return
        self._transition("recalling", reason=reason)
        self._open_item(
            "placement_recall",
            self.env._(
                "Recall %(placement)s from %(agency)s: %(reason)s",
                placement=self.name,
                agency=self.agency_id.name,
                reason=reason,
            ),
        )

    def action_confirm_recall(self):
        """The agency has confirmed that it stopped."""
        for placement in self:
            placement._transition("recalled", reason=self.env._("the agency has confirmed"))

    def action_open_recall(self):
        """Ask why the account is taken back."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Recall from the Agency"),
            "res_model": "hc.placement.recall.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_placement_id": self.id},
        }

    def _on_state_recalled(self, previous):
        for placement in self:
            placement._end(placement.recall_reason)

    def _on_state_closed(self, previous):
        self._end(self.env._("paid"))

    def _end(self, reason):
        """The office follows the cases up again."""
        self.sudo()._write_guarded(
            {"ended_on": fields.Date.context_today(self), "end_reason": reason}
        )
        self.env["hc.collection.hold"]._release_of(self, reason)
        self.env["hc.work.item"].sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "in", OPEN_ITEM_STATES),
            ]
        )._resolve("fixed")
        accounts = self.sudo().account_id
        accounts -= accounts.placement_ids.filtered(lambda one: one.state in OUT_STATES).account_id
        accounts.filtered(lambda one: one.state == "placed")._transition_where_allowed(
            "active", reason=reason
        )

    def _follow_ledger(self):
        """Close what is paid."""
        out = self.sudo().filtered(lambda one: one.state in OUT_STATES)
        amounts = out._read_open()
        paid = out.filtered(lambda one: not amounts[one.id])
        if paid:
            paid._transition("closed", reason=self.env._("nothing is open any more"))

    def _open_item(self, kind, name, severity="error"):
        self.ensure_one()
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": kind,
                    "severity": severity,
                    "queue_code": "collections",
                    "dedup_key": f"{kind}:{self.id}",
                    "name": name,
                    "company_id": self.company_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )


def _get_case_ids(amounts):
    """Ids of the cases; empty where something without a case is among them."""
    return () if None in amounts else tuple(amounts)
