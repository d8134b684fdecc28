# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.fields import Command

from .common import SERVICE_DATE, HcCommon


class ReadinessCommon(HcCommon):
    """Encounters whose services are charged and whose case waits for the readiness check."""

    AS_OF = SERVICE_DATE

    @classmethod
    def _create_case(cls, number="R-1", services=(("V1001", 1.0),), **vals):
        """A case in stage *readiness check* with one charge per service."""
        encounter = cls._create_encounter(number, services, **vals)
        return cls._create_case_of(encounter)

    @classmethod
    def _create_case_of(cls, encounter):
        case = cls.env["hc.billing.case"]._create_guarded(
            [{"name": f"BC/{encounter.number}", "encounter_id": encounter.id}]
        )
        for line in encounter.service_line_ids:
            cls._charge(line, case)
        for stage in ("charge_review", "coding", "readiness_check"):
            case._transition(stage, field_name="stage")
        return case

    @classmethod
    def _charge(cls, line, case, **vals):
        price = cls.fee_schedule.line_ids.filtered(lambda fee: fee.code_id == line.code_id)
        unit_price = price.unit_price or line.unit_price
        return cls.env["hc.charge"]._create_guarded(
            [
                {
                    "service_line_id": line.id,
                    "case_id": case.id,
                    "service_date": line.service_date,
                    "code_id": line.code_id.id,
                    "modifier_ids": [Command.set(line.modifier_ids.ids)],
                    "units": line.units,
                    "unit_price": unit_price,
                    "amount": unit_price * line.units,
                    "fee_schedule_line_id": price.id,
                    "performer_id": line.performer_id.id,
                    "revenue_code_id": line.revenue_code_id.id,
                    "place_of_service_id": line.place_of_service_id.id,
                    "charged_on": line.service_date,
                    **vals,
                }
            ]
        )

    @classmethod
    def _price(cls, *codes, unit_price=100.0):
        cls.fee_schedule.line_ids = [
            Command.create({"code_id": code.id, "unit_price": unit_price}) for code in codes
        ]

    def _run(self, case, as_of=None):
        case._run_readiness(as_of or self.AS_OF)
        return case.stage

    def _open_codes(self, case):
        return sorted(case.open_finding_ids.mapped("rule_code"))
