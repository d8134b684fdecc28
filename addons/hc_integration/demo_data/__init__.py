# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What other systems tell the demonstration group, and what they are told.

Nothing of it leaves the database: systems and receivers have addresses that nobody owns
(``example.com``) and are paused, or lie on this machine, which the server refuses to call.
"""
