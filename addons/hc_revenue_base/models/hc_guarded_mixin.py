# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from collections import defaultdict
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from odoo import api, models
from odoo.fields import Command
from odoo.tools import ormcache

# What a record can take over from its parent as it is.
_FOLLOWED_TYPES = ("many2one", "char", "selection", "boolean", "integer", "date", "datetime")


@dataclass(frozen=True)
class _Permit:
    """Leave to write given values to given records of one model; lives in this process only."""

    models: tuple[str, ...]
    ids: frozenset
    values: dict
    creates: bool = False
    undoes: bool = False


# A context key would be forgeable: an RPC client sends any context it likes. A ContextVar of this
# process is out of its reach, and is local to the running request (thread or greenlet).
_permits: ContextVar[tuple[_Permit, ...]] = ContextVar("hc_permits", default=())


@contextmanager
def _granted(permit):
    token = _permits.set(_permits.get() + (permit,))
    try:
        yield
    finally:
        _permits.reset(token)


def _get_linked_ids(commands):
    """Ids that commands of a many-to-many field link; other commands name no new record."""
    for command in commands:
        if not isinstance(command, (list, tuple)):
            yield command
        elif command[0] == Command.LINK:
            yield command[1]
        elif command[0] == Command.SET:
            yield from command[2]


