# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models

# Upper ends of the classes of days past due; the last class is open.
_CLASS_ENDS = (0, 30, 60, 90)
_HISTORY_LIMIT = 10


class HcApprovalRequest(models.Model):
    """The account behind a request: what is open and how old, and what was done before."""

    _inherit = "hc.approval.request"

    account_html = fields.Html("Account", compute="_compute_account_html", sanitize=False)

    def _compute_account_html(self):
        actions = self.env["hc.controlled.action"]
        states = dict(actions._fields["state"]._description_selection(self.env))
        for request in self:
            patient = request.case_id.patient_id
            request.account_html = patient and self.env["ir.qweb"]._render(
                "hc_billing_approvals.hc_approval_request_account",
                {
                    "request": request,
                    "aging": request._get_aging(patient),
                    "acts": request._get_account_acts(patient),
                    "states": states,
                },
            )

    def _get_aging(self, patient):
        """Open amounts by responsibility and days past due: of the case, and of all cases.

        :return: list of ``(label, [amount per class], total)`` as texts, empty where nothing is
            open; the last is the whole account
        """
        self.ensure_one()
        labels = dict(
            self.env["hc.balance"]._fields["responsibility"]._description_selection(self.env)
        )
        rows, whole = {}, [0.0] * (len(_CLASS_ENDS) + 1)
        today = self.case_id._get_today()
        balances = self.env["hc.balance"].search_fetch(
            [("patient_id", "=", patient.id), ("currency_id", "=", self.currency_id.id)],
            ["case_id", "responsibility", "date_due", "amount_open"],
        )
        for balance in balances:
            days = (today - (balance.date_due or today)).days
            position = sum(days > end for end in _CLASS_ENDS)
            whole[position] += balance.amount_open
            if balance.case_id == self.case_id:
                row = rows.setdefault(balance.responsibility, [0.0] * len(whole))
                row[position] += balance.amount_open
        lines = [(labels.get(party, ""), amounts) for party, amounts in sorted(rows.items())]
        lines.append((self.env._("All cases of the patient"), whole))
        return [
            (label, [self._format_open(each) for each in amounts], self._format_open(sum(amounts)))
            for label, amounts in lines
        ]

    def _format_open(self, amount):
        return "" if self.currency_id.is_zero(amount) else self.currency_id.format(amount)

    def _get_account_acts(self, patient):
        """The latest acts on the patient's cases, this one left out."""
        return self.env["hc.controlled.action"].search(
            [("case_id.patient_id", "=", patient.id), ("id", "!=", self.action_id.id)],
            limit=_HISTORY_LIMIT,
        )


class HcActionEvidence(models.Model):
    _inherit = "hc.action.evidence"

    mimetype = fields.Char(related="attachment_id.mimetype")
    evidence_type_label = fields.Char(compute="_compute_evidence_type_label")

    def _compute_evidence_type_label(self):
        labels = dict(self._fields["evidence_type"]._description_selection(self.env))
        for evidence in self:
            evidence.evidence_type_label = labels.get(evidence.evidence_type)
