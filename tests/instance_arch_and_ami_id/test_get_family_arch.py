"""Architectures come from what EC2 says of each type, never from a name."""

from hypothesis import given
from hypothesis import strategies as st

from instance_arch_and_ami_id.get_family_arch import Seen, family_architectures


def seen(**families: list[str]) -> Seen:
    """Families with one set of architectures a word: m1=["i386 x86_64", "x86_64"]."""
    return {family: {frozenset(kind.split()) for kind in kinds} for family, kinds in families.items()}


def test_a_family_that_lists_i386_too_is_x86_64() -> None:
    found = family_architectures({"us-east-1": seen(t1=["i386 x86_64"], m1=["i386 x86_64", "x86_64"])})
    assert found.rows == {"t1": "x86_64", "m1": "x86_64"}
    assert not found.left_out


def test_a_name_that_looks_like_arm_is_not_believed() -> None:
    found = family_architectures({"us-east-1": seen(g6=["x86_64"], hpc8a=["x86_64"], g5g=["arm64"])})
    assert found.rows == {"g6": "x86_64", "hpc8a": "x86_64", "g5g": "arm64"}


def test_macs_are_left_out_and_named() -> None:
    found = family_architectures({"us-east-1": seen(mac1=["x86_64_mac"], mac2=["arm64_mac"], m5=["x86_64"])})
    assert found.rows == {"m5": "x86_64"}
    assert found.left_out == {"mac1": "a Mac", "mac2": "a Mac"}


def test_a_family_of_mixed_architectures_is_named_not_guessed() -> None:
    found = family_architectures({"us-east-1": seen(x9=["x86_64", "arm64"])})
    assert found.rows == {}
    assert found.left_out == {"x9": "its types differ in architecture (arm64, x86_64)"}


def test_a_family_that_is_mixed_only_across_regions_is_seen_as_mixed() -> None:
    found = family_architectures({"us-east-1": seen(x9=["x86_64"]), "eu-west-1": seen(x9=["arm64"])})
    assert found.rows == {}
    assert set(found.left_out) == {"x9"}


def test_one_type_for_both_architectures_and_one_without_any_are_left_out() -> None:
    found = family_architectures({"us-east-1": seen(both=["x86_64 arm64"], none=[""], old=["i386"])})
    assert found.rows == {}
    assert set(found.left_out) == {"both", "none", "old"}


def test_a_family_in_one_region_only_is_in_the_table() -> None:
    found = family_architectures({"us-east-1": seen(m5=["x86_64"]), "us-west-2": seen(p9=["arm64"])})
    assert found.rows == {"m5": "x86_64", "p9": "arm64"}


kinds = st.sets(st.frozensets(st.sampled_from(["i386", "x86_64", "arm64", "x86_64_mac", "arm64_mac"])), min_size=1)
regions = st.dictionaries(st.sampled_from(["a-1", "b-1", "c-1"]), st.dictionaries(st.sampled_from("mcr"), kinds))


@given(regions)
def test_every_family_seen_is_in_the_table_or_named_whatever_order_the_regions_answer_in(
    by_region: dict[str, Seen],
) -> None:
    found = family_architectures(by_region)
    families = set().union(*by_region.values()) if by_region else set()
    assert set(found.rows) | set(found.left_out) == families
    assert not set(found.rows) & set(found.left_out)
    assert found == family_architectures(dict(reversed(by_region.items())))
