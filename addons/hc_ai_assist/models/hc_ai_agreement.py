# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .. import lifecycles


class HcAiAgreement(models.Model):
    """A business-associate agreement with a provider (45 CFR 164.504(e)).

    Without one that is in force today, no free text goes to a provider outside the own network.
    One administrator records it, another one confirms that the file says so.
    """

    _name = "hc.ai.agreement"
    _description = "AI Provider Agreement"
    _inherit = ["hc.lifecycle.mixin"]
    _order = "valid_until desc, id desc"
    _check_company_auto = True
    _lifecycles = {"state": lifecycles.AI_AGREEMENT}
    _terms = frozenset({"provider_id", "signed_on", "valid_until", "document"})
    _guarded_fields = _terms | {"confirmed_by_id", "company_id"}
    _guarded_after_create = _terms

    provider_id = fields.Many2one(
        "hc.ai.provider", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(related="provider_id.company_id", store=True, index=True)
    signed_on = fields.Date(required=True)
    valid_until = fields.Date(required=True, help="Last day on which it holds.")
    document = fields.Binary("Signed Agreement", required=True, attachment=True)
    document_name = fields.Char()
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="proposed",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    confirmed_by_id = fields.Many2one("res.users", "Confirmed By", readonly=True, copy=False)
    is_expired = fields.Boolean("Expired", compute="_compute_is_expired")

    _ends_after_begin = models.Constraint(
        "CHECK (valid_until >= signed_on)", "An agreement ends after it was signed."
    )

    @api.depends("valid_until")
    def _compute_is_expired(self):
        today = fields.Date.context_today(self)
        for agreement in self:
            agreement.is_expired = bool(agreement.valid_until) and agreement.valid_until < today

    @api.depends("provider_id", "signed_on")
    def _compute_display_name(self):
        for agreement in self:
            signed_on = agreement.signed_on or ""
            agreement.display_name = f"{agreement.provider_id.name or ''} {signed_on}".strip()

    @api.constrains("signed_on")
    def _check_signed(self):
        today = fields.Date.context_today(self)
        if any(agreement.signed_on > today for agreement in self):
            raise ValidationError(self.env._("An agreement was signed today or before."))

    def _guard_state_confirmed(self):
        today = fields.Date.context_today(self)
        reasons = {}
        for agreement in self:
            if agreement.create_uid == self.env.user:
                reasons[agreement.id] = [
                    self.env._("Whoever recorded it cannot confirm it. Ask another administrator.")
                ]
            elif agreement.valid_until < today:
                reasons[agreement.id] = [self.env._("It has expired. Record the one that follows.")]
        return reasons

    def _get_creation_facts(self):
        return {"signed_on": str(self.signed_on), "valid_until": str(self.valid_until)}

    def _is_in_force(self, today):
        """Whether it holds on a day."""
        self.ensure_one()
        return self.state == "confirmed" and self.signed_on <= today <= self.valid_until

    def action_confirm(self):
        """Say that the file is the signed agreement; a second administrator does this."""
        self._transition(
            "confirmed", facts={"by_id": {each.id: each._get_creation_facts() for each in self}}
        )
        self._write_guarded({"confirmed_by_id": self.env.uid})

    def action_end(self):
        """Free text goes there no longer, from now on."""
        self._transition("ended")
