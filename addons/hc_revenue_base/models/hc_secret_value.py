# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import os

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..hc_core.secret_keys import SecretError, last_characters, parse_reference


class HcSecretValue(models.Model):
    """One value of a secret: the current one, or one that is still accepted.

    The ciphertext is a column of the table and not a field, so that no reading, export, grouping,
    copy or search of the ORM reaches it, for nobody.
    """

    _name = "hc.secret.value"
    _description = "Value of a Secret"
    _order = "secret_id, set_at desc, id desc"
    _allow_sudo_commands = False

    secret_id = fields.Many2one(
        "hc.secret", required=True, readonly=True, index=True, ondelete="cascade"
    )
    reference = fields.Char("Kept In", readonly=True, help="A variable of the server.")
    last_characters = fields.Char("Ends With", readonly=True)
    key_name = fields.Char(
        "Encrypted Under", readonly=True, help="A name for the key, not the key."
    )
    set_at = fields.Datetime("Set On", readonly=True, required=True)
    set_by_id = fields.Many2one("res.users", readonly=True, required=True)
    valid_until = fields.Datetime(readonly=True, help="Empty: the current value.")

    def init(self):
        result = super().init()
        self.env.cr.execute(
            SQL(
                "ALTER TABLE %s ADD COLUMN IF NOT EXISTS ciphertext text",
                SQL.identifier(self._table),
            )
        )
        return result

    @api.depends("reference", "last_characters")
    def _compute_display_name(self):
        for value in self:
            value.display_name = value.reference or f"•••• {value.last_characters or ''}".rstrip()

    def _is_valid(self, moment):
        self.ensure_one()
        return not self.valid_until or self.valid_until > moment

    @api.model
    def _store(self, secret, text, set_at):
        """Keep a text, encrypted, or the reference that it is, as the current value."""
        try:
            variable = parse_reference(text)
        except SecretError as error:
            raise UserError(error.message) from error
        value = self.create(
            {
                "secret_id": secret.id,
                "reference": text if variable else False,
                "last_characters": False if variable else last_characters(text),
                "set_at": set_at,
                "set_by_id": self.env.uid,
            }
        )
        if not variable:
            value._encrypt(text, secret._load_cipher())
        return value

    def _encrypt(self, text, cipher):
        self.ensure_one()
        self.key_name = cipher.key_name
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE hc_secret_value SET ciphertext = %s WHERE id = %s",
                cipher.encrypt(text),
                self.id,
            )
        )

    def _reveal(self):
        """The value in clear text."""
        self.ensure_one()
        secret = self.secret_id
        try:
            if self.reference:
                return self._read_variable(secret)
            [[ciphertext]] = self.env.execute_query(
                SQL("SELECT ciphertext FROM hc_secret_value WHERE id = %s", self.id)
            )
            return secret._load_cipher().decrypt(
                ciphertext, secret=secret.code, key_name=self.key_name
            )
        except SecretError as error:
            raise UserError(error.message) from error

    def _read_variable(self, secret):
        variable = parse_reference(self.reference)
        text = os.environ.get(variable, "").strip()
        if not text:
            raise SecretError("reference_unset", secret=secret.code, variable=variable)
        return text

    def _end(self, moment):
        """Let the values be accepted until a moment, none of them longer than before."""
        for value in self:
            value.valid_until = min(filter(None, (value.valid_until, moment)))

    @api.autovacuum
    def _gc_ended_values(self):
        """Destroy values that are accepted no more."""
        self.sudo().search([("valid_until", "<=", self.env.cr.now())]).unlink()
