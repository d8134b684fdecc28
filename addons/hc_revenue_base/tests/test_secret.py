# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import os
import tempfile
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import Form, TransactionCase, new_test_user, tagged

FIRST_KEY, SECOND_KEY = "11" * 32, "22" * 32
TOKEN = "sk_live_51Habcd1234"


@tagged("post_install", "-at_install")
class TestSecret(TransactionCase):
    """Administrators set passwords of other systems; programs use them; nobody reads them."""

    def setUp(self):
        super().setUp()
        self._use_keys(FIRST_KEY)
        # Uses are logged in transactions of their own: here, in the one of the test.
        self.enterContext(self.enter_registry_test_mode())
        self.administrator = new_test_user(
            self.env, "secret.keeper", "hc_revenue_base.group_hc_administrator"
        )
        self.secrets = self.env["hc.secret"].with_user(self.administrator)
        self.secret = self.secrets.create(
            {"name": "Clearinghouse", "code": "clearinghouse", "value": TOKEN}
        )

    def _use_keys(self, text):
        keys = {"HC_SECRET_KEY": text, "HC_SECRET_KEY_FILE": ""}
        self.enterContext(patch.dict(os.environ, keys))

    def _get_log(self, secret):
        return self.env["hc.transition"].search(
            [("res_model", "=", "hc.secret"), ("res_id", "=", secret.id)]
        )

    def _get_row(self):
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM hc_secret_value")
        return str(self.env.cr.dictfetchall())

    def test_a_program_gets_the_value_and_its_use_is_counted(self):
        self.assertEqual(self.secrets._get_value("clearinghouse"), TOKEN)
        self.assertEqual(self.secrets._get_value("clearinghouse"), TOKEN)
        self.secret.invalidate_recordset()
        self.assertEqual(self.secret.use_count, 2)
        self.assertTrue(self.secret.last_used_at)
        use = self.env["hc.secret.use"].search([("code", "=", "clearinghouse")], limit=1)
        self.assertEqual(use.user_id, self.administrator)

    def test_uses_of_past_days_are_added_up(self):
        for _use in range(3):
            self.secrets._get_value("clearinghouse")
        uses = self.env["hc.secret.use"].search([("code", "=", "clearinghouse")])
        uses.occurred_at = self.env.cr.now() - timedelta(days=1)
        self.env.flush_all()
        self.env["hc.secret.use"]._gc_add_up_past_days()
        uses = self.env["hc.secret.use"].search([("code", "=", "clearinghouse")])
        self.assertEqual((len(uses), uses.use_count), (1, 3))

    def test_old_uses_are_deleted(self):
        self.secrets._get_value("clearinghouse")
        use = self.env["hc.secret.use"].search([("code", "=", "clearinghouse")])
        use.occurred_at = self.env.cr.now() - timedelta(days=181)
        self.env["hc.secret.use"]._gc_old_rows()
        self.assertFalse(use.exists())

    def test_nothing_that_rpc_reaches_shows_the_value(self):
        self.env.flush_all()
        values = self.env["hc.secret.value"].sudo()
        for model in (self.secrets, self.secrets.sudo(), values):
            for record in model.search([("id", ">", 0)]):
                self.assertNotIn(TOKEN, str(record.read()))
                self.assertNotIn(
                    TOKEN, str(record._export_rows([[name] for name in record._fields]))
                )
        self.assertNotIn("ciphertext", values._fields)
        self.assertNotIn(TOKEN, str(self.secret.copy_data()))
        with self.assertRaises(ValueError):
            values.search([("ciphertext", "ilike", "g")])
        with self.assertRaises(ValueError):
            values._read_group([], ["ciphertext"])

    def test_what_was_typed_is_gone_with_the_answer_of_the_save(self):
        saved = self.secret.web_save({"value": "another-long-token"}, {"value": {}, "shown": {}})
        self.assertEqual(saved[0]["value"], False)
        self.assertEqual(saved[0]["shown"], "•••• oken")
        with Form(self.secret) as form:
            form.purpose = "Claims"
            self.assertFalse(form.value)
        self.assertEqual(self.secrets._get_value("clearinghouse"), "another-long-token")

    def test_the_table_holds_no_clear_text(self):
        self.assertIn("ciphertext", self._get_row())
        self.assertNotIn(TOKEN, self._get_row())

    def test_four_characters_are_shown_of_long_values_only(self):
        self.assertEqual(self.secret.shown, "•••• 1234")
        self.secret.value = "short-pass"
        self.assertEqual(self.secret.shown, "••••")

    def test_the_previous_value_stays_valid_for_the_overlap(self):
        self.secret.write({"overlap_hours": 2, "value": "second-value-0002"})
        self.assertEqual(self.secrets._get_values("clearinghouse"), ["second-value-0002", TOKEN])
        later = self.env.cr.now() + timedelta(hours=2, minutes=1)
        with patch.object(type(self.env.cr), "now", lambda _cursor: later):
            self.assertEqual(self.secrets._get_values("clearinghouse"), ["second-value-0002"])
            self.env["hc.secret.value"]._gc_ended_values()
        self.assertEqual(len(self.secret.value_ids), 1)

    def test_a_third_value_does_not_prolong_the_first(self):
        self.secret.write({"overlap_hours": 1, "value": "second-value-0002"})
        first = self.secret.value_ids.filtered("valid_until")
        ends = first.valid_until
        self.secret.write({"overlap_hours": 100, "value": "third-value-00003"})
        self.assertEqual(first.valid_until, ends)

    def test_previous_values_are_ended_at_once_after_a_leak(self):
        self.secret.value = "second-value-0002"
        self.secret.action_end_previous()
        self.assertEqual(self.secrets._get_values("clearinghouse"), ["second-value-0002"])

    def test_no_overlap_ends_the_previous_value_at_once(self):
        self.secret.write({"overlap_hours": 0, "value": "second-value-0002"})
        self.assertEqual(self.secrets._get_values("clearinghouse"), ["second-value-0002"])

    def test_the_log_says_who_set_it_and_not_what(self):
        self.secret.value = "second-value-0002"
        log = self._get_log(self.secret)
        events = [entry.facts["event"] for entry in log]
        self.assertEqual(sorted(events), ["created", "value set", "value set"])
        self.assertEqual(log.actor_id, self.administrator)
        self.assertNotIn("0002", str(log.mapped("facts")))
        number = self.secret.id
        self.secret.unlink()
        self.assertIn("deleted", str(self._get_log(self.secret.browse(number)).mapped("facts")))

    def test_a_reference_takes_the_value_from_the_server(self):
        self.secret.value = "env:HC_CREDENTIAL_HOUSE"
        self.assertEqual(self.secret.shown, "env:HC_CREDENTIAL_HOUSE")
        with self.assertRaisesRegex(UserError, "HC_CREDENTIAL_HOUSE, which is not set"):
            self.secrets._get_value("clearinghouse")
        with patch.dict(os.environ, {"HC_CREDENTIAL_HOUSE": "from-the-server\n"}):
            self.assertEqual(self.secrets._get_value("clearinghouse"), "from-the-server")

    def test_the_current_value_does_not_need_the_previous_one(self):
        with patch.dict(os.environ, {"HC_CREDENTIAL_OLD": "old"}):
            self.secret.value = "env:HC_CREDENTIAL_OLD"
            self.secret.value = TOKEN
        self.assertEqual(self.secrets._get_value("clearinghouse"), TOKEN)
        with self.assertRaisesRegex(UserError, "HC_CREDENTIAL_OLD"):
            self.secrets._get_values("clearinghouse")

    def test_what_is_no_text_is_no_value(self):
        for value in (5, ["a"], True, "\ud800x", "a\x00b"):
            with self.assertRaisesRegex(ValidationError, "is a text"):
                self.secret.write({"value": value})
        self.assertEqual(self.secrets._get_value("clearinghouse"), TOKEN)

    def test_a_reference_to_another_variable_of_the_server_is_refused(self):
        for name in ("env:PGPASSWORD", "env:HC_SECRET_KEY", "env:", "env:HC_CREDENTIAL_a b"):
            with self.subTest(name), self.assertRaisesRegex(UserError, "HC_CREDENTIAL_"):
                self.secret.value = name

    def test_without_a_key_one_clear_error(self):
        self._use_keys("")
        with self.assertRaisesRegex(UserError, "the server has no key"):
            self.secrets._get_value("clearinghouse")
        with self.assertRaisesRegex(UserError, "the server has no key"):
            self.secret.value = "second-value-0002"

    def test_with_a_wrong_key_the_error_names_the_missing_one(self):
        key_name = self.secret.value_ids.key_name
        self._use_keys(SECOND_KEY)
        with self.assertRaisesRegex(UserError, f"encrypted with the key {key_name}"):
            self.secrets._get_value("clearinghouse")

    def test_a_malformed_key_is_named_by_its_position_only(self):
        self._use_keys(f"{FIRST_KEY},abc")
        with self.assertRaisesRegex(UserError, "key number 2") as caught:
            self.secrets._get_value("clearinghouse")
        self.assertNotIn("abc", str(caught.exception))

    def test_keys_come_from_a_file_too(self):
        self._use_keys("")
        with tempfile.NamedTemporaryFile("w") as file:
            self.enterContext(patch.dict(os.environ, {"HC_SECRET_KEY_FILE": file.name}))
            file.write(f"{SECOND_KEY}\n{FIRST_KEY}\n")
            file.flush()
            self.assertEqual(self.secrets._get_value("clearinghouse"), TOKEN)
        with self.assertRaisesRegex(UserError, "cannot be read"):
            self.secrets._get_value("clearinghouse")

    def test_rotation_encrypts_all_under_the_first_key(self):
        self._use_keys(f"{SECOND_KEY},{FIRST_KEY}")
        self.assertEqual(self.secrets._rotate_keys(), {"rotated": 1, "current": 0})
        self.assertEqual(self.secrets._rotate_keys(), {"rotated": 0, "current": 1})
        self._use_keys(SECOND_KEY)
        self.assertEqual(self.secrets._get_value("clearinghouse"), TOKEN)

    def test_rotation_changes_nothing_where_one_value_fits_no_key(self):
        self._use_keys(f"{SECOND_KEY}")
        before = self._get_row()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.secrets._rotate_keys()
        self.assertEqual(self._get_row(), before)

    def test_a_company_s_own_secret_goes_before_the_shared_one(self):
        self.secrets.create(
            {
                "name": "Own",
                "code": "clearinghouse",
                "company_id": self.env.company.id,
                "value": "own-value-of-company",
            }
        )
        self.assertEqual(self.secrets._get_value("clearinghouse"), "own-value-of-company")
        other = self.env["res.company"].create({"name": "Another Group"})
        self.assertEqual(self.secrets._get_value("clearinghouse", other), TOKEN)

    def test_an_unknown_secret_is_one_clear_error(self):
        with self.assertRaisesRegex(UserError, "“nothing” has no value"):
            self.secrets._get_value("nothing")

    def test_code_and_company_are_fixed(self):
        with self.assertRaises(AccessError):
            self.secret.code = "other"

    def test_a_value_has_a_bounded_length(self):
        with self.assertRaises(ValidationError):
            self.secret.value = "x" * 20_001

    def test_others_neither_set_nor_see(self):
        officer = new_test_user(self.env, "officer", "hc_revenue_base.group_hc_compliance")
        clerk = new_test_user(self.env, "secret.clerk", "hc_revenue_base.group_hc_manager")
        self.assertEqual(self.secret.with_user(officer).shown, "•••• 1234")
        for user in (officer, clerk):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.secret.with_user(user).value = "second-value-0002"
        with self.assertRaises(AccessError):
            self.secret.with_user(clerk).read(["shown"])
        with self.assertRaises(AccessError):
            self.secret.with_user(self.administrator).value_ids.write({"reference": "x"})

    def test_a_neutralized_copy_holds_no_values(self):
        queries = list(get_neutralization_queries(["hc_revenue_base"]))
        for query in queries:
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertFalse(self.secret.value_ids)
        with self.assertRaisesRegex(UserError, "has no value"):
            self.secrets._get_value("clearinghouse")
