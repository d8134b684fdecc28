# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Denials in the queues: one work item per claim and category, as long as something is to do."""

from odoo import fields, models

from odoo.addons.hc_revenue_base.models.hc_work_item import OPEN_STATES

from ..lifecycles import DENIAL_TO_DO_STATES
from .hc_remittance_posting import QUIET


class HcDenial(models.Model):
    _inherit = "hc.denial"

    def _get_work_key(self):
        return f"denial:{self.claim_id.id}:{self.category or 'unknown'}"

    def _open_work_items(self):
        """Put the denials before those whose work they are; lines of one cause come together."""
        policies = self.env["hc.denial.policy"]._get_by_category()
        nobody = self.env["hc.denial.policy"]
        groups = {}
        for denial in self:
            groups.setdefault(denial._get_work_key(), []).append(denial)
        # Who opened it says the log; chatter of a machine's items is for nobody.
        self.env["hc.work.item"].with_context(**QUIET)._open(
            [
                denials[0]._prepare_work_item_vals(
                    key,
                    policies.get(denials[0].category, nobody),
                    sum(denial.amount_denied for denial in denials),
                )
                for key, denials in groups.items()
            ]
        )

    def _prepare_work_item_vals(self, key, policy, amount):
        """Values of the work item of denials of one claim and category, of which this is one.

        :param float amount: what is denied of them together
        """
        self.ensure_one()
        labels = dict(self._fields["category"]._description_selection(self.env))
        return {
            "kind": "denial",
            "queue_code": policy._get_queue_code(),
            "dedup_key": key,
            "name": self.env._(
                "%(claim)s denied: %(category)s, %(amount)s",
                claim=self.claim_id.name,
                category=labels.get(self.category, self.reason_summary),
                amount=self.currency_id.format(amount),
            ),
            "description": self.next_action or False,
            "case_id": self.case_id.id,
            "facility_id": self.facility_id.id,
            "company_id": self.company_id.id,
            "res_model": self._name,
            "res_id": self.id,
        }

    def _resolve_work_items(self):
        """Close the items of claims and categories of which nothing is to do any more."""
        keys = {denial._get_work_key() for denial in self}
        if not keys:
            return
        open_keys = {
            denial._get_work_key()
            for denial in self.sudo().search(
                [
                    ("claim_id", "in", self.claim_id.ids),
                    ("state", "in", DENIAL_TO_DO_STATES),
                ]
            )
        }
        of_lines = self._get_line_items(["denial_deadline", "denial_unpaid"])
        (self._get_work_items(keys - open_keys) | of_lines)._resolve("fixed")

    def _get_line_items(self, kinds):
        """Open work items of these kinds about these denials alone."""
        items_sudo = self.env["hc.work.item"].sudo()
        return items_sudo.search(
            [("kind", "in", kinds), ("res_id", "in", self.ids), ("state", "in", OPEN_STATES)]
        )

    def _get_work_items(self, keys):
        """Open work items with these keys."""
        items_sudo = self.env["hc.work.item"].sudo()
        return items_sudo.search([("dedup_key", "in", sorted(keys)), ("state", "in", OPEN_STATES)])


class HcWorkItem(models.Model):
    _inherit = "hc.work.item"

    kind = fields.Selection(
        selection_add=[
            ("denial", "Denial"),
            ("denial_deadline", "Denial Deadline"),
            ("denial_unpaid", "Appeal Won, Not Paid"),
            ("appeal_deadline", "Appeal Deadline"),
            ("appeal_documents", "Appeal Documents Missing"),
        ],
        ondelete={
            "denial": "set default",
            "denial_deadline": "set default",
            "denial_unpaid": "set default",
            "appeal_deadline": "set default",
            "appeal_documents": "set default",
        },
    )

    def action_open_source(self):
        """Open the record that the item is about; a denial or an appeal rather than its case."""
        self.ensure_one()
        if self.res_model in ("hc.denial", "hc.appeal") and self.res_id:
            return {
                "type": "ir.actions.act_window",
                "res_model": self.res_model,
                "res_id": self.res_id,
                "views": [(False, "form")],
            }
        return super().action_open_source()
