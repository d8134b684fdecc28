# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core.kpi import KpiDefinition
from odoo.addons.hc_revenue_base.models.hc_kpi_charges import PERIOD_DAYS
from odoo.addons.hc_revenue_base.models.hc_kpi_query import NO_FACILITY

from .hc_kpi_disputes import TOPIC


class HcContact(models.Model):
    _name = "hc.contact"
    _inherit = ["hc.contact", "hc.kpi.subject.mixin"]


class HcGuardrailCheck(models.Model):
    _name = "hc.guardrail.check"
    _inherit = ["hc.guardrail.check", "hc.kpi.subject.mixin"]


class HcKpiProvider(models.AbstractModel):
    """Whether what was said and sent stayed inside the guardrails."""

    _inherit = "hc.kpi.provider"

    @api.model
    def _get_definitions(self):
        common = {
            "owner_role": "compliance",
            "source": "own",
            "groupings": (),
            "base_groupings": (),
            "topic": TOPIC,
        }
        return super()._get_definitions() + [
            KpiDefinition(
                code="contact_compliance",
                name=self.env._("Contact compliance"),
                formula=self.env._(
                    "Letters and messages sent, and calls made, whose last check no guardrail "
                    "blocked ÷ those of the last 30 days to patients that were checked."
                ),
                unit="percent",
                direction="higher",
                default_target=Decimal(100),
                model="hc.contact",
                rows_method="_kpi_rows_contact_compliance",
                is_ratio=True,
                **common,
            ),
            KpiDefinition(
                code="contacts_blocked",
                name=self.env._("Contacts and acts blocked"),
                formula=self.env._("Objections of guardrails in the last 30 days that blocked."),
                unit="count",
                direction="lower",
                default_target=None,
                model="hc.guardrail.check",
                rows_method="_kpi_rows_contacts_blocked",
                **common,
            ),
        ]

    @api.model
    def _kpi_rows_contact_compliance(self, scope):
        return SQL(
            """SELECT moments.as_of, contact.id AS res_id,
                      CASE WHEN last.is_blocked THEN 0 ELSE 1 END::numeric AS numerator,
                      1::numeric AS denominator, moments.facility_id, NULL::int AS payer_id,
                      NULL::int AS department_id, NULL::varchar AS responsibility
                 FROM moments
                 JOIN hc_contact contact
                   ON contact.company_id = %(company)s AND contact.direction = 'out'
                  AND contact.state IN ('sent', 'delivered', 'done')
                  AND contact.happened_at <= moments.until_at
                  AND contact.happened_at > moments.until_at - %(days)s * interval '1 day'
                 JOIN hc_collection_account hc_account
                   ON hc_account.id = contact.account_id AND hc_account.party = 'patient'
   CROSS JOIN LATERAL (SELECT bool_or(one.outcome = 'blocked') AS is_blocked
                         FROM hc_guardrail_check one
                        WHERE one.contact_id = contact.id
                          AND one.occurred_at <= moments.until_at
                     GROUP BY one.occurred_at ORDER BY one.occurred_at DESC LIMIT 1) AS last
                WHERE moments.facility_id = %(nowhere)s""",
            company=scope.company.id,
            days=PERIOD_DAYS,
            nowhere=NO_FACILITY,
        )

    @api.model
    def _kpi_rows_contacts_blocked(self, scope):
        return SQL(
            """SELECT moments.as_of, one.id AS res_id, 1::numeric AS numerator,
                      NULL::numeric AS denominator, moments.facility_id, NULL::int AS payer_id,
                      NULL::int AS department_id, NULL::varchar AS responsibility
                 FROM moments
                 JOIN hc_guardrail_check one
                   ON one.company_id = %(company)s AND one.outcome = 'blocked'
                  AND one.occurred_at <= moments.until_at
                  AND one.occurred_at > moments.until_at - %(days)s * interval '1 day'
                WHERE moments.facility_id = %(nowhere)s""",
            company=scope.company.id,
            days=PERIOD_DAYS,
            nowhere=NO_FACILITY,
        )
