# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models
from odoo.exceptions import UserError


class HcAiSuggestion(models.Model):
    """A decided suggestion becomes a gold case."""

    _inherit = "hc.ai.suggestion"

    def action_make_gold_case(self):
        """Make a gold case of each, with what was decided as what is right.

        :raise UserError: nobody has decided it, or it says what is wrong but not what is right
        """
        cases = self.env["hc.ai.gold.case"]
        cases._check_may_agree(self, "make_gold_case")
        self.check_access("read")
        vals_list = []
        for suggestion in self:
            record = suggestion._get_record()
            expected = suggestion.final_value or suggestion.outcome_value
            if not expected or not record:
                raise UserError(
                    self.env._(
                        "%(record)s: nobody has decided yet what is right.",
                        record=suggestion.record_name,
                    )
                )
            vals_list.append(
                {
                    "policy_id": suggestion.policy_id.id,
                    "company_id": suggestion.company_id.id,
                    "suggestion_id": suggestion.id,
                    "record_created_at": record.create_date,
                    # De-identified; whoever may agree on cases reads them there.
                    "facts": suggestion.sudo().facts,
                    "slices": _get_slices(record),
                    "expected_value": expected,
                    "author_id": self.env.uid,
                }
            )
        return cases.sudo()._create_guarded(vals_list).with_env(self.env)._get_action()


def _get_slices(record):
    """What a record belongs to, where figures should be alike: no name of a person."""
    paths = {
        "facility": ("facility_id", "name"),
        "payer": ("payer_id", "payer_type"),
        "language": ("patient_id", "lang"),
    }
    slices = {}
    for kind, (link, name) in paths.items():
        field = record._fields.get(link)
        if field is None or field.type != "many2one":
            continue
        target = record.sudo()[link]
        if target and name in target._fields and target[name]:
            slices[kind] = str(target[name])
    return slices
