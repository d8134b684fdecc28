# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

from ..hc_core.lifecycle import Lifecycle


class HcLifecycleMixin(models.AbstractModel):
    """States that move through one door.

    A model declares ``_lifecycles = {field name: Lifecycle}``; the field itself is a Selection
    whose values are the life cycle's. Only :meth:`_transition` moves it: lock, already there?,
    allowed?, guards, write, log, hook. A model adds, by name:

    - ``_guard_<field>_<target>()`` → ``{record id: [reason, …]}``, a reason per blocked record
    - ``_on_<field>_<target>(previous)`` → runs after the move; ``previous`` is ``{id: state}``
    """

    _name = "hc.lifecycle.mixin"
    _inherit = ["hc.guarded.mixin"]
    _description = "Life Cycle"

    _lifecycles: dict[str, Lifecycle] = {}

    transition_timeline = fields.Html(
        string="History", compute="_compute_transition_timeline", sanitize=False
    )
    transition_count = fields.Integer(compute="_compute_transition_count")

    @api.model
    def _get_lifecycle(self, field_name):
        """The life cycle of a field; a sibling module extends it by ``super().extend(…)``."""
        return self._lifecycles[field_name]

    @api.model
    def _get_main_state_field(self):
        return next(iter(self._lifecycles))

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | frozenset(self._lifecycles)

    @api.model
    def _is_harmless_on_create(self, name, value):
        if name in self._lifecycles:
            return value == self._get_lifecycle(name).initial
        return super()._is_harmless_on_create(name, value)

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        entries = []
        for field_name in self._lifecycles:
            initial = self._get_lifecycle(field_name).initial
            entries += [
                {
                    "record": record,
                    "kind": "creation",
                    "field_name": field_name,
                    "to_state": initial,
                    "facts": record._get_creation_facts(),
                }
                for record in records
                if record._is_logged_move(field_name, None, initial)
            ]
        self.env["hc.transition"]._append(entries)
        return records

    def _is_logged_move(self, field_name, from_state, to_state):
        """Whether a move is a row of the log; all are but those of technical records."""
        return True

    def _get_creation_facts(self):
        """Facts for the first log row of a record (ids and codes, no patient data)."""
        return {}

    @api.ondelete(at_uninstall=False)
    def _unlink_except_logged(self):
        raise UserError(
            self.env._(
                "%(model)s records have a history and cannot be deleted. Cancel them instead.",
                model=self._description,
            )
        )

    def _classify_transition(self, target, field_name=None):
        """Split the records into (to do, already there, wrong state) for a move to ``target``."""
        field_name = field_name or self._get_main_state_field()
        lifecycle = self._get_lifecycle(field_name)
        todo = self.filtered(lambda record: lifecycle.allows(record[field_name], target))
        there = self.filtered(lambda record: record[field_name] == target)
        return todo, there, self - todo - there

    def _lock_for_transition(self, field_names):
        """Lock the rows and read the given fields afresh."""
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError:
            raise LockError(
                self.env._(
                    "Somebody else is changing %(records)s right now. Try again in a moment.",
                    records=", ".join(self[:3].mapped("display_name")),
                )
            ) from None
        self.invalidate_recordset(field_names, flush=True)

    def _transition(self, target, *, field_name=None, reason=None, facts=None, on_behalf_of=None):
        """Move the records to ``target``: all of them or, with one clear error, none.

        :param str target: code of the state to reach
        :param str field_name: the state field; by default the model's first life cycle
        :param str reason: why, in the words of who did it
        :param dict facts: ids and codes for the log, or ``{record id: dict}`` under ``by_id``
        :param on_behalf_of: the user for whom the actor decided
        :return: the records that moved (those already there are left alone)
        :raise UserError: a record is in a state from which ``target`` is not allowed, or a guard
            objects; nothing is changed
        """
        field_name = field_name or self._get_main_state_field()
        self.check_access("write")
        self._lock_for_transition([field_name])
        todo, _there, wrong = self._classify_transition(target, field_name)
        if wrong:
            wrong._raise_wrong_state(target, field_name)
        todo._raise_blocked(target, field_name)
        todo._move(target, field_name, reason, facts, on_behalf_of)
        return todo

    def _transition_where_allowed(self, target, *, field_name=None, reason=None, facts=None):
        """The variant for machine messages, which may come late, early or twice.

        :return: ``(moved, already there, left alone in another state or blocked by a guard)``
        """
        field_name = field_name or self._get_main_state_field()
        self._lock_for_transition([field_name])
        todo, there, wrong = self._classify_transition(target, field_name)
        blocked = self.browse(tuple(todo._get_blockers(target, field_name)))
        todo -= blocked
        todo._move(target, field_name, reason, facts, None)
        return todo, there, wrong | blocked

    def _move(self, target, field_name, reason, facts, on_behalf_of):
        if not self:
            return
        previous = {record.id: record[field_name] for record in self}
        self._write_guarded(self._prepare_move_vals(target, field_name))
        by_id = (facts or {}).get("by_id")
        self.env["hc.transition"]._append(
            [
                {
                    "record": record,
                    "kind": "transition",
                    "field_name": field_name,
                    "from_state": previous[record.id],
                    "to_state": target,
                    "reason": reason,
                    "facts": by_id.get(record.id, {}) if by_id is not None else facts or {},
                    "on_behalf_of": on_behalf_of,
                }
                for record in self
                if record._is_logged_move(field_name, previous[record.id], target)
            ]
        )
        hook = getattr(self, f"_on_{field_name}_{target}", None)
        if hook:
            hook(previous)

    def _prepare_move_vals(self, target, field_name):
        """Values written by a move; a model adds stamps by ``super() | {…}``."""
        return {field_name: target}

    def _get_blockers(self, target, field_name):
        guard = getattr(self, f"_guard_{field_name}_{target}", None)
        blockers = guard() if guard and self else {}
        return {record_id: reasons for record_id, reasons in blockers.items() if reasons}

    def _raise_blocked(self, target, field_name):
        blockers = self._get_blockers(target, field_name)
        if blockers:
            lines = [
                f"{record.display_name}: {reason}"
                for record in self
                for reason in blockers.get(record.id, ())
            ]
            raise UserError("\n".join(lines))

    def _raise_wrong_state(self, target, field_name):
        record = self[0]
        lifecycle = self._get_lifecycle(field_name)
        raise UserError(
            self.env._(
                "%(record)s is in state “%(state)s” and cannot move to “%(target)s”. "
                "Reload the page: somebody may have moved it already.",
                record=record.display_name,
                state=lifecycle.label(record[field_name]),
                target=lifecycle.label(target),
            )
        )

    def _log_decision(self, reason=None, facts=None, kind="decision", on_behalf_of=None):
        """Append a log row that moves no state: a decision, an override, a correction."""
        self.env["hc.transition"]._append(
            [
                {
                    "record": record,
                    "kind": kind,
                    "reason": reason,
                    "facts": facts or {},
                    "on_behalf_of": on_behalf_of,
                }
                for record in self
            ]
        )

    def _compute_transition_count(self):
        counts = self.env["hc.transition"]._count_by_record(self)
        for record in self:
            record.transition_count = counts.get(record.id, 0)

    def _compute_transition_timeline(self):
        for record in self:
            record.transition_timeline = self.env["hc.transition"]._render_timeline(record)

    def action_open_transitions(self):
        """Open the log of this record."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_revenue_base.hc_transition_action"
        )
        action["domain"] = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        action["context"] = {}
        return action
