# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""One record of each model with a life cycle or a mail template; see the base's file."""

from odoo.fields import Command

from .outbox_common import create_subscription


def create_source(office, code="sample-system"):
    """A connected system with a secret and an integration user.

    :param office: a test class of the base's ``HcCommon`` that is set up
    :return: the source, connected
    """
    env = office.env
    login = f"system.{code}"
    user = env["res.users"].search([("login", "=", login)]) or office._create_user(
        login, "integration"
    )
    secret = env["hc.secret"].create(
        {"name": code, "code": f"inbound.{code}", "value": "whsec_c2FtcGxlLXNlY3JldC1vZi10ZXN0cw=="}
    )
    source = env["hc.integration.source"].create(
        {"name": code.title(), "code": code, "user_id": user.id, "secret_id": secret.id}
    )
    source.action_activate()
    return source


def create_records(office):
    """Create the records of this module.

    :param office: a test class of the base's ``HcCommon`` that is set up
    :return: ``{name: record}``
    """
    source = create_source(office)
    office.env["hc.integration.key"]._issue(source, "sample", 30)
    return {
        "integration_source": source,
        "integration_key": source.key_ids,
        **_create_delivery(office.env, create_subscription(office, name="Sample")),
        "payment_reconciliation": _create_reconciliation(office),
        **_create_event_records(office.env, source, office._create_patient("SAMPLE-EVENT")),
        "gateway_message": _create_gateway_message(office.env, source),
        **_create_proof(office.env, source),
    }


def _create_proof(env, source):
    """A day that was told and differs."""
    proof = env["hc.integration.proof"]._get_proof(source, "2026-03-03")
    difference = env["hc.integration.difference"]._create_guarded(
        [{"proof_id": proof.id, "kind": "missing", "event_type": "claim.status", "reference": "m1"}]
    )
    return {"integration_proof": proof, "integration_difference": difference}


def _create_event_records(env, source, patient):
    """What an event leaves that people decide about."""
    proposal = env["hc.data.proposal"]._create_guarded(
        [
            {
                "source_id": source.id,
                "patient_id": patient.id,
                "res_model": "hc.patient",
                "res_id": patient.id,
                "line_ids": [
                    Command.create({"field_name": "street", "value_proposed": "1 Sample Street"})
                ],
            }
        ]
    )
    return {"data_proposal": proposal}


def _create_delivery(env, subscription):
    """An event that waits to be sent."""
    item = {"kind": "stalled", "name": "Told", "dedup_key": "told", "queue_code": "billing"}
    env["hc.work.item"]._open([item])
    deliveries = env["hc.event.delivery"]
    return {
        "subscription": subscription,
        "delivery": deliveries.search([("subscription_id", "=", subscription.id)], limit=1),
    }


def create_gateway(env, source, **vals):
    """A gateway that takes messages of a connected system's company.

    :param vals: fields of the gateway
    """
    return env["hc.message.gateway"].create(
        {
            "name": "Sample gateway",
            "source_id": source.id,
            "document_type": "person_message",
            "url": "https://gateway.test/messages",
            "secret_id": source.secret_id.id,
            **vals,
        }
    )


def _create_gateway_message(env, source):
    """A message that waits for its gateway."""
    gateway = create_gateway(env, source)
    content = b'{"messages": [{"id": 1, "to": "555-0100", "text": "Sample"}]}'
    exchange = env["hc.exchange"]._send(
        gateway.document_type, "sample", "sample-texts", content, "texts.json", gateway.company_id
    )
    exchange.sudo()._give_to_gateway(gateway)
    return exchange.gateway_message_ids


def _create_reconciliation(office):
    """A day of a payment provider that is to be compared."""
    provider = office.env["payment.provider"].create(
        {"name": "Sample Provider", "code": "none", "company_id": office.company.id}
    )
    return office.env["hc.payment.reconciliation"]._begin(provider, ["2026-03-02"])
