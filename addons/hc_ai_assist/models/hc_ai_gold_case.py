# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from .. import lifecycles

AGREEING_GROUPS = (
    "hc_revenue_base.group_hc_supervisor",
    "hc_revenue_base.group_hc_compliance",
    "hc_revenue_base.group_hc_administrator",
)

_FROZEN = (
    "policy_id company_id suggestion_id record_created_at facts slices expected_value"
    " author_id agreed_by_id agreed_at"
)


class HcAiGoldCase(models.Model):
    """A case by which advice is judged: facts of a decided record and what is right for them.

    Made of a suggestion that somebody decided, by one person, and agreed to by another. Its record
    is left out of learning from then on.
    """

    _name = "hc.ai.gold.case"
    _description = "AI Gold Case"
    _inherit = ["hc.lifecycle.mixin"]
    _order = "id desc"
    _lifecycles = {"state": lifecycles.AI_GOLD_CASE}
    _guarded_fields = frozenset(_FROZEN.split())

    policy_id = fields.Many2one(
        "hc.ai.policy", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    suggestion_id = fields.Many2one(
        "hc.ai.suggestion", "Made Of", required=True, readonly=True, ondelete="restrict"
    )
    record_created_at = fields.Datetime("Record Made On", readonly=True)
    facts = fields.Json("Facts (Technical)", readonly=True)
    facts_text = fields.Text("Facts", compute="_compute_facts_text")
    slices = fields.Json("Belongs To", readonly=True)
    expected_value = fields.Text("Right (Technical)", required=True, readonly=True)
    expected_label = fields.Char("Right", compute="_compute_expected_label")
    author_id = fields.Many2one("res.users", "Made By", required=True, readonly=True)
    agreed_by_id = fields.Many2one("res.users", readonly=True)
    agreed_at = fields.Datetime("Agreed On", readonly=True)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )

    _made_once = models.UniqueIndex("(suggestion_id)", "There is a gold case of it already.")

    @api.depends("policy_id")
    def _compute_display_name(self):
        for case in self:
            case.display_name = f"{case.policy_id.display_name} #{case.id}"

    @api.depends("facts")
    def _compute_facts_text(self):
        for case in self:
            facts = sorted((case.facts or {}).items())
            case.facts_text = "\n".join(f"{name}: {value}" for name, value in facts)

    @api.depends("expected_value")
    def _compute_expected_label(self):
        for case in self:
            # The right to read the case does not depend on its record.
            suggestion_sudo = case.suggestion_id.sudo()
            case.expected_label = suggestion_sudo._describe(case.expected_value)

    @api.model
    def _check_may_agree(self, records, operation):
        if not any(self.env.user.has_group(group) for group in AGREEING_GROUPS):
            raise self.env["hc.refused.attempt"]._refuse(
                records,
                operation,
                self.env._("Gold cases are made and agreed to by supervisors and compliance."),
                reason="role",
            )

    def _guard_state_agreed(self):
        """Two people say what is right."""
        return {
            case.id: [self.env._("Somebody else than who made it has to agree.")]
            for case in self
            if case.author_id == self.env.user
        }

    def action_agree(self):
        """Agree that the value is right, as a second person.

        :raise UserError: the user made it
        """
        self._check_may_agree(self, "agree")
        self.sudo()._transition("agreed")
        self.sudo()._write_guarded(
            {"agreed_by_id": self.env.uid, "agreed_at": self.env.cr.now().replace(microsecond=0)}
        )

    def action_retire(self):
        """Judge by it no longer."""
        self._check_may_agree(self, "retire")
        self.sudo()._transition("retired")

    def _get_action(self):
        """Open these cases."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_ai_assist.hc_ai_gold_case_action"
        )
        return action | {"domain": [("id", "in", self.ids)], "context": {}}
