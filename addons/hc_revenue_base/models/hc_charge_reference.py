# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the rows of a charge file name: looked up in bulk, once a code, as the importing user.

Only what was found is remembered, so that a hostile file of a million invented codes does not
grow the memory.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ResolvedCharge:
    """The ids behind the codes of one charge."""

    facility_id: int
    zone_name: str
    department_id: int | None = None
    payer_id: int | None = None
    performer_id: int | None = None
    code_id: int | None = None
    revenue_code_id: int | None = None
    place_of_service_id: int | None = None
    modifier_ids: tuple[int, ...] = ()
    diagnosis_code_ids: tuple[int, ...] = ()


@dataclass(slots=True)
class ChargeReferences:
    """The master data of one company as one user may see it."""

    env: object
    facilities: dict = field(default_factory=dict)
    departments: dict = field(default_factory=dict)
    payers: dict = field(default_factory=dict)
    practitioners: dict = field(default_factory=dict)
    codes: dict = field(default_factory=dict)

    def load(self, charges):
        """Look up everything that the charges name and that is not known yet."""
        self._load_simple(
            "hc.facility",
            "code",
            self.facilities,
            {charge.facility_code for charge in charges},
            lambda facility: (facility.id, facility.timezone),
        )
        self._load_simple(
            "hc.payer", "code", self.payers, {charge.payer_code for charge in charges}
        )
        self._load_simple(
            "hc.practitioner",
            "npi",
            self.practitioners,
            {charge.performer_npi for charge in charges},
        )
        self._load_departments(charges)
        for system, codes in (
            ("procedure", {charge.procedure_code for charge in charges}),
            ("revenue", {charge.revenue_code for charge in charges}),
            ("place_of_service", {charge.place_of_service for charge in charges}),
            ("modifier", {code for charge in charges for code in charge.modifiers}),
            ("diagnosis", {code for charge in charges for code in charge.diagnosis_codes}),
        ):
            self._load_codes(system, codes)

    def _load_simple(self, model, key_name, known, keys, value=lambda record: record.id):
        missing = [key for key in keys if key and key not in known]
        if missing:
            company = self.env.company
            for record in self.env[model].search(
                [(key_name, "in", missing), ("company_id", "=", company.id)]
            ):
                known[record[key_name]] = value(record)

    def _load_departments(self, charges):
        missing = {
            charge.department_code
            for charge in charges
            if charge.department_code
            and (self.facilities.get(charge.facility_code, (0,))[0], charge.department_code)
            not in self.departments
        }
        if missing:
            for department in self.env["hc.department"].search([("code", "in", list(missing))]):
                self.departments[department.facility_id.id, department.code] = department.id

    def _load_codes(self, system, codes):
        missing = [code for code in codes if code and (system, code) not in self.codes]
        if missing:
            for record in self.env["hc.code"].search(
                [("system", "=", system), ("code", "in", missing)], order="date_from"
            ):
                periods = self.codes.setdefault((system, record.code), [])
                periods.append((record.date_from, record.date_to, record.id))

    def find_code(self, system, code, as_of):
        """The id of the code in force on a day; None: there is none."""
        for date_from, date_to, code_id in self.codes.get((system, code), ()):
            if date_from <= as_of and (not date_to or as_of <= date_to):
                return code_id
        return None

    def resolve(self, charge, report):
        """The ids behind a charge.

        :param report: called with column, code and offending value for each that is not found
        :return: the ids, or None where the facility itself is unknown or closed to the user
        """
        facility = self.facilities.get(charge.facility_code)
        if not facility:
            report("facility_code", "facility_unknown", charge.facility_code)
            return None
        facility_id, zone_name = facility
        as_of = charge.service_date

        def known(column, value, found):
            if value and found is None:
                report(column, f"{column.split('_')[0]}_unknown", value)
            return found

        def code(column, system, value):
            found = self.find_code(system, value, as_of) if value else None
            if value and found is None:
                exists = (system, value) in self.codes
                report(column, "code_expired" if exists else "code_unknown", value)
            return found

        return ResolvedCharge(
            facility_id=facility_id,
            zone_name=zone_name,
            department_id=known(
                "department_code",
                charge.department_code,
                self.departments.get((facility_id, charge.department_code)),
            ),
            payer_id=known("payer_code", charge.payer_code, self.payers.get(charge.payer_code)),
            performer_id=known(
                "performer_npi",
                charge.performer_npi,
                self.practitioners.get(charge.performer_npi),
            ),
            code_id=code("procedure_code", "procedure", charge.procedure_code),
            revenue_code_id=code("revenue_code", "revenue", charge.revenue_code),
            place_of_service_id=code(
                "place_of_service", "place_of_service", charge.place_of_service
            ),
            modifier_ids=tuple(code("modifiers", "modifier", value) for value in charge.modifiers),
            diagnosis_code_ids=tuple(
                code("diagnosis_codes", "diagnosis", value) for value in charge.diagnosis_codes
            ),
        )
