# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""One record of each model with a life cycle or a mail template; see the base's file."""

from base64 import b64encode


def create_records(office):
    """Create the records of this module.

    :param office: a test class of the base's ``HcCommon`` that is set up
    :return: ``{name: record}``
    """
    env = office.env
    policies = env["hc.ai.policy"]
    policies._offer_missing()
    policy = policies.search(
        [
            ("company_id", "=", office.company.id),
            ("res_model", "=", "hc.work.item"),
            ("field_name", "=", "severity"),
        ]
    )
    policy.responsible_id = env.ref("base.user_admin")
    item = {"kind": "stalled", "name": "Advised", "dedup_key": "advised", "queue_code": "billing"}
    env["hc.work.item"]._open([item])
    record = env["hc.work.item"].search([("dedup_key", "=", "advised")], limit=1)
    values = {
        "policy_id": policy.id,
        "company_id": office.company.id,
        "res_model": record._name,
        "res_id": record.id,
        "field_name": "severity",
        "value": "error",
        "confidence": 0.9,
        "token": record._get_review_token(),
        "provider": "embedded",
        "requested_by_id": env.uid,
        "task_code": policy.task_code,
    }
    suggestion = env["hc.ai.suggestion"]._create_guarded([values])
    case = {
        "policy_id": policy.id,
        "company_id": office.company.id,
        "suggestion_id": suggestion.id,
        "facts": {"kind": "stalled"},
        "expected_value": "error",
        "author_id": env.ref("base.user_admin").id,
    }
    return {
        **_create_provider(env),
        "ai_reading": _create_reading(env, office.company, record),
        "ai_policy": policy,
        "ai_suggestion": suggestion,
        "ai_gold_case": env["hc.ai.gold.case"]._create_guarded([case]),
    }


def _create_reading(env, company, record):
    """A letter on a record, to be read."""
    file = env["ir.attachment"].create(
        {
            "name": "letter.txt",
            "raw": b"Claim number: E6898022749",
            "res_model": record._name,
            "res_id": record.id,
        }
    )
    reading = {
        "attachment_id": file.id,
        "checksum": file.checksum,
        "company_id": company.id,
        "res_model": record._name,
        "res_id": record.id,
        "requested_by_id": env.uid,
    }
    return env["hc.ai.reading"]._create_guarded([reading])


def _create_provider(env):
    """A provider at another place, and the agreement with it."""
    provider = env["hc.ai.provider"].create(
        {"name": "Sample", "base_url": "https://ai.example.com/v1", "model_name": "sample"}
    )
    agreement = env["hc.ai.agreement"].create(
        {
            "provider_id": provider.id,
            "signed_on": "2020-01-01",
            "valid_until": "2099-12-31",
            "document": b64encode(b"signed"),
        }
    )
    return {"ai_agreement": agreement, "ai_provider": provider}
