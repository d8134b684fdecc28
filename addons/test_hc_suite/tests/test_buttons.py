# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .conformance import ConformanceCase

_BUTTONS = ("button", "a")


def find_buttons(node, model):
    """Pairs of model and method that the object buttons of a view call, sub-views included."""
    if node.tag in _BUTTONS and node.get("type") == "object":
        yield model._name, node.get("name")
    field = model._fields.get(node.get("name")) if node.tag == "field" else None
    inner = model.env[field.comodel_name] if field is not None and field.relational else model
    for child in node.iterchildren(etree.Element):
        yield from find_buttons(child, inner)


@tagged("post_install", "-at_install")
class TestButtons(ConformanceCase):
    """Each button calls a public method, which bears being called for nothing."""

    def _get_buttons(self):
        """All buttons on views that the suite ships or extends."""
        views = self.get_native("ir.ui.view").filtered("model")
        while extensions := views.filtered(lambda view: view.mode == "extension"):
            views = views - extensions | extensions.inherit_id
        buttons = set()
        for view in views:
            arch = etree.fromstring(view.get_combined_arch())
            buttons.update(find_buttons(arch, self.env[view.model]))
        return sorted(
            (name, method)
            for name, method in buttons
            if any(map(self.is_own_class, self._get_writers(name, method)))
            or name.startswith("hc.")
        )

    def _get_writers(self, name, method):
        return [cls for cls in type(self.env[name]).mro() if method in vars(cls)]

    def _find_problem(self, name, method):
        if method.startswith("_") or not callable(getattr(self.env[name], method, None)):
            return f"{name}.{method} is no public method"
        try:
            with self.env.cr.savepoint():
                getattr(self.env[name], method)()
        except UserError:
            return None
        except ValueError as error:
            # Odoo's own answer to a button for one record.
            if str(error) == f"Expected singleton: {name}()":
                return None
            return f"{name}.{method} on nothing: {error}"
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
            return f"{name}.{method} on nothing: {type(error).__name__}: {error}"
        return None

    def test_every_button_bears_being_pressed_for_nothing(self):
        buttons = self._get_buttons()
        self.assertGreater(len(buttons), 50)
        with mute_logger("odoo.sql_db"):
            found = [problem for button in buttons if (problem := self._find_problem(*button))]
        self.assertEqual(found, [])

    def test_bad_buttons_are_found(self):
        self.assertIn("no public", self._find_problem("hc.transport.request", "_waive"))
        self.assertIn("no public", self._find_problem("hc.transport.request", "gone"))
        self.patch(
            self.env.registry["hc.transport.request"], "action_book", lambda self: self.ids[0]
        )
        self.assertIn("IndexError", self._find_problem("hc.transport.request", "action_book"))

    def test_buttons_of_lines_belong_to_the_model_of_the_lines(self):
        arch = etree.fromstring(
            "<form><field name='case_id'/><field name='work_item_ids'><list>"
            "<button name='action_take' type='object'/></list></field></form>"
        )
        found = list(find_buttons(arch, self.env["hc.billing.case"]))
        self.assertEqual(found, [("hc.work.item", "action_take")])
