# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The queries of the readiness loader; columns in the order of the rows of ``hc_core``."""

from odoo.tools import SQL


def cases(case_ids):
    """What a billing case is judged by."""
    return _subjects(
        SQL("hc_case.id, hc_case.company_id"),
        SQL(
            """hc_billing_case hc_case
          JOIN hc_encounter encounter ON encounter.id = hc_case.encounter_id
          JOIN hc_facility facility ON facility.id = encounter.facility_id
          JOIN hc_patient patient ON patient.id = encounter.patient_id
     LEFT JOIN hc_coverage coverage ON coverage.id = encounter.primary_coverage_id"""
        ),
        SQL("hc_case.id = ANY(%s)", case_ids),
    )


def visits(encounter_ids):
    """The same of encounters that have no case yet; the id is the encounter's."""
    return _subjects(
        SQL("encounter.id, encounter.company_id"),
        SQL(
            """hc_encounter encounter
          JOIN hc_facility facility ON facility.id = encounter.facility_id
          JOIN hc_patient patient ON patient.id = encounter.patient_id
     LEFT JOIN hc_coverage coverage ON coverage.id = encounter.primary_coverage_id"""
        ),
        SQL("encounter.id = ANY(%s)", encounter_ids),
    )


def registrations(coverage_ids):
    """The same of coverages without any visit; the id is the coverage's."""
    return _subjects(
        SQL("coverage.id, coverage.company_id"),
        SQL(
            """hc_coverage coverage
          JOIN hc_patient patient ON patient.id = coverage.patient_id
     LEFT JOIN hc_encounter encounter ON FALSE
     LEFT JOIN hc_facility facility ON FALSE"""
        ),
        SQL("coverage.id = ANY(%s)", coverage_ids),
    )


def _subjects(keys, sources, condition):
    return SQL(
        """
        SELECT %(keys)s, encounter.id, encounter.encounter_class,
               encounter.type_of_bill, encounter.is_scheduled,
               (encounter.started_at AT TIME ZONE 'UTC' AT TIME ZONE facility.timezone)::date,
               encounter.note_signed_on, encounter.attending_id, encounter.referring_id,
               encounter.authorization_id, encounter.referral_id, department.code,
               facility.code, facility.npi, facility.tax_identifier, facility.taxonomy_code,
               facility.clia_number, facility.bill_hold_days,
               patient.id, patient.last_name, patient.first_name, patient.birth_date,
               patient.death_date, patient.sex, patient.street, patient.city,
               patient.state_id, patient.zip, patient.guarantor_id, guarantor.birth_date,
               (SELECT count(*) FROM hc_patient twin
                 WHERE twin.company_id = patient.company_id AND twin.id != patient.id
                   AND twin.birth_date = patient.birth_date AND twin.active
                   AND lower(twin.last_name) = lower(patient.last_name)
                   AND lower(twin.first_name) = lower(patient.first_name)
                   AND coalesce(twin.ssn_last4, patient.ssn_last4, '')
                     = coalesce(patient.ssn_last4, twin.ssn_last4, '')),
               coverage.id, coverage.coverage_order, coverage.member_id,
               coverage.subscriber_relation, coverage.subscriber_id, coverage.date_from,
               coverage.date_to, coverage.medicare_secondary_answered,
               coverage.eligibility_status, coverage.eligibility_checked_on,
               secondary.id, secondary.coverage_order,
               payer.id, payer.code, payer.payer_type, payer.payer_identifier,
               payer.timely_filing_days, payer.timely_filing_warning_days,
               payer.eligibility_required, payer.eligibility_fresh_days,
               payer.bill_hold_days, payer.member_id_pattern,
               payer.accepts_professional_claims, payer.accepts_institutional_claims,
               (SELECT count(*) FROM hc_coding_query query
                 WHERE query.encounter_id = encounter.id AND query.state = 'sent'),
               (SELECT count(*) FROM hc_coding_query query
                 WHERE query.encounter_id = encounter.id AND query.state = 'answered')
          FROM %(sources)s
     LEFT JOIN hc_department department ON department.id = encounter.department_id
     LEFT JOIN hc_patient guarantor ON guarantor.id = patient.guarantor_id
     LEFT JOIN hc_coverage secondary ON secondary.id = encounter.secondary_coverage_id
     LEFT JOIN hc_payer payer ON payer.id = coverage.payer_id
         WHERE %(condition)s
        """,
        keys=keys,
        sources=sources,
        condition=condition,
    )


