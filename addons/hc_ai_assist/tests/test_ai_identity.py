# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.exceptions import AccessDenied, AccessError, UserError
from odoo.tests import tagged

from .ai_common import AiCommon


@tagged("post_install", "-at_install")
class TestAiIdentity(AiCommon):
    """The user under which the AI works writes suggestions and adds runs, and nothing else."""

    def test_no_other_model_can_be_written(self):
        ai = self.env["ir.model.access"].with_user(self.ai_user)
        writable = {
            (name, operation)
            for name, model in self.env.items()
            for operation in ("create", "write", "unlink")
            if not model._abstract and not model._transient and ai.check(name, operation, False)
        }
        public = self.env["ir.model.access"].with_user(self.env.ref("base.public_user"))
        by_everybody = {pair for pair in writable if public.check(*pair, False)}
        self.assertEqual(
            writable - by_everybody,
            {
                ("hc.ai.suggestion", "create"),
                ("hc.ai.suggestion", "write"),
                ("hc.ai.run", "create"),
            },
        )
        self.assertFalse({name for name, _operation in by_everybody if name.startswith("hc.")})

    def test_it_cannot_log_in(self):
        self.assertFalse(self.ai_user.active)
        for password in ("", "hc_ai", "False"):
            credential = {"login": "hc_ai", "password": password, "type": "password"}
            with self.subTest(password=password), self.assertRaises(AccessDenied):
                self.env["res.users"].authenticate(credential, {"interactive": False})

    def test_it_cannot_accept_what_it_proposed(self):
        self._go_live()
        item, suggestion = self._advise_on_misplaced()
        before = item.queue_id
        for method in ("action_accept", "action_reject"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(suggestion.with_user(self.ai_user), method)()
        with self.assertRaises(AccessError):
            item.with_user(self.ai_user)._review_apply(
                {"queue_id": int(suggestion.value)}, suggestion.token
            )
        self.assertEqual((item.queue_id, suggestion.state), (before, "pending"))

    def test_nobody_makes_or_changes_a_suggestion_by_hand(self):
        self._go_live()
        _item, suggestion = self._advise_on_misplaced()
        for user in (self.lead, self.administrator, self.env.ref("base.user_admin")):
            forged = suggestion.with_user(user).with_context(hc_ai=True, install_mode=True)
            for values in ({"value": "1"}, {"state": "accepted"}, {"token": "x"}):
                with (
                    self.subTest(user=user.login, values=values),
                    self.assertRaises(UserError),
                ):
                    forged.write(values)
            with self.assertRaises(UserError):
                forged.create({"policy_id": self.policy.id, "res_id": 1, "token": "x"})
            with self.assertRaises(UserError):
                forged.unlink()

    def test_a_decided_suggestion_stays_as_it_is(self):
        self._go_live()
        _item, suggestion = self._advise_on_misplaced()
        suggestion.with_user(self.lead).action_reject()
        for target in ("pending", "accepted", "superseded", "expired"):
            with self.subTest(target=target), self.assertRaises(UserError):
                suggestion.sudo()._transition(target)
