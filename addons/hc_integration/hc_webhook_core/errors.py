# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Why something is refused at the border: stable codes, one sentence each, no content."""


class BorderError(Exception):
    """A refusal with a stable code and an HTTP status; holds no content of what was sent.

    :param str code: stable, machine-readable
    :param int status: HTTP status of the answer
    :param str message: one English sentence: what, where, what to do
    :param int wait_seconds: after which to try again; 0 where that does not matter
    :param dict extra: ids and states that go with the answer
    """

    def __init__(self, code, status, message, wait_seconds=0, extra=None):
        self.wait_seconds = wait_seconds
        self.extra = extra or {}
        self.code = code
        self.status = status
        self.message = message
        super().__init__(f"{code}: {message}")
