# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Processor time of other processes of this machine: what a busy machine does not distort."""

import os


def seconds_of(process_id):
    """Processor time that a process has used so far."""
    with open(f"/proc/{process_id}/stat") as stream:
        fields = stream.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def database_seconds(cursor):
    """Processor time of the database for this process: for all connections of its name."""
    cursor.execute(
        "SELECT pid FROM pg_stat_activity"
        " WHERE datname = current_database()"
        " AND application_name = current_setting('application_name')"
    )
    return sum(seconds_of(process_id) for (process_id,) in cursor.fetchall())
