# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Metrics as text that Prometheus and OpenMetrics readers scrape.

Source: Prometheus exposition formats, text format 0.0.4 (names, label escapes, HELP and TYPE).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_NAME = re.compile(r"[a-z_][a-z0-9_]*\Z")


@dataclass(frozen=True)
class Family:
    """One metric with its samples.

    :ivar name: lower case, with its unit as ending
    :ivar samples: pairs of labels and value
    """

    name: str
    help: str
    samples: tuple[tuple[Mapping[str, str], float], ...]

    def __post_init__(self):
        if not _NAME.match(self.name):
            raise ValueError(f"{self.name!r} is no name of a metric")


def render(families: Iterable[Family]) -> str:
    r"""All families as text.

    >>> print(render([Family("hc_up", "Is it up?", ((({"node": 'a"b'}), 1.0),))]), end="")
    # HELP hc_up Is it up?
    # TYPE hc_up gauge
    hc_up{node="a\"b"} 1
    """
    lines = []
    for family in families:
        lines.append(f"# HELP {family.name} {_escape(family.help)}")
        lines.append(f"# TYPE {family.name} gauge")
        for labels, value in family.samples:
            lines.append(f"{family.name}{_render_labels(labels)} {_render_number(value)}")
    return "".join(f"{line}\n" for line in lines)


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _render_labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    pairs = (
        '{}="{}"'.format(name, _escape(value).replace('"', '\\"')) for name, value in labels.items()
    )
    return "{" + ",".join(pairs) + "}"


def _render_number(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")
