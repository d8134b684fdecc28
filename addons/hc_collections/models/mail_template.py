# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import secrets

from lxml import html

from odoo import models


class MailTemplate(models.Model):
    """Words for many records at once: the template is compiled once, not once per record."""

    _inherit = "mail.template"

    def _hc_render_bodies(self, records):
        """The body for each record, in this template's language.

        :param records: of the template's model
        :return: ``{record id: markup}``
        """
        self.ensure_one()
        # What is filled in is escaped, so that it cannot bring a mark of its own.
        mark = f"hc-{secrets.token_hex(16)}"
        node = html.fragment_fromstring(
            f'<div><t t-foreach="objects" t-as="object">{self.body_html}'
            '<i t-att-class="mark"></i></t></div>'
        )
        values = self._render_eval_context() | {"objects": records, "mark": mark}
        rendered = self.env["ir.qweb"]._render(node, values)
        parts = rendered[len("<div>") :].split(f'<i class="{mark}"></i>')
        return dict(zip(records.ids, parts[:-1], strict=True))
