# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What an account comes to in some sentences, and the draft of an answer to a dispute."""

from odoo import fields, models

from odoo.addons.hc_revenue_base.hc_core.review import ReviewField
from odoo.addons.hc_revenue_base.hc_core.review_hints import Statement

from ..hc_dunning_core.answer_words import draft_answer
from .hc_billing_dispute import OPEN_STATES

_PHI_GROUP = "hc_revenue_base.group_hc_phi"


class HcCollectionAccount(models.Model):
    _inherit = "hc.collection.account"

    def _review_fields(self):
        summary = ReviewField("text", self.env._("Summary"), task="summarise", is_note=True)
        return {**super()._review_fields(), "summary": summary}

    def _review_statements(self, field_name):
        if field_name != "summary":
            return super()._review_statements(field_name)
        owed = self.env._(
            "Open: %(amount)s (items: %(count)s), for %(days)s days.",
            amount=self.currency_id.format(self.amount_open),
            count=self.item_count,
            days=self.days_open,
        )
        statements = [Statement(owed, self._name, self.id, 100)]
        if self.next_step_words:
            text = self.env._("Next: %(step)s", step=self.next_step_words)
            statements.append(Statement(text, self._name, self.id, 10))
        for records in (self.dispute_ids, self.hold_ids, self.plan_ids, self.promise_ids):
            for record in records._filtered_access("read"):
                statements += record._get_account_statements()
        return (*statements, *self._get_contact_statements())

    def _get_contact_statements(self):
        """The last contact that took place."""
        contacts = self.contact_ids._filtered_access("read").filtered("happened_at")
        last = contacts.sorted("happened_at")[-1:]
        if not last:
            return ()
        text = self.env._(
            "Last contact on %(day)s by %(channel)s%(outcome)s.",
            day=fields.Date.to_string(last.happened_at.date()),
            channel=last._get_label("channel"),
            outcome=f": {last._get_label('outcome')}" if last.outcome else "",
        )
        return (Statement(text, last._name, last.id, 50),)


class HcBillingDispute(models.Model):
    _inherit = "hc.billing.dispute"

    answer_draft = fields.Text(
        "Draft of the Answer",
        copy=False,
        groups=_PHI_GROUP,
        help="Words for the answer, in the language of the recipient. Nothing is sent from here.",
    )

    def _get_account_statements(self):
        if self.state not in OPEN_STATES:
            return []
        text = self.env._(
            "%(amount)s in dispute %(name)s since %(day)s (%(kind)s), answer due %(due)s.",
            amount=self.currency_id.format(self.amount_disputed),
            name=self.name,
            day=fields.Date.to_string(self.received_on),
            kind=self._get_label("kind"),
            due=fields.Date.to_string(self.due_on),
        )
        return [Statement(text, self._name, self.id, 90)]

    def _get_label(self, name):
        return dict(self._fields[name]._description_selection(self.env)).get(self[name], "")

    def _review_fields(self):
        proposals = super()._review_fields()
        # What is declared, which policies are made of, hangs on nobody's rights.
        may_read = self.env.su or self.env.user.has_group(_PHI_GROUP)
        if may_read and (not self.state or self.state in OPEN_STATES):
            draft = ReviewField("text", self.env._("Draft of the Answer"), task="draft")
            proposals = {**proposals, "answer_draft": draft}
        return proposals

    def _review_draft(self, field_name):
        if field_name != "answer_draft":
            return super()._review_draft(field_name)
        return draft_answer(
            self.sudo().account_id.patient_id.language,
            self.kind,
            {
                "name": self.name,
                "amount": self.currency_id.format(self.amount_disputed),
                "received": fields.Date.to_string(self.received_on),
                "due": fields.Date.to_string(self.due_on),
            },
        )


class HcCollectionHold(models.Model):
    _inherit = "hc.collection.hold"

    def _get_account_statements(self):
        if self.state != "active":
            return []
        text = self.env._(
            "On hold since %(day)s: %(kind)s.",
            day=fields.Date.to_string(self.date_from),
            kind=dict(self._fields["kind"]._description_selection(self.env))[self.kind],
        )
        return [Statement(text, self._name, self.id, 80)]


class HcPaymentPlan(models.Model):
    _inherit = "hc.payment.plan"

    def _get_account_statements(self):
        if self.state != "active":
            return []
        text = self.env._(
            "Payment plan %(name)s: %(left)s left, %(missed)s instalments missed.",
            name=self.name,
            left=self.currency_id.format(self.amount_left),
            missed=self.missed_count,
        )
        return [Statement(text, self._name, self.id, 70)]


class HcPaymentPromise(models.Model):
    _inherit = "hc.payment.promise"

    def _get_account_statements(self):
        text = self.env._(
            "%(amount)s promised on %(day)s until %(due)s: %(state)s.",
            amount=self.currency_id.format(self.amount),
            day=fields.Date.to_string(self.made_on),
            due=fields.Date.to_string(self.due_on),
            state=dict(self._fields["state"]._description_selection(self.env))[self.state],
        )
        return [Statement(text, self._name, self.id, 60)]


class HcContact(models.Model):
    _inherit = "hc.contact"

    def _get_label(self, name):
        return dict(self._fields[name]._description_selection(self.env)).get(self[name], "")
