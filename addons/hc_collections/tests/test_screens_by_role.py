# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.hc_revenue_base.tests.common import assert_refused
from odoo.addons.hc_revenue_base.tests.module_screens import ModuleScreens
from odoo.addons.hc_revenue_base.tests.screen_walk import ScreenWalk
from odoo.addons.hc_revenue_base.tests.test_views import ROLES

from .payment_common import PaymentCase
from .sample_records import create_account_records

_COUNSELOR = "hc_collections.group_hc_financial_counselor"


@tagged("post_install", "-at_install")
class TestScreensByRole(ModuleScreens, PaymentCase):
    """Every button and wizard of the module, in every state, as every role that sees it."""

    screens_module = "hc_collections"
    # The base's, of which the module adds a group to the buttons of the list alone.
    screens_of_others = frozenset({"hc.work.item"})

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = [cls._create_user(f"walk.{role}", role) for role in ROLES]
        counselor = cls._create_user("walk.counselor")
        counselor.group_ids += cls.env.ref(_COUNSELOR)
        cls.users.append(counselor)

    def _get_records(self):
        """At least one record of each model with a screen."""
        self.case = self._bill_patient("WALK-1")
        self.account = self._account_of(self.case)
        records = list(create_account_records(self.env, self.account).values())
        self.env["hc.collection.agency"].search([]).source_id = self.source
        self.env["hc.letter.run"].search([])._write_guarded({"printed_at": self.env.cr.now()})
        records += [
            self.account,
            self._create_proposal(),
            *self._create_holds(),
            self._create_unanswered_charge(),
            self.env["hc.collection.team"].create(
                {"name": "North", "member_ids": [Command.create({"user_id": self.collector.id})]}
            ),
            *self._create_small_balance(),
            self.account._record_consent(["email"], "granted", "call", "said so"),
        ]
        known = {record._name for record in records}
        records += [
            self.env[name].search([], limit=1) for name in sorted(self._get_screen_models() - known)
        ]
        return [record for record in records if record]

    def _create_proposal(self):
        policy = self.env["hc.cadence.policy"].search([("party", "=", "patient")], limit=1)
        common = {"company_id": self.company.id}
        run = self.env["hc.cadence.run"]._create_guarded(
            [
                {
                    **common,
                    "name": "WALK",
                    "party": "patient",
                    "policy_id": policy.id,
                    "as_of": "2026-01-01",
                    "user_id": self.env.uid,
                }
            ]
        )
        return self.env["hc.cadence.proposal"]._create_guarded(
            [
                {
                    **common,
                    "run_id": run.id,
                    "account_id": self.account.id,
                    "state": "proposed",
                    "reason": "due",
                    "level_id": policy.level_ids[:1].id,
                    "channel": "letter",
                    "currency_id": self.account.currency_id.id,
                }
            ]
        )

    def _create_holds(self):
        patient = self._create_patient("WALK-HELD")
        account = self.env["hc.collection.account"]._open_accounts(
            {(patient.company_id.id, patient.partner_id.id)}
        )
        holds = self.env["hc.collection.hold"]
        yield holds._place(account, "manual", "looked at", date_to=self.today)
        yield holds._place(account, "cease", "asked us to stop")

    def _create_unanswered_charge(self):
        account, case = self.account, self.case
        plan = self._plan("WALK-2")
        self.account, self.case = account, case
        plan.sudo()._write_guarded({"pay_by": "token", "token_id": self._token(plan.account_id).id})
        part = plan.instalment_ids[:1]
        part._prepare_charge()
        part.transaction_ids.hc_sent_at = self.env.cr.now() - timedelta(hours=3)
        return plan

    def _create_small_balance(self):
        case = self._bill_patient("WALK-3")
        self._age(case, 100)
        self._pay_amount(case, 145.0)
        yield self.env["hc.adjustment.proposal"].search([("case_id", "=", case.id)])

    def test_what_a_role_is_offered_it_may_do(self):
        walks = [ScreenWalk(self.env, user) for user in self.users]
        for record in self._get_records():
            for one in self._each_state(record):
                for walk in walks:
                    walk.walk(one)
        self.assertEqual([problem for walk in walks for problem in walk.problems], [])
        opened = set().union(*(walk.opened for walk in walks))
        self.assertEqual(self._get_wizards() - opened, set(), "somebody opens each wizard")
        worked = set().union(*(walk.worked for walk in walks))
        self.assertGreater(len(worked), 100)
        by_name = {walk.name: walk for walk in walks}
        for reader in ("executive", "operations", "compliance", "integration", "administrator"):
            self.assertEqual(by_name[f"walk.{reader}"].opened, set(), f"{reader} decides nothing")

    def test_a_denied_button_is_found(self):
        case = self._bill_patient("WALK-4")
        account = self._account_of(case)
        model = self.env.registry["hc.collection.account"]
        self.patch(model, "action_log_call", lambda self: self.sudo(False).unlink())
        walk = ScreenWalk(self.env, self.collector)
        walk.walk(account)
        [problem] = walk.problems
        self.assertIn("action_log_call is offered and denied", problem)

    def test_patients_reach_none_of_it_but_by_the_portal(self):
        portal = new_test_user(self.env, "walk.portal", groups="base.group_portal")
        names = self._get_wizards() | self._get_screen_models()
        own = sorted(name for name in names if name.startswith("hc."))
        self.assertGreater(len(own), 50)
        for name in own:
            for operation in ("read", "write", "create", "unlink"):
                with self.subTest(model=name, operation=operation):
                    self.assertFalse(self.env[name].with_user(portal).has_access(operation))
            with assert_refused(self, AccessError):
                self.env[name].with_user(portal).search_count([])
