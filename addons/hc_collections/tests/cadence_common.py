# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import datetime, time, timedelta

from odoo.fields import Command

from odoo.addons.hc_revenue_base.tests.common import HcCommon


class CadenceCase(HcCommon):
    """Guarantors who owe since some days, and the policy by which they are followed up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.runs = cls.env["hc.cadence.run"]
        cls.contacts = cls.env["hc.contact"]
        cls.today = cls.env["hc.aging.item"]._get_as_of()
        cls.policy = cls.env["hc.cadence.policy"].search([("code", "=", "patient")])
        # Whatever the hour and weekday at which the tests run.
        cls.env.company.resource_calendar_id = cls.env["resource.calendar"].create(
            {
                "name": "Every day",
                "attendance_ids": [
                    Command.create(
                        {"name": "Day", "dayofweek": str(day), "hour_from": 8, "hour_to": 17}
                    )
                    for day in range(7)
                ],
            }
        )
        cls.collector = cls._create_user("cadence.collector", "collector")

    @classmethod
    def _days_ago(cls, days):
        return cls.today - timedelta(days=days)

    @classmethod
    def _find_account(cls, account_type):
        return cls.env["account.account"].search(
            [("account_type", "=", account_type), ("company_ids", "in", cls.company.ids)], limit=1
        )

    @classmethod
    def _owe(cls, debts):
        """Let patients owe.

        :param debts: ``[(patient, [(amount, days ago), …]), …]``
        :return: their accounts, in order
        """
        receivable = cls._find_account("asset_receivable")
        income = cls._find_account("income")
        lines = [
            (patient, amount, days) for patient, owed in debts for amount, days in owed if amount
        ]
        total = sum(amount for _patient, amount, _days in lines)
        move = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "date": cls.today,
                "line_ids": [
                    *(
                        Command.create(
                            {
                                "account_id": receivable.id,
                                "partner_id": patient.partner_id.id,
                                "balance": amount,
                            }
                        )
                        for patient, amount, _days in lines
                    ),
                    Command.create({"account_id": income.id, "balance": -total}),
                ],
            }
        )
        move._post()
        move.flush_recordset()
        items = move.line_ids.filtered(lambda item: item.account_id == receivable)
        for item, (_patient, _amount, days) in zip(items, lines, strict=True):
            cls.env.cr.execute(
                "UPDATE account_move_line SET date = %s WHERE id = %s",
                [cls._days_ago(days), item.id],
            )
        cls.env.invalidate_all()
        accounts = cls.env["hc.collection.account"].search(
            [("partner_id", "in", [patient.partner_id.id for patient, _owed in debts])]
        )
        accounts._refresh()
        by_partner = {account.partner_id: account.id for account in accounts}
        return accounts.browse([by_partner[patient.partner_id] for patient, _owed in debts])

    @classmethod
    def _guarantor(cls, mrn, amount=200.0, days=10, **vals):
        """One account of somebody who can be reached by every channel."""
        patient = cls._create_patient(
            mrn, **{"email": "reader@example.com", "phone": "2175550123", **vals}
        )
        return cls._owe([(patient, [(amount, days)])])

    @classmethod
    def _publish_policy(cls, code, levels, channels=None, **vals):
        """A policy of its own in force, in place of the shipped one.

        :param levels: values of levels
        :param channels: ``{channel: (consent, spacing)}``
        """
        cls.env["hc.cadence.policy"].search(
            [("party", "=", "patient"), ("state", "=", "published")]
        )._transition("retired")
        template = cls.env.ref("hc_collections.mail_template_reminder")
        channels = channels or dict.fromkeys(
            ("letter", "email", "sms", "portal", "call"), ("unless_opted_out", 0)
        )
        policy = cls.env["hc.cadence.policy"].create(
            {
                "name": code,
                "code": code,
                "party": "patient",
                "date_from": "2020-01-01",
                "level_ids": [
                    Command.create(
                        {"sequence": place, "name": level["code"], "template_id": template.id}
                        | level
                    )
                    for place, level in enumerate(levels, 1)
                ],
                "channel_ids": [
                    Command.create({"channel": channel, "consent": consent, "spacing_days": days})
                    for channel, (consent, days) in channels.items()
                ],
                **vals,
            }
        )
        # Drawn policies are in force whatever the lint says of them.
        policy._move("published", "state", "for this story", None, None)
        return policy

    @classmethod
    def _propose(cls, accounts=None, party="patient"):
        return cls.runs._propose(cls.company, party, cls.today, accounts)

    def _run_day(self):
        """Let the Scheduled Action of the reminders run, switched on."""
        automation = self.env.ref("hc_collections.hc_automation_cadence_run")
        if automation.mode != "on":
            automation._set_mode("on", "for this story")
        with self.enter_registry_test_mode():
            self.env.ref("hc_collections.ir_cron_cadence_run").method_direct_trigger()
        self.env.invalidate_all()

    @classmethod
    def _mail_letters(cls):
        """Print what was collected and hand it to the post."""
        for run in cls.env["hc.letter.run"].search([("state", "=", "collecting")]):
            if run._get_letters():
                run.action_print()
                run._mark_mailed(cls.today)

    @classmethod
    def _work(cls):
        """Run the jobs that are waiting, those that they enter too."""
        jobs = cls.env["hc.job"]
        for _round in range(20):
            due = jobs.search(
                [
                    ("state", "=", "pending"),
                    ("res_model", "in", ("hc.cadence.run", "hc.contact")),
                    # A Scheduled Action has entered some in a transaction of its own.
                    ("not_before", "<=", cls.env.cr.now() + timedelta(minutes=10)),
                ],
                order="id",
            )
            if not due:
                return
            for job in due:
                records = cls.env[job.res_model].browse(job.res_ids)
                getattr(records, job.method)(**(job.arguments or {}))
                job._transition("running")
                job._transition("done")

    def _record_past_contact(self, account, channel, days, key=None, **vals):
        happened_at = datetime.combine(self._days_ago(days), time(12))
        contact = self.contacts._record(
            [
                {
                    "account_id": account.id,
                    "key": key or f"past:{channel}:{days}:{account.contact_ids[:1].id}",
                    "channel": channel,
                    "purpose": "other",
                    "happened_at": happened_at,
                    **vals,
                }
            ]
        )
        contact._transition("done")
        return contact
