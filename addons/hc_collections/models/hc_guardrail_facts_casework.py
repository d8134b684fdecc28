# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..hc_dunning_core.guardrails.facts import GRANTED, PENDING

# The class of the paragraph of a notice that sums up financial assistance.
SUMMARY_CLASS = "hc_assistance_summary"


class HcGuardrailFacts(models.AbstractModel):
    """What happened to the debt: notices, applications for assistance, payments."""

    _inherit = "hc.guardrail.facts"

    @api.model
    def _read_casework(self, accounts, case_ids=None):
        """``{account id: values of DebtFacts}``."""
        found = defaultdict(dict)
        for rows in (
            self._read_notices(accounts),
            self._read_assistance(accounts, case_ids),
            self._read_payments(accounts),
        ):
            for account_id, values in rows.items():
                found[account_id] |= values
        return found

    @api.model
    def _read_notices(self, accounts):
        """The last written notice of each account: its day, its deadline, what it carried.

        Whether it carried the summary of assistance is read from its words as they were sent.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (contact.account_id) contact.account_id,
                       (contact.happened_at AT TIME ZONE 'UTC' AT TIME ZONE %s)::date,
                       level.notice_days, coalesce(contact.body, '') LIKE %s
                  FROM hc_contact contact
             LEFT JOIN hc_cadence_level level ON level.id = contact.level_id
                 WHERE contact.account_id = ANY(%s) AND contact.direction = 'out'
                   AND contact.state IN ('sent', 'delivered', 'done')
                   AND contact.purpose = 'pre_collection'
              ORDER BY contact.account_id, contact.happened_at DESC, contact.id DESC
                """,
                str(self.env.tz),
                f"%{SUMMARY_CLASS}%",
                accounts.ids,
            )
        )
        return {
            account_id: {
                "notice_on": day,
                "notice_deadline": day + timedelta(days=days) if days else None,
                "notice_has_summary": has_summary,
            }
            for account_id, day, days, has_summary in rows
        }

    @api.model
    def _read_assistance(self, accounts, case_ids=None):
        """Applications: pending before granted; and what granted ones leave to pay.

        Granted counts while a case that it names is still open. Where a policy does not say what is
        generally billed, the limit is unknown.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT application.account_id,
                       bool_or(application.state IN ('received', 'complete')),
                       bool_or(application.outcome = 'granted' AND line.id IS NOT NULL),
                       sum(line.amount_left),
                       CASE WHEN bool_and(coalesce(policy.generally_billed_percent, 0) > 0)
                            THEN sum(line.amount_charged * policy.generally_billed_percent / 100)
                            END
                  FROM hc_assistance_application application
             LEFT JOIN hc_assistance_policy policy ON policy.id = application.policy_id
             LEFT JOIN hc_assistance_case line
                    ON line.application_id = application.id
                   AND application.state = 'decided' AND application.outcome = 'granted'
                   AND (%(cases)s IS NULL OR line.case_id = ANY(%(cases)s))
                   AND EXISTS (
                       SELECT FROM account_move_line item
                        WHERE item.hc_collection_account_id = application.account_id
                          AND item.hc_case_id = line.case_id AND item.parent_state = 'posted'
                          AND NOT item.reconciled AND item.balance > 0)
                 WHERE application.account_id = ANY(%(accounts)s)
                   AND application.state != 'withdrawn'
              GROUP BY application.account_id
                """,
                cases=list(case_ids) if case_ids else None,
                accounts=accounts.ids,
            )
        )
        found = {}
        for account_id, is_pending, is_granted, left, limit in rows:
            if is_pending:
                found[account_id] = {"assistance": PENDING}
            elif is_granted:
                found[account_id] = {
                    "assistance": GRANTED,
                    "charged_amount": _get_cents(left),
                    "generally_billed_limit": None if limit is None else _get_cents(limit),
                }
        return found | dict.fromkeys(self._read_pending(accounts), {"assistance": PENDING})

    @api.model
    def _read_pending(self, accounts):
        """Ids of the accounts that an application holds."""
        holds = (
            self.env["hc.collection.hold"]
            .sudo()
            .search(
                [
                    ("account_id", "in", accounts.ids),
                    ("kind", "=", "assistance"),
                    ("state", "=", "active"),
                ]
            )
        )
        return holds.account_id.ids

    @api.model
    def _read_payments(self, accounts):
        """The last day on which a party paid."""
        rows = (
            self.env["account.payment"]
            .sudo()
            ._read_group(
                [
                    ("hc_account_id", "in", accounts.ids),
                    ("payment_type", "=", "inbound"),
                    ("move_id.state", "=", "posted"),
                ],
                ["hc_account_id"],
                ["date:max"],
            )
        )
        return {account.id: {"last_payment_on": day} for account, day in rows}


def _get_cents(amount):
    return Decimal(str(amount)).quantize(Decimal("0.01"))
