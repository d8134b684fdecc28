# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class BenchEntry(models.Model):
    """A line of the log that says that a message came."""

    _name = "bench.entry"
    _description = "Log Entry of a Benchmark"

    message_id = fields.Many2one("bench.message", required=True, index=True)
    state = fields.Char()
