# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from dataclasses import dataclass
from decimal import Decimal

from odoo import api, models, tools

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

from ..hc_approval_core.policy import Policy, Route
from ..hc_approval_core.router import RequestFacts, Router


@dataclass(frozen=True)
class PolicyDecision(GateDecision):
    """What a policy says to an action, with what it said it by."""

    policy_id: int = 0
    route_id: int = 0
    routed_amount: Decimal = Decimal(0)
    aggregated_amount: Decimal = Decimal(0)


class HcApprovalPolicy(models.Model):
    """From an action to the one route that takes it."""

    _inherit = "hc.approval.policy"

    @api.model
    @tools.ormcache("company_id", "day")
    def _get_id_in_force(self, company_id, day):
        """Id of the version that holds for a company on a day, or False.

        A version of the company itself goes before the shared one.
        """
        return (
            self.sudo()
            .search(
                [
                    ("state", "in", ("published", "superseded")),
                    ("company_id", "in", [company_id, False]),
                    ("valid_from", "<=", day),
                    "|",
                    ("valid_to", "=", False),
                    ("valid_to", ">=", day),
                ],
                order="company_id, version desc",
                limit=1,
            )
            .id
        )

    @tools.ormcache("self.id")
    def _get_router(self):
        """The version made ready to route; a published one never changes."""
        self.ensure_one()
        return Router.compile(self._to_core())

    def _get_draft_router(self):
        """The version ready to route, a draft as it stands now."""
        return self._get_router() if self.published_at else Router.compile(self._to_core())

    def _to_core(self):
        self.ensure_one()
        policy_sudo = self.sudo()
        return Policy(
            code=self.name,
            version=self.version,
            currency=self.currency_id.name,
            routes=tuple(route._to_core() for route in policy_sudo.route_ids),
            aggregations=tuple(each._to_core() for each in policy_sudo.aggregation_ids),
        )

    def _route(self, actions):
        """Ask the policy about pending actions.

        :return: a :class:`PolicyDecision` by id of the action
        """
        self.ensure_one()
        actions.case_id.patient_id._count_request()
        sums = self._add_up(actions)
        return {action.id: self._decide(action, sums.get(action.id)) for action in actions}

    def _decide(self, action, aggregated_amount):
        facts = self._prepare_facts(action, aggregated_amount)
        routing = self._get_router().route(facts)
        if not routing.route:
            return PolicyDecision("refuse", self._describe_no_route(action, routing), self.id)
        route = self.route_ids.filtered(lambda each: each.code == routing.route.code)
        return PolicyDecision(
            "allow" if not routing.route.steps else "wait",
            self._describe_route(route),
            self.id,
            route.id,
            facts.routing_amount,
            facts.aggregated_amount or facts.amount,
        )

    def _prepare_facts(self, action, aggregated_amount):
        return RequestFacts(
            kind=self._get_routed_kind(action),
            amount=self._convert(action.amount, action.currency_id, action),
            values={
                "payer_type": action.payer_type or None,
                "facility": action.facility_id.code or None,
                "department": action.department_id.code or None,
                "exception_category": action.exception_category or None,
                "account_risk_level": action.account_risk_level or None,
                "reason_code": action.reason_code_id.code or None,
            },
            aggregated_amount=aggregated_amount,
        )

    def _get_routed_kind(self, action):
        """The kind whose routes take an action: its own or, where it has none, the related one."""
        has_own = action.kind in self.route_ids.mapped("kind")
        return action.kind if has_own else action._get_related_kind()

    def _convert(self, amount, currency, action):
        """An amount in the currency of the policy, at the rate of the action's day."""
        target = self.currency_id
        if currency != target:
            day = (action.create_date or self.env.cr.now()).date()
            amount = currency._convert(amount, target, action.company_id, day)
        return Decimal(f"{target.round(amount):.{target.decimal_places}f}")

    def _describe_route(self, route):
        return self.env._(
            "%(policy)s, route %(route)s: %(steps)s",
            policy=self.display_name,
            route=route.code,
            steps=route.step_text,
        )

    def _describe_no_route(self, action, routing):
        kinds = dict(action._fields["kind"]._description_selection(self.env))
        what = self.env._(
            "%(kind)s of %(amount)s",
            kind=kinds[action.kind],
            amount=action.currency_id.format(action.amount),
        )
        if routing.matched:
            return self.env._(
                "%(what)s: the routes %(routes)s of %(policy)s both take it. "
                "A billing administrator must make the policy say one thing.",
                what=what,
                routes=", ".join(routing.matched),
                policy=self.display_name,
            )
        return self.env._(
            "%(what)s: no route of %(policy)s takes it. Ask a billing administrator to add one.",
            what=what,
            policy=self.display_name,
        )

    @api.model
    def _get_known_values(self, dimension, company):
        """Values that a condition may name; None where any word may come."""
        env = self.sudo().env
        of_company = [("company_id", "in", [company.id, False])] if company else []
        if dimension == "payer_type":
            return frozenset(dict(env["hc.payer"]._fields["payer_type"].selection))
        if dimension == "account_risk_level":
            selection = env["hc.controlled.action"]._fields["account_risk_level"].selection
            return frozenset(dict(selection))
        models_ = {
            "facility": "hc.facility",
            "department": "hc.department",
            "reason_code": "hc.reason.code",
        }
        if dimension not in models_:
            return None
        records = env[models_[dimension]].with_context(active_test=False).search(of_company)
        return frozenset(records.mapped("code"))


class HcApprovalRoute(models.Model):
    _inherit = "hc.approval.route"

    def _to_core(self):
        self.ensure_one()
        places = self.currency_id.decimal_places
        return Route(
            code=self.code,
            kind=self.kind,
            amount_from=Decimal(f"{self.amount_from:.{places}f}"),
            amount_to=Decimal(f"{self.amount_to:.{places}f}") if self.amount_to else None,
            conditions=tuple(each._to_core() for each in self.condition_ids),
            steps=tuple(rule._to_core() for rule in self.step_rule_ids if not self.is_automatic),
        )
