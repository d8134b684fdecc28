# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the module puts in order when it comes."""

# More than that would keep the installation, and whoever works in the ledger, waiting for minutes.
_ADOPTED_AT_ONCE = 2000


def pre_init_hook(env):
    """Let messages be in Spanish; words of a language are loaded if it is there before."""
    env["res.lang"]._activate_lang("es_419")


def post_init_hook(env):
    """Open accounts for what is owed already; a Scheduled Action goes on with a big ledger."""
    left = env["hc.collection.account"]._adopt_ledger(limit=_ADOPTED_AT_ONCE)
    if left:
        env.ref("hc_collections.ir_cron_refresh_collection_accounts")._trigger()
