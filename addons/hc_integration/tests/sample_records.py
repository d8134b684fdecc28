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
        **_create_event_records(office.env, source, office._create_patient("SAMPLE-EVENT")),
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
