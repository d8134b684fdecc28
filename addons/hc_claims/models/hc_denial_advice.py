# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Another category for a denial, and what an adviser is told about its category."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.hc_revenue_base.hc_core.review import ReviewField
from odoo.addons.hc_revenue_base.hc_core.review_hints import CodeMeaning
from odoo.addons.hc_revenue_base.models.hc_adjustment_code import CATEGORIES
from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP

from ..hc_claim_core.denials import get_root_cause
from ..lifecycles import DENIAL_TO_DO_STATES

_MINIMUM_REASON_LENGTH = 10


class HcDenial(models.Model):
    _inherit = "hc.denial"

    payer_wording = fields.Text(
        "In the Payer's Own Words",
        groups=PHI_GROUP,
        help="What the payer's letter, portal or phone said, where it gave no code.",
    )

    def action_open_category(self):
        """Ask for the category that is right, and why."""
        self._check_to_do()
        return self._open_wizard("hc.denial.category.wizard", self.env._("Change Category"))

    def _recategorise(self, category, reason):
        """Give denials another category; their chance and their queue follow it.

        :param str category: one of the code table's
        :param str reason: why, for the log
        :raise UserError: nothing is to do about a denial any more, or no reason is given
        """
        self.check_access("write")
        self._check_to_do()
        if len((reason or "").strip()) < _MINIMUM_REASON_LENGTH:
            raise UserError(self.env._("Say in a sentence why the category is another."))
        if category not in dict(CATEGORIES):
            raise UserError(self.env._("There is no category “%(name)s”.", name=category))
        changed = self.filtered(lambda denial: denial.category != category)
        old_keys = {denial._get_work_key() for denial in changed}
        for before, denials in changed.grouped("category").items():
            facts = {"category": category, "category_before": before or ""}
            denials._log_decision(reason=reason.strip(), facts=facts)
        changed_sudo = changed.sudo()
        changed_sudo._write_guarded({"category": category, "root_cause": get_root_cause(category)})
        changed_sudo._refresh_chances()
        changed_sudo._open_work_items()
        still_to_do = changed_sudo.search(
            [("claim_id", "in", changed.claim_id.ids), ("state", "in", DENIAL_TO_DO_STATES)]
        )
        gone_keys = old_keys - {denial._get_work_key() for denial in still_to_do}
        changed_sudo._get_work_items(gone_keys)._resolve("fixed")

    # For advisers

    def _review_fields(self):
        categories = tuple(code for code, _label in CATEGORIES)
        category = ReviewField("choice", self.env._("Category"), categories, task="classify")
        return {**super()._review_fields(), "category": category}

    def _review_texts(self):
        texts = super()._review_texts()
        if self.env.user.has_group(PHI_GROUP) and self.payer_wording:
            texts = {**texts, "payer_wording": self.payer_wording}
        return texts

    def _review_code_meanings(self, field_name):
        if field_name != "category":
            return super()._review_code_meanings(field_name)
        reasons = [each.rpartition("-")[2] for each in (self.reason_summary or "").split(", ")]
        remarks = (self.remark_codes or "").split()
        table = self.env["hc.adjustment.code"].sudo()
        found = [
            (label, code, table._find(code_type, codes, self.denied_on).get(code))
            for label, code_type, codes in (
                ("CARC", "carc", [self.reason_code, *reasons]),
                ("RARC", "rarc", remarks),
            )
            for code in dict.fromkeys(codes)
        ]
        return tuple(
            CodeMeaning(f"{label} {code}", (row and row.name) or "", (row and row.category) or "")
            for label, code, row in found
            if code
        )

    @api.model
    def _review_wordings(self, field_name):
        if field_name != "category":
            return super()._review_wordings(field_name)
        rows = (
            self.env["hc.adjustment.code"]
            .sudo()
            .search([("code_type", "in", ("carc", "rarc")), ("category", "!=", False)])
        )
        return tuple(
            CodeMeaning(f"{row.code_type.upper()} {row.code}", row.name, row.category)
            for row in rows
        )

    def _write_review(self, values):
        values = dict(values)
        category = values.pop("category", None)
        if category:
            self._recategorise(category, self.env._("advice accepted"))
        return super()._write_review(values) if values else None
