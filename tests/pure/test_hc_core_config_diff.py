# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from hc_core.config_diff import ABSENT, config_digest, differences
from hypothesis import given
from hypothesis import strategies as st

SCALARS = st.sampled_from([None, True, False, 0, 1, 2, "", "1", "ß"])
VALUES = st.recursive(
    SCALARS | st.lists(SCALARS, max_size=3),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
VERSIONS = st.dictionaries(st.sampled_from("abc"), VALUES, max_size=4)


def apply(version, difference):
    """A copy of a version in which one difference is made up."""
    name, *rest = difference.path
    version = dict(version)
    if rest:
        version[name] = apply(version[name], type(difference)(tuple(rest), None, difference.after))
    elif difference.after is ABSENT:
        del version[name]
    else:
        version[name] = difference.after
    return version


@given(VERSIONS)
def test_a_version_does_not_differ_from_itself(version):
    assert list(differences(version, version)) == []


@given(VERSIONS, VERSIONS)
def test_the_differences_lead_from_one_version_to_the_other(before, after):
    result = before
    for difference in differences(before, after):
        result = apply(result, difference)
    assert config_digest(result) == config_digest(after)


@given(VERSIONS, VERSIONS)
def test_the_digest_tells_versions_apart_as_the_differences_do(before, after):
    same = config_digest(before) == config_digest(after)
    assert same == (not list(differences(before, after)))


def test_a_number_is_not_a_yes():
    assert [d.path for d in differences({"active": True}, {"active": 1})] == [("active",)]
