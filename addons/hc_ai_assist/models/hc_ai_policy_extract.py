# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, fields, models

from ..hc_ai_core.advice import Advice
from ..hc_ai_core.letter_advice import advise_from_pages, value_text

TASK = "extract"
# Records whose files one run orders, for one policy.
MOST_RECORDS = 100


class HcAiPolicy(models.Model):
    """Values that documents tell: literal pieces of them, each with its place."""

    _inherit = "hc.ai.policy"

    def _get_extract_adviser(self):
        """How values are read: by their labels in the files of the record."""
        readings = self.env["hc.ai.reading"]
        words = {"place": self.env._("“{quote}” in {document}, page {page}")}

        def advise_on(record, field):
            pages = readings._get_pages(record)
            if pages is None:
                return Advice(None, 0.0, abstained_because="not_read")
            name = field.source or self.field_name
            return advise_from_pages(
                pages, name, self.floor, lambda text: _is_fit(field, text), words
            )

        return advise_on

    def _advise_on_new(self):
        if self.task_code != TASK:
            return super()._advise_on_new()
        self.ensure_one()
        records = self._as_responsible()
        if not records.has_access("read"):
            return None
        known = self.env["hc.ai.suggestion"].sudo()._search([("policy_id", "=", self.id)])
        domain = [("id", "not in", known.subselect("res_id")), *self._get_company_domain(records)]
        found = records.search(domain, order="id desc", limit=MOST_RECORDS)
        ready = records.browse()
        for record in found:
            # A file that is still to be read brings the advice itself, when it was.
            if (
                not record._is_finished_for_review()
                and record._review_documents()
                and not self.env["hc.ai.reading"]._order_missing(record)
            ):
                ready |= record
        self._advise(ready)
        return None

    @api.model
    def _advise_from_files(self, record):
        """Advise on a record whose files were read, by each policy for what they tell.

        :param record: with the rights of who asked for the reading
        """
        company = record.company_id if "company_id" in record._fields else self.env.company
        policies = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("res_model", "=", record._name),
                ("task_code", "=", TASK),
                ("mode", "in", ("shadow", "live")),
            ]
        )
        for policy in policies:
            policy._advise(record)

    def _learn(self, as_of):
        # What stands in a document is read, not learned.
        return [] if self.task_code == TASK else super()._learn(as_of)

    def _read_value(self, record):
        """A number as documents are read: without trailing zeros, so that equal ones are equal."""
        value = record[self.field_name]
        if isinstance(value, float):
            return value_text(Decimal(repr(value))) if value else False
        return super()._read_value(record)


class HcAiSuggestion(models.Model):
    """What people read about values from documents."""

    _inherit = "hc.ai.suggestion"

    abstained_because = fields.Selection(
        selection_add=[
            ("not_read", "Documents Not Read Yet"),
            ("not_found", "Not in the Documents"),
            ("conflict", "Documents Disagree"),
        ],
        ondelete={"not_read": "set null", "not_found": "set null", "conflict": "set null"},
    )

    def _describe(self, value):
        field = self._get_field()
        if value and field is not None and field.type == "date":
            return fields.Date.to_date(value).strftime(
                self.env["res.lang"]._lang_get(self.env.user.lang or "en_US").date_format
            )
        return super()._describe(value)

    @api.model
    def ask(self, res_model, res_id):
        """Ask for advice, and say where documents are still read, or do not agree."""
        answer = super().ask(res_model, res_id)
        if answer["told"]:
            record = self.env[res_model].browse(res_id)
            answer["told"] = self._tell_of_documents(record) or answer["told"]
        return answer

    @api.model
    def _tell_of_documents(self, record):
        """Why the documents of a record gave no value, in words; empty where none were asked."""
        policies = self._get_live_policies(record).filtered(lambda each: each.task_code == TASK)
        latest = {}
        for each in self.sudo().search(
            [("policy_id", "in", policies.ids), ("res_id", "=", record.id)], order="id"
        ):
            latest[each.policy_id] = each
        given = list(latest.values())
        if any(each.abstained_because == "not_read" for each in given):
            return self.env._("The documents are being read. Ask again in a minute.")
        told = [
            self.env._(
                "The documents do not agree about %(field)s: %(values)s. Look at them.",
                field=each.field_label,
                values=", ".join(each._describe(value) for value, _share in each.alternatives),
            )
            for each in given
            if each.abstained_because == "conflict"
        ]
        return " ".join([*told, *self._tell_unreadable(record)]) if given else ""

    @api.model
    def _tell_unreadable(self, record):
        """A sentence for each file that could not be read."""
        _files, readings = self.env["hc.ai.reading"]._get_for(record)
        labels = dict(readings._fields["problem"]._description_selection(self.env))
        return [
            self.env._(
                "%(file)s could not be read: %(problem)s.",
                file=reading.attachment_id.name,
                problem=labels[reading.problem],
            )
            for reading in readings
            if reading.state == "unreadable"
        ]


def _is_fit(field, text):
    """Whether a text is a value that may be proposed for a field."""
    try:
        return field.problem(field.parse(text)) is None
    except ValueError:
        return False
