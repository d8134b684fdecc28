# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the new version takes for granted of records that the one before has made."""

from odoo import SUPERUSER_ID, api
from odoo.fields import Command

# Scheduled Actions are data of the user (noupdate), but these called methods that moved.
_CRON_CODES = {
    "ir_cron_cadence_run": "model._cron_follow_up()",
    "ir_cron_issue_statements": "model._cron_issue_statements()",
}
_OLD_CRON_CODES = {"model._cron_run()", "model._cron_issue()"}


def migrate(cr, version):
    """Complete the records of 19.0.1.0.0.

    :param cr: cursor of the update
    :param str version: installed before
    """
    if not version:
        return
    _keep_sent_charges(cr)
    _mark_settlements(cr)
    env = api.Environment(cr, SUPERUSER_ID, {})
    _renew_crons(env)
    _renew_actions(env)


def _keep_sent_charges(cr):
    """Charges were sent as soon as they were written down: a draft one must not be sent again."""
    cr.execute(
        """UPDATE payment_transaction SET hc_sent_at = create_date
            WHERE state = 'draft' AND operation = 'offline'
              AND hc_instalment_id IS NOT NULL AND hc_sent_at IS NULL"""
    )


def _mark_settlements(cr):
    """The settlement may undo what it made: payments of accounts on what is no payment."""
    cr.execute(
        """UPDATE account_partial_reconcile partial SET hc_is_settlement = TRUE
             FROM account_move_line credit
             JOIN account_move credit_move ON credit_move.id = credit.move_id
             JOIN account_payment payment ON payment.id = credit_move.origin_payment_id,
                  account_move_line debit
             JOIN account_move debit_move ON debit_move.id = debit.move_id
            WHERE credit.id = partial.credit_move_id AND debit.id = partial.debit_move_id
              AND payment.hc_account_id IS NOT NULL AND debit_move.origin_payment_id IS NULL
              AND partial.hc_is_settlement IS NOT TRUE"""
    )


def _renew_crons(env):
    accounts = env["ir.model"]._get("hc.collection.account")
    for name, code in _CRON_CODES.items():
        cron = env.ref(f"hc_collections.{name}", raise_if_not_found=False)
        # What somebody has written there instead is kept.
        if cron and cron.code in _OLD_CRON_CODES:
            cron.write({"model_id": accounts.id, "code": code})


def _renew_actions(env):
    """A supervisor sends statements too; a promise that was kept may break again."""
    supervisors = env.ref("hc_revenue_base.group_hc_supervisor")
    action = env.ref("hc_collections.ir_actions_server_send_statement", raise_if_not_found=False)
    if action:
        action.write({"group_ids": [Command.link(supervisors.id)]})
    rule = env.ref("hc_collections.automation_promise_broken", raise_if_not_found=False)
    if rule and rule.filter_pre_domain == "[('state', '=', 'open')]":
        rule.filter_pre_domain = "[('state', 'in', ('open', 'kept'))]"
