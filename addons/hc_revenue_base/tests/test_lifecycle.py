# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import HcCommon


@tagged("post_install", "-at_install")
class TestLifecycle(HcCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.encounter = cls._create_encounter()

    def _log(self, record):
        return self.env["hc.transition"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)], order="sequence"
        )

    def test_creation_is_the_first_log_row_of_each_life_cycle(self):
        log = self._log(self.encounter)
        self.assertEqual(log.mapped("kind"), ["creation", "creation"])
        self.assertEqual(log.mapped("to_state"), ["planned", "open"])
        self.assertEqual(log.mapped("sequence"), [1, 2])

    def test_a_move_is_logged_with_actor_and_chained(self):
        clerk = self._create_user("clerk.lifecycle", "clerk")
        self.encounter.with_user(clerk).action_complete()
        self.assertEqual(self.encounter.state, "completed")
        last = self._log(self.encounter)[-1]
        self.assertEqual((last.from_state, last.to_state), ("planned", "completed"))
        self.assertEqual(last.actor_id, clerk)
        self.assertEqual(last.previous_hash, self._log(self.encounter)[-2].hash)

    def test_moving_again_changes_and_logs_nothing(self):
        self.encounter.action_complete()
        count = len(self._log(self.encounter))
        self.encounter.action_complete()
        self.assertEqual(len(self._log(self.encounter)), count)

    def test_a_wrong_state_is_refused_with_one_clear_error(self):
        self.encounter.action_cancel()
        with self.assertRaisesRegex(UserError, "cannot move to “Completed”"):
            self.encounter.action_complete()

    def test_a_batch_with_one_wrong_record_moves_none(self):
        other = self._create_encounter("E-2")
        other.action_cancel()
        with self.assertRaises(UserError):
            (self.encounter | other).action_complete()
        self.assertEqual(self.encounter.state, "planned")

    def test_guards_block_with_their_reasons(self):
        self.encounter.ended_at = False
        with self.assertRaisesRegex(UserError, "enter when the encounter ended"):
            self.encounter.action_complete()

    def test_machine_messages_are_classified_not_refused(self):
        cancelled = self._create_encounter("E-3")
        cancelled.action_cancel()
        done = self._create_encounter("E-4")
        done.action_complete()
        records = self.encounter | cancelled | done
        moved, there, left = records._transition_where_allowed("completed")
        self.assertEqual((moved, there, left), (self.encounter, done, cancelled))

    def test_direct_writes_are_refused_for_everyone_in_every_context(self):
        contexts = [{}, {"hc_permits": True}, {"force": True, "install_mode": True}]
        users = [self.env.user, self.env.ref("base.user_root"), self._create_user("c2", "clerk")]
        for user in users:
            for context in contexts:
                encounter = self.encounter.with_user(user).with_context(**context)
                with self.assertRaises(AccessError):
                    encounter.write({"state": "completed"})
                with self.assertRaises(AccessError):
                    encounter.sudo().write({"coding_state": "approved"})

    def test_records_cannot_be_created_in_a_later_state(self):
        with self.assertRaises(AccessError):
            self._create_encounter("E-5", state="completed")
        self.assertEqual(self._create_encounter("E-6", state="planned").state, "planned")

    def test_records_with_history_cannot_be_deleted(self):
        with self.assertRaisesRegex(UserError, "Cancel them instead"):
            self.encounter.unlink()

    def test_only_coders_approve_codes(self):
        clerk = self._create_user("clerk.codes", "clerk")
        with self.assertRaises(AccessError):
            self.encounter.with_user(clerk).action_approve_coding()
        coder = self._create_user("coder.codes", "coder")
        self.encounter.with_user(coder).action_approve_coding()
        self.assertEqual(self.encounter.coding_state, "approved")
