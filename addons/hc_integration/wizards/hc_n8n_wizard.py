# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from odoo.addons.base.models.res_users import check_identity
from odoo.addons.hc_revenue_base.hc_core.http_errors import OutgoingError
from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP
from odoo.addons.hc_revenue_base.tools.http_request import parse_url

from ..hc_webhook_core import n8n_workflows

_ALLOWANCE_DAYS = 365


class HcN8nWizard(models.TransientModel):
    """Connect an n8n in one step: user, secrets, key, and a subscription for each workflow.

    What n8n has to know is shown once, as the text of its environment. Pressed again it renews
    the secrets (the previous ones stay valid for their overlap) and makes a further key.
    """

    _name = "hc.n8n.wizard"
    _description = "Connect n8n"

    source_id = fields.Many2one(
        "hc.integration.source", "Connected System", required=True, ondelete="cascade"
    )
    user_id = fields.Many2one(related="source_id.user_id")
    n8n_url = fields.Char(
        "Address of n8n", required=True, help="As Odoo reaches it, without a path."
    )
    sees_patient_data = fields.Boolean(
        "May See Patient Data",
        default=True,
        help="Texts and questions to payers need it. Counts for a user that is created now.",
    )
    days = fields.Integer("Key Valid for (Days)", required=True, default=90)
    starts_at_once = fields.Boolean(
        "Start Sending at Once", help="Otherwise start each subscription after a test event."
    )
    line_ids = fields.One2many(
        "hc.n8n.wizard.line", "wizard_id", "Workflows", default=lambda self: self._list_workflows()
    )

    @api.model
    def _list_workflows(self):
        known = self._get_event_types()
        return [
            Command.create(
                {
                    "code": workflow.code,
                    "is_chosen": set(workflow.event_types) <= known.keys(),
                }
            )
            for workflow in n8n_workflows.WORKFLOWS
        ]

    @api.model
    def _get_event_types(self):
        """The types that the workflows want and installed modules have, by code."""
        wanted = [code for each in n8n_workflows.WORKFLOWS for code in each.event_types]
        # The catalogue is read by whoever may subscribe; what is in it is no secret.
        types_sudo = self.env["hc.event.type"].sudo()
        found = types_sudo.search([("code", "in", wanted)])
        if len(found) < len(set(wanted)):
            types_sudo._sync()
            found = types_sudo.search([("code", "in", wanted)])
        return {each.code: each.id for each in found}

    @api.constrains("n8n_url")
    def _check_n8n_url(self):
        for wizard in self:
            try:
                parse_url(wizard.n8n_url)
            except OutgoingError as error:
                raise ValidationError(error.message) from error

    @check_identity
    def action_connect(self):
        """Connect, and show once what n8n needs; the person proves again who they are."""
        text, notes = self._connect()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Environment of n8n"),
            "res_model": "hc.n8n.environment",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_text": text,
                "default_notes": "\n".join(notes),
                "dialog_size": "large",
            },
        }

    def _connect(self):
        """Do it.

        :return: ``(text of n8n's environment, what is left to do)``
        """
        self.ensure_one()
        source = self.source_id
        self._check_may_connect(source)
        source.user_id = source.user_id or self._create_user()
        inbound, inbound_value = self._renew_secret(f"inbound.{source.code}")
        outbound, outbound_value = self._renew_secret(f"outbound.{source.code}")
        source.write({"secret_id": inbound.id, "scheme": "standard"})
        if source.state != "active":
            source.action_activate()
        chosen = self.line_ids.filtered(lambda line: line.is_chosen and line.is_available)
        for line in chosen:
            self._subscribe(n8n_workflows.find(line.code), outbound)
        key = self.env["hc.integration.key"]._issue(source, "n8n", self.days)
        text = n8n_workflows.environment(
            {
                "HC_ODOO_URL": source.get_base_url(),
                "HC_ODOO_KEY": key,
                "HC_WEBHOOK_SECRETS": outbound_value,
                "HC_INBOUND_SOURCE": source.code,
                "HC_INBOUND_SECRET": inbound_value,
            }
        )
        return text, [
            note for note in (self._propose_allowance(), self._note_rights(chosen)) if note
        ]

    def _check_may_connect(self, source):
        source.check_access("write")
        for model_name in ("hc.integration.key", "hc.secret", "hc.event.subscription"):
            self.env[model_name].check_access("create")
        if source.kind != "orchestrator" or source.state == "retired":
            raise UserError(
                self.env._(
                    "%(system)s is no orchestrator that can be connected. Create a connected "
                    "system of that kind.",
                    system=source.name,
                )
            )

    def _create_user(self):
        """An integration user for this system alone, where the person may create users."""
        users = self.env["res.users"]
        source = self.source_id
        if not (users.has_access("create") and users.partner_id.has_access("create")):
            raise UserError(
                self.env._(
                    "%(system)s has no user. Ask a system administrator to create one with the "
                    "role Integration User, and choose it as “Acts As”.",
                    system=source.name,
                )
            )
        names = ["base.group_user", "hc_revenue_base.group_hc_integration"]
        names += [PHI_GROUP] if self.sees_patient_data else []
        names += [] if source.facility_ids else ["hc_revenue_base.group_hc_all_facilities"]
        return users.with_context(no_reset_password=True).create(
            {
                "name": source.name,
                "login": f"system.{source.code}",
                "group_ids": [Command.set([self.env.ref(name).id for name in names])],
                "company_id": source.company_id.id,
                "company_ids": [Command.set(source.company_id.ids)],
                "hc_facility_ids": [Command.set(source.facility_ids.ids)],
                # The workflows write the days of UTC.
                "tz": "UTC",
            }
        )

    def _renew_secret(self, code):
        """The secret of a code with a new value; the one before stays valid for its overlap.

        :return: ``(secret, its value)``
        """
        company = self.source_id.company_id
        value = n8n_workflows.new_secret(secrets.token_bytes(n8n_workflows.SECRET_BYTES))
        secret = self.env["hc.secret"].search(
            [("code", "=", code), ("company_id", "=", company.id)]
        )
        if not secret:
            secret = secret.create({"name": code, "code": code, "company_id": company.id})
        secret.write({"value": value})
        return secret, value

    def _subscribe(self, workflow, secret):
        """The subscription that begins a workflow; one that is there already is kept."""
        source, types = self.source_id, self._get_event_types()
        url = n8n_workflows.webhook_url(self.n8n_url, workflow.code)
        subscriptions = self.env["hc.event.subscription"]
        known = subscriptions.search(
            [("source_id", "=", source.id), ("url", "=like", f"%/webhook/hc-{workflow.code}")],
            limit=1,
        )
        if not known:
            known = subscriptions.create(
                {
                    "name": f"{source.name}: {workflow.name}",
                    "url": url,
                    "source_id": source.id,
                    "company_id": source.company_id.id,
                    "facility_ids": [Command.set(source.facility_ids.ids)],
                    "secret_id": secret.id,
                    "type_ids": [Command.set([types[code] for code in workflow.event_types])],
                }
            )
        was_sending = known.state == "active"
        if (known.url, known.secret_id) != (url, secret):
            if was_sending:
                known.action_pause()
            known.write({"url": url, "secret_id": secret.id})
        if known.state != "active" and (self.starts_at_once or was_sending):
            known.action_activate()

    def _propose_allowance(self):
        """Ask for leave to call an n8n inside the office's network; a second person gives it.

        :return: a note about it, or None where n8n is on the public Internet
        """
        target = parse_url(self.n8n_url)
        allowances = self.env["hc.http.allowance"]
        is_plain = self.n8n_url.startswith("http://")
        address = allowances._parse_target(target.host)
        is_address = "/" in address
        if not (is_plain or is_address or n8n_workflows.is_inside(target.host)):
            return None
        today = fields.Date.context_today(self)
        known = allowances.search(
            [
                ("target", "=", address),
                ("port", "in", (0, target.port)),
                ("allows_plain", "in", (True, is_plain)),
                ("state", "in", ("proposed", "approved")),
                ("expires_on", ">=", today),
            ],
            order="state",
            limit=1,
        )
        known = known or allowances.create(
            {
                "target": target.host,
                "port": target.port,
                "allows_plain": is_plain,
                "reason": self.env._("n8n: %(system)s", system=self.source_id.name),
                "expires_on": today + timedelta(days=_ALLOWANCE_DAYS),
            }
        )
        if known.state == "approved":
            return None
        return self.env._(
            "n8n is in your own network: another administrator approves the outgoing allowance "
            "for %(target)s (Configuration, Integration). Until then events wait.",
            target=known.display_name,
        )

    def _note_rights(self, chosen):
        """A note where the user may see less than the chosen workflows need."""
        workflows = [n8n_workflows.find(line.code) for line in chosen]
        needy = [each.name for each in workflows if each.needs_patient_data]
        if not needy or self.source_id.user_id.sudo().has_group(PHI_GROUP):
            return None
        return self.env._(
            "%(workflows)s: the user %(user)s needs the right “See Patient Data” for this.",
            workflows=", ".join(needy),
            user=self.source_id.user_id.name,
        )
