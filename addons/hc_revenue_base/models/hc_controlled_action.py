# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from dataclasses import dataclass

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..hc_core import lifecycles


@dataclass(frozen=True)
class GateDecision:
    """What a gate says to an action: ``allow``, ``wait`` (for people) or ``refuse``, and why."""

    verdict: str
    reason: str = ""


class HcControlledAction(models.Model):
    """An act that moves, forgives or promises money, or overrides a control.

    A request is fixed when it is made: a changed amount is a new action. :meth:`_gate` answers
    *allow* here; a module with approvals answers *wait* and calls :meth:`_settle` when its people
    have decided. ``_apply_<kind>()`` performs the act, once, in the same transaction as the move
    to *applied*. The requester is always the acting user.
    """

    _name = "hc.controlled.action"
    _description = "Controlled Action"
    _inherit = ["hc.lifecycle.mixin", "hc.batch.mixin", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True
    _lifecycles = {"state": lifecycles.CONTROLLED_ACTION}
    _request_fields = frozenset(
        {
            "name",
            "kind",
            "res_model",
            "res_id",
            "case_id",
            "amount",
            "currency_id",
            "reason_code_id",
            "justification",
            "requester_id",
            "idempotency_key",
            "expires_at",
            "company_id",
            "facility_id",
            "department_id",
            "payer_type",
            "exception_category",
            "account_risk_level",
            "parameters",
            "evidence_ids",
        }
    )
    _guarded_fields = _request_fields | {"settled_at", "gate_reason"}
    _guarded_line_models = ("hc.action.evidence",)

    name = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="pending",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    kind = fields.Selection(
        [
            ("billing_override", "Billing Override"),
            ("credit_note", "Credit Note"),
            ("not_billable", "Not Billable"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    res_model = fields.Char("Subject Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Subject", model_field="res_model", required=True, readonly=True
    )
    case_id = fields.Many2one("hc.billing.case", readonly=True, index=True, ondelete="restrict")
    amount = fields.Monetary(readonly=True, help="0 where no money moves.")
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        readonly=True,
        default=lambda self: self.env.company.currency_id,
    )
    reason_code_id = fields.Many2one(
        "hc.reason.code", readonly=True, index=True, ondelete="restrict"
    )
    justification = fields.Text(readonly=True)
    requester_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, ondelete="restrict"
    )
    idempotency_key = fields.Char(required=True, readonly=True, copy=False)
    expires_at = fields.Datetime(readonly=True, index=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    facility_id = fields.Many2one("hc.facility", readonly=True, index=True)
    department_id = fields.Many2one("hc.department", readonly=True, index=True)
    payer_type = fields.Selection(
        selection=lambda self: self.env["hc.payer"]._fields["payer_type"].selection,
        readonly=True,
        index=True,
    )
    exception_category = fields.Char(
        readonly=True, index=True, help="Group of the readiness rule or denial concerned."
    )
    account_risk_level = fields.Selection(
        [("low", "Low"), ("medium", "Medium"), ("high", "High")], default="low", readonly=True
    )
    parameters = fields.Json(readonly=True, help="What the act needs besides amount and subject.")
    evidence_ids = fields.One2many("hc.action.evidence", "action_id", readonly=True)
    settled_at = fields.Datetime(readonly=True, copy=False)
    gate_reason = fields.Text(readonly=True, copy=False)

    _idempotency_unique = models.UniqueIndex(
        "(company_id, kind, idempotency_key)", "This action was requested already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self._has_create_permit():
            raise self.env["hc.refused.attempt"]._refuse(
                self,
                "create",
                self.env._("Controlled actions are requested by the record's own buttons."),
            )
        return super().create(vals_list)

    @api.model
    def _request(self, kind, subject, *, idempotency_key, evidence=(), **values):
        """Request an act and, where the gate allows it, perform it at once.

        :param str kind: one of the kinds of the ``kind`` field
        :param subject: the record that the act changes
        :param str idempotency_key: a repeated request with the same key and content returns the
            first action; with other content it is refused
        :param evidence: dicts with ``evidence_type`` and ``attachment_id``, ``text`` or
            ``res_model``/``res_id``
        :param values: ``amount``, ``currency_id``, ``reason_code_id``, ``justification``,
            ``expires_at``, ``parameters``, and the routing fields
        :return: the action, in state pending, applied or rejected
        :raise UserError: the key was used for another request, nobody performs acts of this kind,
            or this one could not be performed
        """
        return self._request_many(
            kind,
            [
                {
                    "subject": subject,
                    "idempotency_key": idempotency_key,
                    "evidence": evidence,
                    **values,
                }
            ],
        )

    @api.model
    def _request_many(self, kind, requests):
        """Request acts of one kind as one set: all of them or, with one clear error, none.

        :param requests: dicts of the arguments of :meth:`_request` but the kind
        :return: the actions, in the order of the requests
        """
        self._check_performable(kind)
        vals_list = [self._prepare_one_request(kind, dict(request)) for request in requests]
        known = self._find_requested(kind, vals_list)
        new = {}
        for vals in vals_list:
            key = (vals["company_id"], vals["idempotency_key"])
            if key in known:
                known[key]._check_same_request(vals)
            else:
                new.setdefault(key, vals)
        # The audit log says who requested what; chatter is for people.
        quiet = self.sudo().with_context(tracking_disable=True)
        created = quiet._create_guarded(list(new.values())).with_env(self.sudo().env)
        for action in created:
            action._check_request()
        known.update(zip(new, created, strict=True))
        created._settle_by_gate()
        return self.sudo().browse(
            known[vals["company_id"], vals["idempotency_key"]].id for vals in vals_list
        )

    @api.model
    def _prepare_one_request(self, kind, values):
        subject = values.pop("subject")
        subject.ensure_one()
        subject.check_access("read")
        evidence = values.pop("evidence", ())
        vals = self._prepare_request_vals(kind, subject, values.pop("idempotency_key"), values)
        return vals | {"evidence_ids": [(0, 0, item) for item in evidence]}

    @api.model
    def _find_requested(self, kind, vals_list):
        """Earlier requests with the same keys, as ``{(company id, key): action}``."""
        earlier = self.sudo().search(
            [
                ("company_id", "in", list({vals["company_id"] for vals in vals_list})),
                ("kind", "=", kind),
                ("idempotency_key", "in", [vals["idempotency_key"] for vals in vals_list]),
            ]
        )
        return {(action.company_id.id, action.idempotency_key): action for action in earlier}

    @api.model
    def _check_performable(self, kind):
        if not hasattr(self, f"_apply_{kind}"):
            raise UserError(
                self.env._(
                    "Nothing that is installed performs “%(kind)s”. Install the module that does.",
                    kind=dict(self._fields["kind"]._description_selection(self.env)).get(
                        kind, kind
                    ),
                )
            )

    def _check_request(self):
        """Refuse a new request that could not be performed as things are; kinds add theirs.

        :raise UserError: why not
        """

    @api.model
    def _prepare_request_vals(self, kind, subject, idempotency_key, values):
        defaults = {
            name: subject[name].id
            for name in ("company_id", "facility_id", "department_id", "currency_id")
            if name in subject._fields and subject[name]
        }
        if "payer_type" in subject._fields:
            defaults["payer_type"] = subject.payer_type
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return {
            "company_id": self.env.company.id,
            **defaults,
            **values,
            "name": f"{kinds[kind]}: {subject.display_name}",
            "kind": kind,
            "res_model": subject._name,
            "res_id": subject.id,
            "requester_id": self.env.uid,
            "idempotency_key": idempotency_key,
        }

    def _check_same_request(self, vals):
        self.ensure_one()
        same = (
            self.res_model == vals["res_model"]
            and self.res_id == vals["res_id"]
            and self.currency_id.compare_amounts(self.amount, vals.get("amount", 0.0)) == 0
            and self.requester_id.id == vals["requester_id"]
        )
        if not same:
            raise UserError(
                self.env._(
                    "“%(action)s” was requested before with other content. "
                    "Withdraw it or make a new request.",
                    action=self.name,
                )
            )

    def _gate(self):
        """Whether the act may be performed now. Overridden by a module with approvals."""
        self.ensure_one()
        return GateDecision("allow")

    def _get_related_kind(self):
        """The kind whose rules decide where none are made for this one; a sibling names it.

        An act that a module brings is then never without people who must agree to it.
        """
        self.ensure_one()
        return self.kind

    def _settle_by_gate(self):
        """Ask the gate about new requests and do what it says."""
        for action in self:
            action._settle(action._gate())

    def _settle(self, decision):
        """Do what the gate decided: perform, reject or leave pending."""
        self.ensure_one()
        if decision.verdict == "allow":
            self._apply()
        elif decision.verdict == "refuse":
            self._transition("rejected", reason=decision.reason)
            self._write_guarded({"gate_reason": decision.reason})
        else:
            self._write_guarded({"gate_reason": decision.reason})

    def _apply(self):
        """Perform the act, once: both it and the move to *applied* happen, or neither."""
        self.ensure_one()
        if self._is_expired():
            raise UserError(
                self.env._("“%(action)s” has expired. Request it again.", action=self.name)
            )
        if self._transition("applied", facts=self._get_log_facts()):
            getattr(self, f"_apply_{self.kind}")()

    def _get_log_facts(self):
        return {
            "kind": self.kind,
            "subject": f"{self.res_model},{self.res_id}",
            "amount": f"{self.amount:.{self.currency_id.decimal_places}f}",
            "currency": self.currency_id.name,
            "reason_code": self.reason_code_id.code or "",
            "requester": self.requester_id.id,
        }

    def _is_expired(self):
        return bool(self.expires_at) and self.expires_at <= self.env.cr.now()

    def _get_subject(self):
        """The record that the act changes."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)

    def _on_state_applied(self, previous):
        self._write_guarded({"settled_at": self.env.cr.now().replace(microsecond=0)})

    def _cron_expire(self):
        """Scheduled Action: pending requests whose time ran out can no longer be applied."""
        self._run_in_batches(
            [("state", "=", "pending"), ("expires_at", "<=", self.env.cr.now())], "_expire"
        )

    def _expire(self):
        self._transition("expired", reason=self.env._("nobody decided in time"))

    def action_withdraw(self):
        """Withdraw one's own pending request."""
        for action in self:
            if action.requester_id != self.env.user:
                raise self.env["hc.refused.attempt"]._refuse(
                    action,
                    "withdraw",
                    self.env._("Only the requester can withdraw a request."),
                    reason="not_requester",
                )
        self.sudo()._transition("void", reason=self.env._("withdrawn by the requester"))


class HcActionEvidence(models.Model):
    """One piece of evidence for a controlled action, fixed with it."""

    _name = "hc.action.evidence"
    _description = "Evidence"
    _order = "action_id, id"
    _inherit = ["hc.guarded.mixin"]
    _guarded_fields = frozenset(
        {
            "action_id",
            "evidence_type",
            "text",
            "attachment_id",
            "checksum",
            "document_author_id",
            "res_model",
            "res_id",
        }
    )

    # Nobody deletes an action; those of a kind whose module is uninstalled take this with them.
    action_id = fields.Many2one(
        "hc.controlled.action", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="action_id.company_id", store=True, index=True)
    evidence_type = fields.Selection(
        [
            ("attachment", "Document"),
            ("record", "Linked Record"),
            ("reason_code", "Reason Code"),
            ("justification", "Written Justification"),
        ],
        required=True,
        readonly=True,
    )
    text = fields.Text(readonly=True)
    attachment_id = fields.Many2one("ir.attachment", readonly=True, ondelete="restrict")
    checksum = fields.Char(readonly=True, help="SHA-1 of the document when it was given.")
    document_author_id = fields.Many2one(
        "res.users", "Document By", readonly=True, help="Who had put the document into the system."
    )
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("attachment_id"):
                action = self.env["hc.controlled.action"].browse(vals["action_id"])
                given = self.env["ir.attachment"].sudo().browse(vals["attachment_id"])
                vals["document_author_id"] = given.create_uid.id
                document = self._take_document(action, given)
                vals |= {"attachment_id": document.id, "checksum": document.checksum}
        return super().create(vals_list)

    @api.model
    def _take_document(self, action, document):
        """The document where everybody reads it who reads the action.

        What the giver has just uploaded becomes the action's; a document of another record, or one
        that a link opens, is copied: those who decide may read it, whether they read that record
        or not, and nobody else.

        :raise AccessError: the giver may not read the document
        """
        document.with_user(self.env.uid).check_access("read")
        home = {"res_model": action._name, "res_id": action.id}
        if (document.res_model, document.res_id) == (action._name, action.id):
            return document
        is_shared = document.public or document.access_token
        if document.res_id or document.create_uid != self.env.user or is_shared:
            private = {"public": False, "access_token": False, "res_field": False}
            return document.copy(home | private)
        document.write(home)
        return document

    @api.constrains("evidence_type", "text", "attachment_id", "res_id")
    def _check_content(self):
        for evidence in self:
            given = {
                "attachment": evidence.attachment_id,
                "record": evidence.res_id,
            }.get(evidence.evidence_type, (evidence.text or "").strip())
            if not given:
                raise ValidationError(
                    self.env._("Evidence without content: attach, link or write what supports it.")
                )