class HcGuardedMixin(models.AbstractModel):
    """Fields that only the model's own methods may write, for everyone and in every context.

    ``readonly`` on a field binds the web client only. A model that inherits this mixin names its
    guarded fields; a ``create`` or ``write`` that sets one is refused unless the model's own code
    opened a permit for exactly these records and values.
    """

    _name = "hc.guarded.mixin"
    _description = "Guarded Fields"

    # Names of the fields that no client may write.
    _guarded_fields: frozenset[str] = frozenset()
    # Guarded fields that a client may set when it creates a record.
    _guarded_after_create: frozenset[str] = frozenset()

    # Guarded models whose records are created together with a record, as its lines.
    _guarded_line_models: tuple[str, ...] = ()

    # Whether stored fields that the model computes are guarded too: clients could write them.
    _guards_computed_fields = True

    @api.model
    def _get_guarded_fields(self):
        """Names of the guarded fields; a model extends it by ``super() | {…}``."""
        return self._guarded_fields | self._get_guarded_computed_fields()

    @api.model
    @ormcache()
    def _get_guarded_computed_fields(self):
        return frozenset(
            name
            for name, field in self._fields.items()
            if self._guards_computed_fields
            and field.store
            and field.compute
            and field.readonly
            and not field.inverse
        )

    @api.model
    def default_get(self, fields):
        """Defaults without those for guarded fields that a client set itself.

        The ORM would take them from ``default_…`` keys of the context and from ``ir.default``.
        """
        guarded = self._get_guarded_fields() - self._guarded_after_create
        defaults = super().default_get([name for name in fields if name not in guarded])
        for name in guarded.intersection(fields):
            field = self._fields[name]
            if field.default:
                value = field.convert_to_cache(field.default(self), self, validate=False)
                defaults[name] = field.convert_to_write(value, self)
        self._check_references_readable([defaults])
        return defaults

    def onchange(self, values, field_names, fields_spec):
        """What a form shows while it is filled in: never more than its user may read."""
        self._check_references_readable([values])
        return super().onchange(values, field_names, fields_spec)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_references_readable(vals_list)
        guarded = self._get_guarded_fields() - self._guarded_after_create
        if guarded and not self._has_create_permit():
            for vals in vals_list:
                self._refuse_guarded(
                    name
                    for name in guarded & vals.keys()
                    if not self._is_harmless_on_create(name, vals[name])
                )
        vals_list = self._complete_vals(vals_list)
        return super().create(vals_list)

    @api.model
    def _complete_vals(self, vals_list):
        """What a client may set, with what the model itself adds to it before records are made.

        Stored fields that follow the record's parent are inserted with the row, whatever was given
        for them; left to the ORM, they are computed afterwards and cost an update of every new row.
        """
        followed = self._get_followed_fields()
        if not followed:
            return vals_list
        completed = [dict(vals) for vals in vals_list]
        for name, (parent, source) in followed.items():
            parent_ids = [vals[parent] for vals in completed if vals.get(parent)]
            for vals in completed:
                if vals.get(parent):
                    value = self._browse_parent(parent, vals[parent], parent_ids)[source]
                    vals[name] = value.id if isinstance(value, models.BaseModel) else value
        return completed

    @api.model
    def _create(self, data_list):
        """What follows a parent was inserted with the row: it is not found a second time."""
        records = super()._create(data_list)
        for name in self._get_followed_fields():
            inserted = [data["record"].id for data in data_list if data["stored"].get(name)]
            self.env.remove_to_compute(self._fields[name], records.browse(inserted))
        return records

    @api.model
    @ormcache()
    def _get_followed_fields(self):
        """Stored fields that follow a field of the record's parent: ``{name: (via, source)}``."""
        return {
            name: tuple(field.related.split("."))
            for name, field in self._fields.items()
            if field.related
            and field.store
            and field.type in _FOLLOWED_TYPES
            and field.related.count(".") == 1
        }

    @api.model
    def _browse_parent(self, name, record_id, prefetch_ids):
        parents_sudo = self.env[self._fields[name].comodel_name].sudo()
        return parents_sudo.browse(record_id).with_prefetch(prefetch_ids)

    def write(self, vals):
        self._check_references_readable([vals])
        guarded = self._get_guarded_fields() & vals.keys()
        if guarded and not self._is_permitted({name: vals[name] for name in guarded}):
            self._refuse_guarded(guarded)
        return super().write(vals)

    def _check_company(self, fnames=None):
        """Check each pair of a company and linked records once.

        The ORM filters by a domain for every record and field; the thousands of services of a
        file share a few departments and performers.
        """
        if len(self) < 2 or "company_id" not in self._fields:
            super()._check_company(fnames)
            return
        for name in self._get_company_checked_fields(fnames):
            distinct = {
                (record.company_id.id, record[name]._ids): record.id for record in self.sudo()
            }
            super(HcGuardedMixin, self.browse(distinct.values()))._check_company([name])

    @api.model
    def _get_company_checked_fields(self, fnames):
        every = fnames is None or "company_id" in fnames
        return [
            name
            for name, field in self._fields.items()
            if field.relational and field.check_company and (every or name in fnames)
        ]

    def _check_references_readable(self, vals_list):
        """Let nobody point at a record of the suite that they may not read.

        The ORM shows the name of whatever a record points at, so that a guessed id would be
        enough to see it, and following records (a new encounter of a patient) would open it.
        """
        if self.env.su:
            return
        wanted = defaultdict(set)
        for vals in vals_list:
            self._collect_references(vals, wanted)
        for model_name, ids in wanted.items():
            self.env[model_name].browse(ids).check_access("read")

    def _collect_references(self, vals, wanted):
        """Add to ``wanted`` the ids, by model, that values newly point at, those of lines too."""
        known = self if len(self) == 1 else self.browse()
        for name, value in vals.items():
            field = self._fields.get(name)
            if not field or not value or not (field.comodel_name or "").startswith("hc."):
                continue
            if field.type == "many2one":
                if isinstance(value, int) and known.sudo()[name].id != value:
                    wanted[field.comodel_name].add(value)
            elif field.type == "many2many":
                linked = set(_get_linked_ids(value))
                wanted[field.comodel_name].update(linked.difference(known.sudo()[name].ids))
            elif hasattr(self.env[field.comodel_name], "_collect_references"):
                for command in value:
                    if command[0] in (Command.CREATE, Command.UPDATE):
                        self.env[field.comodel_name]._collect_references(command[2], wanted)

    @api.model
    def _is_harmless_on_create(self, name, value):
        """Whether a client may send this value on create: no value at all."""
        return value in (False, None, [], "")

    @api.model
    def _has_create_permit(self):
        """Whether the model's own code is creating records right now."""
        return any(permit.creates and self._name in permit.models for permit in _permits.get())

    def _is_permitted(self, values):
        ids = set(self.ids)
        return any(
            self._name in permit.models
            and not permit.creates
            and ids <= permit.ids
            and all(
                name in permit.values and permit.values[name] == value
                for name, value in values.items()
            )
            for permit in _permits.get()
        )

    def _refuse_guarded(self, names):
        names = sorted(names)
        if names:
            labels = ", ".join(self._fields[name].string for name in names)
            message = self.env._(
                "%(fields)s of %(model)s cannot be set directly. "
                "Use the buttons of the record: they check, perform and log the change.",
                fields=labels,
                model=self._description,
            )
            raise self.env["hc.refused.attempt"]._refuse(
                self, "write", message, refusal="guarded_field", reason=", ".join(names)
            )

    def _write_guarded(self, values):
        """Write guarded fields from the model's own code."""
        with _granted(_Permit((self._name,), frozenset(self.ids), values)):
            return self.write(values)

    @api.model
    def _create_guarded(self, vals_list):
        """Create records with guarded fields, and their lines, from the model's own code."""
        with self._permit_creation():
            return self.create(vals_list)

    @api.model
    @contextmanager
    def _permit_creation(self):
        """Let the block create records with guarded fields, by a method of Odoo's own."""
        models_ = (self._name, *self._guarded_line_models)
        with _granted(_Permit(models_, frozenset(), {}, creates=True)):
            yield

    @contextmanager
    def _permit_undoing(self):
        """Let the block undo what these records did, where a guard asks :meth:`_is_undoing`."""
        with _granted(_Permit((self._name,), frozenset(self.ids), {}, undoes=True)):
            yield

    def _is_undoing(self):
        """Whether the model's own code is undoing all of these records right now."""
        ids = set(self.ids)
        return any(
            permit.undoes and self._name in permit.models and ids <= permit.ids
            for permit in _permits.get()
        )
