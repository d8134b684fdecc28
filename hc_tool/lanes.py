# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What two lanes of tests share: the layers that neither has begun."""

import threading
from collections.abc import Iterator, Sequence

from .layers import Layer


class Waiting:
    """Layers to run, the longest first; one whose database is still being built comes later."""

    def __init__(self, layers: Sequence[Layer], building: set[str]):
        """Take the layers.

        Args:
            layers: all that are to run.
            building: the kinds of databases that are not built yet.
        """
        self._layers = sorted(layers, key=lambda layer: -layer.minutes)
        self._building = set(building)
        self._changed = threading.Condition()

    def __iter__(self) -> Iterator[Layer]:
        """Take layers until none is left."""
        return iter(self._take, None)

    def _take(self) -> Layer | None:
        with self._changed:
            while self._layers:
                for layer in self._layers:
                    if layer.database not in self._building:
                        self._layers.remove(layer)
                        return layer
                self._changed.wait()
        return None

    def built(self, kind: str) -> None:
        """Let the layers of a kind of database begin.

        Args:
            kind: the kind that is there now.
        """
        with self._changed:
            self._building.discard(kind)
            self._changed.notify_all()

    def stop(self) -> None:
        """Let no further layer begin."""
        with self._changed:
            self._layers.clear()
            self._changed.notify_all()
