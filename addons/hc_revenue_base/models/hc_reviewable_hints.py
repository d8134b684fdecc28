# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models


class HcReviewableMixin(models.AbstractModel):
    """What a record tells advisers of the tasks ``classify``, ``draft``, ``summarise`` and so on.

    All are read with the rights of whoever asks. A field names its task in ``ReviewField.task``.
    """

    _inherit = "hc.reviewable.mixin"

    def _review_code_meanings(self, field_name):
        """Codes on this record as ``CodeMeaning``, the one that decides first; for ``classify``."""
        return ()

    @api.model
    def _review_wordings(self, field_name):
        """The table of descriptions as ``CodeMeaning``, for texts that carry no code."""
        return ()

    def _review_statements(self, field_name):
        """What is to be said of this record, as ``Statement``; for ``summarise``, ``missing``."""
        return ()

    def _review_draft(self, field_name):
        """A text of this record's own facts, in the language of its recipient; for ``draft``."""
        return ""

    def _review_steps(self, field_name):
        """What speaks for each thing to do next as ``Step``; for ``next_step``."""
        return ()
