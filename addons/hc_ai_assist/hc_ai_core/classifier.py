# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Classes of texts and records, learned from what people decided: logistic regression.

Stochastic gradient descent with a step of its own for each weight (Duchi, Hazan and Singer 2011,
"Adaptive subgradient methods"), on TF-IDF of features: words of a text, facts of a record. The
same examples in the same order give the same model: there is no chance in it.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from .wording import words

_EPOCHS = 8
_STEP = 0.3
_BIAS_STEP = 0.05
_SHRINKAGE = 1e-4
# A word that fewer examples hold teaches nothing; more features cost memory and little else.
_LEAST_EXAMPLES = 3
_MAX_FEATURES = 50_000
_MAX_WORDS = 2_000
LEAST_PER_CLASS = 5


@dataclass(frozen=True, slots=True)
class Classified:
    """An answer with the chances of all classes, the likeliest first."""

    label: str
    confidence: float
    chances: tuple[tuple[str, float], ...]
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Classifier:
    """A learned model, as plain data that can be stored.

    :ivar labels: the classes
    :ivar rarity: inverse document frequency by feature
    :ivar weights: by feature, one weight for each class
    :ivar biases: one for each class
    :ivar temperature: by which scores are divided so that confidence means what it says
    """

    labels: tuple[str, ...]
    rarity: Mapping[str, float]
    weights: Mapping[str, tuple[float, ...]]
    biases: tuple[float, ...]
    temperature: float = 1.0

    def classify(self, features: Counter) -> Classified:
        """Classify what has these features; ``terms`` are those that spoke most for the answer."""
        vector = _vector(features, self.rarity)
        scores = list(self.biases)
        for feature, value in vector:
            for index, weight in enumerate(self.weights[feature]):
                scores[index] += weight * value
        chances = softmax([score / self.temperature for score in scores])
        order = sorted(range(len(chances)), key=lambda index: -chances[index])
        first = order[0]
        spoke = sorted(vector, key=lambda item: -self.weights[item[0]][first] * item[1])[:5]
        return Classified(
            self.labels[first],
            chances[first],
            tuple((self.labels[index], chances[index]) for index in order),
            tuple(feature for feature, value in spoke if self.weights[feature][first] > 0),
        )

    def to_data(self) -> dict[str, Any]:
        """The model as JSON can hold it."""
        return {
            "labels": list(self.labels),
            "rarity": dict(self.rarity),
            "weights": {feature: list(row) for feature, row in self.weights.items()},
            "biases": list(self.biases),
            "temperature": self.temperature,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Classifier":
        """The model that :meth:`to_data` stored."""
        return cls(
            tuple(data["labels"]),
            dict(data["rarity"]),
            {feature: tuple(row) for feature, row in data["weights"].items()},
            tuple(data["biases"]),
            data["temperature"],
        )


def softmax(scores: Sequence[float]) -> list[float]:
    """Chances that sum to one.

    >>> softmax([0.0, 0.0])
    [0.5, 0.5]
    """
    highest = max(scores)
    powers = [math.exp(score - highest) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def drop_rare(examples: Sequence[tuple[Any, str]]) -> tuple[list[tuple[Any, str]], dict[str, int]]:
    """Leave out labels that have too few examples to be learned.

    :return: the examples that are left, in their order, and how many there were of each label
        that was left out

    >>> drop_rare([("a", "x")] * 5 + [("b", "y")])[1]
    {'y': 1}
    """
    counts = Counter(label for _features, label in examples)
    rare = {label: count for label, count in sorted(counts.items()) if count < LEAST_PER_CLASS}
    return [each for each in examples if each[1] not in rare], rare


def train(examples: Sequence[tuple[Counter, str]]) -> Classifier:
    """Learn from ``(features, label)``.

    :raise ValueError: fewer than two classes, or a class with too few examples
    """
    counts = Counter(label for _features, label in examples)
    if len(counts) < 2 or min(counts.values()) < LEAST_PER_CLASS:
        raise ValueError(
            f"Learning needs two classes with {LEAST_PER_CLASS} examples each; there are "
            f"{dict(counts)}."
        )
    labels = tuple(sorted(counts))
    rarity = _rarity([features for features, _label in examples])
    rows = [
        (_vector(features, rarity), labels.index(label), _class_weight(counts, label))
        for features, label in examples
    ]
    weights, biases = _descend(rows, labels, rarity)
    return Classifier(
        labels,
        rarity,
        {feature: tuple(row) for feature, row in weights.items()},
        tuple(biases),
    )


def _class_weight(counts: Counter, label: str) -> float:
    """Rare classes weigh more, by the root, so that they are heard and do not shout."""
    return math.sqrt(sum(counts.values()) / (len(counts) * counts[label]))


def _descend(rows, labels, rarity):
    weights = {feature: [0.0] * len(labels) for feature in rarity}
    slopes = {feature: [1e-6] * len(labels) for feature in rarity}
    biases = [0.0] * len(labels)
    for epoch in range(_EPOCHS):
        for position in _shuffled(len(rows), epoch):
            vector, truth, class_weight = rows[position]
            scores = list(biases)
            for feature, value in vector:
                for index, weight in enumerate(weights[feature]):
                    scores[index] += weight * value
            for index, chance in enumerate(softmax(scores)):
                slope = class_weight * (chance - (index == truth))
                biases[index] -= _BIAS_STEP * slope
                if abs(slope) < 1e-3:
                    continue
                for feature, value in vector:
                    row, past = weights[feature], slopes[feature]
                    step = slope * value + _SHRINKAGE * row[index]
                    past[index] += step * step
                    row[index] -= _STEP * step / math.sqrt(past[index])
    return weights, biases


def _shuffled(count: int, epoch: int) -> list[int]:
    """Positions in an order of their own for each epoch, the same one every time."""
    return sorted(range(count), key=lambda position: crc32(f"{epoch}:{position}".encode()))


def text_features(text: str) -> Counter:
    """Words and neighbouring words of a text.

    >>> sorted(text_features("Not covered"))
    ['covered', 'not', 'not covered']
    """
    tokens = words(text)[:_MAX_WORDS]
    counts = Counter(tokens)
    counts.update(f"{left} {right}" for left, right in zip(tokens, tokens[1:], strict=False))
    return counts


def _rarity(counted: Sequence[Counter]) -> dict[str, float]:
    frequency: Counter = Counter()
    for features in counted:
        frequency.update(features.keys())
    kept = sorted(
        ((count, feature) for feature, count in frequency.items() if count >= _LEAST_EXAMPLES),
        key=lambda item: (-item[0], item[1]),
    )[:_MAX_FEATURES]
    total = len(counted)
    return {feature: math.log((1 + total) / (1 + count)) + 1 for count, feature in kept}


def _vector(features: Counter, rarity: Mapping[str, float]) -> list[tuple[str, float]]:
    weighed = [
        (feature, (1 + math.log(count)) * rarity[feature])
        for feature, count in features.items()
        if feature in rarity
    ]
    length = math.sqrt(sum(weight * weight for _feature, weight in weighed)) or 1.0
    return [(feature, weight / length) for feature, weight in weighed]
