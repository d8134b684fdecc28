# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class HcVersionedMixin(models.AbstractModel):
    """Agreements and rules that come in versions, each put in force by a second person.

    A draft is edited freely, and whoever had a hand in it is its author. Once published it is
    fixed, because decisions refer to it: what changes is a new version, which takes over on its
    first day. No author publishes what they wrote.

    A model brings ``name``, ``code`` (the same in all versions), ``company_id``, ``date_from``,
    ``date_to``, a life cycle ``state`` from *draft* over *published*, a relation for
    ``author_ids``, and the methods that raise ``NotImplementedError`` here. Its lines call
    :meth:`_check_draft` before and after they change.
    """

    _name = "hc.versioned.mixin"
    _description = "Versions Published by a Second Person"
    _inherit = ["hc.lifecycle.mixin"]

    # Names of the fields that only a draft changes.
    _draft_fields: frozenset[str] = frozenset()
    # External ids of the groups whose members publish.
    _publisher_groups: tuple[str, ...] = ()
    # States of a version that a later one replaces as a whole, and of a draft that is given up.
    _superseded_state = "superseded"
    _discarded_state = "withdrawn"

    version = fields.Integer(required=True, readonly=True, default=1, copy=False, aggregator=None)
    published_at = fields.Datetime("Published", readonly=True, copy=False)
    author_ids = fields.Many2many("res.users", string="Authors", readonly=True, copy=False)

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"version", "author_ids", "published_at"}

    # What a model says of itself

    def _get_fixed_reason(self):
        """Why a published version stays as it is, as the end of a sentence."""
        raise NotImplementedError

    def _get_publisher_message(self):
        """Who publishes, for somebody who may not."""
        raise NotImplementedError

    def _get_published(self):
        """Other versions in force that this one may stand beside or replace."""
        raise NotImplementedError

    @api.model
    def _get_version_key(self, vals):
        """``(company id or False, code)``, within which versions are numbered."""
        return vals.get("company_id") or False, vals.get("code")

    def _prepare_new_version_vals(self):
        """Values of the draft that is to take over, where they differ from this version's."""
        return {"date_from": fields.Date.context_today(self), "date_to": False}

    # Drafts

    @api.model
    def _complete_vals(self, vals_list):
        completed, given = [], {}
        for vals in super()._complete_vals(vals_list):
            key = self._get_version_key(vals)
            if key not in given:
                given[key] = self._get_last_version(*key)
            given[key] += 1
            completed.append({**vals, "version": given[key]})
        return completed

    @api.model
    def _get_last_version(self, company_id, code):
        last = self.sudo().search(
            [("company_id", "=", company_id), ("code", "=", code)], order="version desc", limit=1
        )
        return last.version

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        versions._note_author()
        return versions

    def write(self, vals):
        changed = {name: vals[name] for name in self._draft_fields & vals.keys()}
        if changed and not self._is_permitted(changed):
            self._check_draft()
        return super().write(vals)

    def _check_draft(self):
        """Refuse to change what is published, and note who changes a draft.

        Held until the change is through: nobody publishes meanwhile what then says something else.
        """
        self.sudo()._lock_for_transition(["state"])
        for version in self.sudo():
            if version.state != "draft":
                raise UserError(
                    self.env._(
                        "%(version)s is %(state)s and cannot be changed: %(reason)s. Use “New "
                        "Version”.",
                        version=version.display_name,
                        state=version._get_lifecycle("state").label(version.state).lower(),
                        reason=version._get_fixed_reason(),
                    )
                )
        self._note_author()

    def _note_author(self):
        for version in self.sudo():
            if self.env.user not in version.author_ids:
                version._write_guarded({"author_ids": [(4, self.env.uid)]})

    def action_new_version(self):
        """Copy the version into a draft that will take over from it."""
        self.ensure_one()
        return self.copy(self._prepare_new_version_vals())._get_records_action()

    def action_discard(self):
        """Give a draft up."""
        self.check_access("write")
        self._check_draft()
        self._transition(self._discarded_state, reason=self.env._("discarded"))

    # In force

    def action_publish(self):
        """Put drafts in force; their authors ask somebody else to."""
        self.check_access("write")
        self._check_publisher()
        for version in self.sudo():
            if self.env.user in version.author_ids:
                raise self.env["hc.refused.attempt"]._refuse(
                    self,
                    "publish",
                    self.env._(
                        "You have worked on %(version)s: somebody else publishes it.",
                        version=version.display_name,
                    ),
                    reason="author",
                )
            version._publish()

    def _check_publisher(self):
        if not any(map(self.env.user.has_group, self._publisher_groups)):
            raise self.env["hc.refused.attempt"]._refuse(
                self, "publish", self._get_publisher_message(), reason="not_publisher"
            )

    def _publish(self):
        """Put the version in force from its first day; the one before it ends the day before."""
        self.ensure_one()
        self._transition("published", facts={"code": self.code, "version": self.version})
        self._write_guarded({"published_at": self.env.cr.now().replace(microsecond=0)})
        for earlier in self._get_published().filtered(lambda each: each.code == self.code):
            if self.date_to and self.date_to < earlier.date_from:
                continue
            if earlier.date_from >= self.date_from:
                earlier._transition(self._superseded_state, reason=self.display_name)
            elif not earlier.date_to or earlier.date_to >= self.date_from:
                earlier._write_guarded({"date_to": self.date_from - timedelta(days=1)})

    def _overlaps_days(self, other):
        """Whether both are, or would be, in force on a day."""
        return not (
            (self.date_to and self.date_to < other.date_from)
            or (other.date_to and other.date_to < self.date_from)
        )
