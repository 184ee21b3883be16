"""Architectures come from what EC2 says of each type, never from a name."""

from hypothesis import given
from hypothesis import strategies as st

from instance_arch_and_ami_id.get_family_arch import Described, Types, family_architectures, type_vcpus


def seen(**families: list[str]) -> Types:
    """Families with a type for each set of architectures: m1=["i386 x86_64", "x86_64"]."""
    return {
        f"{family}.{number}xlarge": Described(frozenset(kind.split()), frozenset({"hvm"}), 4 * number)
        for family, kinds in families.items()
        for number, kind in enumerate(kinds, start=1)
    }


def test_a_family_that_lists_i386_too_is_x86_64() -> None:
    found = family_architectures({"us-east-1": seen(t2=["i386 x86_64"], m3=["i386 x86_64", "x86_64"])})
    assert found.rows == {"t2": "x86_64", "m3": "x86_64"}
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


def test_the_first_graviton_is_left_out_for_amazon_linux_2023_panics_on_it() -> None:
    found = family_architectures({"us-east-1": seen(a1=["arm64"], m6g=["arm64"])})
    assert found.rows == {"m6g": "arm64"}
    assert "panics at boot" in found.left_out["a1"]


def test_a_family_that_runs_no_hvm_ami_is_left_out_and_named() -> None:
    old = Described(frozenset({"x86_64"}), frozenset({"paravirtual"}), 1)
    found = family_architectures({"us-east-1": {"x9.micro": old, **seen(m5=["x86_64"])}})
    assert found.rows == {"m5": "x86_64"}
    assert "hvm" in found.left_out["x9"]


def test_a_type_that_is_listed_without_an_architecture_for_a_while_costs_itself_only() -> None:
    found = family_architectures({"us-east-1": seen(m7g=["", "arm64"])})
    assert found.rows == {"m7g": "arm64"}


def test_a_types_vcpus_are_taken_from_wherever_it_is_offered() -> None:
    found = type_vcpus({"us-east-1": seen(m5=["x86_64", "x86_64"]), "us-west-2": seen(p9=["arm64"])})
    assert found.rows == {"m5": {"1xlarge": 4, "2xlarge": 8}, "p9": {"1xlarge": 4}}


def test_a_type_whose_vcpus_nobody_tells_is_not_in_the_table() -> None:
    found = type_vcpus({"us-east-1": {"m5.large": Described(frozenset({"x86_64"}), frozenset(), None)}})
    assert found.rows == {}


kinds = st.frozensets(st.sampled_from(["i386", "x86_64", "arm64", "x86_64_mac", "arm64_mac"]))
described = st.builds(Described, kinds, st.just(frozenset({"hvm"})), st.integers(1, 448))
types = st.dictionaries(
    st.sampled_from([f"{family}.{size}" for family in "mcr" for size in ("large", "metal")]), described
)
regions = st.dictionaries(st.sampled_from(["a-1", "b-1", "c-1"]), types)


@given(regions)
def test_every_family_seen_is_in_the_table_or_named_whatever_order_the_regions_answer_in(
    by_region: dict[str, Types],
) -> None:
    found = family_architectures(by_region)
    families = {name.partition(".")[0] for types in by_region.values() for name in types}
    assert set(found.rows) | set(found.left_out) == families
    assert not set(found.rows) & set(found.left_out)
    assert found == family_architectures(dict(reversed(by_region.items())))
