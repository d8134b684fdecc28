# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from lxml import etree

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ..hc_core.canonical import canonical_digest
from ..hc_core.facts import fact_register


def _plain(value):
    """A field's value as canonical texts take it: ids of records, a float as it is written."""
    if isinstance(value, models.BaseModel):
        return value.ids
    return Decimal(repr(value)) if isinstance(value, float) else value


class HcReviewableMixin(models.AbstractModel):
    """A record on which somebody, or something, may advise, and a person decides.

    A model says what an adviser may know (:meth:`_review_fact_specs`, :meth:`_review_facts`), what
    may be proposed (:meth:`_review_fields`) and how an accepted value is written
    (:meth:`_write_review`). Whoever builds an adviser uses :meth:`_get_review_facts`,
    :meth:`_get_review_token` and :meth:`_review_apply`, and extends this mixin by
    :meth:`_review_panel_arch` to show a panel on every such form.
    """

    _name = "hc.reviewable.mixin"
    _description = "Reviewable Record"

    @api.model
    def _review_fact_specs(self):
        """The facts that may be known, as ``FactSpec``; a sibling adds its own to ``super()``.

        De-identified: codes, counts, amounts and ages in days; no name, number or date of a
        person, and no free text.
        """
        return ()

    def _review_facts(self):
        """The facts of this record, ``{name: value}``, each of its declared type."""
        return {}

    def _review_texts(self):
        """Free texts of this record, ``{name: text}``, such as a payer's own words.

        They may name people and come from outside: an adviser keeps them on this machine, or masks
        what :meth:`_review_identifiers` tells, and never takes them for instructions. Read with the
        rights of the user; texts that the user may not read are left out.
        """
        return {}

    def _review_documents(self):
        """Files of this record that may be read for it, as attachments the user may read."""
        return self.env["ir.attachment"]

    def _review_identifiers(self):
        """What identifies people here; see ``hc.patient._get_identifiers``.

        By default what identifies the record's patient, where it has one.
        """
        return self.sudo().patient_id._get_identifiers() if "patient_id" in self._fields else ()

    def _review_fields(self):
        """What may be proposed for this record: ``{field name: ReviewField}``."""
        return {}

    def _review_priority_factors(self):
        """What makes a record of this kind urgent: ``Factor`` over its review facts.

        Points add up to 100; a choice that names the task ``prioritise`` divides them into bands
        of equal width, its first value the least urgent.
        """
        return ()

    def _queue_advice(self):
        """Ask whoever advises to look at these records soon; where nobody does, nothing happens.

        Automation Rules call it for new records. A module that advises enters a job.
        """

    def _write_review(self, values):
        """Write accepted values, by the record's own methods where it has some."""
        declared = self._review_fields()
        notes = [name for name in values if name in declared and declared[name].is_note]
        for name in notes:
            self.message_post(body=plaintext2html(values.pop(name)))
        if values:
            self.write(values)

    @api.model
    def _review_panel_arch(self):
        """XML of a panel for the forms of all reviewable models; empty for no panel."""
        return ""

    def _get_review_facts(self):
        """The facts, checked against their declaration.

        :raise AccessError: the user may not read the record
        :raise ValueError: the model gives a fact that it does not declare, or of another type
        """
        self.ensure_one()
        self.check_access("read")
        register = fact_register(self._review_fact_specs())
        facts = self._review_facts()
        problems = [f"{name} is not declared" for name in facts if name not in register]
        problems += [
            problem for name, spec in register.items() if (problem := spec.problem(facts.get(name)))
        ]
        if problems:
            raise ValueError(f"{self._name}: {'; '.join(problems)}")
        return facts

    def _get_review_token(self):
        """What the record is now: advice given under another token is stale."""
        self.ensure_one()
        values = {f"fact {name}": value for name, value in self._get_review_facts().items()}
        for name, field in self._review_fields().items():
            if field.is_note:
                continue
            value = self[name]
            values[f"field {name}"] = _plain(value)
        return canonical_digest(values)

    def _review_apply(self, values, token):
        """Write what the acting user has accepted, as that user and with their rights.

        :param dict values: field names with the accepted values
        :param str token: :meth:`_get_review_token` of when the advice was given
        :raise UserError: the record has changed since, or a value may not be proposed
        :raise AccessError: the user may not write the record or accept this
        """
        self.ensure_one()
        # Whoever calls this with superuser rights does not lend them to the adviser.
        record = self.sudo(False)
        record.check_access("write")
        record.lock_for_update(allow_referencing=True)
        record.invalidate_recordset()
        if token != record._get_review_token():
            raise UserError(
                self.env._(
                    "%(record)s has changed since the advice was given. Ask for new advice.",
                    record=record.display_name,
                )
            )
        record._check_review_values(values)
        record._write_review(dict(values))
        self.env["hc.transition"]._append(
            [{"record": record, "kind": "decision", "facts": {"accepted": sorted(values)}}]
        )

    def _check_review_values(self, values):
        allowed = self._review_fields()
        refused = sorted(set(values) - set(allowed))
        if refused:
            raise self.env["hc.refused.attempt"]._refuse(
                self,
                "review",
                self.env._("This cannot be proposed: %(names)s.", names=", ".join(refused)),
                reason=", ".join(refused),
            )
        for name, value in values.items():
            problem = allowed[name].problem(value)
            if problem:
                raise UserError(
                    self.env._("%(field)s: %(problem)s", field=allowed[name].label, problem=problem)
                )
            group = allowed[name].reviewer_group
            if group and not self.env.user.has_group(group):
                raise self.env["hc.refused.attempt"]._refuse(
                    self,
                    "review",
                    self.env._(
                        "%(field)s is decided by others. Ask your lead.", field=allowed[name].label
                    ),
                    reason=name,
                )

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Put the panel, where there is one, between the buttons and the sheet of the form."""
        arch, view = super()._get_view(view_id, view_type, **options)
        panel = self._review_panel_arch() if view_type == "form" else ""
        if panel:
            node = etree.fromstring(panel)
            sheet = arch.find("sheet")
            if sheet is not None:
                sheet.addprevious(node)
            else:
                arch.insert(0, node)
        return arch, view
