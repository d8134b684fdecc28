# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models


class HcSubjectWizardMixin(models.AbstractModel):
    """A wizard about one record shows nothing of it to people who may not read the record.

    Odoo computes related and stored fields with all rights, for any id that a client sends.
    """

    _name = "hc.subject.wizard.mixin"
    _description = "Wizard About One Record"

    _subject_field = ""

    @api.constrains(lambda self: [self._subject_field])
    def _check_subject_readable(self):
        # Odoo checks constraints with all rights: here those of the user count.
        self[self._subject_field].sudo(False).check_access("read")

    def onchange(self, values, field_names, fields_spec):
        """As the super method, for users who may read the record that it is about."""
        name = self._subject_field
        subject_id = values.get(name) or self.env.context.get(f"default_{name}")
        if subject_id:
            comodel = self.env[self._fields[name].comodel_name]
            comodel.browse(subject_id).sudo(False).check_access("read")
        return super().onchange(values, field_names, fields_spec)
