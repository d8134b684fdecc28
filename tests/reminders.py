# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Guarantors who owe and are reminded by e-mail, for tests of whole processes."""

import receivables

_ITEMS_PER_ACCOUNT = 5


def start_run(env, account_count):
    """Let a run of reminders by e-mail go out to new guarantors, each with an own address.

    :return: the run, and the accounts that it reminds
    """
    receivables.insert_items(env, account_count * _ITEMS_PER_ACCOUNT)
    env.cr.execute(
        "UPDATE hc_patient SET email = 'reader' || id || '@example.com',"
        " timezone = 'America/Chicago' WHERE mrn LIKE 'BENCH%'"
    )
    env.invalidate_all()
    _publish_mails(env)
    # Such tests run at any hour; all other guardrails are asked.
    env["hc.guardrail.rule"].search([("code", "=", "REGF-2")])._config_write({"active": False})
    runs = env["hc.cadence.run"]
    runs.search([("state", "in", ("proposed", "executing"))])._transition("cancelled")
    run = runs._propose(env.company, "patient", env["hc.aging.item"]._get_as_of())
    run._execute()
    return run, run.proposal_ids.filtered(lambda row: row.state == "proposed").account_id


def _publish_mails(env):
    policies = env["hc.cadence.policy"]
    policies.search([("party", "=", "patient"), ("state", "=", "published")])._transition("retired")
    policy = policies.create(
        {
            "name": "By e-mail",
            "code": "by_mail",
            "party": "patient",
            "date_from": "2020-01-01",
            "level_ids": [
                (
                    0,
                    0,
                    {
                        "code": "first",
                        "name": "First",
                        "delay_days": 0,
                        "channel": "email",
                        "on_workdays": False,
                        "template_id": env.ref("hc_collections.mail_template_reminder").id,
                    },
                )
            ],
            "channel_ids": [(0, 0, {"channel": "email", "consent": "unless_opted_out"})],
        }
    )
    policy._publish()
