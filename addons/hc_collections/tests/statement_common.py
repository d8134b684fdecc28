# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from io import BytesIO

from pypdf import PdfReader

from .collections_common import CollectionsCase


class StatementCase(CollectionsCase):
    """Patients with addresses who owe, and the statements they get."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "street": "1 Main Street",
                "city": "Springfield",
                "zip": "62701",
                "phone": "217-555-0100",
            }
        )

    def _make(self, account, **options):
        """Draft and issue the statement of an account; its reason where it gets none."""
        made, skipped = self.env["hc.statement"]._make(account, self.today, **options)
        made._issue()
        return made or skipped[account.id]

    def _read_pdf(self, statement):
        pages = PdfReader(BytesIO(statement._read_letter())).pages
        return "\n".join(page.extract_text() for page in pages)

    def _ledger_open(self, account):
        """What the one aging says that an account owes, credits taken off."""
        items = self.env["hc.aging.item"]
        items.invalidate_model()
        return round(sum(items.search([("account_id", "=", account.id)]).mapped("amount_open")), 2)
