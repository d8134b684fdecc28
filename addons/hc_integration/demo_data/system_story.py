# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Which systems are connected, with which keys and rights, and what was turned away."""

from datetime import timedelta

from .systems import CLEARINGHOUSE, EHR, MESSAGING, N8N, SYSTEMS


class SystemStory:
    """The administrator connects the systems of the demonstration group.

    :param office: the demonstration group
    :param as_of: the day from which all dates are counted
    """

    def __init__(self, office, as_of):
        self.office = office
        self.as_of = as_of
        self.administrator = office.env_of("administrator")
        self.sources = {}

    def run(self):
        """Connect, give keys and rights; somebody also knocks with a wrong secret."""
        for system in SYSTEMS:
            self.sources[system.code] = self._connect(system)
        self.sources[EHR].fhir_base_url = "https://fhir.harbor-record.example.com/r4"
        self._give_keys()
        self._give_rights()
        self._turn_away()

    def _connect(self, system):
        values = {
            "name": system.name,
            "code": system.code,
            "kind": system.kind,
            "scheme": system.scheme,
            "allowed_event_types": system.may_send,
            "contact": system.contact,
            "playbook": system.playbook,
            "owner_id": self.office.ref("user_operations").id,
            "company_id": self.office.company.id,
        }
        source = self.administrator["hc.integration.source"].create(values)
        if system.user:
            source.user_id = self.administrator.ref(system.user)
            source.secret_id = self._set_secret(f"inbound.{system.code}", system.name)
        if system.state != "draft":
            source.action_activate()
        if system.state == "paused":
            source.action_pause()
        if system.state == "retired":
            source.action_retire()
        return source

    def _set_secret(self, code, name):
        """A secret that everybody can read here: the demonstration guards nothing."""
        return self.administrator["hc.secret"].create(
            {"name": name, "code": code, "value": f"demonstration-secret-of-{code}"}
        )

    def _give_keys(self):
        """One in use, one that ends soon, one that ended, one that leaked."""
        keys = self.administrator["hc.integration.key"]
        keys._issue(self.sources[N8N], "Workflows", 300)
        keys._issue(self.sources[EHR], "Nightly reconciliation", 10)
        keys._issue(self.sources[CLEARINGHOUSE], "First tests", 30)
        keys._issue(self.sources[MESSAGING], "Left in a chat", 180)
        made = keys.search([("source_id", "in", [each.id for each in self.sources.values()])])
        made.filtered(lambda key: key.name == "Left in a chat").action_revoke()
        ended = made.filtered(lambda key: key.name == "First tests")
        ended._write_guarded({"expires_at": keys.env.cr.now() - timedelta(days=3)})
        made.sudo()._cron_watch_keys()

    def _give_rights(self):
        """The record system's word counts about names; texts tell nothing about addresses."""
        owners = self.administrator["hc.data.owner"]
        for code, group, right in (
            (EHR, "demographics", "owner"),
            (EHR, "coverage", "fill"),
            (MESSAGING, "contact", "propose"),
            (N8N, "address", "propose"),
        ):
            owners.create(
                {"source_id": self.sources[code].id, "field_group": group, "right": right}
            )
        owners.create(
            {
                "source_id": self.sources[EHR].id,
                "field_group": "address",
                "right": "owner",
                "active": False,
            }
        )

    def _turn_away(self):
        """What the border counted in the last minutes; of an unknown address too."""
        refusals = self.administrator["hc.integration.refusal"].sudo()
        gateway, clearinghouse = self.sources[MESSAGING], self.sources[CLEARINGHOUSE]
        refusals._add_counts(
            {
                (gateway.id, "signature_wrong"): 41,
                (gateway.id, "rate_exceeded"): 7,
                (clearinghouse.id, "signature_old"): 3,
                (clearinghouse.id, "body_too_large"): 1,
                (None, "source_unknown"): 12,
            }
        )
