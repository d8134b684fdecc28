# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Why something is refused at the border: stable codes, one sentence each, no content."""


class BorderError(Exception):
    """A refusal with a stable code and an HTTP status; holds no content of what was sent.

    :param str code: stable, machine-readable
    :param int status: HTTP status of the answer
    :param str message: one English sentence: what, where, what to do
    """

    def __init__(self, code, status, message):
        self.code = code
        self.status = status
        self.message = message
        super().__init__(f"{code}: {message}")
