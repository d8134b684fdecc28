# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models
from odoo.exceptions import AccessError


class BaseLanguageImport(models.TransientModel):
    _inherit = "base.language.import"

    def import_lang(self):
        """Import translations from a file, those of controlled texts excepted.

        Odoo's importer writes by SQL of its own, past the models.
        """
        versions = self.env["hc.config.version"]
        before = versions._read_translations()
        result = super().import_lang()
        if versions._read_translations() != before:
            raise AccessError(
                self.env._(
                    "The file translates controlled configuration, such as a text of the suite's "
                    "e-mail templates, whose translations come with the module. Take those lines "
                    "out of the file."
                )
            )
        return result
