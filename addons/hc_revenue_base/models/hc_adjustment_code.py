# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

CATEGORIES = [
    ("eligibility", "Eligibility"),
    ("wrong_payer", "Wrong Payer"),
    ("cob", "Coordination of Benefits"),
    ("cob_info", "Coordination of Benefits, Notice"),
    ("prior_payer", "Earlier Payer's Payment"),
    ("coverage_benefit", "Coverage and Benefits"),
    ("patient_responsibility", "Patient Responsibility"),
    ("authorization", "Authorization"),
    ("medical_necessity", "Medical Necessity"),
    ("coding", "Coding"),
    ("coding_info", "Coding, Notice"),
    ("bundling", "Bundling"),
    ("frequency_limit", "Frequency and Units"),
    ("documentation", "Documentation"),
    ("submission_error", "Submission Error"),
    ("duplicate", "Duplicate"),
    ("timely_filing", "Timely Filing"),
    ("provider_credentialing", "Provider and Credentialing"),
    ("contractual", "Contract"),
    ("capitation", "Capitation"),
    ("pended", "Pended"),
    ("recovery", "Recovery"),
    ("recovery_info", "Recovery, Notice"),
    ("appeal_info", "Appeal, Notice"),
    ("compliance", "Compliance"),
]


class HcAdjustmentCode(models.Model):
    """Why a payer pays less than was charged: group, reason (CARC) and remark (RARC).

    Who owes an adjustment follows from the *group* in the remittance; ``group_hint`` of a reason
    only says which group usually comes with it. Category, remedy and next action are a proposal
    that the office reviews.
    """

    _name = "hc.adjustment.code"
    _description = "Adjustment Code"
    _inherit = ["hc.remittance.code.mixin"]
    _order = "code_type, code, date_from desc"

    code_type = fields.Selection(
        [
            ("group", "Group"),
            ("carc", "Reason (CARC)"),
            ("rarc", "Remark (RARC)"),
        ],
        required=True,
        index=True,
    )
    responsible_party = fields.Selection(
        [
            ("provider", "Provider"),
            ("patient", "Patient"),
            ("payer", "Payer"),
            ("none", "Nobody"),
        ],
        help="Of a group: who bears the adjusted amount.",
    )
    category = fields.Selection(CATEGORIES, index=True)
    group_hint = fields.Selection(
        [("CO", "CO"), ("PR", "PR"), ("OA", "OA"), ("PI", "PI")],
        "Usual Group",
        help="The group that usually comes with this reason; the remittance decides.",
    )
    is_denial = fields.Selection(
        [("yes", "Denial"), ("no", "No Denial"), ("by_reason", "As Its Reason")],
        "Counts As",
        help="What it means for the denial rate. A remark counts as the reason it comes with.",
    )
    preventable = fields.Selection([("yes", "Yes"), ("partly", "Partly"), ("no", "No")])
    remedy = fields.Selection(
        [("corrected_claim", "Corrected Claim"), ("appeal", "Appeal"), ("no", "None")]
    )
    next_action = fields.Char(translate=True)
    deadline_hint = fields.Char(
        "Usual Deadline", translate=True, help="The payer's contract rules."
    )

    _code_unique = models.UniqueIndex(
        "(code_type, code, date_from)", "This code exists already with this effective date."
    )

    @api.model
    def _find(self, code_type, codes, as_of):
        """The codes of a type that are in force on a day.

        :param str code_type: ``group``, ``carc`` or ``rarc``
        :return: ``{code: record}``; a remittance may hold codes that are not in the table
        """
        return self._find_in_force([("code_type", "=", code_type)], codes, as_of)

    @api.model
    def get_import_templates(self):
        template = "/hc_revenue_base/static/import/adjustment_codes_sample.csv"
        return [{"label": self.env._("Adjustment codes"), "template": template}]
