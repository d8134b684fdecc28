# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from functools import partial

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.hc_revenue_base.tests.common import HcCommon

from .conformance import ConformanceCase

# What a caller might send along to get past the door.
FORGED = {"hc_permits": True, "install_mode": True, "active_test": False, "su": True}
REFUSALS = ("odoo.exceptions.AccessError", "odoo.exceptions.UserError")
# Those who come by the external interface; it ends in the one function that the others call.
BY_INTERFACE = 2


@tagged("post_install", "-at_install")
class TestStateWrites(HttpCase, HcCommon, ConformanceCase):
    """Over the external interface nobody moves a state by writing it, whatever their role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        declared = cls.get_declared("sample_records").values()
        cls.records = [
            record
            for module in declared
            for record in module.create_records(cls).values()
            if getattr(record, "_lifecycles", None)
        ]
        roles = cls.get_roles()
        cls.users = [cls.env.ref("base.user_admin"), cls._hire("writer.of.all", roles)]
        cls.users += [cls._hire(f"writer.{number}", role) for number, role in enumerate(roles)]

    @classmethod
    def _hire(cls, login, groups):
        user = new_test_user(cls.env, login, context={"no_reset_password": True})
        user.group_ids = [Command.link(group.id) for group in groups]
        user.hc_facility_ids = cls.facility | cls.other_facility
        return user

    def _call(self, model_name, method, *arguments):
        """The name of the error that a call brings; empty where it went through."""
        parameters = {
            "model": model_name,
            "method": method,
            "args": arguments,
            "kwargs": {"context": FORGED},
        }
        try:
            self.make_jsonrpc_request(f"/web/dataset/call_kw/{model_name}/{method}", parameters)
        except JsonRpcException as error:
            return str(error)
        return ""

    def _call_inside(self, user, model_name, method, *arguments):
        """The same call behind the interface's session and transport."""
        model = self.env(user=user, su=False)[model_name]
        try:
            call_kw(model, method, list(arguments), {"context": FORGED})
        except (AccessError, UserError) as error:
            # A subclass of its own name is no refusal in these words.
            return f"{type(error).__module__}.{type(error).__qualname__}"
        return ""

    def _get_attacks(self):
        """Record, field, and the last state that the record is not in."""
        for record in self.records:
            for field_name in record._lifecycles:
                codes = [code for code, _label in record._get_lifecycle(field_name).selection()]
                codes.remove(record[field_name])
                yield record, field_name, codes[-1]

    def test_every_model_with_a_life_cycle_is_attacked(self):
        mixin = self.env.registry["hc.lifecycle.mixin"]
        models = {
            model._name
            for model in self.get_record_models()
            if issubclass(type(model), mixin) and model._lifecycles
        }
        attacked = {record._name for record in self.records}
        self.assertEqual(
            models - attacked, set(), "add one to its module's tests/sample_records.py"
        )

    @mute_logger("odoo.http", "odoo.sql_db")
    def test_no_role_writes_a_state(self):
        attacks = list(self._get_attacks())
        before = {(record, name): record[name] for record, name, _target in attacks}
        for number, user in enumerate(self.users):
            call = partial(self._call_inside, user)
            if number < BY_INTERFACE:
                self.authenticate(user.login, user.login)
                call = self._call
            for record, name, target in attacks:
                for method, arguments in (
                    ("write", [record.ids, {name: target}]),
                    ("create", [[{name: target}]]),
                ):
                    with self.subTest(user=user.login, model=record._name, method=method):
                        answer = call(record._name, method, *arguments)
                        self.assertIn(answer.split(": ")[-1], REFUSALS, answer)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual({key: key[0][key[1]] for key in before}, before)

    @mute_logger("odoo.http")
    def test_what_may_be_written_goes_through(self):
        """The refusals above are of the states, not of the calls."""
        self.authenticate("admin", "admin")
        tariff = self.env["hc.transport.tariff"].create({"name": "Old"})
        group = self.env.ref("hc_revenue_base.group_hc_administrator")
        self.env.ref("base.user_admin").group_ids += group
        self.assertEqual(self._call(tariff._name, "write", tariff.ids, {"name": "New"}), "")
        self.assertEqual(tariff.name, "New")
