# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..hc_core import retention


class HcRetentionPolicy(models.Model):
    """For how long a company keeps contents of a kind, and whether the law holds them back.

    A module adds kinds by ``_get_subjects() + [RetentionSubject(…)]``. Without a policy the
    usual time of the kind holds. Under a legal hold nothing of the kind is erased.
    """

    _name = "hc.retention.policy"
    _description = "Retention Policy"
    _inherit = ["mail.thread", "hc.batch.mixin"]
    _order = "company_id, code"
    _rec_name = "code"

    code = fields.Selection(
        selection="_get_codes", string="Contents", required=True, index=True, tracking=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    days = fields.Integer("Kept For (days)", required=True, tracking=True)
    is_held = fields.Boolean("Legal Hold", tracking=True, help="Nothing of the kind is erased.")
    hold_reason = fields.Char(tracking=True, help="The matter, who asked, and since when.")
    stays = fields.Text("What Stays", compute="_compute_subject")
    shortest_days = fields.Integer("At Least (days)", compute="_compute_subject")

    _one_per_kind = models.UniqueIndex(
        "(company_id, code)", "The company has a policy for these contents already."
    )
    _hold_has_reason = models.Constraint(
        "CHECK (NOT is_held OR hold_reason IS NOT NULL AND hold_reason <> '')",
        "A legal hold has a reason: the matter, who asked, and since when.",
    )

    @api.model
    def _get_subjects(self):
        """The kinds of contents; a module extends the list.

        :return: list of :class:`~..hc_core.retention.RetentionSubject`
        """
        return []

    @api.model
    def _get_registry(self):
        return retention.registry(self._get_subjects())

    @api.model
    def _get_codes(self):
        return [(code, subject.name) for code, subject in self._get_registry().items()]

    @api.depends("code")
    def _compute_subject(self):
        registry = self._get_registry()
        for policy in self:
            subject = registry.get(policy.code)
            policy.stays = subject.stays if subject else False
            policy.shortest_days = subject.shortest_days if subject else 0

    @api.onchange("code")
    def _onchange_code(self):
        """Begin with the usual time."""
        subject = self._get_registry().get(self.code)
        if subject and not self.days:
            self.days = subject.default_days

    @api.constrains("code", "days")
    def _check_days(self):
        registry = self._get_registry()
        for policy in self:
            try:
                registry[policy.code].check_days(policy.days)
            except retention.RetentionError as error:
                raise ValidationError(error.message) from error

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        policies._log("set")
        return policies

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"code", "days", "is_held", "hold_reason", "company_id"}:
            self._log("changed")
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        for policy in self.filtered("is_held"):
            raise ValidationError(
                self.env._("%s is under a legal hold: end the hold first.", policy.display_name)
            )
        self._log("deleted")

    def _log(self, event):
        """Put on record who decides what is erased when."""
        self.env["hc.transition"].sudo()._append(
            [
                {
                    "record": policy,
                    "kind": "event",
                    "facts": {
                        "event": f"retention {event}",
                        "contents": policy.code,
                        "days": policy.days,
                        "held": policy.is_held,
                    },
                }
                for policy in self
            ]
        )

    @api.model
    def _cron_erase(self):
        """Scheduled Action: erase what is older than its policy, company by company."""
        now = self.env.cr.now()
        policies_sudo = self.sudo().search([("company_id", "!=", False)])
        by_key = {(policy.company_id.id, policy.code): policy for policy in policies_sudo}
        companies = self.env["res.company"].sudo().search([("id", "!=", False)])
        parts = []
        for code, subject in self._get_registry().items():
            for company in companies:
                policy = by_key.get((company.id, code))
                if policy and policy.is_held:
                    continue
                cutoff = subject.get_cutoff(now, policy.days if policy else subject.default_days)
                own = [("company_id", "=", company.id), (subject.aged_by, "<", cutoff)]
                records = self.env[subject.model].sudo()
                domain = [*own, *subject.domain]
                records = self.env[subject.model].sudo()
                parts.append((f"{company.id}:{code}", records, domain, subject.method))
        self._run_in_parts(parts)
