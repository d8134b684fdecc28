# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A remittance from the file to the last posted answer, clicked by a claims specialist."""

from dataclasses import replace

import pytest


@pytest.fixture
def remittance_file(odoo_env):
    """A file of two answers; the number of the second is not one of ours."""
    from odoo import fields

    from odoo.addons.hc_claims.demo_data.remittance_story import RemittanceStory
    from odoo.addons.hc_revenue_base.demo_data.office import Office

    with odoo_env() as env:
        story = RemittanceStory(Office(env), fields.Date.today())
        known, mistyped = story._get_claims("silverlake", 2)
        lost = replace(story._answer(mistyped), number="NOT-OURS-1")
        # The charge differs as well: nothing but a person can say which claim it is. It is lower,
        # so that the answer fits what the claim still owes.
        lost = replace(lost, parts=(replace(lost.parts[0], charged=lost.parts[0].charged - 1),))
        advice = story._advise("silverlake", "E2E-0001", 1, (story._answer(known), lost))
        return {"content": advice.get_content(), "lost": mistyped.name}


def _choose_file(page, content, name="silverlake.835"):
    page.locator(".o_hc_file_drop input[type='file']").set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": content}
    )
    page.wait_for_selector(f".o_hc_file_drop .o_attachment:has-text('{name}')")
    page.locator(".modal button[name='action_upload']").click()


def test_from_the_file_to_the_last_answer(log_in, remittance_file):
    page = log_in("claims")
    page.goto("/odoo/revenue-remittances")
    page.locator(".o_control_panel button:has-text('Upload')").click()
    _choose_file(page, remittance_file["content"])
    # One good file opens its remittance.
    page.wait_for_selector(".o_hc_proof_level.border-success >> nth=2")
    page.wait_for_selector(".alert:has-text('1 answer(s) have no claim yet')")
    page.locator("button[name='action_post']").click()
    page.wait_for_selector(".alert:has-text('1 answer(s) wait for a person')")
    page.locator(".o_notebook .nav-link[name='waiting']").click()
    page.locator("button[name='action_open_pick_claim']").click()
    candidate = page.locator(f".modal .o_data_row:has-text('{remittance_file['lost']}')")
    candidate.locator("button[name='action_pick']").click()
    page.wait_for_selector(".modal", state="detached")
    page.wait_for_selector(".alert:has-text('wait for a person')", state="detached")
    page.locator(".o_notebook .nav-link[name='posting']").click()
    page.wait_for_selector("[name='posting_html'] tr:has-text('Posted') td:text-is('2')")
    # The same file again, and one that is none.
    page.goto("/odoo/revenue-remittances")
    page.locator(".o_control_panel button:has-text('Upload')").click()
    _choose_file(page, remittance_file["content"])
    page.wait_for_selector(".modal .alert:has-text('received before')")
    page.locator(".modal footer button:has-text('Close')").click()
    page.locator(".o_control_panel button:has-text('Upload')").click()
    _choose_file(page, b"this is a letter", "letter.txt")
    page.wait_for_selector(".modal .alert-danger:has-text('letter.txt')")


def test_files_are_dropped_on_the_list(log_in):
    page = log_in("claims")
    page.goto("/odoo/revenue-remittances")
    page.wait_for_selector(".o_list_view")
    transfer = page.evaluate_handle(
        """() => {
            const transfer = new DataTransfer();
            transfer.items.add(new File(["no remittance"], "dropped.835"));
            return transfer;
        }"""
    )
    page.dispatch_event(".o_list_view", "dragenter", {"dataTransfer": transfer})
    page.dispatch_event(".o-Dropzone", "drop", {"dataTransfer": transfer})
    page.wait_for_selector(".modal .o_attachment:has-text('dropped.835')")
