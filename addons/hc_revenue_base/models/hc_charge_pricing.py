# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

_CHARGED_FIELDS = (
    "service_date",
    "code_id",
    "modifier_ids",
    "units",
    "department_id",
    "performer_id",
    "revenue_code_id",
    "place_of_service_id",
)


class HcServiceLine(models.Model):
    """Conversion of documented services into charges."""

    _inherit = "hc.service.line"

    def _convert_to_charges(self):
        """Price the services that are not charged yet, and again those that were corrected.

        Idempotent: a service whose charge says what the service says is left alone. A corrected
        service gets a new charge that names the one it corrects, which is voided; where that one
        is billed already the correction waits for a void and rebill.

        :return: the new charges
        """
        self.encounter_id._check_chargeable()
        live = {
            charge.service_line_id: charge
            for charge in self.charge_ids.filtered(lambda charge: charge.state != "void")
        }
        prices = self._get_fee_schedule_lines()
        vals_list, corrected = [], self.env["hc.charge"]
        for line in self:
            charge = live.get(line)
            vals = line._prepare_charge_vals(prices.get(line.id))
            if charge:
                if charge.state == "billed" or not line._differs(charge, vals):
                    continue
                corrected |= charge
                vals["origin_id"] = charge.id
            else:
                vals["origin_id"] = line._get_last_void_charge().id
            vals_list.append(vals)
        corrected._transition("void", reason=self.env._("service corrected"))
        # The unique index on live charges must see the voids before the new rows.
        self.charge_ids.flush_recordset(["state"])
        return self.env["hc.charge"]._create_guarded(vals_list)

    def _get_last_void_charge(self):
        self.ensure_one()
        return self.charge_ids.sorted("id")[-1:]

    def _prepare_charge_vals(self, fee_schedule_line):
        """Values of the charge for one service; the documented price wins over the schedule."""
        self.ensure_one()
        unit_price = self.unit_price or (fee_schedule_line.unit_price if fee_schedule_line else 0)
        case = self.encounter_id.case_ids.filtered(lambda case: case.stage != "cancelled")
        return {
            "service_line_id": self.id,
            "case_id": case[:1].id,
            "service_date": self.service_date,
            "code_id": self.code_id.id,
            "modifier_ids": [Command.set(self.modifier_ids.ids)],
            "units": self.units,
            "unit_price": unit_price,
            "amount": self.currency_id.round(self.units * unit_price),
            "fee_schedule_line_id": fee_schedule_line.id if fee_schedule_line else False,
            "department_id": (self.department_id or self.encounter_id.department_id).id,
            "performer_id": self.performer_id.id,
            "revenue_code_id": self.revenue_code_id.id,
            "place_of_service_id": self.place_of_service_id.id,
        }

    def _differs(self, charge, vals):
        if charge.currency_id.compare_amounts(charge.unit_price, vals["unit_price"]):
            return True
        for name in _CHARGED_FIELDS:
            if name == "department_id":
                continue
            if charge[name] != self[name]:
                return True
        return False

    def _get_fee_schedule_lines(self):
        """``{service line id: fee schedule line}`` in one query.

        The facility's own schedule goes before the company's, a price for one of the service's
        modifiers before the plain price, the younger schedule before the older.
        """
        if not self:
            return {}
        self.flush_recordset()
        self.env["hc.fee.schedule.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (service.id) service.id, price.id
                  FROM hc_service_line service
                  JOIN hc_fee_schedule schedule
                    ON schedule.company_id = service.company_id AND schedule.active
                   AND (schedule.facility_id IS NULL
                        OR schedule.facility_id = service.facility_id)
                   AND service.service_date >= schedule.date_from
                   AND (schedule.date_to IS NULL OR service.service_date <= schedule.date_to)
                  JOIN hc_fee_schedule_line price
                    ON price.schedule_id = schedule.id AND price.code_id = service.code_id
                   AND (price.modifier_id IS NULL OR price.modifier_id IN (
                        SELECT modifier_id FROM hc_service_line_modifier_rel rel
                         WHERE rel.service_line_id = service.id))
                 WHERE service.id IN %s
              ORDER BY service.id, schedule.facility_id NULLS LAST,
                       (price.modifier_id IS NULL), schedule.date_from DESC, price.id
                """,
                tuple(self.ids),
            )
        )
        prices = self.env["hc.fee.schedule.line"].sudo().browse(row[1] for row in rows)
        prices.fetch(["unit_price"])
        by_id = {price.id: price for price in prices}
        return {service_id: by_id[price_id] for service_id, price_id in rows}


class HcEncounter(models.Model):
    _inherit = "hc.encounter"

    def _check_chargeable(self):
        not_done = self.filtered(lambda encounter: encounter.state != "completed")
        if not_done:
            raise UserError(
                self.env._(
                    "%(encounter)s is not completed: services are charged after the visit.",
                    encounter=not_done[0].display_name,
                )
            )


class HcCharge(models.Model):
    _inherit = "hc.charge"

    def _get_creation_facts(self):
        facts = {"amount": f"{self.amount:.2f}", "service_line": self.service_line_id.id}
        if self.origin_id:
            facts["corrects"] = self.origin_id.id
        return facts

    @api.model
    def _sum_by_case(self, cases):
        """``{case id: amount}`` of charges that are not void."""
        totals = defaultdict(float)
        for case, amount in self._read_group(
            [("case_id", "in", cases.ids), ("state", "!=", "void")], ["case_id"], ["amount:sum"]
        ):
            totals[case.id] = amount
        return totals
