# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import psycopg2

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import HcCommon


@tagged("post_install", "-at_install")
class TestTransitionLog(HcCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.encounter = cls._create_encounter()
        cls.encounter.action_complete()
        cls.seal = cls.env["hc.transition.seal"]
        while cls.seal._seal():
            pass

    def _rows(self):
        return self.env["hc.transition"].search(
            [("res_model", "=", "hc.encounter"), ("res_id", "=", self.encounter.id)],
            order="sequence",
        )

    def test_the_orm_refuses_every_change_to_everyone(self):
        rows = self._rows().sudo()
        with self.assertRaises(AccessError):
            rows.write({"reason": "nicer"})
        with self.assertRaises(AccessError):
            rows.unlink()
        with self.assertRaises(AccessError):
            rows.create({"res_model": "hc.encounter", "res_id": self.encounter.id})
        with self.assertRaises(AccessError):
            self.seal.sudo().search([], limit=1).unlink()

    def test_the_database_refuses_update_delete_and_truncate(self):
        for statement in (
            "UPDATE hc_transition SET reason = 'nicer'",
            "DELETE FROM hc_transition",
            "TRUNCATE hc_transition CASCADE",
            "UPDATE hc_transition_seal SET hash = 'x'",
            "DELETE FROM hc_transition_seal",
            "TRUNCATE hc_transition_seal",
        ):
            with (
                self.subTest(statement),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.InsufficientPrivilege),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement)

    def test_an_untouched_log_verifies(self):
        self.assertIsNone(self.seal._verify([self.seal._get_head()]))

    def _tamper(self, statement, *params):
        """Change rows as the owner of the database could: with the triggers switched off."""
        for table in ("hc_transition", "hc_transition_seal"):
            self.env.cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        self.env.cr.execute(statement, params)

    def test_a_changed_row_is_found(self):
        row = self._rows()[-1]
        self._tamper("UPDATE hc_transition SET to_state = 'cancelled' WHERE id = %s", row.id)
        found, where = self.seal._verify()
        self.assertEqual(where, f"record hc.encounter,{self.encounter.id}")
        self.assertEqual(found.position, row.sequence)

    def test_changed_facts_are_found(self):
        row = self._rows()[0]
        self._tamper("""UPDATE hc_transition SET facts = '{"a": 1}' WHERE id = %s""", row.id)
        self.assertTrue(self.seal._verify())

    def test_a_lost_tail_is_found_by_its_seal(self):
        row = self._rows()[-1]
        self._tamper(
            "ALTER TABLE hc_transition_seal DROP CONSTRAINT "
            "hc_transition_seal_transition_id_fkey; DELETE FROM hc_transition WHERE id = %s",
            row.id,
        )
        _found, where = self.seal._verify()
        self.assertEqual(where, "seal")

    def test_a_lost_tail_of_both_tables_is_found_by_the_anchor(self):
        head = self.seal._get_head()
        self._tamper("DELETE FROM hc_transition_seal WHERE position = %s", head[0])
        self.assertIsNone(self.seal._verify())
        _found, where = self.seal._verify([head])
        self.assertEqual(where, "anchor")

    def test_verification_opens_one_work_item_at_the_first_break(self):
        self._tamper("UPDATE hc_transition SET reason = 'x' WHERE id = %s", self._rows()[-1].id)
        with mute_logger("odoo.addons.hc_revenue_base.models.hc_transition_seal"):
            self.seal._cron_verify()
            self.seal._cron_verify()
        items = self.env["hc.work.item"].search([("kind", "=", "chain_break")])
        self.assertEqual(len(items), 1)
        self.assertEqual(items.queue_id.code, "compliance")

    def test_rows_cannot_be_reached_through_a_relation(self):
        seals = self.seal.search([], limit=1)
        with self.assertRaises(AccessError):
            seals.sudo().write({"transition_id": Command.delete(self._rows()[0].id)})

    def test_facts_refuse_unstable_values(self):
        with self.assertRaisesRegex(ValueError, "log facts"):
            self.encounter._log_decision(facts={"amount": 12.5})

    def test_anchor_names_the_head(self):
        position, hash_ = self.seal._get_head()
        line = self.seal._anchor()
        self.assertIn(f"position={position} head={hash_}", line)
