# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import SUPERUSER_ID
from odoo.exceptions import UserError
from odoo.tests import tagged

from . import fhir_samples
from .fhir_common import FhirCommon


@tagged("post_install", "-at_install")
class TestHostileDocuments(FhirCommon):
    """Documents that came before their sender was shut out."""

    def test_what_waits_is_not_taken_in_for_an_archived_user(self):
        """A user is archived because the key leaked: what was sent with it may be forged."""
        content = fhir_samples.content(
            fhir_samples.bundle(*fhir_samples.master_data(), *fhir_samples.visit())
        )
        exchange = self._receive_document(content)
        self.feed.active = False
        with self.assertRaisesRegex(UserError, "archived"):
            self._process(exchange)
        self.assertFalse(self._visit())
        self.assertFalse(self._patient())
        self.feed.active = True
        self.assertEqual(self._process(exchange).state, "done")
        self.assertEqual(len(self._visit()), 1)

    def test_what_the_system_itself_received_is_taken_in(self):
        """Odoo keeps the user of its own work archived: that shuts nobody out."""
        content = fhir_samples.content(
            fhir_samples.bundle(*fhir_samples.master_data(), *fhir_samples.visit())
        )
        system = self.env(user=SUPERUSER_ID)
        self.assertFalse(system.user.active)
        exchange = self._receive_document(content).with_env(system)
        self.assertIsNone(exchange._check_may_import())
