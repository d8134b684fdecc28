# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The screens that the guides to other systems show; `HC_SCREENSHOTS=1` takes their pictures."""

import pytest


@pytest.fixture
def record_of(odoo_env):
    """Find the number of one of the demonstration's records."""

    def find(model, *domain):
        with odoo_env() as env:
            company = env.ref("hc_revenue_base.demo_company")
            record = env[model].search([*domain, ("company_id", "=", company.id)], limit=1)
            assert record, f"the demonstration has no {model} of {domain}"
            return record.id

    return find


def test_guide_to_connecting(log_in, picture, record_of):
    source_id = record_of("hc.integration.source", ("code", "=", "harbor-ehr"))
    page = log_in("administrator")
    page.goto("/odoo/revenue-systems")
    page.wait_for_selector(".o_data_row:has-text('Shoreline')")
    page.locator("button.o_switch_view.o_kanban").click()
    page.wait_for_selector(".o_kanban_record:has-text('refused today')")
    page.mouse.move(700, 800)
    picture(page, "integration-systems")
    page.goto(f"/odoo/revenue-systems/{source_id}")
    page.wait_for_selector("button[name='action_make_key']")
    picture(page, "integration-system")
    page.locator("button[name='action_make_key']").click()
    page.wait_for_selector(".modal [name='days']")
    picture(page, "integration-key")


def test_guide_to_an_outage(log_in, picture, record_of):
    """The page of a system in trouble begins with its play-book."""
    source_id = record_of("hc.integration.source", ("code", "=", "summit-imaging"))
    page = log_in("operations")
    page.goto(f"/odoo/revenue-systems/{source_id}")
    banner = page.locator(".alert-danger:visible")
    banner.wait_for()
    told = banner.inner_text()
    assert "is silent" in told and "207-555-0119" in told and "Call the control room" in told
    picture(page, "integration-outage")


def test_guide_to_received_messages(log_in, picture, record_of):
    message_id = record_of("hc.exchange", ("event_outcome", "=", "partly"))
    page = log_in("operations")
    page.goto("/odoo/revenue-received-messages")
    page.wait_for_selector(".o_data_row:has-text('LAKESIDE')")
    picture(page, "integration-messages")
    page.goto(f"/odoo/revenue-received-messages/{message_id}")
    page.wait_for_selector("[name='event_note']:has-text('LB999')")
    picture(page, "integration-message")
    page.goto("/odoo/revenue-refused-messages")
    page.wait_for_selector(".o_data_row:has-text('Their secret is another')")
    picture(page, "integration-refused")


def test_guide_to_rights_and_conflicts(log_in, sit_down, picture, record_of):
    page = log_in("administrator")
    page.goto("/odoo/revenue-data-rights")
    page.wait_for_selector(".o_data_row:has-text('Overwrites')")
    picture(page, "integration-rights")
    proposal_id = record_of("hc.data.proposal", ("state", "=", "open"))
    clerk = sit_down("clerk")
    clerk.goto(f"/odoo/revenue-conflicting-updates/{proposal_id}")
    clerk.wait_for_selector("button[name='action_accept']")
    clerk.wait_for_selector(".o_data_row:has-text('18 Ferry Landing')")
    picture(clerk, "integration-conflict")


def test_guide_to_entry_by_hand(log_in, picture, record_of):
    source_id = record_of("hc.integration.source", ("code", "=", "harbor-ehr"))
    page = log_in("clerk")
    # Every role that meets the system's name may look at the system.
    page.goto(f"/odoo/hc.integration.source/{source_id}")
    page.locator("button[name='action_enter_event']").click()
    page.locator(".modal [name='event_type'] input").click()
    page.locator(".o_select_menu_item:has-text('encounter.completed')").click()
    page.wait_for_selector(".modal .o_data_row:has-text('End of the visit')")
    picture(page, "integration-entry")


def test_guide_to_sending(log_in, picture, record_of):
    warehouse_id = record_of("hc.event.subscription", ("name", "=", "Data warehouse"))
    page = log_in("operations")
    page.goto("/odoo/revenue-subscriptions")
    page.wait_for_selector(".o_data_row:has-text('Data warehouse')")
    picture(page, "integration-subscriptions")
    page.goto(f"/odoo/revenue-subscriptions/{warehouse_id}")
    page.wait_for_selector("button[name='action_replay_dead']")
    picture(page, "integration-subscription")
    page.goto("/odoo/revenue-deliveries")
    page.wait_for_selector(".o_data_row:has-text('Dead Letter')")
    picture(page, "integration-deliveries")


def test_guide_to_clinical_documents(log_in, picture, record_of):
    document_id = record_of("hc.exchange", ("document_type", "=", "fhir_bundle"))
    page = log_in("administrator")
    page.goto(f"/odoo/revenue-exchanges/{document_id}")
    page.wait_for_selector("button[name='action_open_rows']")
    picture(page, "integration-fhir")
    page.locator("button[name='action_open_rows']").click()
    page.wait_for_selector(".o_data_row:has-text('factorOverride')")
    picture(page, "integration-fhir-refused")


def test_guides_to_files_and_payments(log_in, picture, record_of):
    drop_id = record_of("hc.file.drop", ("folder", "=", "charges"))
    page = log_in("operations")
    page.goto(f"/odoo/revenue-file-drops/{drop_id}")
    page.wait_for_selector(".o_data_row:has-text('In Quarantine')")
    picture(page, "integration-file-drop")
    page.goto("/odoo/revenue-payment-events")
    page.wait_for_selector(".o_data_row:has-text('charge.dispute.created')")
    picture(page, "integration-payment-events")


def test_guide_to_n8n(log_in, picture, record_of):
    n8n_id = record_of("hc.integration.source", ("code", "=", "n8n"))
    page = log_in("administrator")
    page.goto(f"/odoo/revenue-systems/{n8n_id}")
    page.wait_for_selector("button[name='action_open_keys'] .o_stat_value:text('1')")
    picture(page, "integration-n8n")
    page.goto("/odoo/revenue-system-keys")
    page.wait_for_selector(".o_data_row:has-text('Revoked')")
    picture(page, "integration-keys")
