# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from contextlib import closing, contextmanager
from contextvars import ContextVar

from psycopg2 import DataError, IntegrityError
from psycopg2.errors import ProgramLimitExceeded

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

# Records whose controlled fields the running code may write; see hc_guarded_mixin for why this is
# no context key.
_permitted: ContextVar[frozenset] = ContextVar("hc_config_permits", default=frozenset())


@contextmanager
def _permit(records):
    """Let the block write the controlled fields of records, and of what they delegate to."""
    keys = {(records._name, record_id) for record_id in records.ids}
    for field_name in records._inherits.values():
        parents = records.sudo()[field_name]
        keys.update((parents._name, parent_id) for parent_id in parents.ids)
    token = _permitted.set(_permitted.get() | keys)
    try:
        yield
    finally:
        _permitted.reset(token)


class HcConfigControlledMixin(models.AbstractModel):
    """Configuration that changes only by a request that a second person agrees to.

    A model names its controlled fields; a direct write to one is refused for everyone, the system
    administrator and sudo included. Two ways lead to a change: an approved ``hc.config.change``,
    and the installation or update of a module, which is recognised by the registry being loaded
    (no client reaches a registry in that state). What is changed in the database behind Odoo's
    back is found by comparing each record with its last version.
    """

    _name = "hc.config.controlled.mixin"
    _description = "Controlled Configuration"

    # Names of the controlled fields, in the order in which a proposal lists them.
    _config_fields: tuple[str, ...] = ()
    # Controlled fields that Odoo itself moves on by SQL: not compared with the last version.
    _config_volatile_fields: frozenset[str] = frozenset()
    # Controlled fields that another guard protects; writing them is not refused here.
    _config_guarded_elsewhere: frozenset[str] = frozenset()
    # Whether a write can be tried and undone: not where it changes the running registry.
    _config_may_try = True

    is_config_controlled = fields.Boolean(compute="_compute_is_config_controlled")

    @api.depends_context("uid")
    def _compute_is_config_controlled(self):
        controlled = self._filter_config_controlled()
        for record in self:
            record.is_config_controlled = record._origin in controlled

    def _filter_config_controlled(self):
        """Which of the records are controlled: all that are stored; native models narrow it."""
        return self._origin

    @api.model
    def _is_loading_registry(self):
        return not self.env.registry.ready

    def _may_write_config(self):
        permitted = _permitted.get()
        return self._is_loading_registry() or all(
            (self._name, record_id) in permitted for record_id in self.ids
        )

    def write(self, vals):
        names = set(self._config_fields) & vals.keys() - self._config_guarded_elsewhere
        controlled = self._check_config_write(names)
        result = super().write(vals)
        if controlled and self._is_loading_registry():
            self.env["hc.config.version"]._take(controlled, "update", names=names)
        return result

    def _update_field_translations(self, field_name, translations, *args, **kwargs):
        # Odoo writes translations by SQL of its own, past write().
        self._check_config_write({field_name}.intersection(self._config_fields))
        return super()._update_field_translations(field_name, translations, *args, **kwargs)

    def _check_config_write(self, names):
        """Refuse to write controlled fields; return the records that are controlled.

        :param names: names of controlled fields; where there is none, nothing is refused
        :raise AccessError: neither a change that was agreed to nor the update of a module writes
        """
        controlled = self._filter_config_controlled() if names else self.browse()
        if controlled and not controlled._may_write_config():
            controlled._refuse_config_write(names)
        return controlled

    def unlink(self):
        self._check_config_unlink()
        return super().unlink()

    def _check_config_unlink(self):
        controlled = self._filter_config_controlled()
        if controlled and not self._is_loading_registry():
            raise AccessError(
                self.env._(
                    "%(record)s is controlled configuration and cannot be deleted. "
                    "Use “Propose a Change” on its form to switch it off.",
                    record=controlled[:1].display_name,
                )
            )

    def _refuse_config_write(self, names):
        labels = ", ".join(self._fields[name].string for name in sorted(names))
        raise AccessError(
            self.env._(
                "%(fields)s of %(record)s is controlled configuration: it takes effect after a "
                "second person agrees. Use “Propose a Change” on its form.",
                fields=labels,
                record=self[:1].display_name,
            )
        )

    def _config_write(self, values):
        """Write controlled fields, from an effective change; a model may map values to methods."""
        with _permit(self):
            self.write(values)

    def _config_try(self, values):
        """Why the values could not be written, as texts; nothing is kept."""
        if not self._config_may_try:
            return []
        try:
            with closing(self.env.cr.savepoint()):
                self._config_write(values)
                self.env.flush_all()
        except ValidationError as error:
            return [str(error)]
        except IntegrityError as error:
            return [self._sql_error_to_message(error)]
        except (DataError, ProgramLimitExceeded):
            return [self.env._("a value is too large")]
        return []

    def _config_snapshot(self):
        """The controlled values as JSON, the same for equal configurations.

        :return: ``{field name: value}``
        """
        self.ensure_one()
        source = self.sudo().with_context(lang=None)
        return {name: source._config_read(name) for name in self._config_fields}

    def _config_read(self, name):
        """One value as JSON: ids for relations, text for dates."""
        field = self._fields[name]
        value = self[name]
        if field.type == "many2one":
            return value.id
        if field.type in ("many2many", "one2many"):
            return sorted(value.ids)
        if field.type in ("date", "datetime"):
            return field.to_string(value) if value else False
        if field.type in ("char", "text", "html", "selection"):
            return str(value) if value else False
        return value

    @api.model
    def _config_stable(self, values):
        """The part of a snapshot that only changes of configuration move."""
        return {n: v for n, v in values.items() if n not in self._config_volatile_fields}
