# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.tools import SQL


class HcCadenceTold(models.Model):
    """Which contact told of which open item, at which level of that item.

    A debt moves on by one level with each contact that tells of it, whatever the account's other
    debts have reached. A contact that was withdrawn has told of nothing: its rows go with it.
    """

    _name = "hc.cadence.told"
    _description = "Debt a Contact Told Of"
    _inherit = ["hc.guarded.mixin", "hc.phi.mixin"]
    _phi_patient_path = "account_id.patient_id"
    _order = "id desc"
    _rec_name = "level_id"
    _log_access = False

    contact_id = fields.Many2one(
        "hc.contact", required=True, readonly=True, index=True, ondelete="cascade"
    )
    account_id = fields.Many2one(
        "hc.collection.account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    item_id = fields.Many2one(
        "account.move.line", "Journal Item", required=True, readonly=True, ondelete="cascade"
    )
    level_id = fields.Many2one(
        "hc.cadence.level", required=True, readonly=True, index=True, ondelete="restrict"
    )
    told_on = fields.Date(required=True, readonly=True)

    _once = models.UniqueIndex("(item_id, contact_id)", "The contact told of this already.")

    @api.model
    def _get_guarded_fields(self):
        """Every field: rows are made and taken back with their contacts."""
        stored = {name for name, field in self._fields.items() if field.store}
        return super()._get_guarded_fields() | stored - {"id"}

    @api.model
    def _insert_for(self, policy, contacts, day):
        """Note which debts contacts of one policy tell of, each at its own next level.

        Debts that are ahead of a contact's level, or that stand still, stay where they are.

        :param contacts: of one company, recorded before any of their debts moves on
        """
        facts, accounts = self.env["hc.cadence.facts"], contacts.account_id
        company = contacts.company_id
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                """
                WITH %(sources)s
                INSERT INTO hc_cadence_told
                       (contact_id, account_id, company_id, item_id, level_id, told_on)
                SELECT contact.id, contact.account_id, contact.company_id, debt.item_id,
                       level.id, %(day)s
                  FROM hc_contact contact
                  JOIN (%(debts)s) debt ON debt.account_id = contact.account_id
                  JOIN (%(levels)s) own ON own.id = contact.level_id
                  JOIN (%(levels)s) level ON level.place = debt.place
                 WHERE contact.id = ANY(%(contacts)s) AND debt.place <= own.place
                   AND NOT debt.is_stopped
                    ON CONFLICT DO NOTHING
             RETURNING id
                """,
                sources=facts._get_sources(company, policy.party, day, accounts),
                debts=facts._get_debts_body(policy),
                levels=facts._get_levels_query(policy),
                contacts=contacts.ids,
                day=day,
            )
        )
        self.invalidate_model(flush=False)
        contacts.invalidate_recordset(["told_ids"], flush=False)
