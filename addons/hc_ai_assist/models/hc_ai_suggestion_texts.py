# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .hc_ai_suggestion import AI_GROUP


class HcAiSuggestion(models.Model):
    """Texts among suggestions: who may read them, and how the panel shows them."""

    _inherit = "hc.ai.suggestion"

    abstained_because = fields.Selection(
        selection_add=[
            ("not_mapped", "Code Not in the Table"),
            ("unclear", "Wording Not Clear"),
            ("nothing_to_say", "Nothing to Say"),
            ("unsafe", "Text Not Fit to Be Shown"),
        ],
        ondelete={
            "not_mapped": "set null",
            "unclear": "set null",
            "nothing_to_say": "set null",
            "unsafe": "set null",
        },
    )

    @api.model
    def _get_hidden_policies(self):
        """Policies about fields that the user may not read: what is proposed tells of them."""
        policies = self.env["hc.ai.policy"].sudo().browse()
        if self.env.su or self.env.user.has_group(AI_GROUP):
            return policies
        companies = self.env.companies.ids
        for policy in policies.search([("company_id", "in", companies)]):
            model = self.env.get(policy.res_model)
            field = None if model is None else model._fields.get(policy.field_name)
            if field is not None and not model._has_field_access(field, "read"):
                policies |= policy
        return policies

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        if not bypass_access and (hidden := self._get_hidden_policies()):
            domain = Domain(domain) & Domain("policy_id", "not in", hidden.ids)
        return super()._search(domain, offset, limit, order, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        hidden = self._get_hidden_policies()
        if not hidden:
            return result
        allowed = self - result[0] if result else self
        forbidden = (
            allowed.sudo().filtered(lambda each: each.policy_id in hidden).with_env(self.env)
        )
        if not forbidden:
            return result
        message = self.env._("You may not read the field that this is about.")
        refused = forbidden | (result[0] if result else self.browse())
        return refused, lambda: AccessError(message)

    def _read_for_panel(self, record, token):
        field = record._review_fields().get(self.field_name)
        is_text = bool(field) and field.type == "text"
        return super()._read_for_panel(record, token) | {
            "is_text": is_text,
            "is_note": bool(field) and field.is_note,
            "is_sure": self.confidence >= 1.0,
            "citations": [
                {"position": position, "text": each["quote"], "label": each_label}
                for position, each in enumerate(self.evidence or ())
                if (each_label := self._describe_citation(each))
            ],
        }

    def _describe_citation(self, evidence):
        """What a citation leads to, as people know it; empty where they may not read it."""
        model = self.env.get(evidence["res_model"])
        record = None if model is None else model.browse(evidence["res_id"]).exists()
        if not record or not record.has_access("read"):
            return ""
        return f"{record._description}: {record.display_name}"

    def action_open_citation(self, position):
        """Open the record that a sentence cites, with the rights of who reads.

        :param int position: of the citation, from 0
        """
        self.ensure_one()
        self.check_access("read")
        cited = self.evidence or []
        if not isinstance(position, int) or not 0 <= position < len(cited):
            raise UserError(self.env._("There is no such citation."))
        record = self.env[cited[position]["res_model"]].browse(cited[position]["res_id"])
        record.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
