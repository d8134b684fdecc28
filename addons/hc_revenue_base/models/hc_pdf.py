# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import os

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import file_path

from ..hc_core.letter_errors import LetterError
from ..tools.letter_fonts import load_fonts
from ..tools.letter_pdf import render

_FONT = "web/static/fonts/google/Open_Sans/Open_Sans-Regular.ttf"


class HcPdf(models.AbstractModel):
    """Letters as PDF, from QWeb templates that administrators edit in Odoo.

    A letter calls the layout ``hc_revenue_base.layout_letter``, or has its own ``header`` and
    ``footer``. The same template and values give the same bytes.
    """

    _name = "hc.pdf"
    _description = "PDF Letters"

    @api.model
    def _render(self, template_xmlid, values, *, paper="letter"):
        """Return a letter as PDF.

        :param str template_xmlid: of a QWeb view; it renders HTML
        :param dict values: what the template shows
        :param str paper: ``letter`` or ``a4``
        :raises UserError: the letter holds what is refused (images that are not embedded, scripts
            without a font) or what fits on no page
        """
        html = self.env["ir.qweb"]._render(
            template_xmlid, {"company": self.env.company, **values}, minimal_qcontext=True
        )
        return self._render_html(str(html), paper=paper)

    @api.model
    def _render_html(self, html, *, paper="letter"):
        """Return HTML as PDF; parameters and errors as for `_render`."""
        folder = os.path.dirname(file_path(_FONT))
        try:
            fonts = load_fonts(folder, os.environ.get("HC_PDF_FONT_FOLDER", ""))
            return render(html, fonts, paper)
        except LetterError as error:
            raise UserError(error.message) from error
