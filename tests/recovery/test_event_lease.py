# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Two drains on one database, and the moment between taking events and locking them."""

import senders

EVENTS = 3


def _commit_of(env):
    def commit(*_counts, **_options):
        env.cr.commit()
        return 60

    return commit


def _receive(env):
    from odoo.addons.hc_integration.hc_webhook_core.envelope import Event

    source = senders.connect_source(env)
    border = env["hc.integration.source"]._get_borders()[source.code]
    exchanges = env["hc.exchange"].with_user(source.user_id).sudo()
    now = env.cr.now().replace(microsecond=0)
    for number in range(EVENTS):
        event = Event(f"lease-{number}", "encounter.completed", 1, now, str(number), number)
        exchanges._receive_event(border, event, b"{}")
    env.cr.commit()


def test_events_of_a_living_drain_are_nobody_elses(own_env, monkeypatch):
    """One that looks between the lease and the lock takes nothing and counts no attempt."""
    handled = []
    with own_env() as env:
        _receive(env)
        model = env.registry["hc.exchange"]

        def handle(event, _checkpoint):
            handled.append((event.env.cr, event.external_id))
            event.sudo()._transition("done")

        monkeypatch.setattr(model, "_process", handle, raising=False)
        events = env["hc.exchange"].sudo()
        with events._open_drain() as number:
            batch = events._lease_events(_commit_of(env), 0, 1, number)
            assert len(batch) == EVENTS
            with own_env() as other:
                other["hc.exchange"]._cron_process_events()
                other.cr.commit()
            assert not handled
            assert batch._work_events() == EVENTS
            env.cr.commit()
        assert sorted(name for _cursor, name in handled) == ["lease-0", "lease-1", "lease-2"]
        assert {cursor for cursor, _name in handled} == {env.cr}
        assert set(batch.mapped("attempts")) == {0}


def test_events_of_a_drain_that_ended_are_taken_up_at_once(own_env, monkeypatch):
    """Each alone and with its attempt counted: one of them may have been the cause."""
    with own_env() as env:
        _receive(env)
        model = env.registry["hc.exchange"]
        monkeypatch.setattr(
            model, "_process", lambda event, _checkpoint: event.sudo()._transition("done"),
            raising=False,
        )  # fmt: skip
        events = env["hc.exchange"].sudo()
        with events._open_drain() as number:
            batch = events._lease_events(_commit_of(env), 0, 1, number)
        with own_env() as other:
            other["hc.exchange"]._cron_process_events()
            other.cr.commit()
        env.cr.commit()
        env.invalidate_all()
        assert set(batch.mapped("state")) == {"done"}
        assert set(batch.mapped("attempts")) == {1}
