# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from odoo.addons.hc_revenue_base.hc_core import schema
from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP

from ..hc_webhook_core import events

_PROBLEMS_SHOWN = 10
_FILE_MAX = 8 * 1024 * 1024


class HcEventEntry(models.TransientModel):
    """Enter by hand what a system would have sent: same fields, same checks, same handler.

    Nobody gains a right by it: what is entered is applied with the rights of who enters it.
    """

    _name = "hc.event.entry"
    _description = "Enter an Event by Hand"

    source_id = fields.Many2one(
        "hc.integration.source",
        "In Place Of",
        required=True,
        domain="[('state', 'in', ('active', 'paused'))]",
    )
    event_type = fields.Selection(
        selection=lambda self: [(each.type_name, each.type_name) for each in events.EVENTS],
        required=True,
    )
    summary = fields.Char(compute="_compute_summary")
    occurred_at = fields.Datetime(
        "Happened",
        required=True,
        default=lambda self: self.env.cr.now().replace(microsecond=0),
        help="When it happened, not when it is entered: of two events the later one counts.",
    )
    line_ids = fields.One2many(
        "hc.event.entry.line",
        "entry_id",
        "What It Says",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    needs_file = fields.Boolean(compute="_compute_summary")
    file = fields.Binary(attachment=False)
    file_name = fields.Char()

    def _get_definition(self):
        self.ensure_one()
        code, _separator, version = (self.event_type or "").rpartition(".v")
        return events.find(code, int(version)) if version.isdigit() else None

    @api.depends("event_type")
    def _compute_summary(self):
        for entry in self:
            definition = entry._get_definition()
            entry.summary = definition.summary if definition else False
            entry.needs_file = bool(
                definition and "content_base64" in definition.schema["properties"]
            )

    @api.depends("event_type")
    def _compute_line_ids(self):
        for entry in self:
            definition = entry._get_definition()
            commands = [Command.clear()]
            if definition:
                commands += [
                    Command.create({"sequence": position, **vals})
                    for position, vals in enumerate(_describe(definition.schema))
                ]
            entry.line_ids = commands

    def action_enter(self):
        """Store the event and apply it at once, so that a mistake is seen while it is fresh."""
        self.ensure_one()
        self._check_may_enter()
        definition = self._get_definition()
        data = self._build_data(definition)
        found = list(schema.problems(definition.schema, data))[:_PROBLEMS_SHOWN]
        if found:
            raise UserError("\n".join(f"{each.path or '/'} {each.message}" for each in found))
        if self.occurred_at > self.env.cr.now():
            raise UserError(self.env._("What you enter has happened: its time cannot lie ahead."))
        exchange = self.env["hc.exchange"]._enter_event(
            self.source_id, definition, data, self.occurred_at
        )
        exchange._as_sender()._process(lambda _done, _left: True)
        exchange_sudo = exchange.sudo()
        if exchange_sudo.state == "rejected":
            raise UserError(exchange_sudo.event_note)
        return exchange._get_form_action()

    def _check_may_enter(self):
        """Whoever enters an event sees patient data, and enters it for a system of theirs.

        :raise AccessError: no right
        """
        if not self.env.user.has_group(PHI_GROUP):
            raise self.env["hc.refused.attempt"]._refuse(
                self,
                "enter_event",
                self.env._(
                    "Entering events needs the right to see patient data. Ask your team lead."
                ),
                reason="no_patient_data",
            )
        self.source_id.check_access("read")
        if self.source_id.state not in ("active", "paused"):
            raise AccessError(
                self.env._("%(sender)s is not connected.", sender=self.source_id.name)
            )

    def _build_data(self, definition):
        """The event's data from the lines that are filled in."""
        data = {}
        for line in self.line_ids.filtered(lambda each: (each.value or "").strip()):
            described = _part(definition.schema, line.path)
            _place(data, line.path.split("/"), line._to_json(described))
        if self.file:
            if len(self.file) * 3 // 4 > _FILE_MAX:
                raise UserError(self.env._("The file has more than 8 MB."))
            data["content_base64"] = base64.b64encode(base64.b64decode(self.file)).decode()
        return data


def _describe(described, path="", is_required=True):
    """The fields of a schema as values of lines; of a list its first row."""
    for name, part in described["properties"].items():
        own = f"{path}/{name}".lstrip("/")
        required = is_required and name in described["required"]
        if part["type"] == "object":
            yield from _describe(part, own, required)
        elif part["type"] == "array" and part["items"]["type"] == "object":
            yield from _describe(part["items"], f"{own}/0", required)
        elif part.get("format") != "base64":
            yield {
                "path": own,
                "label": part.get("title", name),
                "is_required": required,
                "hint": _hint(part),
            }


def _hint(part):
    if "enum" in part:
        return ", ".join(part["enum"])
    if part["type"] == "array":
        return "separated by blanks"
    return {
        "date": "YYYY-MM-DD",
        "date-time": "YYYY-MM-DDThh:mm",
        "decimal": "0.00",
    }.get(part.get("format"), "")


def _part(described, path):
    """The schema of a path that :func:`_describe` gave."""
    for name in path.split("/"):
        described = described["items"] if name == "0" else described["properties"][name]
    return described


def _place(data, names, value):
    """Put a value where a path leads; rows of lists are made on the way."""
    name, *rest = names
    if not rest:
        data[name] = value
    elif rest[0] == "0":
        _place(data.setdefault(name, [{}])[0], rest[1:], value)
    else:
        _place(data.setdefault(name, {}), rest, value)
