# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.hc_revenue_base.tests.common import assert_refused
from odoo.addons.hc_revenue_base.tests.module_screens import ModuleScreens
from odoo.addons.hc_revenue_base.tests.screen_walk import ScreenWalk
from odoo.addons.hc_revenue_base.tests.test_views import ROLES

from .denial_common import DenialCase
from .remittance_common import clp, era
from .sample_records import create_records

_READERS = ("executive", "operations", "compliance", "integration")
# Shows what a contract would have paid, and changes nothing.
_CALCULATORS = {"hc.contract.simulation"}


@tagged("post_install", "-at_install")
class TestScreensByRole(ModuleScreens, DenialCase):
    """Every button and wizard of the module, in every state, as every role that sees it."""

    screens_module = "hc_claims"
    # Walked where they are at home.
    screens_of_others = frozenset(
        {
            "hc.billing.case",
            "hc.encounter",
            "hc.exchange",
            "hc.patient",
            "hc.practitioner",
            "hc.readiness.rule.set",
            "hc.work.item",
        }
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = [cls._create_user(f"walk.{role}", role) for role in ROLES]

    def _get_wizard_menus(self):
        """Entries of the main menu that open a wizard; the base's tests open those of lists."""
        windows = self._get_own("ir.ui.menu").filtered(
            lambda menu: menu.action and menu.action._name == "ir.actions.act_window"
        )
        return windows.filtered(lambda menu: self.env[menu.action.res_model]._transient)

    def _get_records(self):
        """At least one record of each model with a screen."""
        denial = self._deny("WALK-1", [("CO", "197", 40)])
        appeal = self._appeal(denial, self.poster)
        claim = denial.claim_id
        answer = denial.answer_id
        self.kept = [claim.coverage_id, claim.payer_id, *self._receive_held(claim)]
        samples = create_records(self)
        samples["variance"]._write_guarded({"answer_id": answer.id})
        for name in ("claim", "denial", "appeal", "remittance", "answer"):
            samples.pop(name)
        records = [denial, appeal.sudo(), claim, answer, answer.remittance_id]
        records += [*samples.values(), *self.kept]
        known = {record._name for record in records}
        records += [
            self.env[name].search([], limit=1) for name in sorted(self._get_screen_models() - known)
        ]
        shown = self._get_screen_models()
        return [record for record in records if record and record._name in shown]

    def _receive_held(self, claim):
        """What waits for people: a second payment, a stranger's file, an answer to nobody."""
        again = clp(claim.name, 190, 140, adjustments=[("CO", "45", 50)])
        yield self._post([again], 140, trace="T-AGAIN").claim_ids
        rows = clp("UNKNOWN-0", 150, 150)
        stranger = era([rows], 150, trace="T-STRANGER", payer="99999")
        yield self._receive(stranger.replace(b"ACME HEALTH PLAN", b"SOMEBODY ELSE"), "other.835")
        rows = clp("UNKNOWN-1", 150, 100, adjustments=[("CO", "45", 50)])
        remittance = self._receive(
            era([rows], 60, trace="T-WALK", plb=[("WO", "WALK-2", 40)]), "walk.835"
        )
        yield from (remittance.claim_ids, remittance.provider_adjustment_ids)

    def test_what_a_role_is_offered_it_may_do(self):
        walks = [ScreenWalk(self.env, user) for user in self.users]
        records = self._get_records()
        for walk in walks:
            walk.choose(self._get_wizard_menus())
        for record in records:
            for one in [record] if record in self.kept else self._each_state(record):
                for walk in walks:
                    walk.walk(one)
        self.assertEqual([problem for walk in walks for problem in walk.problems], [])
        opened = set().union(*(walk.opened for walk in walks))
        self.assertEqual(self._get_wizards() - opened, set(), "somebody opens each wizard")
        worked = set().union(*(walk.worked for walk in walks))
        self.assertGreater(len(worked), 100)
        by_name = {walk.name: walk for walk in walks}
        for reader in _READERS:
            opened = by_name[f"walk.{reader}"].opened - _CALCULATORS
            self.assertEqual(opened, set(), f"{reader} decides nothing")

    def test_patients_reach_none_of_it_but_by_the_portal(self):
        portal = new_test_user(self.env, "walk.portal", groups="base.group_portal")
        names = self._get_wizards() | self._get_screen_models()
        own = sorted(name for name in names if name.startswith("hc."))
        self.assertGreater(len(own), 40)
        for name in own:
            for operation in ("read", "write", "create", "unlink"):
                with self.subTest(model=name, operation=operation):
                    self.assertFalse(self.env[name].with_user(portal).has_access(operation))
            with assert_refused(self, AccessError):
                self.env[name].with_user(portal).search_count([])
