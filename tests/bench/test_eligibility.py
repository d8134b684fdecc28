# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Questions about eligibility (270) written, and their answers (271) taken in."""

from datetime import date

_SEGMENTS = (
    "DTP*346*D8*20260101",
    "EB*1**30**GOLD PLAN",
    "EB*C*IND*30***29*150*****Y",
    "EB*B**98***27*25*****Y",
    "EB*A**30*****.2****Y",
)


def _coverages(env, size):
    facility = env["hc.facility"].create(
        {
            "name": "Bench Clinic",
            "code": f"BE{size}",
            "npi": "1234567893",
            "tax_identifier": "12-3456789",
        }
    )
    clearinghouse = env["hc.clearinghouse"].create(
        {
            "name": "Bench Clearinghouse",
            "code": f"BENCH{size}",
            "sender_identifier": "BENCH01",
            "receiver_identifier": "HOUSE01",
            "submitter_name": "Bench Clinic",
            "submitter_identifier": "BENCH01",
            "contact_name": "Desk",
            "contact_phone": "2175550100",
        }
    )
    payer = env["hc.payer"].create(
        {
            "name": "Bench Plan",
            "code": f"BE{size}",
            "payer_identifier": "60054",
            "clearinghouse_id": clearinghouse.id,
        }
    )
    patients = env["hc.patient"].create(
        [
            {
                "mrn": f"BE{size}-{number}",
                "last_name": "DOE",
                "first_name": "ANN",
                "birth_date": "1990-01-01",
                "facility_ids": facility.ids,
            }
            for number in range(size)
        ]
    )
    return env["hc.coverage"].create(
        [
            {"patient_id": patient.id, "payer_id": payer.id, "member_id": f"M{patient.id}"}
            for patient in patients
        ]
    )


def test_questions_and_answers(odoo_env, size, figures, stopwatch):
    """CPU per question: asked, written into files, and answered with five benefits."""
    from odoo import fields

    from odoo.addons.hc_claims.demo_data.eligibility_answers import Answer, eligibility_answers

    with odoo_env() as env:
        coverages = _coverages(env, size)
        today = fields.Date.context_today(coverages)
        env.flush_all()
        questions = [{"coverage_id": each.id, "service_date_from": today} for each in coverages]
        asking, inquiries = stopwatch(
            lambda: env["hc.eligibility.inquiry"]._request(questions).with_prefetch()
        )
        writing, batches = stopwatch(inquiries._submit)
        assert sum(batches.mapped("inquiry_count")) == size
        content = eligibility_answers(
            [
                Answer(
                    trace=inquiry.name,
                    member_id=inquiry.coverage_id.member_id,
                    last_name="DOE",
                    first_name="ANN",
                    birth_date=date(1990, 1, 1),
                    segments=_SEGMENTS,
                )
                for inquiry in inquiries
            ],
            today,
        )
        exchange, _verdict = env["hc.exchange"]._receive_acknowledgement(
            content, batches[:1].clearinghouse_id.code, "bench.271"
        )

        def process():
            exchange._process(lambda done, left: True)
            env.flush_all()

        reading, _ = stopwatch(process)
        assert exchange.imported_count == size
        assert set(inquiries.mapped("state")) == {"answered"}
        figures.add(f"270 asked, {size}", asking / size * 1e3, "ms CPU/question")
        figures.add(f"270 written, {size}", writing / size * 1e3, "ms CPU/question")
        figures.add(f"271 read and stored, {size}", reading / size * 1e3, "ms CPU/answer")
        env.cr.rollback()
