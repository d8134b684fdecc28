# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Access to the demonstration group's users and master data."""


class Office:
    """The demonstration group as its own users see it.

    :param env: any environment of the database that holds the demonstration group
    """

    def __init__(self, env):
        self._env = env
        self.company = self.ref("company")
        self._codes = {
            (code.system, code.code): code.id
            for code in env["hc.code"].search([("active", "=", True)])
        }

    def ref(self, name):
        """The demonstration record with this XML id."""
        return self._env.ref(f"hc_revenue_base.demo_{name}")

    def env_of(self, role):
        """The environment of the user with a role, in the user's own company."""
        user = self.ref(f"user_{role}")
        # Chatter tracking of a thousand visits would be noise; the audit log has every step.
        context = {"tracking_disable": True, "tz": user.tz, "lang": "en_US"}
        return self._env(user=user.id, su=False, context=context)

    def code_id(self, system, code):
        """The id of a code of a code system."""
        return self._codes[system, code]

    def reason(self, usage, code):
        """A reason code."""
        return self._env["hc.reason.code"].search(
            [("usage", "=", usage), ("code", "=", code)], limit=1
        )

    def clerk_of(self, facility):
        """The role of the clerk who works for a facility."""
        return "clerk_a" if facility == self.ref("facility_harbor") else "clerk_b"
