# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

_USED_WITHIN_DAYS = 90
_EXPIRES_WITHIN_DAYS = 30


class HcCode(models.Model):
    """Warns before codes, prices and authorization requirements in use run out."""

    _inherit = "hc.code"

    @api.model
    def _cron_check_expiry(self, as_of=None):
        """Scheduled Action: one work item per company that lists what expires soon.

        :param date as_of: the day from which days are counted; today where not given
        """
        as_of = as_of or fields.Date.context_today(self)
        for company in self.env["res.company"].search([("active", "=", True)]):
            self._open_expiry_item(company, self._get_expiring(company, as_of))

    @api.model
    def _get_expiring(self, company, as_of):
        """Lines of text, one for each record in use that expires soon and has no successor."""
        soon = Domain("date_to", ">=", as_of) & Domain(
            "date_to", "<=", as_of + timedelta(days=_EXPIRES_WITHIN_DAYS)
        )
        started = Domain("date_from", "<=", as_of)
        used_since = as_of - timedelta(days=_USED_WITHIN_DAYS)
        codes = self.search(soon & Domain("id", "in", self._get_used_ids(company, used_since)))
        own = soon & started & Domain("company_id", "=", company.id)
        schedules = self.env["hc.fee.schedule"].search(own)
        requirements = self.env["hc.authorization.requirement"].search(own)
        lines = [
            self.env._("%(date)s: code %(code)s", date=code.date_to, code=code.display_name)
            for code in self._filter_without_successor(codes, ["system", "code"])
        ]
        lines += [
            self.env._("%(date)s: fee schedule %(name)s", date=schedule.date_to, name=schedule.name)
            for schedule in self._filter_without_successor(schedules, ["company_id", "facility_id"])
        ]
        lines += [
            self.env._(
                "%(date)s: authorization requirement of %(payer)s for %(code)s",
                date=requirement.date_to,
                payer=requirement.payer_id.name,
                code=requirement.code_id.display_name,
            )
            for requirement in self._filter_without_successor(
                requirements, ["payer_id", "code_id", "place_of_service_id"]
            )
        ]
        return sorted(lines)

    @api.model
    def _get_used_ids(self, company, used_since):
        """Ids of the codes of the company's charges and encounters since a day."""
        charged = [
            ("company_id", "=", company.id),
            ("service_date", ">=", used_since),
            ("state", "!=", "void"),
        ]
        used = set()
        for name in ("code_id", "modifier_ids", "revenue_code_id", "place_of_service_id"):
            groups = self.env["hc.charge"]._read_group(charged, [name])
            used.update(code.id for (code,) in groups)
        diagnosed = [("company_id", "=", company.id), ("encounter_id.started_at", ">=", used_since)]
        groups = self.env["hc.encounter.diagnosis"]._read_group(diagnosed, ["code_id"])
        used.update(code.id for (code,) in groups)
        return sorted(used - {False})

    @api.model
    def _filter_without_successor(self, records, key_names):
        """The records whose key is not continued on the day after they end."""

        def is_continued(record):
            next_day = record.date_to + timedelta(days=1)
            same = Domain.AND(
                Domain(name, "=", record._fields[name].convert_to_write(record[name], record))
                for name in key_names
            )
            in_force = Domain("date_from", "<=", next_day) & (
                Domain("date_to", "=", False) | Domain("date_to", ">=", next_day)
            )
            return bool(record.search_count(same & in_force, limit=1))

        return records.filtered(lambda record: not is_continued(record))

    @api.model
    def _open_expiry_item(self, company, lines):
        if not lines:
            return
        description = (
            self.env._(
                "Load the next version before these run out, or services after that day are held:"
            )
            + "\n"
            + "\n".join(lines)
        )
        item = self.env["hc.work.item"]._open(
            [
                {
                    "kind": "code_expiry",
                    "severity": "warning",
                    "queue_code": "charge_integrity",
                    "dedup_key": "code_expiry",
                    "name": self.env._("Codes and prices in use expire soon"),
                    "description": description,
                    "company_id": company.id,
                }
            ]
        )
        # An item that is still open lists what expires now.
        if item.description != description:
            item.description = description
