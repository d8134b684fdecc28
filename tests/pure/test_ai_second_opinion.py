# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import pytest
from hc_ai_core.advice import Advice
from hc_ai_core.second_opinion import Opinion, combine

OWN = (
    Advice("a", 0.95, alternatives=(("b", 0.03),)),
    Advice("a", 0.7),
    Advice(None, 0.6, alternatives=(("a", 0.6), ("b", 0.4)), abstained_because="below_floor"),
)


@pytest.mark.parametrize("own", OWN)
@pytest.mark.parametrize("value", ["a", "b", None])
@pytest.mark.parametrize("confidence", [0.0, 0.5, 1.0])
def test_a_second_opinion_never_raises_confidence(own, value, confidence):
    _effect, advice = combine(own, Opinion(value, confidence), 0.7)
    if advice:
        assert advice.confidence <= own.confidence
        assert advice.value in (None, own.value)
        assert "b" in [pair[0] for pair in advice.alternatives]


def test_alone_it_has_to_be_sure():
    own = Advice(None, 0.0, abstained_because="not_trained")
    assert combine(own, Opinion("b", 0.8), 0.7)[1].value == "b"
    unsure = combine(own, Opinion("b", 0.6), 0.7)[1]
    assert (unsure.value, unsure.abstained_because) == (None, "below_floor")
