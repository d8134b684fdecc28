# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""One sound ``data`` for each canonical event, of a patient who does not exist."""

ENCOUNTER_COMPLETED = {
    "facility_code": "MAIN",
    "encounter_number": "V-20260302-17",
    "patient_mrn": "000417",
    "started_at": "2026-03-02T08:05:00",
    "completed_at": "2026-03-02T09:10:00",
    "encounter_class": "ambulatory",
}
CODING_APPROVED = {
    "facility_code": "MAIN",
    "encounter_number": "V-20260302-17",
    "approved_on": "2026-03-03",
    "coder_reference": "C12",
}
CHARGE_POSTED = {
    "facility_code": "MAIN",
    "encounter_number": "V-20260302-17",
    "patient_mrn": "000417",
    "encounter_start": "2026-03-02T08:05:00",
    "charges": [
        {
            "external_id": "CH-88213",
            "service_date": "2026-03-02",
            "procedure_code": "99213",
            "modifiers": ["25"],
            "units": "1",
            "diagnosis_codes": ["E11.9"],
        }
    ],
}
COVERAGE_VERIFIED = {
    "facility_code": "MAIN",
    "patient_mrn": "000417",
    "payer_code": "BLUE",
    "checked_on": "2026-03-02",
    "reference": "REF-55012",
    "outcome": "active",
    "member_id": "XZ9900417",
    "plan_date_from": "2026-01-01",
}
AUTHORIZATION_DECIDED = {
    "facility_code": "MAIN",
    "patient_mrn": "000417",
    "payer_code": "BLUE",
    "number": "PA-7719",
    "decided_on": "2026-03-02",
    "native_decision": {"system": "x12_hcr01", "code": "A1"},
    "date_from": "2026-03-02",
    "date_to": "2026-06-30",
    "approved_units": "12",
    "procedure_codes": ["97110"],
}
CLINICAL_RECEIVED = {
    "document_type": "fhir_bundle",
    "document_id": "bundle-20260302-17",
    "content_base64": "eyJyZXNvdXJjZVR5cGUiOiAiQnVuZGxlIiwgInR5cGUiOiAiY29sbGVjdGlvbiJ9",
}
CLAIM_STATUS = {
    "claim_number": "CLM0000123",
    "effective_on": "2026-03-05",
    "statuses": [{"category": "A2", "status_code": "20"}],
    "payer_claim_number": "P88123",
}
CLAIM_REJECTED = {
    "claim_number": "CLM0000123",
    "rejected_on": "2026-03-05",
    "rejected_by": "payer",
    "statuses": [{"category": "A7", "status_code": "562", "entity_code": "85"}],
}
REMITTANCE_RECEIVED = {
    "payment_reference": "EFT20260305001",
    "document_id": "835-20260305-001.txt",
    "payer_code": "BLUE",
    "payment_date": "2026-03-05",
    "amount": "1843.20",
    "currency": "USD",
}
PAYMENT_CONFIRMED = {
    "payment_source": "kiosk",
    "reference": "pi_4412",
    "amount": "45.00",
    "currency": "USD",
    "happened_on": "2026-03-06",
    "account_number": "ACC00012",
}
PAYMENT_FAILED = {**PAYMENT_CONFIRMED, "note": "card declined"}
PAYMENT_REFUNDED = {**PAYMENT_CONFIRMED, "event_reference": "re_118", "amount": "10.00"}
PAYMENT_CHARGED_BACK = {**PAYMENT_CONFIRMED, "event_reference": "dp_31"}
DOCUMENT_RECEIVED = {
    "document_id": "DOC-5512",
    "facility_code": "MAIN",
    "patient_mrn": "000417",
    "encounter_number": "V-20260302-17",
    "document_type": "clinical_note",
    "name": "Visit note 2026-03-02",
    "document_date": "2026-03-02",
    "repository_url": "https://documents.example/DOC-5512",
}
PATIENT_UPDATED = {
    "facility_code": "MAIN",
    "patient_mrn": "000417",
    "address": {"street": "12 Sample Street", "city": "Springfield", "zip": "62701"},
    "contact": {"phone": "+1 555 0100", "email": None},
}
MESSAGE_STATUS = {
    "message_reference": "90412",
    "native_status": {"system": "twilio_message", "code": "undelivered"},
    "reason_code": "30003",
}
SOURCE_TOTALS = {
    "day": "2026-03-02",
    "totals": [
        {"event_type": "encounter.completed", "count": 2, "message_ids": ["evt-17", "evt-18"]},
        {"event_type": "payment.confirmed", "count": 12, "amount": "1240.50", "currency": "USD"},
    ],
}
