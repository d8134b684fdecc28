# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.tools import SQL

from ..hc_webhook_core.cloud_event import CUSTOM_PREFIX, model_code, slug
from ..hc_webhook_core.subscription_match import ALL

# Events about the sending of events would beget further events.
MUTED_MODELS = frozenset({"hc.event.delivery", "hc.event.subscription"})
_LOOK_BACK_DAYS = 40


class HcEventType(models.Model):
    """What other systems can subscribe to: a catalogue that follows the installed modules.

    Every state of every life cycle, every event that the log has seen, every event that a Server
    Action sends, and for each model one type that stands for all of them.
    """

    _name = "hc.event.type"
    _description = "Event Type"
    _order = "model, kind, code"
    _rec_names_search = ["code", "name"]

    name = fields.Char(required=True, readonly=True)
    code = fields.Char(required=True, readonly=True, help="billing_case.ready")
    kind = fields.Selection(
        [
            ("all", "All of a Model"),
            ("state", "State Reached"),
            ("event", "Event"),
            ("custom", "Server Action"),
        ],
        required=True,
        readonly=True,
    )
    model = fields.Char(readonly=True, index=True)
    state = fields.Char(readonly=True)
    active = fields.Boolean(default=True, readonly=True)

    _code_unique = models.UniqueIndex("(code)", "This event type exists already.")

    @api.depends("code")
    def _compute_display_name(self):
        for event_type in self:
            event_type.display_name = event_type.code

    def _register_hook(self):
        """A module that came or went brings or takes its events at once."""
        result = super()._register_hook()
        if self.env.registry.updated_modules:
            self._sync()
        return result

    @api.model
    def _cron_sync(self):
        """Scheduled Action: follow the modules that are installed and the events of the log."""
        self._sync()

    @api.model
    def _sync(self):
        """Add types that are new, archive those whose model or action is gone, rename."""
        wanted = self._get_wanted()
        types_sudo = self.sudo().with_context(active_test=False)
        known = {each.code: each for each in types_sudo.search([("code", "!=", False)])}
        for code, event_type in known.items():
            vals = wanted.get(code)
            # An event that is rare stays in the catalogue while its model is there.
            stays = bool(vals) or (event_type.kind == "event" and event_type.model in self.env)
            changes = {"active": stays} if event_type.active != stays else {}
            if vals and vals["name"] != event_type.name:
                changes["name"] = vals["name"]
            if changes:
                event_type.write(changes)
        types_sudo.create([vals for code, vals in wanted.items() if code not in known])

    @api.model
    def _get_wanted(self):
        """Values of all types by code."""
        types = {}
        for model in self._get_models():
            label = self.env["ir.model"]._get(model._name).name
            code = model_code(model._name)
            types[code + ALL] = {
                "name": self.env._("%(model)s: everything", model=label),
                "kind": "all",
                "model": model._name,
            }
            for field_name in model._lifecycles:
                for state in model._get_lifecycle(field_name).states:
                    types.setdefault(
                        f"{code}.{state.code}",
                        {
                            "name": f"{label}: {state.label}",
                            "kind": "state",
                            "model": model._name,
                            "state": state.code,
                        },
                    )
        for model_name, event in self._get_logged_events():
            if model_name in self.env and not event.startswith(CUSTOM_PREFIX):
                label = self.env["ir.model"]._get(model_name).name
                vals = {"name": f"{label}: {event}", "kind": "event", "model": model_name}
                types.setdefault(f"{model_code(model_name)}.{slug(event)}", vals)
        types |= self._get_custom()
        return {code: {"code": code, "state": False, **vals} for code, vals in types.items()}

    @api.model
    def _get_models(self):
        """The models with a life cycle whose facts are events."""
        mixin = self.env.registry["hc.lifecycle.mixin"]
        return [
            self.env[name]
            for name, cls in sorted(self.env.registry.items())
            if issubclass(cls, mixin)
            and not cls._abstract
            and not cls._transient
            and name not in MUTED_MODELS
        ]

    @api.model
    def _get_logged_events(self):
        """``(model, event)`` of the log's entries of kind event in the last weeks."""
        return self.env.execute_query(
            SQL(
                """SELECT DISTINCT res_model, facts->>'event' FROM hc_transition
                    WHERE kind = 'event' AND facts->>'event' IS NOT NULL
                      AND res_model NOT IN %s AND occurred_at > %s - %s * interval '1 day'""",
                tuple(MUTED_MODELS),
                self.env.cr.now(),
                _LOOK_BACK_DAYS,
            )
        )

    @api.model
    def _get_custom(self):
        """The types that Server Actions send."""
        actions_sudo = self.env["ir.actions.server"].sudo().search([("hc_event_slug", "!=", False)])
        return {
            CUSTOM_PREFIX + action.hc_event_slug: {
                "name": self.env._("Server Action: %(name)s", name=action.name),
                "kind": "custom",
                "model": action.model_id.model,
            }
            for action in actions_sudo
        }
