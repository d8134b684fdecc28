# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import re

from odoo import fields
from odoo.tests import tagged

from .conformance import ConformanceCase

MONEY_WORDS = re.compile(r"(^|_)(amount|price|total|balance|fee|charge|cost)s?(_|$)")


def find_money_problems(model):
    """Money that is no Monetary, or Monetary whose currency would be lost."""
    for name, field in model._fields.items():
        if field.type == "float" and MONEY_WORDS.search(name):
            yield f"{model._name}.{name} is money as a float"
        if field.type == "monetary":
            currency = model._fields.get(field.get_currency_field(model))
            if currency is None:
                yield f"{model._name}.{name} has no currency"
            elif model._auto and field.store and not currency.store:
                yield f"{model._name}.{name}: its currency is not stored"


def find_unindexed_inverses(model):
    """Lines that are found by reading a whole table."""
    for name, field in model._fields.items():
        if field.type != "one2many" or not field.inverse_name or field.inherited:
            continue
        lines = model.env[field.comodel_name]
        inverse = lines._fields[field.inverse_name]
        if inverse.type != "many2one":
            continue  # Odoo's attachments and messages name their record by model and id.
        if lines._auto and not lines._transient and inverse.store and not inverse.index:
            yield f"{model._name}.{name}: {lines._name}.{field.inverse_name} has no index"


def find_endless_additions(definitions):
    """Values added to a selection that nobody removes when their module goes."""
    for field in definitions:
        arguments = field._args__ or {}
        for value in arguments.get("selection_add", ()):
            if len(value) == 2 and value[0] not in (arguments.get("ondelete") or {}):
                yield f"{field.name}: {value[0]} has no ondelete"


@tagged("post_install", "-at_install")
class TestFields(ConformanceCase):
    """Money, indexes and selections."""

    def test_money_is_monetary_with_a_stored_currency(self):
        found = [problem for model in self.get_models() for problem in find_money_problems(model)]
        self.assertEqual(found, [])

    def test_the_search_for_money_finds_a_float(self):
        model = self.env["hc.transport.tariff"]
        self.patch(model._fields["ride_fee"], "type", "float")
        self.assertEqual(
            list(find_money_problems(model)), ["hc.transport.tariff.ride_fee is money as a float"]
        )
        self.patch(model._fields["ride_fee"], "type", "monetary")
        self.patch(model._fields["currency_id"], "store", False)
        self.assertEqual(len(list(find_money_problems(model))), 2)

    def test_every_inverse_is_indexed(self):
        found = [p for model in self.get_models() for p in find_unindexed_inverses(model)]
        self.assertEqual(found, [])

    def test_the_search_for_inverses_finds_one(self):
        self.patch(self.env["hc.charge"]._fields["encounter_id"], "index", False)
        found = list(find_unindexed_inverses(self.env["hc.encounter"]))
        self.assertIn("hc.encounter.charge_ids: hc.charge.encounter_id has no index", found)

    def test_added_selection_values_say_what_becomes_of_their_records(self):
        found, additions = [], 0
        for model_class in self.env.registry.values():
            for cls in filter(self.is_own_class, model_class.mro()):
                definitions = getattr(cls, "_field_definitions", ())
                additions += sum("selection_add" in (f._args__ or {}) for f in definitions)
                found += find_endless_additions(definitions)
        self.assertGreater(additions, 2)
        self.assertEqual(found, [])

    def test_the_search_for_additions_finds_one(self):
        field = fields.Selection(selection_add=[("a", "A"), ("b",)])
        field.name = "kind"
        self.assertEqual(list(find_endless_additions([field])), ["kind: a has no ondelete"])
