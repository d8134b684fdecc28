# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json
from base64 import b64encode
from contextlib import ExitStack
from datetime import timedelta
from unittest.mock import patch

from odoo.sql_db import Cursor
from odoo.tests.test_cursor import TestCursor

from odoo.addons.hc_revenue_base.tests.http_common import (
    HOST,
    LOCALHOST,
    Authority,
    Handler,
    serving,
)

from .ai_common import AiCommon

KEY = "sk-of-the-tests-7431"


class ModelHandler(Handler):
    """Answers below /v1 as the test says; elsewhere as badly as the path says."""

    def _answer_v1(self, _rest):
        answer = self.server.answer
        if isinstance(answer, dict):
            choice = {"message": {"content": json.dumps(answer)}, "finish_reason": "stop"}
            usage = {"prompt_tokens": 1000, "completion_tokens": 100}
            answer = json.dumps({"choices": [choice], "usage": usage}).encode()
        self._answer(200, answer)


class EndpointCase(AiCommon):
    """A live policy whose provider is a server on this machine, reached by TLS and an allowance."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        authority = Authority()
        cls.server = cls.enterClassContext(serving(authority.context_for(HOST)))
        cls.server.RequestHandlerClass = ModelHandler
        cls.second = cls._create_user("ai.second", "administrator")
        cls.allowance = (
            cls.env["hc.http.allowance"]
            .with_user(cls.administrator)
            .create(
                {
                    "target": HOST,
                    "ca_certificates": authority.pem,
                    "reason": "The model of the tests",
                    "expires_on": "2099-12-31",
                }
            )
        )
        cls.allowance.with_user(cls.second).action_approve()
        cls.secret = cls.env["hc.secret"].create({"name": "Model", "code": "ai", "value": KEY})
        cls.provider = cls._create_provider()
        cls._run_shadow()
        cls._try_with(cls.provider)
        cls.policy.action_live()

    @classmethod
    def _create_provider(cls, path="v1", **vals):
        provider = (
            cls.env["hc.ai.provider"]
            .with_user(cls.administrator)
            .create(
                {
                    "name": f"Model {path}",
                    "base_url": f"https://{HOST}:{cls.server.port}/{path}",
                    "model_name": "tiny-1",
                    "secret_id": cls.secret.id,
                    "timeout_seconds": 1,
                    **vals,
                }
            )
        )
        # The host resolves only within a test: activated as a second person would.
        with cls._resolving():
            provider.with_user(cls.second).action_activate()
        return provider.with_env(cls.env)

    @classmethod
    def _resolving(cls):
        return patch.object(
            cls.env.registry["hc.http"], "_resolver", staticmethod(lambda *_: [LOCALHOST])
        )

    def setUp(self):
        super().setUp()
        self.enterContext(self.enter_registry_test_mode())
        self.enterContext(self._resolving())
        self.server.seen.clear()
        self.server.bodies.clear()

    @classmethod
    def _try_with(cls, provider):
        """As if the trial in shadow had been one with this provider, who agreed."""
        cls.policy.provider_id = provider
        cls.env["hc.ai.suggestion"].search([("policy_id", "=", cls.policy.id)])._write_guarded(
            {"source": cls.policy._get_source()}
        )

    def _suggest(self, number=900):
        """A pending suggestion, its right value, and another one."""
        item, suggestion = self._advise_on_misplaced(number)
        choices = item._review_fields()["queue_id"].choices
        other = next(str(each) for each in choices if str(each) != suggestion.value)
        return suggestion, suggestion.value, other

    def _tell(self, value, confidence=0.9, reasons=("usual",), **more):
        self.server.answer = {
            "value": value,
            "confidence": confidence,
            "reasons": list(reasons),
            **more,
        }

    def _ask(self, suggestion):
        """Run the job as the lead; the run it leaves."""
        job = suggestion.with_user(self.lead).with_context(allowed_company_ids=self.company.ids)
        # What is not written yet would be missing in the transaction of its own.
        self.env.flush_all()
        job._job_ask_provider()
        self.env.invalidate_all()
        return self.env["hc.ai.run"].search([("suggestion_id", "=", suggestion.id)], limit=1)

    def _get_latest(self, suggestion):
        return self.env["hc.ai.suggestion"].search(
            [("policy_id", "=", self.policy.id), ("res_id", "=", suggestion.res_id)],
            order="id desc",
            limit=1,
        )

    def _use(self, provider):
        """Let the live policy ask another provider."""
        self.policy.action_shadow()
        self._try_with(provider)
        self.policy.action_live()

    def _agree_on_texts(self, **vals):
        return (
            self.env["hc.ai.agreement"]
            .with_user(self.administrator)
            .create(
                {
                    "provider_id": self.provider.id,
                    "signed_on": "2020-01-01",
                    "valid_until": "2099-12-31",
                    "document": b64encode(b"signed"),
                    **vals,
                }
            )
        )

    def _let_pass(self, **duration):
        """Go on at a later moment, for everybody who asks a cursor."""
        now = self.env.cr.now() + timedelta(**duration)
        moved = ExitStack()
        for cursor_class in (Cursor, TestCursor):
            moved.enter_context(patch.object(cursor_class, "now", lambda _cursor: now))
        self.addCleanup(moved.close)
