# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from ..hc_core import operations

_DOCS = Path(__file__).parents[3] / "docs"


@tagged("post_install", "-at_install")
class TestDocuments(TransactionCase):
    """What the documents say of indicators and operations is what the registries hold."""

    def setUp(self):
        super().setUp()
        if not _DOCS.is_dir():
            self.skipTest("the module was installed without the repository")

    def test_every_indicator_is_documented_as_defined(self):
        text = (_DOCS / "kpis.md").read_text(encoding="utf-8")
        roles = dict(self.env["hc.kpi.dashboard"]._get_role_names())
        for definition in self.env["hc.kpi.provider"]._get_registry().values():
            target = definition.default_target
            row = " | ".join(
                (
                    f"| `{definition.code}`",
                    definition.name,
                    definition.formula,
                    definition.unit,
                    definition.direction,
                    "none" if target is None else str(target),
                    roles[definition.owner_role],
                    definition.source,
                )
            )
            if self._is_of_base(definition):
                self.assertIn(row, text)

    def _is_of_base(self, definition):
        """Other modules document their own."""
        provider = self.env["hc.kpi.provider"]
        defined_in = getattr(type(provider), definition.rows_method).__module__
        return defined_in.startswith("odoo.addons.hc_revenue_base.")

    def test_every_operation_and_refusal_is_documented(self):
        text = (_DOCS / "admin" / "operations.md").read_text(encoding="utf-8")
        model = self.env["hc.operation"]
        codes = [
            definition.code
            for definition in model._get_operations()
            if getattr(type(model), definition.handler).__module__.startswith(
                "odoo.addons.hc_revenue_base."
            )
        ]
        refusals = set(operations.OperationError.messages) - {
            "operation_repeated",
            "operation_code_invalid",
        }
        for name in (*codes, *sorted(refusals)):
            self.assertIn(f"`{name}`", text)
