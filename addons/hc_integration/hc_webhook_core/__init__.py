# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the border decides without a database: signatures, limits, events, retries.

Standard library and base's ``hc_core`` patterns only; time is an argument, failures are values or
errors with stable codes.
"""