def lines(encounter_ids):
    """Documented services, each with its live charge; what is charged counts, not the draft."""
    return SQL(
        """
        SELECT line.encounter_id, line.id, charge.id,
               coalesce(charge.service_date, line.service_date),
               coalesce(charge.code_id, line.code_id),
               coalesce(charge.units, line.units)::text, charge.amount::text,
               coalesce(charge.performer_id, line.performer_id),
               coalesce(charge.place_of_service_id, line.place_of_service_id),
               coalesce(charge.revenue_code_id, line.revenue_code_id),
               line.authorization_id, line.description, line.drug_code, line.drug_quantity,
               line.drug_unit,
               charge.unit_price > 0 AND CASE WHEN fee.id IS NULL
                    THEN charge.unit_price = line.unit_price
                    ELSE charge.unit_price = fee.unit_price
                     AND schedule.date_from <= charge.service_date
                     AND (schedule.date_to IS NULL
                          OR charge.service_date <= schedule.date_to) END,
               charge.charged_on,
               ARRAY(SELECT modifier_id FROM hc_charge_modifier_rel
                      WHERE charge_id = charge.id ORDER BY modifier_id),
               ARRAY(SELECT diagnosis.code_id
                       FROM hc_encounter_diagnosis_hc_service_line_rel pointer
                       JOIN hc_encounter_diagnosis diagnosis
                         ON diagnosis.id = pointer.hc_encounter_diagnosis_id
                      WHERE pointer.hc_service_line_id = line.id
                   ORDER BY diagnosis.sequence, diagnosis.id)
          FROM hc_service_line line
     LEFT JOIN hc_charge charge ON charge.service_line_id = line.id AND charge.state != 'void'
     LEFT JOIN hc_fee_schedule_line fee ON fee.id = charge.fee_schedule_line_id
     LEFT JOIN hc_fee_schedule schedule ON schedule.id = fee.schedule_id
         WHERE line.encounter_id = ANY(%s)
      ORDER BY line.encounter_id, 4, line.id
        """,
        encounter_ids,
    )


def diagnoses(encounter_ids):
    return SQL(
        """SELECT encounter_id, code_id FROM hc_encounter_diagnosis
            WHERE encounter_id = ANY(%s) ORDER BY encounter_id, sequence, id""",
        encounter_ids,
    )


def documents(patient_ids):
    return SQL(
        """SELECT patient_id, encounter_id, document_type, expires_on FROM hc_document
            WHERE patient_id = ANY(%s) AND active""",
        patient_ids,
    )


def billed_before(charge_ids):
    """Those of the charges whose like another case has billed for the patient."""
    return SQL(
        """
        SELECT DISTINCT mine.id
          FROM hc_charge mine
          JOIN hc_charge other
            ON other.patient_id = mine.patient_id AND other.service_date = mine.service_date
           AND other.code_id = mine.code_id AND other.state = 'billed'
           AND other.encounter_id != mine.encounter_id
           AND other.performer_id IS NOT DISTINCT FROM mine.performer_id
         WHERE mine.id = ANY(%s)
           AND ARRAY(SELECT modifier_id FROM hc_charge_modifier_rel
                      WHERE charge_id = mine.id ORDER BY modifier_id)
             = ARRAY(SELECT modifier_id FROM hc_charge_modifier_rel
                      WHERE charge_id = other.id ORDER BY modifier_id)
        """,
        charge_ids,
    )


def codes(code_ids):
    def related(table, key, value):
        return SQL(
            """ARRAY(SELECT DISTINCT other.code FROM %(table)s rel
                       JOIN hc_code other ON other.id = rel.%(value)s
                      WHERE rel.%(key)s = code.id ORDER BY other.code)""",
            table=SQL.identifier(table),
            key=SQL.identifier(key),
            value=SQL.identifier(value),
        )

    return SQL(
        """
        SELECT code.id, code.code, code.date_from, code.date_to,
               coalesce(code.is_header, FALSE), code.sex, coalesce(code.age_from_years, 0),
               coalesce(code.age_to_years, 0), %s,
               coalesce(code.is_drug, FALSE), coalesce(code.is_unlisted, FALSE),
               coalesce(code.is_laboratory, FALSE),
               coalesce(code.needs_referring_practitioner, FALSE),
               coalesce(code.global_period_days, 0), coalesce(code.is_evaluation_visit, FALSE)
          FROM hc_code code WHERE code.id = ANY(%s)
        """,
        SQL(", ").join(
            (
                related("hc_code_diagnosis_rel", "procedure_id", "diagnosis_id"),
                related("hc_code_primary_rel", "add_on_id", "primary_id"),
                related("hc_code_revenue_rel", "procedure_id", "revenue_id"),
                related("hc_code_place_rel", "procedure_id", "place_id"),
                related("hc_code_companion_rel", "procedure_id", "companion_id"),
                related("hc_code_modifier_rel", "procedure_id", "modifier_id"),
            )
        ),
        code_ids,
    )


