# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the new version takes for granted of records that the one before has made."""

from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Command

# Scheduled Actions are data of the user (noupdate), but these called methods that moved.
_CRON_CODES = {
    "ir_cron_cadence_run": "model._cron_follow_up()",
    "ir_cron_issue_statements": "model._cron_issue_statements()",
}
_TEMPLATES = ("statement", "reminder", "final_notice", "pre_collection", "payer_follow_up")
_LANGUAGE = (
    "{{ 'es_419' if object.patient_id.language == 'es_US' else object.company_id.partner_id.lang }}"
)
# What a notice before collection has to say is known by its class (26 CFR 1.501(r)-6(c)(4)).
_SUMMARY = "<p><b>Financial assistance, in short."
_MARKED_SUMMARY = f'<p class="hc_assistance_summary">{_SUMMARY.removeprefix("<p>")}'
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
    _renew_templates(env)
    _enter_placement_lines(env)
    _agree_to_new_settings(env)


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


def _renew_templates(env):
    """Words follow the language of the guarantor, as new templates do; own ones are kept."""
    for name in _TEMPLATES:
        template = env.ref(f"hc_collections.mail_template_{name}", raise_if_not_found=False)
        if not template:
            continue
        if not template.lang:
            template.lang = _LANGUAGE
        if _SUMMARY in (template.body_html or ""):
            template.body_html = template.body_html.replace(_SUMMARY, _MARKED_SUMMARY)


def _enter_placement_lines(env):
    """Placements were of a whole account: they are of its cases.

    What was open by case on the day is not known. The cases get what is open now, the first of
    them also what was paid since, so that the placed total stays.
    """
    placements = env["hc.placement"].search(
        [("state", "in", ("requested", "placed")), ("line_ids", "=", False)]
    )
    today = fields.Date.context_today(placements)
    found = {}
    for account_id, *row in env["hc.statement"]._query_open(placements.account_id, today):
        found.setdefault(account_id, []).append(row)
    vals_list = []
    for placement in placements:
        rows = [row for row in found.get(placement.account_id.id, ()) if row[1] > 0]
        rows = rows or [(False, 0.0)]
        paid = max(0.0, placement.amount_placed - sum(amount for _case, amount in rows))
        for position, (case_id, amount) in enumerate(rows):
            placed = placement.currency_id.round(amount if position else amount + paid)
            vals_list.append(
                {"placement_id": placement.id, "case_id": case_id, "amount_placed": placed}
            )
    env["hc.placement.line"]._create_guarded(vals_list)


def _agree_to_new_settings(env):
    """A setting that came with its default was changed by nobody: it is no drift."""
    policies = env["hc.aging.policy"].with_context(active_test=False).search([("id", ">", 0)])
    env["hc.config.version"]._take(policies, "update", names={"daily_snapshot_days"})
