# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..hc_core.ledger_acts import LEDGER_ACCOUNTS

_JOURNAL_CODE = "PADJ"
_KEEPERS = (
    "hc_revenue_base.group_hc_administrator",
    "hc_revenue_base.group_hc_finance_manager",
)


class HcLedgerAccount(models.Model):
    """Where in a company's books each kind of adjustment is posted.

    The accounts are created with the chart of accounts; another account or journal is a
    configuration change of two persons.
    """

    _name = "hc.ledger.account"
    _description = "Ledger Account"
    _inherit = ["hc.config.controlled.mixin"]
    _order = "company_id, kind"
    _rec_name = "kind"
    _check_company_auto = True
    _config_fields = ("account_id", "journal_id", "kind", "company_id")

    kind = fields.Selection(
        [(account.kind, account.label) for account in LEDGER_ACCOUNTS],
        "Used For",
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    # A chart of accounts that has no entries yet may be replaced by another.
    account_id = fields.Many2one(
        "account.account", required=True, check_company=True, ondelete="cascade"
    )
    journal_id = fields.Many2one(
        "account.journal", required=True, check_company=True, ondelete="cascade"
    )

    _kind_unique = models.UniqueIndex(
        "(company_id, kind)", "The company has an account of this kind already."
    )

    @api.depends("kind", "account_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for record in self:
            record.display_name = kinds.get(record.kind, "")

    @api.model
    def _get_uses(self):
        """What the suite needs accounts for, ``hc_core.ledger_acts.LedgerAccount``; extend it."""
        return LEDGER_ACCOUNTS

    @api.model
    def _get_use(self, kind):
        return next(use for use in self._get_uses() if use.kind == kind)

    @api.constrains("account_id", "journal_id")
    def _check_account(self):
        groups = dict(self.env["account.account"]._fields["internal_group"].selection)
        for record in self.sudo():
            allowed = self._get_use(record.kind).internal_groups
            if record.account_id.internal_group not in allowed:
                raise ValidationError(
                    self.env._(
                        "%(account)s cannot be used for “%(kind)s”: that needs an account of the "
                        "type %(types)s.",
                        account=record.account_id.display_name,
                        kind=record.display_name,
                        types=", ".join(groups[group] for group in allowed),
                    )
                )
            if record.journal_id.type != "general":
                raise ValidationError(
                    self.env._(
                        "%(journal)s is no miscellaneous journal: adjustments are no invoices and "
                        "no payments.",
                        journal=record.journal_id.display_name,
                    )
                )

    @api.model
    def _get_for(self, company, kind):
        """The account of a kind; branches use those of their main company.

        :raise UserError: the company has none
        """
        record = self.sudo().search([("company_id", "=", company.root_id.id), ("kind", "=", kind)])
        if not record:
            raise UserError(
                self.env._(
                    "%(company)s has no ledger account for “%(kind)s”. Use “Create Missing "
                    "Accounts” under Configuration → Ledger Accounts.",
                    company=company.root_id.name,
                    kind=dict(self._fields["kind"]._description_selection(self.env))[kind],
                )
            )
        return record

    def action_create_missing(self):
        """Create what the companies of the user lack."""
        if not any(self.env.user.has_group(group) for group in _KEEPERS):
            raise AccessError(
                self.env._("Billing administrators and finance managers create ledger accounts.")
            )
        created = self._create_missing(self.env.companies)
        message = (
            self.env._("%(count)s account(s) created.", count=len(created))
            if created
            else self.env._("Nothing is missing where there is a chart of accounts.")
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if created else "info",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _create_missing(self, companies=None):
        """Create accounts, journal and their use for companies with a chart of accounts.

        :param companies: default: all
        :return: the new records
        """
        companies = companies or self.env["res.company"].sudo().search([("id", ">", 0)])
        created = self.sudo().browse()
        for company in companies.sudo().root_id.filtered("chart_template"):
            known = set(self.sudo().search([("company_id", "=", company.id)]).mapped("kind"))
            missing = [use for use in self._get_uses() if use.kind not in known]
            if missing:
                created |= self.sudo().with_company(company)._create_for(company, missing)
        self.env["hc.config.version"]._take(created, "shipped")
        return created

    def _create_for(self, company, missing):
        journal = self._get_or_create_journal(company)
        accounts = self.env["account.account"]
        return self.create(
            [
                {
                    "company_id": company.id,
                    "kind": use.kind,
                    "journal_id": journal.id,
                    "account_id": accounts.create(
                        {
                            "name": use.label,
                            "code": accounts._search_new_account_code(use.code, set()),
                            "account_type": use.account_type,
                            "reconcile": use.reconcile,
                            "company_ids": company.ids,
                        }
                    ).id,
                }
                for use in missing
            ]
        )

    def _get_or_create_journal(self, company):
        journals = self.env["account.journal"]
        domain = [("company_id", "=", company.id), ("code", "=", _JOURNAL_CODE)]
        return journals.search([*domain, ("type", "=", "general")], limit=1) or journals.create(
            {
                "name": self.env._("Patient Account Adjustments"),
                "code": _JOURNAL_CODE,
                "type": "general",
                "company_id": company.id,
                "show_on_dashboard": False,
            }
        )

    def _config_options(self, name, current):
        """What may be proposed: accounts that fit the use, and miscellaneous journals.

        The administrators who propose need no right to read accounting.
        """
        domains = {
            "account_id": [("internal_group", "in", self._get_use(self.kind).internal_groups)],
            "journal_id": [("type", "=", "general")],
        }
        if name not in domains:
            return super()._config_options(name, current)
        comodel = self.env[self._fields[name].comodel_name].sudo()
        company_domain = comodel._check_company_domain(self.company_id)
        found = comodel.search([*company_domain, *domains[name]]) | comodel.browse(current)
        return [[record.id, record.display_name] for record in found]


class AccountChartTemplate(models.AbstractModel):
    _inherit = "account.chart.template"

    def _post_load_data(self, template_code, company, template_data):
        result = super()._post_load_data(template_code, company, template_data)
        self.env["hc.ledger.account"]._create_missing(company or self.env.company)
        return result