def code_pairs(code_texts):
    """Pairs of which the batch has both codes: the whole table may have millions of rows."""
    return SQL(
        """SELECT column1_code, column2_code, modifier_indicator, date_from, date_to, payer_type
             FROM hc_code_pair
            WHERE column1_code = ANY(%(codes)s) AND column2_code = ANY(%(codes)s)""",
        codes=code_texts,
    )


def unit_limits(code_texts):
    return SQL(
        """SELECT code, units::text, basis, date_from, date_to FROM hc_code_unit_limit
            WHERE code = ANY(%s)""",
        code_texts,
    )


def requirements(payer_ids, code_ids):
    return SQL(
        """SELECT payer_id, code_id, place_of_service_id, authorization_type, date_from, date_to
             FROM hc_authorization_requirement
            WHERE payer_id = ANY(%s) AND code_id = ANY(%s)""",
        payer_ids,
        code_ids,
    )


def document_requirements(company_ids):
    return SQL(
        """SELECT document_type, company_id, payer_id, code_id, date_from, date_to
             FROM hc_document_requirement WHERE company_id = ANY(%s)""",
        company_ids,
    )


def authorizations(authorization_ids):
    """With the units of live charges linked to each, by their line or by their visit."""
    return SQL(
        """
        SELECT approval.id, approval.number, approval.payer_id, approval.practitioner_id,
               approval.date_from, approval.date_to, approval.approved_units,
               coalesce((
                    SELECT sum(charge.units)
                      FROM hc_service_line line
                      JOIN hc_encounter encounter ON encounter.id = line.encounter_id
                      JOIN hc_charge charge
                        ON charge.service_line_id = line.id AND charge.state != 'void'
                     WHERE encounter.patient_id = approval.patient_id
                       AND (line.authorization_id = approval.id
                        OR (line.authorization_id IS NULL
                       AND encounter.authorization_id = approval.id
                       AND EXISTS (SELECT FROM hc_authorization_requirement requirement
                                    WHERE requirement.payer_id = approval.payer_id
                                      AND requirement.code_id = charge.code_id)))), 0),
               ARRAY(SELECT code.code FROM hc_authorization_hc_code_rel rel
                       JOIN hc_code code ON code.id = rel.hc_code_id
                      WHERE rel.hc_authorization_id = approval.id)
          FROM hc_authorization approval
         WHERE approval.id = ANY(%s)
        """,
        authorization_ids,
    )


def global_periods(charge_ids, first_day):
    """Procedures with a global period of the patients whose visits are given."""
    return SQL(
        """
        SELECT charge.patient_id, charge.id, coalesce(charge.performer_id, encounter.attending_id),
               code.code, charge.service_date, code.global_period_days
          FROM hc_charge charge
          JOIN hc_code code ON code.id = charge.code_id
          JOIN hc_encounter encounter ON encounter.id = charge.encounter_id
         WHERE charge.patient_id IN (SELECT patient_id FROM hc_charge WHERE id = ANY(%s))
           AND charge.state != 'void' AND code.global_period_days > 0
           AND charge.service_date + code.global_period_days >= %s
      ORDER BY charge.service_date DESC, charge.id
        """,
        charge_ids,
        first_day,
    )


def amount_statistics(company_ids, code_ids, as_of, history_days):
    return SQL(
        """
        SELECT company_id, code_id, count(*), avg(amount)::float,
               coalesce(stddev_samp(amount), 0)::float
          FROM hc_charge
         WHERE company_id = ANY(%(companies)s) AND code_id = ANY(%(codes)s)
           AND state != 'void'
           AND service_date BETWEEN %(as_of)s::date - %(days)s AND %(as_of)s
      GROUP BY company_id, code_id
        """,
        companies=company_ids,
        codes=code_ids,
        as_of=as_of,
        days=history_days,
    )
