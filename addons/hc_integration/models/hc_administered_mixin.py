# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

_ADMINISTRATOR = "hc_revenue_base.group_hc_administrator"
# Who it is, how that is proven, and where keys and tokens are sent.
_OF_A_SYSTEM = frozenset(
    {
        "kind",
        "facility_ids",
        "user_id",
        "scheme",
        "signature_header",
        "secret_id",
        "allowed_event_types",
        "allowed_operations",
        "rate_per_minute",
        "max_body_kilobytes",
        "max_depth",
        "fhir_base_url",
        "fhir_secret_id",
    }
)
_OF_A_SUBSCRIPTION = frozenset(
    {"url", "secret_id", "header_ids", "type_ids", "facility_ids", "condition_ids"}
)
# Which documents go in or out there, and whose: a folder is read by who has its key.
_OF_A_DROP = frozenset(
    {"document_type", "encoding", "completeness", "max_file_megabytes", "receiver", "since"}
)


class HcAdministeredMixin(models.AbstractModel):
    """Records that operations pause and let go on, and that administrators alone change.

    Whoever could set the address could have the keys sent to it.
    """

    _name = "hc.administered.mixin"
    _description = "Changed by Administrators"

    # Fields that only administrators write.
    _administered_fields: frozenset[str] = frozenset()

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Describe the fields; on the forms of all others these are for reading."""
        described = super().fields_get(allfields, attributes)
        if not self._is_administered_here():
            for name in self._administered_fields & described.keys():
                if "readonly" in described[name]:
                    described[name]["readonly"] = True
        return described

    def write(self, vals):
        changed = self._administered_fields & vals.keys()
        if changed:
            self._check_administrator("write", ", ".join(sorted(changed)))
        return super().write(vals)

    @api.model
    def _is_administered_here(self):
        return self.env.su or self.env.user.has_group(_ADMINISTRATOR)

    def _check_administrator(self, operation, reason):
        """Whether the user may do what is for administrators.

        :raise AccessError: the user is none
        """
        if self._is_administered_here():
            return
        labels = [self._fields[name].string for name in reason.split(", ") if name in self._fields]
        message = self.env._(
            "%(what)s of %(model)s is for billing administrators. Ask one of them.",
            what=", ".join(labels) or operation,
            model=self._description,
        )
        raise self.env["hc.refused.attempt"]._refuse(
            self, operation, message, reason=reason or "not_administrator"
        )


class HcIntegrationSource(models.Model):
    """Operations pause a connected system and let it go on; administrators connect it."""

    _name = "hc.integration.source"
    _inherit = ["hc.integration.source", "hc.administered.mixin"]
    _administered_fields = _OF_A_SYSTEM

    def action_activate(self):
        if any(source.state != "paused" for source in self):
            self._check_administrator("activate", "")
        return super().action_activate()

    def action_retire(self):
        self._check_administrator("retire", "")
        return super().action_retire()


class HcEventSubscription(models.Model):
    """Operations pause a subscription and let it go on; administrators say what goes where."""

    _name = "hc.event.subscription"
    _inherit = ["hc.event.subscription", "hc.administered.mixin"]
    _administered_fields = _OF_A_SUBSCRIPTION

    def action_activate(self):
        if any(subscription.state != "paused" for subscription in self):
            self._check_administrator("activate", "")
        return super().action_activate()

    def action_disable(self):
        self._check_administrator("disable", "")
        return super().action_disable()


class HcFileDrop(models.Model):
    """Operations look into a folder and shut it; administrators say what goes through it."""

    _name = "hc.file.drop"
    _inherit = ["hc.file.drop", "hc.administered.mixin"]
    _administered_fields = _OF_A_DROP
