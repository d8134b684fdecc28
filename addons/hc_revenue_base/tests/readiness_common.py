# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.fields import Command

from .common import SERVICE_DATE, HcCommon


class ReadinessCommon(HcCommon):
    """Encounters whose services are charged and whose case waits for the readiness check."""

    AS_OF = SERVICE_DATE

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # These tests judge as of AS_OF, so the usual filing limit holds.
        cls.payer.timely_filing_days = 365

    @classmethod
    def _create_case(cls, number="R-1", services=(("V1001", 1.0),), **vals):
        """A case in stage *readiness check* with one charge per service."""
        encounter = cls._create_encounter(number, services, **vals)
        return cls._create_case_of(encounter)

    @classmethod
    def _create_case_of(cls, encounter):
        encounter.action_complete()
        encounter.action_approve_coding()
        # Cases wait in readiness check: nothing bills them behind the test's back.
        cls.env.cr.precommit.clear()
        case = encounter._get_or_create_cases()
        charges = encounter.service_line_ids._convert_to_charges()
        charges._write_guarded({"charged_on": cls.AS_OF})
        for stage in ("charge_review", "coding", "readiness_check"):
            if case.charge_count:
                case._transition(stage)
        return case

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
