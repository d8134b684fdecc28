# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json
from dataclasses import dataclass, field
from typing import Any

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.hc_revenue_base.hc_core import schema
from odoo.addons.hc_revenue_base.hc_core.operations import OperationError
from odoo.addons.hc_revenue_base.models.hc_operation_lookup import HiddenRecordError

from ..hc_webhook_core import events, ordering, status_maps
from ..hc_webhook_core.envelope import MAX_AHEAD

_PROBLEMS_SHOWN = 10
_NOT_ORDERED = {"charge.posted", "remittance.received"}


class EventRefusedError(Exception):
    """The event is not taken: nothing was changed, and asking again would not help.

    :ivar code: stable
    :ivar message: for people; names places and codes, no values of patients
    """

    def __init__(self, code, message):
        self.code, self.message = code, message
        super().__init__(code)


class EventWaitsError(Exception):
    """What the event is about is not there yet.

    :ivar key: what it waits for, as :attr:`EventOutcome.arrived` of another names it
    :ivar module: the module that is not installed, where it waits for one
    """

    def __init__(self, key, message, module=""):
        self.key, self.message, self.module = key, message, module
        super().__init__(key)


@dataclass
class EventOutcome:
    """What an event did.

    :ivar code: a key of ``hc.exchange.event_outcome``
    :ivar record: what it was about
    :ivar changed: names of fields, states or counts; no values
    :ivar proposed: names of fields about which people decide
    :ivar arrived: keys of subjects for which other events may be waiting
    """

    code: str = "applied"
    record: Any = None
    changed: tuple[str, ...] = ()
    note: str = ""
    arrived: tuple[str, ...] = ()
    proposed: tuple[str, ...] = ()


@dataclass
class Event:
    """An event that was read and fits its schema; of a document, without a definition."""

    exchange: Any
    source: Any
    definition: events.EventDefinition | None
    data: dict
    place: ordering.Position
    told: dict = field(default_factory=dict)

    @property
    def subject(self):
        """What it is about, among events of its kind."""
        area = self.definition.code.partition(".")[0]
        return f"{area}:{self.definition.subject_of(self.data)}"[:400]


