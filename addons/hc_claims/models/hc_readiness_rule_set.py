# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models
from odoo.fields import Command

# The base ships ELG-03 and ELG-04 switched off, for want of these facts; the others are new.
# Code: values of the rule and its conditions (role, fact, operator, value).
_RULES = {
    "ELG-03": (
        {
            "name": "No other payer in the answer",
            "category": "eligibility",
            "severity": "warning",
            "message": "The payer's answer names another payer or a managed plan.",
            "standard_reference": "EB01=R",
            "prevents": "22, 24",
            "sequence": 130,
        },
        "patient_access",
        (
            ("applies", "has_eligibility_answer", "equals", "yes"),
            ("requires", "eligibility_names_other_payer", "equals", "no"),
        ),
    ),
    "ELG-04": (
        {
            "name": "Benefit not used up",
            "category": "eligibility",
            "severity": "warning",
            "message": "A benefit limit is used up.",
            "standard_reference": "EB01=F",
            "prevents": "119, 35",
            "sequence": 140,
        },
        "patient_access",
        (
            ("applies", "has_eligibility_answer", "equals", "yes"),
            ("requires", "benefit_limit_used_up", "equals", "no"),
        ),
    ),
    "ELG-05": (
        {
            "name": "Active on the day of service, as answered",
            "category": "eligibility",
            "severity": "error",
            "message": "By the payer's answer the coverage was not active on {service_date_from}.",
            "standard_reference": "DTP*346, DTP*347",
            "prevents": "26, 27",
            "sequence": 145,
        },
        "patient_access",
        (
            ("applies", "has_eligibility_answer", "equals", "yes"),
            ("requires", "coverage_active_at_service", "equals", "yes"),
        ),
    ),
    "AUT-04": (
        {
            "name": "No more used than authorized",
            "category": "authorization",
            "severity": "error",
            "message": "More is charged than was authorized: {authorizations_exceeded}.",
            "standard_reference": "REF*G1",
            "prevents": "198, 119",
            "sequence": 175,
        },
        "prior_auth",
        (
            ("applies", "is_insured", "equals", "yes"),
            ("requires", "authorizations_exceeded", "is_empty", False),
        ),
    ),
}


class HcReadinessRuleSet(models.Model):
    _inherit = "hc.readiness.rule.set"

    def action_add_eligibility_rules(self):
        """Put the rules about eligibility answers and authorizations into a draft.

        They take effect as all rules do: once the draft is published and a second person agrees.
        """
        self.ensure_one()
        self._check_administrator()
        self._check_draft()
        known = {rule.code: rule for rule in self.with_context(active_test=False).rule_ids}
        for code, (vals, queue_code, conditions) in _RULES.items():
            company = self.company_id or self.env.company
            vals = {
                **vals,
                "code": code,
                "set_id": self.id,
                "phase": "pre_bill",
                "active": True,
                "note": False,
                "queue_id": self.env["hc.work.queue"]._get_by_code(queue_code, company).id,
                "condition_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "role": role,
                                "fact_name": fact,
                                "operator": operator,
                                "value": value,
                                "sequence": 10 * number,
                            }
                        )
                        for number, (role, fact, operator, value) in enumerate(conditions, 1)
                    ),
                ],
            }
            if code in known:
                known[code].write(vals)
            else:
                self.env["hc.readiness.rule"].create([vals])
        return True
