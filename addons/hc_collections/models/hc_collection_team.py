# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models
from odoo.exceptions import UserError


class HcCollectionTeam(models.Model):
    """Collectors who share accounts, each up to a cap."""

    _name = "hc.collection.team"
    _description = "Collection Team"
    _order = "name"

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    member_ids = fields.One2many("hc.collection.team.member", "team_id", "Members")
    active = fields.Boolean(default=True)

    def _assign(self, accounts):
        """Give accounts to the members with the most room, the most pressing account first.

        :param accounts: in the order in which they are given out
        :return: the accounts for which there was room
        :raise UserError: the team has no room at all
        """
        self.ensure_one()
        room = self._get_room(accounts)
        given = {}
        for account in accounts:
            user = max(room, key=lambda each: (room[each], -each.id), default=None)
            if user is None or room[user] <= 0:
                break
            room[user] -= 1
            given.setdefault(user, account.browse())
            given[user] |= account
        if accounts and not given:
            raise UserError(
                self.env._("Everybody in %s has as many accounts as the cap allows.", self.name)
            )
        done = accounts.browse()
        for user, share in given.items():
            share._set_collector(user)
            done |= share
        return done

    def _get_room(self, accounts):
        """How many more accounts each member may have; those to be given out do not count."""
        members = self.member_ids.filtered(lambda member: member.user_id.active)
        counts = dict(
            self.env["hc.collection.account"]
            .sudo()
            ._read_group(
                [
                    ("collector_id", "in", members.user_id.ids),
                    ("amount_open", ">", 0),
                    ("id", "not in", accounts.ids),
                ],
                ["collector_id"],
                ["__count"],
            )
        )
        return {
            member.user_id: member.account_cap - counts.get(member.user_id, 0) for member in members
        }


class HcCollectionTeamMember(models.Model):
    """A collector of a team, and how many accounts they may have."""

    _name = "hc.collection.team.member"
    _description = "Member of a Collection Team"
    _order = "team_id, id"

    team_id = fields.Many2one("hc.collection.team", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="team_id.company_id", store=True, index=True)
    user_id = fields.Many2one("res.users", "Collector", required=True, index=True)
    account_cap = fields.Integer(
        "At Most", required=True, default=300, help="Open accounts at a time."
    )
    account_count = fields.Integer("Open Accounts", compute="_compute_account_count")

    _member_once = models.UniqueIndex("(team_id, user_id)", "This collector is in the team.")
    _cap_positive = models.Constraint("CHECK (account_cap >= 0)", "A cap is 0 or more.")

    def _compute_account_count(self):
        counts = dict(
            self.env["hc.collection.account"]._read_group(
                [("collector_id", "in", self.user_id.ids), ("amount_open", ">", 0)],
                ["collector_id"],
                ["__count"],
            )
        )
        for member in self:
            member.account_count = counts.get(member.user_id, 0)
