# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the demonstration group asks its clinicians, and changes in its configuration."""

from datetime import timedelta

_QUESTIONS = (
    # template, what the record says, the clinician's answer where there is one
    ("specificity", "Visit note: back pain since a fall two weeks ago.", "Acute low back pain"),
    ("validity", "Anemia is listed; hemoglobin of the day is 13.8 g/dl.", ""),
    ("specificity", "Visit note: diabetes, on insulin for years.", ""),
    ("validity", "Depression is listed; the screening of the day is negative.", ""),
)


class ControlStory:
    """Queries to clinicians and configuration changes, each in more than one state.

    :param office: the demonstration group
    """

    def __init__(self, office):
        self.office = office

    def run(self):
        """Ask, answer, propose and agree."""
        self._ask_clinicians()
        self._change_due_times()

    def _ask_clinicians(self):
        coder = self.office.env_of("coder")
        cases = coder["hc.billing.case"].search(
            [
                ("company_id", "=", self.office.company.id),
                ("stage", "=", "coding"),
                ("encounter_id.attending_id", "!=", False),
            ],
            order="id",
        )
        # One clinician has a login, and is asked first.
        asher = self.office.ref("practitioner_asher")
        own = cases.filtered(lambda case: case.encounter_id.attending_id == asher)
        for case, question in zip(own | cases, _QUESTIONS, strict=False):
            template_name, indicators, answer = question
            template = coder.ref(f"hc_revenue_base.coding_query_template_{template_name}")
            query = coder["hc.coding.query"].create(
                {
                    "encounter_id": case.encounter_id.id,
                    "template_id": template.id,
                    "category": template.category,
                    "question": template.question,
                    "clinical_indicators": indicators,
                }
            )
            query.action_send()
            if answer and case in own:
                answered = self.office.env_of("clinician")["hc.coding.query"].browse(query.id)
                answered.answer = answer
                answered.action_answer()

    def _change_due_times(self):
        """One change that compliance agreed to, and one that waits for a second person."""
        administrator = self.office.env_of("administrator")
        changes = administrator["hc.config.change"]
        agreed = changes._propose(
            administrator.ref("hc_revenue_base.work_queue_prior_auth"), {"sla_hours": 8.0}
        )
        agreed.reason = "Payers ask for authorization requests within one working day."
        agreed.action_submit()
        self.office.env_of("compliance")["hc.config.change"].browse(agreed.id).action_approve()
        waiting = changes._propose(
            administrator.ref("hc_revenue_base.work_queue_billing"), {"sla_hours": 12.0}
        )
        waiting.reason = "Held cases should be looked at on the day they are held."
        waiting.effective_at = administrator.cr.now() + timedelta(days=7)
        waiting.action_submit()
