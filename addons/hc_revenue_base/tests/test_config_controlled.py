# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import base64
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import HcCommon
from .test_security_states import FORGED_CONTEXTS

_DRIFT = "odoo.addons.hc_revenue_base.models.hc_config_drift"


@tagged("post_install", "-at_install")
class TestConfigControlled(HcCommon):
    """Nobody changes configuration directly; who does it in the database is found."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env.ref("hc_revenue_base.ir_cron_sweep_stalled")
        cls.rule = cls.env.ref("hc_revenue_base.automation_hc_encounter_completed_and_coded")
        cls.action = cls.env.ref("hc_revenue_base.ir_actions_server_take_work_items")
        cls.queue = cls.env.ref("hc_revenue_base.work_queue_coding")
        cls.template = cls.env["mail.template"].create(
            {
                "name": "Letter",
                "subject": "Hello",
                "model_id": cls.env.ref("base.model_res_partner").id,
            }
        )
        cls.env["ir.model.data"].create(
            {
                "module": "hc_sample",
                "name": "letter",
                "model": "mail.template",
                "res_id": cls.template.id,
            }
        )

    def _get_attacks(self):
        return (
            (self.cron, {"active": False}),
            (self.cron, {"interval_number": 9}),
            (self.cron, {"nextcall": "2099-01-01 00:00:00"}),
            (self.cron, {"code": "model.search([])"}),
            (self.cron, {"ir_actions_server_id": self.action.id}),
            (self.cron.ir_actions_server_id, {"code": "1"}),
            (self.rule, {"active": False}),
            (self.rule, {"filter_domain": "[]"}),
            (self.action, {"code": "records.unlink()"}),
            (self.action, {"group_ids": [(5,)]}),
            # Whoever deletes the parent would delete it as well.
            (self.action, {"parent_id": self.cron.ir_actions_server_id.id}),
            (self.template, {"body_html": "<p>Pay now</p>"}),
            (self.template, {"attachment_ids": [Command.create({"name": "Bill"})]}),
            (self.template, {"report_template_ids": [Command.set([1])]}),
            (self.template, {"use_default_to": True}),
            (self.template, {"lang": "{{ object.lang }}"}),
            (self.queue, {"sla_hours": 1}),
            (self.queue, {"active": False}),
            (self.env.ref("hc_revenue_base.hc_automation_sweep_stalled"), {"payer_type": "hmo"}),
        )

    def test_the_system_administrator_and_sudo_are_refused_in_every_context(self):
        for record, values in self._get_attacks():
            for user in (self.env.ref("base.user_admin"), self.env.ref("base.user_root")):
                for context in FORGED_CONTEXTS:
                    with self.assertRaisesRegex(AccessError, "Propose a Change"):
                        record.with_user(user).with_context(**context).write(values)
            with self.assertRaisesRegex(AccessError, "Propose a Change"):
                record.sudo().write(values)

    def test_translations_are_no_way_around(self):
        with self.assertRaisesRegex(AccessError, "Propose a Change"):
            self.template.update_field_translations("subject", {"en_US": "Pay now"})
        self.assertEqual(self.template.subject, "Hello")

    def test_an_imported_translation_is_no_way_around(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        rows = [
            ["module", "type", "name", "res_id", "src", "value", "comments"],
            [
                "hc_sample",
                "model",
                "mail.template,subject",
                "hc_sample.letter",
                "Hello",
                "Payez",
                "",
            ],
            ["base", "model", "res.country,name", "base.fr", "France", "La France", ""],
        ]

        def import_rows(rows):
            text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
            wizard = self.env["base.language.import"].create(
                {
                    "name": "French",
                    "code": "fr_FR",
                    "filename": "fr.csv",
                    "data": base64.b64encode(text.encode()),
                }
            )
            wizard.import_lang()

        with self.assertRaisesRegex(AccessError, "controlled"), self.cr.savepoint():
            import_rows(rows)
        self.assertEqual(self.template.with_context(lang="fr_FR").subject, "Hello")
        import_rows([rows[0], rows[2]])
        self.assertEqual(self.env.ref("base.fr").with_context(lang="fr_FR").name, "La France")

    def test_the_common_table_of_actions_is_no_way_around(self):
        administrator = self.env.ref("base.user_admin")
        actions = self.action | self.cron.ir_actions_server_id | self.rule.action_server_ids
        for model in ("ir.actions.actions", "ir.actions.act_window_close"):
            for action in actions:
                common = self.env[model].with_user(administrator).browse(action.id)
                for attempt in (
                    lambda common=common: common.write({"name": "Mine"}),
                    lambda common=common: common.write({"binding_model_id": False}),
                    lambda common=common: common.update_field_translations(
                        "name", {"en_US": "Mine"}
                    ),
                    common.unlink,
                ):
                    with self.assertRaises(AccessError):
                        attempt()
        own = self.env["ir.actions.act_window"].create({"name": "Own", "res_model": "res.partner"})
        common = self.env["ir.actions.actions"].browse(own.id)
        common.name = "Changed"
        common.unlink()
        self.assertFalse(own.exists())

    def test_a_rule_of_the_suite_gets_no_further_action(self):
        values = {"name": "Besides", "model_id": self.rule.model_id.id, "state": "code"}
        other = self.env["ir.actions.server"].create(values)
        for attempt in (
            lambda: self.rule.write({"action_server_ids": [Command.create(values)]}),
            lambda: other.create({**values, "base_automation_id": self.rule.id}),
            lambda: other.with_context(default_base_automation_id=self.rule.id).create(values),
            lambda: other.write({"base_automation_id": self.rule.id}),
        ):
            with self.assertRaisesRegex(AccessError, "Propose a Change"), self.cr.savepoint():
                attempt()
        own = self.env["base.automation"].create(
            {"name": "Own", "model_id": self.rule.model_id.id, "trigger": "on_archive"}
        )
        other.base_automation_id = own
        self.assertEqual(own.action_server_ids, other)

    def test_controlled_records_are_not_deleted(self):
        for record in (self.cron, self.rule, self.action, self.template, self.queue):
            for context in ({}, {"_force_unlink": True}):
                with self.assertRaises(AccessError):
                    record.with_context(**context).unlink()

    def test_taking_the_xml_id_away_opens_no_door(self):
        self.env["hc.config.version"]._take_missing()
        self.env["ir.model.data"].search(
            [("model", "=", "ir.cron"), ("res_id", "=", self.cron.id)]
        ).unlink()
        self.assertFalse(self.cron.is_hc_suite)
        with self.assertRaisesRegex(AccessError, "Propose a Change"):
            self.cron.active = False

    def test_records_of_others_are_as_free_as_ever(self):
        cron = self.env["ir.cron"].create(
            {
                "name": "Own",
                "model_id": self.env.ref("base.model_res_partner").id,
                "state": "code",
                "code": "model.browse()",
            }
        )
        cron.interval_number = 3
        cron.code = "model"
        self.assertFalse(cron.is_config_controlled)
        # Proposing a change of it would take it under control, and past its own access rights.
        requester = self._create_user("others.admin", "administrator")
        with self.assertRaisesRegex(UserError, "no controlled configuration"):
            cron.with_user(requester).action_propose_change()
        self.assertFalse(self.env["hc.config.version"]._get_last("ir.cron", cron.id))
        cron.unlink()

    def test_what_is_not_controlled_stays_free(self):
        lead = self._create_user("free.lead", "team_lead")
        self.queue.with_user(self._create_user("free.admin", "administrator")).lead_id = lead
        self.assertEqual(self.queue.lead_id, lead)

    def test_a_new_queue_rests_until_somebody_agrees(self):
        administrator = self._create_user("new.queue", "administrator")
        queue = (
            self.env["hc.work.queue"]
            .with_user(administrator)
            .create({"name": "Mine", "code": "coding", "company_id": self.company.id})
        )
        self.assertFalse(queue.active)
        found = self.env["hc.work.queue"]._get_by_code("coding", self.company)
        self.assertEqual(found, self.queue)

    def test_an_approved_change_reaches_native_records(self):
        requester = self._create_user("native.admin", "administrator")
        for record, name, value in (
            (self.cron, "interval_number", 3),
            (self.action, "code", "records.action_take()  # one by one"),
            (self.template, "subject", "Good day"),
            (self.rule, "filter_domain", "[('state', '=', 'completed')]"),
        ):
            change = self.env["hc.config.change"].with_user(requester)._propose(record)
            lines = {line.field_name: line for line in change.line_ids}
            lines[name].new_value = value
            self._agree(change)
            self.assertEqual(record[name], value)

    @mute_logger(_DRIFT)
    def test_a_change_in_the_database_is_found_and_settled(self):
        versions = self.env["hc.config.version"]
        versions._cron_check_drift()
        self.assertFalse(self._get_drift_items())
        self.env.flush_all()
        self.cr.execute("UPDATE hc_work_queue SET sla_hours = 99 WHERE id = %s", [self.queue.id])
        self.cr.execute("UPDATE ir_cron SET active = false WHERE id = %s", [self.cron.id])
        # Odoo's own bookkeeping is no drift.
        self.cr.execute("UPDATE ir_cron SET nextcall = now(), lastcall = now()")
        self.env.invalidate_all()
        versions._cron_check_drift()
        items = self._get_drift_items()
        self.assertEqual(len(items), 2)
        self.assertEqual(set(items.mapped("severity")), {"critical"})
        self.assertIn("Due Within (hours)", " ".join(items.mapped("description")))
        # A proposal shows the drift by itself, so that the second person sees it.
        requester = self._create_user("drift.admin", "administrator")
        change = self.env["hc.config.change"].with_user(requester)._propose(self.queue)
        self.assertEqual(change.summary, "Due Within (hours): 16 → 99")
        self._agree(change)
        self.cr.execute("UPDATE ir_cron SET active = true WHERE id = %s", [self.cron.id])
        self.env.invalidate_all()
        versions._cron_check_drift()
        self.assertFalse(self._get_drift_items())

    def _find_queue_drifted(self):
        """The queue with a due time that somebody changed in the database; its last version."""
        self.env["hc.config.version"]._take_missing()
        self.env.flush_all()
        self.cr.execute("UPDATE hc_work_queue SET sla_hours = 99 WHERE id = %s", [self.queue.id])
        self.env.invalidate_all()
        return self.env["hc.config.version"]._get_last(self.queue._name, self.queue.id)

    def test_a_change_in_the_database_is_rolled_back(self):
        agreed = self._find_queue_drifted()
        requester = self._create_user("back.admin", "administrator")
        action = agreed.with_user(requester).action_roll_back()
        change = self.env["hc.config.change"].browse(action["res_id"])
        self.assertEqual(change.summary, "Due Within (hours): 99 → 16")
        self._agree(change)
        self.assertEqual(self.queue.sla_hours, 16.0)

    def test_another_change_does_not_agree_to_drift_by_the_way(self):
        agreed = self._find_queue_drifted()
        requester = self._create_user("way.admin", "administrator")
        values = {**agreed.content, "sla_hours_critical": 2}
        self._agree(self.env["hc.config.change"].with_user(requester)._propose(self.queue, values))
        self.assertEqual((self.queue.sla_hours, self.queue.sla_hours_critical), (16.0, 2.0))

    def test_neither_stopping_nor_an_update_agrees_to_drift(self):
        self._find_queue_drifted()
        automation = self.env.ref("hc_revenue_base.hc_automation_sweep_stalled")
        self.cr.execute(
            "UPDATE hc_automation SET payer_type = 'hmo' WHERE id = %s", [automation.id]
        )
        automation.invalidate_recordset()
        automation._stop("too many items")
        mixin = self.env.registry["hc.config.controlled.mixin"]
        with patch.object(mixin, "_is_loading_registry", lambda model: True):
            self.queue.sla_hours_critical = 3
        for record, origin in ((automation, "stop"), (self.queue, "update")):
            version = self.env["hc.config.version"]._get_last(record._name, record.id)
            self.assertEqual(version.origin, origin)
            self.assertTrue(version._get_drift())

    def _get_drift_items(self):
        return self.env["hc.work.item"].search(
            [("kind", "=", "config_drift"), ("state", "=", "open")]
        )

    def test_versions_are_append_only(self):
        version = self.env["hc.config.version"].search([("number", "=", 1)], limit=1)
        for attempt in (
            lambda: version.sudo().write({"content": {}}),
            version.sudo().unlink,
            lambda: version.sudo().create({"res_model": "x"}),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_billing_administrators_read_what_they_control(self):
        user = self._create_user("reads.admin", "administrator")
        for record in (self.cron, self.rule, self.action, self.template):
            record = record.with_user(user)
            self.assertTrue(record.read(["name", "is_hc_suite"]))
            arch = record.get_view(view_type="form")["arch"]
            self.assertIn("action_propose_change", arch)
