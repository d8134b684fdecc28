# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .conformance import ConformanceCase


@tagged("post_install", "-at_install")
class TestViews(ConformanceCase):
    """Views that Odoo accepts, each within the screens of its model."""

    def test_every_view_is_valid(self):
        views = self.get_native("ir.ui.view").filtered("model")
        self.assertGreater(len(views), 100)
        for view in views:
            with self.subTest(view.xml_id):
                view._check_xml()

    def test_a_broken_view_is_found(self):
        view = self.env.ref("test_hc_contracts.hc_transport_tariff_view_list")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_ui_view SET arch_db = jsonb_build_object('en_US', %s) WHERE id = %s",
            ["<list><field name='gone'/></list>", view.id],
        )
        self.env.invalidate_all()
        with self.assertRaises(ValidationError):
            view._check_xml()
