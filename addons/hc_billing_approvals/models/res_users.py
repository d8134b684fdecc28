# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models, tools
from odoo.tools import SQL


class ResUsers(models.Model):
    _inherit = "res.users"

    hc_manager_id = fields.Many2one(
        "res.users",
        "Approves for This User",
        help="The manager whom approval policies may name for this user's requests.",
    )

    @tools.ormcache("self.id")
    def _get_own_role_ids(self):
        """Ids of the roles whose work is the user's, as the groups of a user tell.

        A manager is a supervisor and a team lead as well and may decide as one. What waits for
        team leads is not the manager's work, unless nobody is a team lead and nothing higher.
        """
        self.ensure_one()
        roles = self.sudo().all_group_ids
        return tuple(
            roles.filtered(lambda role: role._is_own_of(self) or not role._has_own_members()).ids
        )


class ResGroups(models.Model):
    _inherit = "res.groups"

    def _is_own_of(self, user):
        """Whether a user has the role other than by a higher one of the same ladder."""
        self.ensure_one()
        higher = (self.all_implied_by_ids - self) & user.sudo().all_group_ids
        return not self.privilege_id or self.privilege_id not in higher.privilege_id

    def _has_own_members(self):
        self.ensure_one()
        members = self.all_user_ids.filtered(lambda user: user.active and not user.share)
        return any(self._is_own_of(user) for user in members)


class HcFacility(models.Model):
    _inherit = "hc.facility"

    hc_manager_id = fields.Many2one("res.users", "Manager", tracking=True)


class HcDepartment(models.Model):
    _inherit = "hc.department"

    hc_manager_id = fields.Many2one("res.users", "Manager")


class HcPatient(models.Model):
    _inherit = "hc.patient"

    hc_related_user_ids = fields.Many2many(
        "res.users",
        "hc_patient_related_user_rel",
        string="Users Who Are or Belong to the Patient",
        copy=False,
        groups="hc_revenue_base.group_hc_compliance,hc_revenue_base.group_hc_administrator",
        help="They decide nothing about this patient's account.",
    )
    hc_request_count = fields.Integer("Acts Requested", readonly=True, copy=False)

    def write(self, vals):
        if "hc_related_user_ids" not in vals:
            return super().write(vals)
        concerned = self.sudo().filtered(lambda each: self.env.user in each.hc_related_user_ids)
        result = super().write(vals)
        if any(self.env.user not in patient.hc_related_user_ids for patient in concerned):
            raise self.env["hc.refused.attempt"]._refuse(
                self,
                "write",
                self.env._("Whether you belong to a patient is changed by somebody else."),
                refusal="duty",
                reason="hc_related_user_ids",
            )
        return result

    def _count_request(self):
        """Count a request about the patient, so that two at once see each other.

        Recent acts are added up. Of two requests in two transactions neither would see the other;
        both change this row, so the second is repeated by the server after the first is through.
        """
        if self:
            self.env.cr.execute(
                SQL(
                    "UPDATE hc_patient SET hc_request_count = coalesce(hc_request_count, 0) + 1"
                    " WHERE id IN %s",
                    self._ids,
                )
            )
            self.invalidate_recordset(["hc_request_count"], flush=False)

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"hc_request_count"}
