# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..hc_dunning_core.holds import AMOUNT, EXTRAORDINARY, HOLD_KINDS
from .hc_assistance_application import OPEN_STATES as OPEN_APPLICATION_STATES
from .hc_placement import OPEN_STATES


class HcPlacement(models.Model):
    """What may go to an agency.

    Pending assistance, bankruptcy, a dispute and the like stop it (26 CFR 1.501(r)-6, 11 U.S.C.
    362, 15 U.S.C. 1692g), and so does a final notice that was not given. The guardrails are asked
    besides.
    """

    _inherit = "hc.placement"

    @api.model
    def _get_placeable(self, account, placement=None):
        """What of an account may go to an agency, as things are.

        Cases that are held or disputed, that are with an agency already, that the user may not
        see, or of which the party was first told after its final notice stay here.

        :param placement: one that is looked at again
        :return: ``{case id or None: open amount}``
        :raise UserError: with the reason, where nothing may go
        """
        account_sudo = account.sudo()
        objection = self._get_account_objection(account_sudo, placement)
        amounts = {}
        if not objection:
            amounts = self._get_open_amounts(account)
            stopping = self._get_stopping_holds(account_sudo).filtered("case_ids")
            for case_id in {
                *stopping.case_ids.ids,
                *self._get_other_cases(account_sudo, placement),
            }:
                amounts.pop(case_id, None)
            if not amounts:
                objection = (
                    self.env._("“%s” holds it", stopping[0].display_name)
                    if stopping
                    else self.env._("nothing is open")
                )
            elif not placement:
                amounts = self._leave_untold_cases(account_sudo, amounts)
                if not amounts:
                    objection = self.env._(
                        "the final notice has not been given for any of its open cases"
                    )
        if objection:
            raise UserError(
                self.env._(
                    "%(account)s is not placed: %(reason)s.", account=account.name, reason=objection
                )
            )
        return amounts

    @api.model
    def _get_account_objection(self, account, placement=None):
        """Why nothing of an account goes to an agency; empty where something may."""
        whole = self._get_stopping_holds(account).filtered(lambda hold: not hold.case_ids)
        if account.party != "patient":
            return self.env._("payers are not placed with an agency")
        if account.currency_id.compare_amounts(account.amount_open, 0) <= 0:
            return self.env._("nothing is open")
        if account.state != "pre_collections" and not (placement and account.state == "placed"):
            return self.env._("the final notice has not been given")
        if whole:
            return self.env._("“%s” holds it", whole[0].display_name)
        if account.assistance_ids.filtered(lambda one: one.state in OPEN_APPLICATION_STATES):
            return self.env._("an application for assistance is open")
        return ""

    @api.model
    def _get_stopping_holds(self, account):
        return account.hold_ids.filtered(
            lambda hold: (
                hold.state == "active" and HOLD_KINDS[hold.kind].stops & {EXTRAORDINARY, AMOUNT}
            )
        )

    @api.model
    def _get_open_amounts(self, account):
        """What is open of each case that the user may see."""
        rows = self.env["hc.statement"]._query_open(account, fields.Date.context_today(self))
        amounts = {case_id: amount for _account, case_id, amount in rows if amount > 0}
        cases = self.env["hc.billing.case"].browse(filter(None, amounts))
        hidden = cases - cases._filtered_access("read")
        return {case: amount for case, amount in amounts.items() if case not in hidden.ids}

    @api.model
    def _get_other_cases(self, account, placement=None):
        """Ids of cases (None: without a case) that another placement has."""
        others = account.placement_ids.filtered(lambda one: one.state in OPEN_STATES)
        others -= placement or others.browse()
        lines = others.line_ids.filtered(lambda line: not line.left_out_because)
        return [line.case_id.id or None for line in lines]

    @api.model
    def _leave_untold_cases(self, account, amounts):
        """Newer debts stay here: the party was first told of them after its final notice."""
        noticed = self.env["hc.guardrail.facts"]._read_notices(account).get(account.id, {})
        notice_on = noticed.get("notice_on")
        cases = self.env["hc.billing.case"].sudo().browse(filter(None, amounts))
        told = cases.filtered(
            lambda case: (
                case.first_statement_on and (not notice_on or case.first_statement_on <= notice_on)
            )
        )
        return {case: amount for case, amount in amounts.items() if not case or case in told.ids}

    def _get_case_objection(self, line):
        """Why a case of a placement may not go any more; empty where it may."""
        account = line.account_id
        for hold in self._get_stopping_holds(account):
            if not hold.case_ids or line.case_id in hold.case_ids:
                return self.env._("“%s” holds it", hold.display_name)
        return ""
