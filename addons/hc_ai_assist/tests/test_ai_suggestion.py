# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .ai_common import AiCommon


@tagged("post_install", "-at_install")
class TestAiSuggestion(AiCommon):
    """Advice is learned, tried in shadow, shown, decided by people, and never acts."""

    def test_policies_are_offered_switched_off(self):
        policies = self.env["hc.ai.policy"].search([("company_id", "=", self.company.id)])
        self.assertEqual(set(policies.mapped("mode")), {"off"})
        self.assertIn(
            ("hc.billing.case", "priority"),
            [(policy.res_model, policy.field_name) for policy in policies],
        )
        self.assertFalse(self.env["hc.ai.policy"]._offer_missing())

    def test_nothing_goes_live_that_did_not_do_well(self):
        self.policy.action_shadow()
        with self.assertRaisesRegex(UserError, "50 are needed"):
            self.policy.action_live()
        self.policy.responsible_id = False
        self.policy.action_off()
        with self.assertRaisesRegex(UserError, "as whom facts are read"):
            self.policy.action_shadow()

    def test_in_shadow_nobody_sees_anything_and_it_is_judged(self):
        self._run_shadow()
        shadow = self.env["hc.ai.suggestion"].search([("policy_id", "=", self.policy.id)])
        self.assertEqual(set(shadow.mapped("state")), {"shadow"})
        self.assertEqual(self.policy._get_shadow_result(), (60, 1.0))
        panel = self.env["hc.ai.suggestion"].with_user(self.lead)
        told = panel.get_panel("hc.work.item", shadow[0].res_id)
        self.assertEqual(told, {"suggestions": [], "can_ask": False})

    def test_what_was_never_seen_gets_no_advice(self):
        self._go_live()
        item = self._open_items(1, start=900)
        self.policy.sudo()._write_guarded({"model_data": False})
        suggestion = self.policy._advise(item.with_user(self.lead))
        self.assertEqual(suggestion.state, "abstained")
        self.assertEqual(suggestion.abstained_because, "not_trained")

    def test_a_lead_accepts_and_the_item_moves_by_the_lead(self):
        self._go_live()
        item, suggestion = self._advise_on_misplaced()
        panel = suggestion.with_user(self.lead).get_panel("hc.work.item", item.id)
        (shown,) = panel["suggestions"]
        self.assertTrue(shown["may_decide"])
        self.assertIn(f"kind: {item.kind}", shown["reasons"])
        suggestion.with_user(self.lead).action_accept()
        self.assertEqual(str(item.queue_id.id), suggestion.value)
        self.assertEqual((suggestion.state, suggestion.reviewer_id), ("accepted", self.lead))
        row = self.env["hc.transition"].search(
            [("res_model", "=", "hc.ai.suggestion"), ("res_id", "=", suggestion.id)],
            order="id desc",
            limit=1,
        )
        self.assertEqual((row.to_state, row.actor_id), ("accepted", self.lead))

    def test_another_value_is_an_edit(self):
        self._go_live()
        item, suggestion = self._advise_on_misplaced()
        other = self.env["hc.work.queue"].search([("code", "=", "edi")], limit=1)
        suggestion.with_user(self.lead).action_accept_other(str(other.id))
        self.assertEqual((item.queue_id, suggestion.state), (other, "edited"))

    def test_a_value_that_may_not_be_proposed_is_refused(self):
        self._go_live()
        item, suggestion = self._advise_on_misplaced()
        before = item.queue_id
        for value in ("0", "99999999", "x", "", "-1"):
            with self.subTest(value=value), self.assertRaises(UserError):
                suggestion.with_user(self.lead).action_accept_other(value)
        self.assertEqual((item.queue_id, suggestion.state), (before, "pending"))

    def test_rejecting_leaves_the_record(self):
        self._go_live()
        item, suggestion = self._advise_on_misplaced()
        before = item.queue_id
        suggestion.with_user(self.lead).action_reject("not ours")
        self.assertEqual((item.queue_id, suggestion.state), (before, "rejected"))
        with self.assertRaises(UserError):
            suggestion.with_user(self.lead).action_accept()

    def test_stale_advice_is_refused(self):
        self._go_live()
        item, suggestion = self._advise_on_misplaced()
        item._write_guarded({"severity": "info"})
        panel = suggestion.with_user(self.lead).get_panel("hc.work.item", item.id)
        self.assertTrue(panel["suggestions"][0]["is_stale"])
        with self.assertRaisesRegex(UserError, "has changed since"):
            suggestion.with_user(self.lead).action_accept()

    def test_who_may_not_decide_may_not_accept(self):
        self._go_live()
        item, suggestion = self._advise_on_misplaced()
        before = item.queue_id
        with self.assertRaises(AccessError):
            suggestion.with_user(self.clerk).action_accept()
        with self.assertRaises(AccessError):
            suggestion.with_user(self.stranger).action_accept()
        self.assertEqual((item.queue_id, suggestion.state), (before, "pending"))

    def test_who_may_not_read_the_record_sees_no_advice(self):
        self._go_live()
        item, suggestion = self._advise_on_misplaced()
        foreign = suggestion.with_user(self.stranger)
        self.assertFalse(foreign.search([("id", "=", suggestion.id)]))
        with self.assertRaises(AccessError):
            foreign.read(["value", "facts"])
        self.assertEqual(foreign.get_panel("hc.work.item", item.id)["suggestions"], [])
        with self.assertRaises(AccessError):
            foreign.ask("hc.work.item", item.id)

    def test_newer_advice_replaces_older(self):
        self._go_live()
        item, older = self._advise_on_misplaced()
        newer = self.policy._advise(item.with_user(self.lead))
        self.assertEqual((older.state, newer.state), ("superseded", "pending"))

    def test_asking_and_switching_off(self):
        self._go_live()
        item, _right = self._misplace(900)
        suggestions = self.env["hc.ai.suggestion"].with_user(self.lead)
        # As a call of the client begins: with nothing read yet.
        self.env.flush_all()
        self.env.invalidate_all()
        answer = suggestions.ask("hc.work.item", item.id)
        self.assertEqual(len(answer["suggestions"]), 1)
        for model, record_id in (("no.model", 1), (["hc.work.item"], 1), ("hc.work.item", "1")):
            with self.subTest(model=model, record=record_id):
                panel = suggestions.get_panel(model, record_id)
                self.assertEqual(panel, {"suggestions": [], "can_ask": False})
        self.lead.has_hc_ai_switched_off = True
        panel = suggestions.get_panel("hc.work.item", item.id)
        self.assertEqual(panel, {"suggestions": [], "can_ask": False})
        self.lead.has_hc_ai_switched_off = False
        self.policy.with_user(self.administrator).action_off()
        panel = suggestions.get_panel("hc.work.item", item.id)
        self.assertEqual(panel, {"suggestions": [], "can_ask": False})

    def test_what_stands_there_already_is_no_work(self):
        self._go_live()
        item = self._open_items(1, start=900)
        answer = self.env["hc.ai.suggestion"].with_user(self.lead).ask("hc.work.item", item.id)
        self.assertEqual(answer["suggestions"], [])
        self.assertIn("stands there already", answer["told"])

    def test_the_field_does_not_tell_itself(self):
        self.policy.responsible_id = self.lead
        item = self._open_items(1, start=900).with_user(self.lead)
        self.assertIn("queue", item._get_review_facts())
        self.assertNotIn("queue", self.policy._get_telling_facts(item))

    def test_what_nobody_decides_expires(self):
        self._go_live()
        _item, suggestion = self._advise_on_misplaced()
        self.env["hc.ai.suggestion"]._cron_expire()
        self.assertEqual(suggestion.state, "pending")
        self.env.cr.execute(
            "UPDATE hc_ai_suggestion SET create_date = create_date - interval '15 days'"
            " WHERE id = %s",
            [suggestion.id],
        )
        suggestion.invalidate_recordset()
        self.env["hc.ai.suggestion"]._cron_expire()
        self.assertEqual(suggestion.state, "expired")

    def test_new_records_get_advice_by_themselves(self):
        self._go_live()
        item = self._open_items(1, start=950)
        self.policy._advise_on_new()
        suggestion = self.env["hc.ai.suggestion"].search(
            [("policy_id", "=", self.policy.id), ("res_id", "=", item.id)]
        )
        self.assertEqual(suggestion.requested_by_id, self.lead)
        count = self.env["hc.ai.suggestion"].search_count([])
        self.policy._advise_on_new()
        self.assertEqual(self.env["hc.ai.suggestion"].search_count([]), count)

    def test_each_company_has_its_own_advice(self):
        self._go_live()
        company = self.env["res.company"].create({"name": "Second Office"})
        self.env["hc.ai.policy"]._offer_missing()
        policy = self.env["hc.ai.policy"].search(
            [
                ("company_id", "=", company.id),
                ("res_model", "=", "hc.work.item"),
                ("field_name", "=", "queue_id"),
            ]
        )
        self.lead.company_ids += company
        policy.responsible_id = self.lead
        policy.action_shadow()
        item = {"kind": "stalled", "name": "Second", "dedup_key": "second", "queue_code": "coding"}
        self.env["hc.work.item"]._open([item | {"company_id": company.id}])
        policy._advise_on_new()
        suggestion = self.env["hc.ai.suggestion"].search([("company_id", "=", company.id)])
        self.assertEqual(suggestion.abstained_because, "not_trained")
        self.assertEqual(self.policy.mode, "live")

    def test_the_panel_stands_on_every_reviewable_form(self):
        for name in ("hc.work.item", "hc.billing.case"):
            arch = self.env[name].get_view(view_type="form")["arch"]
            self.assertIn('name="hc_ai_panel"', arch)
