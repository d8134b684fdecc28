# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .conformance import ConformanceCase

# Models whose facility is no fence, with the reason.
NOT_FENCED = {
    # Its access follows the record that it is about, whose facility that is.
    "hc.ai.suggestion": "whoever may not read the record does not see what is proposed for it",
    "hc.fee.schedule": "the company's prices are no secret within the company",
}


@tagged("post_install", "-at_install")
class TestAccess(ConformanceCase):
    """Who reaches which model, company and facility."""

    def _find_without_access(self):
        rows = self.env["ir.model.access"].search([("group_id", "!=", False)])
        known = set(rows.mapped("model_id.model"))
        return [model._name for model in self.get_record_models() if model._name not in known]

    def _find_open_to_all(self):
        rows = self.env["ir.model.access"].search(
            [("group_id", "=", False), ("model_id.model", "=like", "hc.%")]
        )
        return rows.mapped("name")

    def _find_changeable_logs(self):
        mixin = self.env.registry["hc.append.only.mixin"]
        rows = self.env["ir.model.access"].search(
            ["|", "|", ("perm_write", "=", True), ("perm_create", "=", True)]
            + [("perm_unlink", "=", True)]
        )
        return [
            row.name
            for row in rows
            if row.model_id.model in self.env
            and issubclass(self.env.registry[row.model_id.model], mixin)
        ]

    def _find_without_rule(self, field_name, word):
        """Models with a stored field of the name and no rule for everybody that speaks of it."""
        rules = self.env["ir.rule"].search([("groups", "=", False)])
        ruled = {rule.model_id.model for rule in rules if word in (rule.domain_force or "")}
        return [
            model._name
            for model in self.get_record_models()
            if field_name in model._fields
            and (model._fields[field_name].store or not model._auto)
            and not model._transient
            and model._name not in ruled
        ]

    def test_every_model_has_access_rules(self):
        self.assertEqual(self._find_without_access(), [])
        self.assertEqual(self._find_open_to_all(), [], "rows without a group")

    def test_the_search_for_access_rules_finds_a_gap(self):
        rows = self.env["ir.model.access"].search([("model_id.model", "=", "hc.transport.tariff")])
        rows[1:].unlink()
        rows[:1].group_id = False
        self.assertEqual(self._find_without_access(), ["hc.transport.tariff"])
        self.assertEqual(self._find_open_to_all(), rows[:1].mapped("name"))

    def test_nobody_has_a_right_to_change_append_only_rows(self):
        self.assertEqual(self._find_changeable_logs(), [])
        row = self.env["ir.model.access"].search(
            [("model_id.model", "=", "hc.transition")], limit=1
        )
        row.perm_unlink = True
        self.assertEqual(self._find_changeable_logs(), row.mapped("name"))

    def test_append_only_rows_resist_the_superuser(self):
        mixin = self.env.registry["hc.append.only.mixin"]
        models = [model for model in self.get_record_models() if issubclass(type(model), mixin)]
        self.assertGreater(len(models), 3)
        for model in models:
            for attempt in (model.browse(1).unlink, lambda model=model: model.create({})):
                with self.subTest(model._name), self.assertRaises(AccessError):
                    attempt()

    def test_every_company_model_has_a_company_rule(self):
        self.assertEqual(self._find_without_rule("company_id", "compan"), [])

    def test_every_facility_model_has_a_facility_rule(self):
        self.assertEqual(self._find_without_rule("facility_id", "facility"), [*NOT_FENCED])

    def test_the_search_for_rules_finds_a_gap(self):
        for name, field_name, word in (
            ("company", "company_id", "compan"),
            ("facility", "facility_id", "facility"),
        ):
            rule = self.env.ref(f"test_hc_contracts.ir_rule_hc_transport_request_{name}")
            rule.active = False
            found = self._find_without_rule(field_name, word)
            self.assertIn("hc.transport.request", found)
