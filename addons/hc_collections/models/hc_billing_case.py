# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.tools import SQL


class HcBillingCase(models.Model):
    """The day on which the patient was first told, after discharge, what the case costs them.

    Notification and application periods run from the day on which the first post-discharge
    billing statement is *provided*, 26 CFR 1.501(r)-1(b)(3) and 1.501(r)-6(c): mailed, or shown in
    the portal with a message; not laid out, and not an interim bill.
    """

    _inherit = "hc.billing.case"

    first_statement_on = fields.Date(readonly=True, copy=False, index="btree_not_null")

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"first_statement_on"}

    def _renew_first_statement(self):
        """Let the day follow the statements that were provided and neither came back nor fell."""
        if not self:
            return
        self.env.flush_all()
        days = {}
        for company, own in self.grouped("company_id").items():
            days |= self.env.execute_query(
                own._get_first_statement_query(company._get_office_timezone())
            )
        changed = self.filtered(lambda case: (case.first_statement_on or None) != days[case.id])
        for day, cases in changed.grouped(lambda case: days[case.id]).items():
            cases._write_guarded({"first_statement_on": day})

    def _get_first_statement_query(self, zone):
        """Rows ``(case id, day or None)``, days being those of a time zone.

        A stay ends with its encounter; a visit without an end ends with its last service. Types
        of bill whose frequency is 2 or 3 are interim bills (UB-04, form locator 4).
        """
        return SQL(
            """
            SELECT hc_case.id, min(statement.sent_on)
              FROM hc_billing_case hc_case
              JOIN hc_encounter encounter ON encounter.id = hc_case.encounter_id
         LEFT JOIN hc_statement_line line ON line.case_id = hc_case.id
         LEFT JOIN hc_statement statement
                ON statement.id = line.statement_id AND statement.state = 'sent'
               AND coalesce(encounter.type_of_bill, '') !~ '^0?[0-9][0-9][23]$'
               AND statement.sent_on >= CASE
                   WHEN encounter.ended_at IS NOT NULL
                   THEN (encounter.ended_at AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
                   WHEN encounter.encounter_class != 'inpatient'
                   THEN coalesce(hc_case.service_date_to, statement.sent_on) END
             WHERE hc_case.id = ANY(%(case_ids)s)
          GROUP BY hc_case.id
            """,
            zone=zone,
            case_ids=list(self.ids),
        )
