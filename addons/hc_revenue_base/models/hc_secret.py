# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..hc_core.schema import UNSTORABLE
from ..hc_core.secret_keys import SecretError
from ..tools.secret_cipher import load_cipher

_MAX_VALUE_CHARACTERS = 20_000
_MAX_OVERLAP_HOURS = 24 * 30


class HcSecret(models.Model):
    """A password, token or key of another system: set by administrators, read by nobody.

    Code that needs one calls :meth:`_get_value` or, where the other side may still use the one
    before (signatures of webhooks), :meth:`_get_values`. Both are out of reach of RPC.
    """

    _name = "hc.secret"
    _description = "Secret"
    _inherit = ["hc.guarded.mixin"]
    _order = "code, id"
    _rec_names_search = ["name", "code"]
    _guarded_fields = frozenset({"code", "company_id"})
    _guarded_after_create = frozenset({"code", "company_id"})

    name = fields.Char(required=True)
    code = fields.Char(
        required=True, copy=False, help="How programs ask for it. Fixed once it is saved."
    )
    company_id = fields.Many2one("res.company", index=True, help="Empty: for all companies.")
    purpose = fields.Text(help="What it opens, who issued it, whom to ask for a new one.")
    overlap_hours = fields.Integer(
        "Previous Value Stays Valid",
        default=24,
        help="Hours for which the previous value is accepted after a new one is set.",
    )
    # Never holds anything: create and write take the value out before the ORM sees it.
    value = fields.Char("New Value", compute="_compute_value", readonly=False)
    value_ids = fields.One2many("hc.secret.value", "secret_id", readonly=True, copy=False)
    shown = fields.Char("Current Value", compute="_compute_current")
    set_at = fields.Datetime("Set On", compute="_compute_current")
    set_by_id = fields.Many2one("res.users", compute="_compute_current")
    use_count = fields.Integer("Uses", compute="_compute_uses")
    last_used_at = fields.Datetime("Last Used", compute="_compute_uses")

    _code_unique = models.UniqueIndex(
        "(code, company_id) NULLS NOT DISTINCT", "There is a secret with this code already."
    )
    _overlap_bounded = models.Constraint(
        f"CHECK (overlap_hours BETWEEN 0 AND {_MAX_OVERLAP_HOURS})",
        "A previous value stays valid for 0 to 720 hours.",
    )

    def _compute_value(self):
        self.value = False

    @api.depends("value_ids")
    def _compute_current(self):
        now = self.env.cr.now()
        for secret in self:
            current = secret.value_ids.filtered(lambda value: value._is_valid(now))[:1]
            secret.shown = current.display_name if current else False
            secret.set_at = current.set_at
            secret.set_by_id = current.set_by_id

    def _compute_uses(self):
        rows = self.env["hc.secret.use"]._read_group(
            [("secret_number", "in", self.ids)],
            ["secret_number"],
            ["use_count:sum", "occurred_at:max"],
        )
        uses = {number: (count, last) for number, count, last in rows}
        for secret in self:
            secret.use_count, secret.last_used_at = uses.get(secret.id, (0, False))

    @api.model_create_multi
    def create(self, vals_list):
        values = [vals.get("value") for vals in vals_list]
        secrets = super().create(
            [{name: val for name, val in vals.items() if name != "value"} for vals in vals_list]
        )
        for secret, value in zip(secrets, values, strict=True):
            secret._log_event("created")
            secret._set_value(value)
        return secrets

    def write(self, vals):
        vals = dict(vals)
        value = vals.pop("value", None)
        result = super().write(vals) if vals else True
        for secret in self:
            secret._set_value(value)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_logged(self):
        for secret in self:
            secret._log_event("deleted", code=secret.code)

    def _log_event(self, event, **facts):
        entry = {"record": self, "kind": "event", "facts": {"event": event, **facts}}
        self.env["hc.transition"]._append([entry])

    def _set_value(self, value):
        """Make a value the current one; nothing given changes nothing.

        The values before it stay valid for the hours of overlap.
        """
        self.ensure_one()
        self.check_access("write")
        value = self._check_text(value or "").strip()
        if not value:
            return
        if len(value) > _MAX_VALUE_CHARACTERS:
            raise ValidationError(
                self.env._(
                    "A secret has at most %(limit)s characters; this one has %(count)s.",
                    limit=_MAX_VALUE_CHARACTERS,
                    count=len(value),
                )
            )
        now = self.env.cr.now().replace(microsecond=0)
        self.sudo().value_ids._end(now + timedelta(hours=self.overlap_hours))
        current_sudo = self.env["hc.secret.value"].sudo()._store(self, value, now)
        self.invalidate_recordset()
        self._log_event(
            "value set",
            source=current_sudo.reference or "stored",
            overlap_hours=self.overlap_hours,
        )

    def action_end_previous(self):
        """Accept only the current values from now on: the previous ones leaked."""
        self.check_access("write")
        now = self.env.cr.now()
        for secret in self:
            previous = secret.sudo().value_ids.filtered("valid_until")
            if previous:
                secret._log_event("previous values ended", count=len(previous))
                previous._end(now.replace(microsecond=0))
        self.invalidate_recordset()

    @api.model
    def _check_text(self, value):
        if isinstance(value, str) and not UNSTORABLE.search(value):
            return value
        # Without the value: it may be a secret all the same.
        raise ValidationError(self.env._("A secret is a text of ordinary characters."))

    @api.model
    def _get_value(self, code, company=None):
        """The current value of a secret, in clear text: keep it in a local variable, log nothing.

        :param str code: the code of the secret
        :param company: whose secret; a secret of all companies serves where it has none of its own
        :raises UserError: there is no such secret, it has no value, or the key is missing or wrong
        """
        return self._use_values(code, company, limit=1)[0]

    @api.model
    def _get_values(self, code, company=None):
        """All values that are valid now, the current one first.

        :return: a list with at least one text; parameters and errors as for `_get_value`
        """
        return self._use_values(code, company)

    @api.model
    def _use_values(self, code, company, limit=None):
        company = company or self.env.company
        secret_sudo = self.sudo().search(
            [("code", "=", code), ("company_id", "in", (company.id, False))],
            order="company_id NULLS LAST",
            limit=1,
        )
        values = secret_sudo._reveal_valid(limit)
        if not values:
            raise UserError(
                self.env._(
                    "The secret “%(code)s” has no value. An administrator sets it under "
                    "Configuration, Integration, Secrets.",
                    code=code,
                )
            )
        return values

    def _reveal_valid(self, limit=None):
        """Values of this secret that are valid now, in clear text, the current one first.

        :param int limit: how many at most
        :return: a list, empty where there is none; the use is put on record where there is one
        :raises UserError: the server's key is missing or wrong
        """
        now = self.env.cr.now()
        valid = self.value_ids.filtered(lambda value: value._is_valid(now))[:limit]
        values = [value._reveal() for value in valid]
        if values:
            self.env["hc.secret.use"]._record(
                {"secret_number": self.id, "code": self.code, "use_count": 1}
            )
        return values

    @api.model
    def _load_cipher(self):
        try:
            return load_cipher()
        except SecretError as error:
            raise UserError(error.message) from error

    @api.model
    def _rotate_keys(self):
        """Encrypt all stored values under the server's first key.

        :return: ``{"rotated": …, "current": …}``, how many were encrypted anew and how many had
            that key already
        :raises UserError: a value fits no key; nothing is changed
        """
        cipher = self._load_cipher()
        stored = [("reference", "=", False)]
        old = [*stored, ("key_name", "!=", cipher.key_name)]
        values_sudo = self.env["hc.secret.value"].sudo().search(old)
        for value in values_sudo:
            value._encrypt(value._reveal(), cipher)
        for secret in values_sudo.secret_id:
            secret._log_event("encrypted under a new key", key=cipher.key_name)
        total = values_sudo.search_count(stored)
        return {"rotated": len(values_sudo), "current": total - len(values_sudo)}
