# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What a payer's letter says about a claim or a denial, copied from it for people to compare."""

from odoo import fields, models

from odoo.addons.hc_revenue_base.hc_core.review import ReviewField

# Each field with its type and the name of its value in letters.
_LETTER_FIELDS = {
    "letter_claim_number": ("text", "claim_number"),
    "letter_reference": ("text", "reference_number"),
    "letter_reply_by": ("date", "reply_deadline"),
    "letter_billed": ("text", "billed_amount"),
    "letter_paid": ("text", "paid_amount"),
}


class HcPayerLetterMixin(models.AbstractModel):
    """A record about which payers write letters.

    What a letter says decides nothing: the payer's number, deadlines and money of the record come
    from answers that were posted and from contracts. Amounts are the letter's own words.
    """

    _name = "hc.payer.letter.mixin"
    _description = "Record of Payer Letters"
    _inherit = ["hc.reviewable.mixin"]

    letter_claim_number = fields.Char("Payer Claim No. in Letter", copy=False)
    letter_reference = fields.Char("Payer Reference in Letter", copy=False)
    letter_reply_by = fields.Date("Reply By in Letter", copy=False)
    letter_billed = fields.Char("Billed in Letter", copy=False, help="As the letter writes it.")
    letter_paid = fields.Char("Paid in Letter", copy=False, help="As the letter writes it.")

    def _get_letter_records(self):
        """Records to which letters about this one are attached."""
        return [self]

    def _review_documents(self):
        files = super()._review_documents()
        for records in self._get_letter_records():
            files |= files.search(
                [("res_model", "=", records._name), ("res_id", "in", records.ids)]
            )
        return files.sorted("id")

    def _review_fields(self):
        letter_fields = {
            name: ReviewField(
                field_type,
                self._fields[name]._description_string(self.env),
                task="extract",
                source=source,
            )
            for name, (field_type, source) in _LETTER_FIELDS.items()
        }
        return {**super()._review_fields(), **letter_fields}
