# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..hc_core import kpi
from ..hc_core.kpi_question import KpiQuestion

_QUESTIONS_MAX = 10


class HcKpiSubjectMixin(models.AbstractModel):
    """Records that stand behind figures, and can be filtered by the figure they stand behind.

    The filter is the question itself, not a list of ids: it stays short for any number of
    records, can be saved as a favorite, and shows nobody more than their record rules.
    """

    _name = "hc.kpi.subject.mixin"
    _description = "Subject of Indicators"

    kpi_figure = fields.Char(
        "Behind the Figure",
        compute="_compute_kpi_figure",
        search="_search_kpi_figure",
        exportable=False,
    )

    def _compute_kpi_figure(self):
        self.kpi_figure = False

    @api.model
    def _search_kpi_figure(self, operator, value):
        if operator != "in" or len(value) > _QUESTIONS_MAX:
            return NotImplemented
        provider = self.env["hc.kpi.provider"]
        domain = fields.Domain.FALSE
        for text in value:
            try:
                question = KpiQuestion.from_text(text)
            except kpi.KpiError as error:
                provider._raise_readable(error)
            self._check_question(provider, question)
            domain |= fields.Domain("id", "in", provider._select_behind(question))
        return domain

    @api.model
    def _check_question(self, provider, question):
        """Refuse questions about other models, whose ids would mean other records here."""
        if provider._get_definition(question.code).model != self._name:
            raise UserError(
                self.env._(
                    "The indicator %(code)s does not count records of %(model)s.",
                    code=question.code,
                    model=self._description,
                )
            )


class HcCharge(models.Model):
    _name = "hc.charge"
    _inherit = ["hc.charge", "hc.kpi.subject.mixin"]


class HcEncounter(models.Model):
    _name = "hc.encounter"
    _inherit = ["hc.encounter", "hc.kpi.subject.mixin"]


class HcBillingCase(models.Model):
    _name = "hc.billing.case"
    _inherit = ["hc.billing.case", "hc.kpi.subject.mixin"]


class HcWorkItem(models.Model):
    _name = "hc.work.item"
    _inherit = ["hc.work.item", "hc.kpi.subject.mixin"]
