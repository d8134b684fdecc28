# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from io import BytesIO

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools.pdf import PdfFileReader

from ..hc_ai_core.cards import HEADINGS
from .ai_common import AiCommon


@tagged("post_install", "-at_install")
class TestAiCard(AiCommon, HttpCase):
    """The card of a policy tells the registry's words and this office's figures."""

    def _read_card(self, user):
        policy = self.policy.with_user(user)
        pages = PdfFileReader(BytesIO(policy._render_card())).pages
        text = "\n".join(page.extract_text() for page in pages)
        return " ".join(text.split())

    def test_a_policy_that_never_ran_says_so(self):
        text = self._read_card(self.administrator)
        for heading in HEADINGS:
            self.assertIn(heading, text)
        self.assertIn("Never", text)
        self.assertIn("None yet", text)
        self.assertIn("Task: Choose a value", text)
        self.assertIn("Provider: Embedded", text)

    def test_it_tells_who_let_it_go_live_and_how_it_did(self):
        self._run_shadow()
        self.policy.with_user(self.administrator).action_live()
        decided, accuracy = self.policy._get_shadow_result()
        self.assertGreater(decided, 0)
        figures = dict(self.policy.with_user(self.administrator)._get_card_values()["figures"])
        self.assertIn(self.administrator.name, figures["Went live"])
        self.assertIn(f"{decided} decided, {accuracy:.0%} right", figures["In shadow"])
        self.assertEqual(figures["Version of the task"], str(self.policy.task_version))
        self.assertEqual(figures["Lowest confidence"], f"{self.policy.floor:.0%}")
        self.assertEqual(figures["Reads as"], self.lead.name)

    def test_who_may_not_read_policies_gets_no_card(self):
        for user in (self.clerk, self.lead):
            with self.assertRaises(AccessError):
                self.policy.with_user(user)._render_card()
        with self.assertRaises(AccessError):
            self.policy.with_user(self.clerk).action_open_card()

    def test_the_address_answers_readers_alone(self):
        url = self.policy.with_user(self.administrator).action_open_card()["url"]
        for user, status in ((self.administrator, 200), (self.clerk, 404)):
            user.sudo().password = user.login
            self.authenticate(user.login, user.login)
            response = self.url_open(url)
            self.assertEqual(response.status_code, status)
        self.authenticate(None, None)
        self.assertNotIn(b"%PDF", self.url_open(url).content)