class HcEventHandler(models.AbstractModel):
    """What events of other systems do here: checked, ordered, applied as who sent them.

    A method ``_apply_<event with _>(event)`` does one kind. It finds records within the rights
    of the source's user and the facilities of the source, and writes beyond the rights to patient
    data only what the event is about.
    """

    _name = "hc.event.handler"
    _description = "Event Handler"

    @api.model
    def _handle(self, exchange):
        """Apply the event of an exchange as the environment's user.

        :return: :class:`EventOutcome`
        :raise EventRefusedError: it is not taken
        :raise EventWaitsError: what it is about is not there yet
        :raise UserError: it failed, and may succeed another time
        """
        event = self._read_event(exchange)
        counterpart = exchange.sudo()._find_counterpart(event)
        if counterpart:
            return exchange.sudo()._match_counterpart(counterpart, event)
        position = self.env["hc.event.position"]._lock(event.source, event.subject)
        event.told = position._get_told()
        group = self._get_order_group(event)
        if group and not ordering.split(event.told, [group], event.place)[0]:
            return EventOutcome("superseded", note=self._get_superseded_note())
        outcome = self._apply(event)
        if group:
            event.told[group] = ordering.Told(event.place)
        if event.definition.code not in _NOT_ORDERED:
            position._keep(event.told)
        return outcome

    @api.model
    def _get_superseded_note(self):
        return self.env._("A newer event about the same was applied before; this one is kept.")

    @api.model
    def _apply(self, event):
        """Call the method of the event; refusals of records become refusals of the event."""
        try:
            with self.env.cr.savepoint():
                return getattr(self, f"_apply_{event.definition.code.replace('.', '_')}")(event)
        except AccessError as error:
            self._note_attempt(event, event.exchange, "access_right", event.definition.code)
            raise EventRefusedError("no_right", str(error)) from None

    @api.model
    def _read_event(self, exchange):
        """Read what was received, once more against the schema: nothing is believed twice.

        :raise EventRefusedError: no such event, or its data does not fit
        """
        exchange_sudo = exchange.sudo()
        source = exchange_sudo.source_id.with_env(self.env)
        definition = events.find(exchange_sudo.event_type, exchange_sudo.event_version)
        if definition is None:
            raise EventRefusedError(
                "type_unknown",
                self.env._(
                    "There is no event %(type)s of version %(version)s.",
                    type=str(exchange_sudo.event_type)[:64],
                    version=exchange_sudo.event_version,
                ),
            )
        data = self._read_data(exchange_sudo)
        found = list(schema.problems(definition.schema, data))[:_PROBLEMS_SHOWN]
        if found:
            raise EventRefusedError(
                "data_invalid",
                "\n".join(f"{each.path or '/'} {each.message}" for each in found),
            )
        place = ordering.position(
            exchange_sudo.sequence_number, exchange_sudo.occurred_at, exchange_sudo.external_id
        )
        # A clock ahead of ours would win against every later event.
        if exchange_sudo.occurred_at > self.env.cr.now() + MAX_AHEAD:
            raise EventRefusedError(
                "time_ahead", self.env._("Its time lies ahead: the sender's clock is wrong.")
            )
        return Event(exchange, source, definition, data, place)

    @api.model
    def _read_data(self, exchange_sudo):
        body = exchange_sudo.with_context(bin_size=False).payload_body
        try:
            return json.loads(body)["data"]
        except (ValueError, TypeError, KeyError, RecursionError):
            raise EventRefusedError(
                "data_unreadable", self.env._("The event holds no readable data.")
            ) from None

    @api.model
    def _get_canonical(self, event, name, subject):
        """A status in our words, given so or in those of a standard.

        :return: our word; None where the standard's code changes nothing here
        """
        native = event.data.get(f"native_{name}")
        if (native is None) == (name not in event.data):
            raise EventRefusedError(
                "data_invalid",
                self.env._("Give either /%(name)s or /native_%(name)s.", name=name),
            )
        if native is None:
            return event.data[name]
        try:
            return status_maps.translate(subject, native["system"], native["code"])
        except status_maps.UnknownStatusError as error:
            raise EventRefusedError(
                "status_unknown", self.env._("/native_%(name)s: %(why)s.", name=name, why=error)
            ) from None

    @api.model
    def _run_operation(self, event, payload, code=None):
        """Run the operation of an event, once per event however often it is tried.

        :raise EventWaitsError: no installed module has it, or what it names is not there yet
        :raise EventRefusedError: what it names is another company's or facility's
        :raise UserError: the operation said no
        """
        code = code or event.definition.operation
        if not self._has_operation(code):
            self._wait_for_module(event, code)
        key = f"event:{event.exchange.id}:{code}"
        try:
            answer = self.env["hc.operation"]._run_operation(code, payload, key)
        except HiddenRecordError as error:
            self._note_attempt(event, event.exchange, "record_rule", "record_hidden")
            raise EventRefusedError("record_hidden", self._get_foreign_message()) from error
        except OperationError as error:
            if error.code == "not_found":
                raise EventWaitsError(f"{code}:{event.subject}", error.message) from None
            if error.code in ("payload_invalid", "payload_too_large", "key_conflict"):
                raise EventRefusedError(error.code, error.message) from None
            if error.code == "access_denied":
                raise AccessError(error.message) from None
            raise UserError(error.message) from None
        return answer.result

    @api.model
    def _has_operation(self, code):
        return any(entry.code == code for entry in self.env["hc.operation"]._get_operations())

    @api.model
    def _wait_for_module(self, event, what):
        module = event.definition.module
        raise EventWaitsError(
            f"module:{module}",
            self.env._(
                "“%(what)s” needs the module %(module)s, which is not installed.",
                what=what,
                module=module,
            ),
            module=module,
        )

    @api.model
    def _get_foreign_message(self):
        return self.env._(
            "It is about a record of another company or facility, or of none that this system may "
            "speak about. Ask its owner, or change the facilities of the system and its user."
        )
