# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import file_open

from .endpoint_common import KEY, EndpointCase

WORDS = "Maria Gonzalez, MRN 55512345, says the visit was not covered. Write to m@example.com."


@tagged("post_install", "-at_install")
class TestAiProvider(EndpointCase):
    """A second opinion: who may allow it, what leaves, and what its answer changes."""

    def _with_words(self, text=WORDS):
        """Work items that hold free text about a person whom they know."""
        items = self.env.registry["hc.work.item"]
        known = (("NAME", "Maria"), ("NAME", "Gonzalez"), ("ID", "55512345"))
        for name, value in (
            ("_review_texts", {"payer_words": text}),
            ("_review_identifiers", known),
        ):
            self.enterContext(patch.object(items, name, lambda _record, value=value: value))

    def test_it_takes_two_administrators_and_changes_start_anew(self):
        values = {"name": "New", "base_url": "https://ai.example.com/v1", "model_name": "m"}
        provider = self.env["hc.ai.provider"].with_user(self.administrator)
        provider = provider.create(values | {"secret_id": self.secret.id})
        with self.assertRaisesRegex(UserError, "another administrator"):
            provider.action_activate()
        provider.with_user(self.second).action_activate()
        self.assertEqual(provider.approved_by_id, self.second)
        with self.assertRaisesRegex(UserError, "approved as it is"):
            provider.write({"base_url": "https://elsewhere.example.com"})
        provider.action_pause()
        provider.action_change()
        provider.write({"model_name": "m2"})
        self.assertFalse(provider.approved_by_id)
        with self.assertRaisesRegex(UserError, "another administrator"):
            provider.action_activate()
        for user in (self.clerk, self.lead):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                provider.with_user(user).action_activate()

    def test_own_network_means_private_addresses_under_an_allowance(self):
        vals = {"name": "L", "model_name": "m", "is_local": True, "secret_id": self.secret.id}
        providers = self.env["hc.ai.provider"].with_user(self.administrator)
        covered = providers.create(vals | {"base_url": "http://payer.test:8080/v1"})
        self.assertTrue(covered._is_on_own_network())
        bare = providers.create(vals | {"name": "M", "base_url": "http://inside.test/v1"})
        with self.assertRaisesRegex(UserError, "own network"):
            bare.with_user(self.second).action_activate()
        public = staticmethod(lambda *_: ["9.9.9.9"])
        with patch.object(self.env.registry["hc.http"], "_resolver", public):
            self.assertFalse(covered._may_get_texts())
        with self.assertRaisesRegex(UserError, "https"):
            covered.is_local = False

    def test_agreement_changes_nothing_and_disagreement_lowers(self):
        suggestion, value, other = self._suggest()
        confidence = suggestion.confidence
        self._tell(value, 1.0)
        run = self._ask(suggestion)
        self.assertEqual((run.outcome, run.effect), ("answered", "agrees"))
        self.assertEqual(self._get_latest(suggestion).confidence, confidence)
        suggestion, value, other = self._suggest(901)
        self._tell(other, 0.9)
        run = self._ask(suggestion)
        self.assertEqual(run.effect, "disagrees")
        latest = self._get_latest(suggestion)
        self.assertEqual((latest.state, suggestion.state), ("abstained", "superseded"))
        self.assertLess(latest.confidence, suggestion.confidence)
        self.assertEqual({pair[0] for pair in latest.alternatives[:2]}, {value, other})
        self.assertEqual(latest.run_id, run)

    def test_a_run_keeps_digests_counts_and_cost_and_no_words(self):
        self._use(
            self._create_provider(
                name="Dear", input_price=2.0, output_price=10.0, daily_cost=5, cache_days=0
            )
        )
        suggestion, value, _other = self._suggest()
        self._tell(value, reasons=["because of 99213"])
        run = self._ask(suggestion)
        self.assertEqual((run.input_tokens, run.output_tokens), (1000, 100))
        self.assertEqual(run.cost_millionths, 3000)
        self.assertEqual(run.user_id, self.lead)
        self.assertEqual(run.create_uid, self.ai_user)
        for digest in (run.input_sha256, run.question_sha256, run.response_sha256):
            self.assertEqual(len(digest), 64)
        self.assertNotIn("99213", str(run.sudo().read()))
        for user in (self.administrator, self.ai_user, self.env.ref("base.user_root")):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                run.with_user(user).write({"cost_millionths": 0})
            with self.subTest(user=user.login), self.assertRaises(UserError):
                run.with_user(user).unlink()
        for user in (self.clerk, self.lead):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                run.with_user(user).read(["cost_millionths"])

    def test_caps_stop_before_the_call(self):
        for number, (cause, vals) in enumerate(
            (
                ("token_cap", {"daily_tokens": 100}),
                ("cost_cap", {"input_price": 1.0, "daily_cost": 0}),
            )
        ):
            self._use(self._create_provider(name=cause, **vals))
            suggestion, value, _other = self._suggest(900 + number)
            self._tell(value)
            run = self._ask(suggestion)
            self.assertEqual((run.outcome, run.cause), ("refused", cause))
        self.assertFalse(self.server.seen)

    def test_the_same_question_is_asked_once(self):
        suggestion, value, other = self._suggest()
        self._tell(value)
        self.assertEqual(self._ask(suggestion).outcome, "answered")
        count = len(self.server.seen)
        self._tell(other)
        again = self._ask(suggestion)
        self.assertEqual(
            (again.outcome, again.effect, again.cost_millionths), ("cached", "agrees", 0)
        )
        self.assertEqual(len(self.server.seen), count)
        answers = self.env["hc.ai.answer"]
        self.assertTrue(answers._find(self.provider, again.question_sha256))
        self._let_pass(days=8)
        self.assertFalse(answers._find(self.provider, again.question_sha256))

    def test_without_agreement_no_free_text_leaves(self):
        self._with_words()
        proposed = self._agree_on_texts()
        expired = self._agree_on_texts(signed_on="2019-01-01", valid_until="2019-12-31")
        with self.assertRaisesRegex(UserError, "expired"):
            expired.with_user(self.second).action_confirm()
        with self.assertRaisesRegex(UserError, "cannot confirm"):
            proposed.action_confirm()
        suggestion, value, _other = self._suggest()
        self._tell(value)
        run = self._ask(suggestion)
        [body] = self.server.bodies
        for word in (b"covered", b"Maria", b"payer_words", b"55512345"):
            self.assertNotIn(word, body)
        self.assertEqual(run.redaction["withheld"], ["payer_words"])
        self.assertEqual((run.redaction["texts"], run.outcome), ([], "answered"))

    def test_under_an_agreement_texts_leave_masked_and_quotes_come_back(self):
        self._with_words()
        agreement = self._agree_on_texts()
        agreement.with_user(self.second).action_confirm()
        suggestion, _value, other = self._suggest()
        self._tell(other, 0.9, ["[NAME_1] says so"], quotes=["the visit was not covered"])
        run = self._ask(suggestion)
        [body] = self.server.bodies
        self.assertIn(b"not covered", body)
        for word in (b"Maria", b"Gonzalez", b"55512345", b"m@example.com"):
            self.assertNotIn(word, body)
        self.assertGreaterEqual(run.redaction["masked"]["NAME"], 2)
        self.assertNotIn("covered", str(run.read()))
        latest = self._get_latest(suggestion)
        self.assertIn("Maria says so", latest.reasons)
        [evidence] = latest.evidence
        piece = WORDS[evidence["start"] : evidence["end"]]
        self.assertEqual((piece, evidence["field"]), (evidence["quote"], "payer_words"))
        agreement.action_end()
        self.assertFalse(self.provider._may_get_texts())

    def test_an_invented_quote_makes_the_answer_useless(self):
        self._with_words()
        self._agree_on_texts().with_user(self.second).action_confirm()
        suggestion, _value, other = self._suggest()
        self._tell(other, quotes=["the payer agreed to pay"])
        run = self._ask(suggestion)
        self.assertEqual((run.outcome, run.cause), ("fallback", "unfounded"))
        self.assertEqual(suggestion.state, "pending")

    def test_a_moved_record_and_switches_stop_it(self):
        suggestion, value, _other = self._suggest()
        self._tell(value)
        operator = self._create_user("ai.operator", "operations")
        self.provider.with_user(operator).action_pause_all()
        run = self._ask(suggestion)
        self.assertEqual((run.outcome, run.cause), ("refused", "provider_not_active"))
        self.provider.with_user(self.administrator).action_activate()
        item = self.env["hc.work.item"].browse(suggestion.res_id)
        item._write_guarded({"severity": "error" if item.severity != "error" else "warning"})
        self.assertEqual(self._ask(suggestion).cause, "record_changed")
        self.policy.action_off()
        self.assertEqual(self._ask(suggestion).cause, "policy_off")
        self.assertFalse(self.server.seen)

    def test_what_moves_while_the_provider_thinks_gets_nothing(self):
        suggestion, _value, other = self._suggest()
        self._tell(other)
        job = suggestion.with_user(self.lead).with_context(allowed_company_ids=self.company.ids)
        outcome = job._ask_provider(self.provider)
        suggestion.with_user(self.lead).action_reject()
        arguments = (suggestion.id, self.provider.id, outcome)
        self.env.flush_all()
        job._in_own_transaction("_settle_second_opinion", *arguments)
        run = self.env["hc.ai.run"].search([("suggestion_id", "=", suggestion.id)])
        self.assertEqual((run.outcome, run.effect), ("answered", "stale"))
        self.assertEqual(self._get_latest(suggestion), suggestion)

    def test_asking_enters_a_job_with_the_rights_of_who_asks(self):
        suggestion, value, _other = self._suggest()
        self._tell(value)
        self.assertFalse(self.server.seen)
        job = self.env["hc.job"].search([("key", "=", f"ai_second_opinion:{suggestion.id}")])
        self.assertEqual((job.user_id, job.method), (self.lead, "_job_ask_provider"))
        job._run()
        self.assertEqual(len(self.server.seen), 1)
        self.lead.group_ids -= self.env.ref("hc_revenue_base.group_hc_team_lead")
        self.lead.hc_facility_ids = False
        self.assertEqual(self._ask(suggestion).cause, "no_access")

    def test_the_key_is_nowhere(self):
        suggestion, value, _other = self._suggest()
        self._tell(value)
        with self.assertLogs(level="DEBUG") as logs:
            run = self._ask(suggestion)
        self.assertEqual(self.server.seen[0][2]["Authorization"], f"Bearer {KEY}")
        shown = [*logs.output, str(run.read()), str(self.provider.read())]
        shown.append(str(self.provider.export_data(["name", "secret_id/value", "base_url"])))
        shown.append(str(self.env["hc.http.call"].search([("purpose", "=", "ai")]).read()))
        for text in shown:
            self.assertNotIn(KEY, text)

    def test_a_draft_is_tried_without_its_key(self):
        self._tell("ok")
        self.server.answer = {"value": "ok"}
        self.provider.with_user(self.administrator).action_pause()
        draft = self.provider.with_user(self.administrator)
        draft.action_change()
        self.assertEqual(draft.action_test()["params"]["type"], "success")
        self.assertNotIn("Authorization", self.server.seen[0][2])
        draft.with_user(self.second).action_activate()
        draft.action_test()
        self.assertIn("Authorization", self.server.seen[1][2])
        self.assertEqual(draft.run_count, 2)

    def test_a_live_policy_keeps_to_what_did_well(self):
        self.policy.action_shadow()
        self._try_with(False)
        self.policy.action_live()
        with self.assertRaisesRegex(UserError, "back to shadow"):
            self.policy.provider_id = self.provider

    def test_a_neutralized_copy_asks_nobody(self):
        with file_open("hc_ai_assist/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertEqual(self.provider.state, "paused")
        self.assertNotIn("payer.test", self.provider.base_url)
