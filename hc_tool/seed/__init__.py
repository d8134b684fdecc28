# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A database of any size for benchmarks: what `./hc seed` runs inside Odoo.

A few hundred cases are made by the application itself, through the same methods that people and
feeds use. Everything they left in the database (the *mould*) is then copied set by set, with new
ids, numbers and dates: what Odoo computes, validates and posts holds for the copies because it
holds for the originals. The log's hashes are computed for every copied row.

This writes states and log rows past the one door that the add-ons guard, so it must never be
callable in a production database: it belongs to the development tool, is part of no add-on and
fills only databases that the tool makes.
"""
