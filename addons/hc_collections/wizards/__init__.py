# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from . import (
    hc_adjustment_proposal_wizard,
    hc_assistance_wizards,
    hc_cadence_exclude_wizard,
    hc_contact_consent_wizard,
    hc_desk_wizards,
    hc_dispute_wizards,
    hc_payment_charge_wizard,
    hc_letter_run_wizard,
    hc_payment_plan_wizard,
    hc_payment_promise_wizard,
    hc_payment_report_wizard,
    hc_placement_wizards,
)
