# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.hc_revenue_base.hc_core import csv_safe

from ..hc_webhook_core import ordering
from .hc_event_handler import EventOutcome, EventRefusedError


class HcDataOwner(models.Model):
    """How an event changes master data: written, proposed, or superseded, field by field."""

    _inherit = "hc.data.owner"

    @api.model
    def _apply(self, event, record, values_by_group):
        """Apply what an event says of a record, as far as its source's rights go.

        Written beyond the user's rights to patient data: a feed writes names that its own user
        need not be able to read. What is not written is proposed to people who may.

        :param event: :class:`~.hc_event_handler.Event`; ``told`` is brought up to date
        :param record: the record, which the caller has checked
        :param dict values_by_group: ``{part: {field: text or None}}``
        :return: :class:`~.hc_event_handler.EventOutcome`
        """
        record_sudo = record.sudo()
        values, rights = {}, {}
        for group, told in values_by_group.items():
            right = self._get_right(event.source, group)
            values |= told
            rights |= dict.fromkeys(told, right)
        self._check_no_formula(values)
        current = {name: self._read_text(record_sudo, name) for name in values}
        decision = ordering.decide(values, current, event.place, event.told, rights.__getitem__)
        event.told = dict(decision.told)
        if decision.write:
            record_sudo.write(
                self._to_vals(record_sudo, {name: values[name] for name in decision.write})
            )
        self.env["hc.data.proposal"]._renew(
            event,
            record,
            proposed={name: values[name] for name in decision.propose},
            settled=(*decision.write, *decision.same),
            current=current,
        )
        return self._get_outcome(record, decision)

    @api.model
    def _get_outcome(self, record, decision):
        code = "applied"
        if decision.propose:
            code = "proposed"
        elif decision.superseded and not decision.write and not decision.same:
            code = "superseded"
        notes = []
        if decision.propose:
            notes.append(
                self.env._("For people to decide: %(names)s.", names=", ".join(decision.propose))
            )
        if decision.superseded:
            notes.append(
                self.env._(
                    "Superseded by a newer event: %(names)s.", names=", ".join(decision.superseded)
                )
            )
        return EventOutcome(
            code, record, decision.write, "\n".join(notes), proposed=decision.propose
        )

    @api.model
    def _check_no_formula(self, values):
        for name, value in values.items():
            # Telephone numbers begin with a plus sign by rights.
            text = (value or "").lstrip("+") if name == "phone" else value or ""
            if csv_safe.is_dangerous(text):
                raise EventRefusedError(
                    "formula_text",
                    self.env._("/%(name)s begins like a spreadsheet formula.", name=name),
                )

    @api.model
    def _read_text(self, record_sudo, name):
        """The value of a field as events write it; None where there is none."""
        field, value = record_sudo._fields[name], record_sudo[name]
        if field.type == "date":
            return fields.Date.to_string(value) or None
        if field.type in ("many2one", "many2many"):
            return " ".join(sorted(value.mapped("code"))) or None
        if field.type == "float":
            return f"{value:.3f}" if value else None
        if name == "sex" and value == "unknown":
            return None
        return value or None

    @api.model
    def _to_vals(self, record_sudo, values):
        """Texts as values to write.

        :raise UserError: a code that is not in its table
        """
        return {
            name: self._to_value(record_sudo, record_sudo._fields[name], value)
            for name, value in values.items()
        }

    @api.model
    def _to_value(self, record_sudo, field, value):
        if field.type == "float":
            return float(value or 0)
        if field.type == "many2one":
            return self._find_codes(record_sudo, field, [value] if value else []).id
        if field.type == "many2many":
            return [Command.set(self._find_codes(record_sudo, field, (value or "").split()).ids)]
        return value or False

    @api.model
    def _find_codes(self, record_sudo, field, codes):
        domain = [("code", "in", codes)]
        if field.comodel_name == "res.country.state":
            company = record_sudo.company_id or self.env.company
            country = company.country_id or self.env.ref("base.us")
            domain.append(("country_id", "=", country.id))
        else:
            domain.append(("system", "=", "procedure"))
        found = self.env[field.comodel_name].sudo().search(domain)
        missing = sorted(set(codes) - set(found.mapped("code")))
        if missing:
            raise UserError(
                self.env._(
                    "%(field)s: %(codes)s is not in the table here. Add it, or tell the sender.",
                    field=field.string,
                    codes=", ".join(missing),
                )
            )
        return found
