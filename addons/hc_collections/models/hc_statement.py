# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hashlib
import secrets

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP

from ..hc_dunning_core.statement_words import LANGUAGES
from ..lifecycles import STATEMENT

_SUPERVISOR = "hc_revenue_base.group_hc_supervisor"
CHANNELS = [("letter", "Letter"), ("portal", "Portal and E-Mail")]


class HcStatement(models.Model):
    """What one guarantor is told they owe, on one day: once a month at most, and kept as sent.

    Amounts are the ledger's at the end of the statement's day. When it is issued, its letter is
    laid out once; from then on the letter is these bytes, whose digest stands here and in the log.
    """

    _name = "hc.statement"
    _description = "Statement"
    _inherit = ["hc.lifecycle.mixin", "hc.batch.mixin", "hc.phi.mixin", "mail.thread"]
    _phi_patient_path = "account_id.patient_id"
    _order = "statement_date desc, id desc"
    _check_company_auto = True
    _lifecycles = {"state": STATEMENT}
    _guarded_line_models = ("hc.statement.line",)
    _guarded_fields = frozenset(
        {
            "name",
            "account_id",
            "key",
            "statement_date",
            "due_date",
            "language",
            "channel",
            "policy_id",
            "run_id",
            "line_ids",
            "amount_open",
            "amount_disputed",
            "amount_credit",
            "amount_due",
            "attachment_id",
            "checksum",
            "contact_id",
            "access_token",
            "issued_at",
            "sent_on",
        }
    )

    name = fields.Char("Statement No.", required=True, readonly=True, copy=False)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    account_id = fields.Many2one(
        "hc.collection.account", required=True, readonly=True, index=True, ondelete="restrict"
    )
    patient_id = fields.Many2one(related="account_id.patient_id", string="Guarantor")
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    key = fields.Char(
        "Period", required=True, readonly=True, copy=False, help="An account has one for each."
    )
    statement_date = fields.Date(required=True, readonly=True, index=True)
    due_date = fields.Date("Pay By", required=True, readonly=True)
    language = fields.Selection(list(LANGUAGES.items()), required=True, readonly=True)
    channel = fields.Selection(CHANNELS, "Goes By", required=True, readonly=True, index=True)
    policy_id = fields.Many2one("hc.statement.policy", required=True, readonly=True)
    run_id = fields.Many2one("hc.statement.run", readonly=True, index="btree_not_null")
    line_ids = fields.One2many("hc.statement.line", "statement_id", "Visits", readonly=True)
    amount_open = fields.Monetary("Owed", readonly=True, help="Open on the visits shown.")
    amount_disputed = fields.Monetary("In Dispute", readonly=True)
    amount_credit = fields.Monetary("Unapplied Payments", readonly=True)
    amount_due = fields.Monetary("To Pay", readonly=True)
    attachment_id = fields.Many2one(
        "ir.attachment", "Letter", readonly=True, groups=PHI_GROUP, ondelete="restrict", copy=False
    )
    checksum = fields.Char("SHA-256", readonly=True, copy=False)
    contact_id = fields.Many2one("hc.contact", readonly=True, copy=False, ondelete="restrict")
    access_token = fields.Char(
        readonly=True, copy=False, groups=fields.NO_ACCESS, default=lambda _self: _make_token()
    )
    issued_at = fields.Datetime("Issued", readonly=True, copy=False)
    sent_on = fields.Date("Sent", readonly=True, copy=False)

    _name_unique = models.UniqueIndex("(company_id, name)", "This statement number is taken.")
    _period_unique = models.UniqueIndex(
        "(account_id, key) WHERE state != 'void'",
        "The account has a statement of this period already.",
    )
    _token_unique = models.UniqueIndex("(access_token)", "This link is taken.")

    @api.model
    def _get_key(self, statement_date):
        """The period that a day belongs to: an account gets one statement in it."""
        return statement_date.strftime("%Y-%m")

    def _guard_state_issued(self):
        """Nothing is issued under a hold that stops contact, nor where nothing is to be paid."""
        stopping = self.env["hc.collection.hold"]._get_stopping(
            self.account_id, fields.Date.context_today(self)
        )
        blockers = {}
        for statement in self:
            holds = stopping.get(statement.account_id.id)
            if holds:
                blockers[statement.id] = [
                    self.env._("a hold stops contact: %(holds)s", holds=holds[0].display_name)
                ]
            elif not statement.line_ids:
                blockers[statement.id] = [self.env._("nothing is owed")]
        return blockers

    def _freeze(self, contents):
        """Keep the letters as they are laid out.

        :param dict contents: ``{statement id: bytes}``
        """
        attachments = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                [
                    {
                        "name": f"{statement.name}.pdf",
                        "res_model": self._name,
                        "res_id": statement.id,
                        "mimetype": "application/pdf",
                        "raw": contents[statement.id],
                    }
                    for statement in self
                ]
            )
        )
        for statement, attachment in zip(self, attachments, strict=True):
            statement._write_guarded(
                {
                    "attachment_id": attachment.id,
                    "checksum": hashlib.sha256(contents[statement.id]).hexdigest(),
                    "issued_at": self.env.cr.now().replace(microsecond=0),
                }
            )

    def _read_letter(self):
        """The letter as it was issued.

        :raise UserError: there is none, or it is not what was issued
        """
        self.ensure_one()
        self.check_access("read")
        statement_sudo = self.sudo()
        content = statement_sudo.attachment_id.raw or b""
        if not content:
            raise UserError(self.env._("%(name)s was not issued yet.", name=self.name))
        if hashlib.sha256(content).hexdigest() != statement_sudo.checksum:
            raise UserError(
                self.env._(
                    "The file of %(name)s is not the one that was issued. Tell operations: the "
                    "file store was changed from outside.",
                    name=self.name,
                )
            )
        self._note_phi_read(["attachment_id"])
        return content

    def action_download(self):
        """Open the letter as it was issued."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/revenue/statements/{self.id}.pdf"}

    def action_void(self):
        """Withdraw statements: what was sent stays on record, and a new one may be made.

        :raise AccessError: one was sent, and one is no supervisor; the attempt is put on record
        """
        self.check_access("write")
        check_supervisor(
            self.filtered(lambda one: one.state == "sent"),
            "void",
            self.env._("The patient has this statement: ask a supervisor to withdraw it."),
        )
        self._transition("void", reason=self.env._("withdrawn"))

    def _on_state_void(self, _previous):
        self._follow_delivery()
        contacts = self.sudo().contact_id.filtered(lambda contact: contact.state == "queued")
        words = self.env._("statement withdrawn")
        for contact in contacts.filtered("level_id"):
            # The level did not go out: what was told by it, and how far the account is, goes back.
            contact._withdraw("undelivered", words)
        contacts.filtered(lambda contact: not contact.level_id)._transition(
            "cancelled", reason=words
        )

    def action_mark_sent(self):
        """Letters have been handed to the post."""
        self.check_access("write")
        self._mark_sent()

    def _mark_sent(self):
        """The statements are on their way, or in the portal."""
        moved = self._transition("sent")
        moved._note_delivery()
        contacts = moved.sudo().contact_id
        contacts.filtered(lambda contact: contact.state == "queued")._transition("sent")

    def _note_delivery(self):
        """The day on which a statement is provided; from it notice periods run."""
        for company, own in self.grouped("company_id").items():
            own._write_guarded({"sent_on": company._get_office_day()})
        self._follow_delivery()

    def _follow_delivery(self):
        self.sudo().line_ids.case_id._renew_first_statement()


def check_supervisor(records, operation, message):
    """Let nobody but supervisors, and the system itself, do something to records.

    :raise AccessError: carries ``message``; the attempt is put on record
    """
    env = records.env
    if not records or env.uid == SUPERUSER_ID or env.user.has_group(_SUPERVISOR):
        return
    raise env["hc.refused.attempt"]._refuse(records, operation, message, reason="supervisor")


def _make_token():
    return secrets.token_urlsafe(16)
