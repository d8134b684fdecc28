# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the screens of denials and appeals show besides their own fields, and where buttons lead."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..lifecycles import DENIAL_OPEN_STATES
from .hc_claim_screens import _form_action
from .hc_denial_value import URGENT_DAYS

_BOARD_STATES = ("new", "in_work", "corrected", "appealed", "upheld", "overturned")


class HcDenial(models.Model):
    _inherit = "hc.denial"

    state = fields.Selection(group_expand="_expand_states")
    payer_words = fields.Char("What the Payer Said", compute="_compute_payer_words")
    remark_words = fields.Text("Its Remarks", compute="_compute_payer_words")
    next_action = fields.Char("What to Do", compute="_compute_next_action")
    appeal_count = fields.Integer(compute="_compute_appeal_count")
    next_level_name = fields.Char("Level", compute="_compute_next_level_name")
    is_mine = fields.Boolean(compute="_compute_is_mine")

    @api.model
    def _expand_states(self, states, domain):
        """Columns of the board: those in use, and those of open denials unless some are asked."""
        asked = any(part.field_expr == "state" for part in Domain(domain).iter_conditions())
        shown = set(states) if asked else {*states, *_BOARD_STATES}
        return [code for code, _label in self._get_lifecycle("state").selection() if code in shown]

    @api.depends("group_code", "reason_code", "code_id", "remark_codes")
    def _compute_payer_words(self):
        codes = self.env["hc.adjustment.code"].sudo()
        groups = codes._find("group", list(set(self.mapped("group_code"))), self._get_today())
        remarks = {each for denial in self for each in (denial.remark_codes or "").split()}
        meanings = codes._find("rarc", sorted(remarks), self._get_today())
        for denial in self:
            group = groups.get(denial.group_code)
            words = denial.code_id.name or self.env._("A reason that is not in the code table")
            denial.payer_words = f"{denial.group_code}-{denial.reason_code}: {words}" + (
                f" ({group.name})" if group else ""
            )
            denial.remark_words = "\n".join(
                f"{code}: {meanings[code].name}" if code in meanings else code
                for code in (denial.remark_codes or "").split()
            )

    @api.depends("code_id", "remark_codes", "no_appeal", "resubmission", "group_code", "state")
    def _compute_next_action(self):
        labels = dict(self._fields["no_appeal"]._description_selection(self.env))
        for denial in self:
            remarks = set((denial.remark_codes or "").split())
            parts = []
            if denial.state == "corrected":
                parts.append(self.env._("Wait for the answer to the corrected claim."))
            elif denial.state == "appealed":
                parts.append(self.env._("Follow the appeal."))
            elif denial.state == "overturned":
                parts.append(self.env._("Wait for the payment."))
            elif denial.no_appeal in ("unprocessable", "no_rights"):
                parts.append(f"{labels[denial.no_appeal]}.")
            elif "N142" in remarks:
                parts.append(self.env._("Send a new claim, not a replacement."))
            elif "N432" in remarks:
                parts.append(self.env._("A recovery audit took it back: appeal the auditor's way."))
            parts.append(denial.code_id.next_action or "")
            denial.next_action = " ".join(filter(None, parts))

    def _compute_appeal_count(self):
        for denial in self:
            denial.appeal_count = len(denial.appeal_ids)

    @api.depends("level", "payer_id", "is_appealable")
    def _compute_next_level_name(self):
        levels = self.env["hc.payer.deadline"]._get_levels(self.payer_id)
        for denial in self:
            row = levels.get(denial.payer_id.id, {}).get(denial.level)
            denial.next_level_name = row.name if row and denial.is_appealable else False

    @api.depends("responsible_user_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for denial in self:
            denial.is_mine = denial.responsible_user_id == self.env.user

    def action_open_claim(self):
        """Open the claim that was denied."""
        self.ensure_one()
        return _form_action("hc.claim", self.claim_id.id)

    def action_open_case(self):
        """Open the case of the claim."""
        self.ensure_one()
        return _form_action("hc.billing.case", self.case_id.id)

    def action_open_answer(self):
        """Open the payer's answer."""
        self.ensure_one()
        return _form_action("hc.remittance.claim", self.answer_id.id)

    def action_open_appeals(self):
        """Open the appeals against the denial."""
        self.ensure_one()
        return _appeals_action(self, [("denial_ids", "in", self.ids)])

    def action_open_work_items(self):
        """Open the work items about the denial and others of its cause."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_revenue_base.hc_work_item_action"
        )
        domain = Domain("dedup_key", "=", self._get_work_key()) | Domain(
            [("res_model", "=", self._name), ("res_id", "=", self.id)]
        )
        return action | {"domain": list(domain), "context": {}}


class HcAppeal(models.Model):
    _inherit = "hc.appeal"

    days_left = fields.Integer(compute="_compute_days_left", aggregator=None)
    is_due = fields.Boolean(compute="_compute_days_left")
    deadline_color = fields.Integer(compute="_compute_days_left")
    days_waiting = fields.Integer(compute="_compute_days_left", aggregator=None)
    can_go_further = fields.Boolean(compute="_compute_can_go_further")
    denial_count = fields.Integer(compute="_compute_denial_count")

    @api.depends("deadline", "state", "submitted_on")
    def _compute_days_left(self):
        today = self._get_today()
        for appeal in self:
            appeal.is_due = appeal.state in ("draft", "approved") and bool(appeal.deadline)
            appeal.days_left = (appeal.deadline - today).days if appeal.is_due else 0
            waits = appeal.state == "submitted" and appeal.submitted_on
            appeal.days_waiting = (today - appeal.submitted_on).days if waits else 0
            if not appeal.is_due:
                appeal.deadline_color = 0
            else:
                appeal.deadline_color = 1 if appeal.days_left <= URGENT_DAYS else 10

    @api.depends("state", "denial_ids.state", "denial_ids.level", "next_appeal_ids")
    def _compute_can_go_further(self):
        for appeal in self:
            appeal.can_go_further = appeal._is_decided and bool(appeal._get_left_denials())

    @api.depends("denial_ids")
    def _compute_denial_count(self):
        for appeal in self:
            appeal.denial_count = len(appeal.denial_ids)

    def action_open_claim(self):
        """Open the claim of the appeal."""
        self.ensure_one()
        return _form_action("hc.claim", self.claim_id.id)

    def action_open_denials(self):
        """Open what the appeal is about."""
        self.ensure_one()
        return _denials_action(self, [("id", "in", self.denial_ids.ids)])


class HcClaim(models.Model):
    _inherit = "hc.claim"

    open_denial_count = fields.Integer(compute="_compute_denial_counts")
    denial_count = fields.Integer(compute="_compute_denial_counts")
    appeal_count = fields.Integer(compute="_compute_denial_counts")

    def _compute_denial_counts(self):
        counts = _count_denials(self, "claim_id")
        appeals = dict(
            self.env["hc.appeal"]._read_group(
                [("claim_id", "in", self.ids)], ["claim_id"], ["__count"]
            )
        )
        for claim in self:
            claim.denial_count, claim.open_denial_count = counts.get(claim, (0, 0))
            claim.appeal_count = appeals.get(claim, 0)

    def action_open_denials(self):
        """Open what was denied of the claim."""
        self.ensure_one()
        return _denials_action(self, [("claim_id", "=", self.id)])

    def action_open_appeals(self):
        """Open the appeals for the claim."""
        self.ensure_one()
        return _appeals_action(self, [("claim_id", "=", self.id)])

    def action_appeal(self):
        """Appeal against all that can be appealed of these claims."""
        self.check_access("write")
        denials = self.denial_ids.filtered(
            lambda denial: denial.is_appealable and denial.state in ("new", "in_work", "upheld")
        )
        return (denials or self.denial_ids).action_appeal()


class HcBillingCase(models.Model):
    _inherit = "hc.billing.case"

    denial_count = fields.Integer(compute="_compute_denial_count")

    def _compute_denial_count(self):
        counts = _count_denials(self, "case_id")
        for case in self:
            case.denial_count = counts.get(case, (0, 0))[0]

    def action_open_denials(self):
        """Open what was denied of the case."""
        self.ensure_one()
        return _denials_action(self, [("case_id", "=", self.id)])


class HcRemittanceClaim(models.Model):
    _inherit = "hc.remittance.claim"

    denial_count = fields.Integer(compute="_compute_denial_count")

    def _compute_denial_count(self):
        counts = _count_denials(self, "answer_id")
        for answer in self:
            answer.denial_count = counts.get(answer, (0, 0))[0]

    def action_open_denials(self):
        """Open what the answer denies."""
        self.ensure_one()
        return _denials_action(self, [("answer_id", "=", self.id)])


def _count_denials(records, field_name):
    """``{record: (denials, open ones)}``; those of undone answers do not count."""
    counts = {}
    for record, state, count in records.env["hc.denial"]._read_group(
        [(field_name, "in", records.ids), ("state", "!=", "void")],
        [field_name, "state"],
        ["__count"],
    ):
        total, still_open = counts.get(record, (0, 0))
        counts[record] = (total + count, still_open + count * (state in DENIAL_OPEN_STATES))
    return counts


def _denials_action(record, domain):
    action = record.env["ir.actions.act_window"]._for_xml_id("hc_claims.hc_denial_action")
    return action | {"domain": domain, "context": {}}


def _appeals_action(record, domain):
    action = record.env["ir.actions.act_window"]._for_xml_id("hc_claims.hc_appeal_action")
    return action | {"domain": domain, "context": {}}
