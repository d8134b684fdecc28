# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class BenchMessage(models.Model):
    """A row as small as a message can be."""

    _name = "bench.message"
    _description = "Message of a Benchmark"

    external_id = fields.Char(index=True)
    body = fields.Text()
