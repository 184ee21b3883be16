"""Whether the account's spot quotas, in vCPUs per Region and class of families, allow probes of INSTANCE_COUNT."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import configs
from check_setup.account import Account, client
from check_setup.finding import Finding, fine, to_do, unknown
from common.aws import aws_error
from common.side_by_side import side_by_side
from data_files import instance_tables

_WHAT = "vCPU quotas"
_STANDARD = "Standard"

_CONCURRENCY = 16
_SECONDS = 60
_LONGEST = 160
# Such as "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests", "All P4, P3 and P2 Spot Instance Requests".
_SPOT_QUOTA = re.compile(r"All (.+) Spot Instance Requests")

_Quotas = Mapping[str, float]


def check_vcpu_quotas(account: Account) -> Iterator[Finding]:
    """Compare each Region's quotas with what a probe of the largest type that INSTANCE_PATTERN allows would need."""
    outcomes = side_by_side(_quotas, account.regions.enabled, concurrency=_CONCURRENCY, seconds=_SECONDS)
    quotas: dict[str, _Quotas] = {}
    errors: list[Exception] = []
    for outcome in outcomes:
        if outcome.answer:
            quotas[outcome.question] = outcome.answer
        else:
            errors.append(outcome.error or LookupError("no spot quotas in the answer"))
    if not quotas:
        yield unknown(_WHAT, f"not checked, AWS does not tell them: {aws_error.describe(errors[0])[:_LONGEST]}")
        return
    yield from _findings(quotas)


def _quotas(region: str) -> _Quotas:
    pages = client("service-quotas", region).get_paginator("list_service_quotas").paginate(ServiceCode="ec2")
    named = ((_SPOT_QUOTA.fullmatch(quota["QuotaName"]), quota["Value"]) for page in pages for quota in page["Quotas"])
    return {name[1]: float(value) for name, value in named if name}


def _findings(quotas: Mapping[str, _Quotas]) -> Iterator[Finding]:
    too_low: dict[str, list[str]] = defaultdict(list)
    for region, of_region in sorted(quotas.items()):
        for name, needed in _needed(of_region).items():
            if of_region[name] < needed:
                too_low[name].append(f"{region} ({of_region[name]:.0f} of {needed})")
    for name, regions in too_low.items():
        text = (
            f"{name}: {configs.INSTANCE_COUNT} instances of the largest type may need more than {', '.join(regions)} "
            "allows: ask for more (Service Quotas, EC2), or narrow INSTANCE_PATTERN, INSTANCE_COUNT or REGIONS"
        )
        # New accounts have nothing but Standard: what the other classes lack costs their own probes only.
        yield to_do(_WHAT, text) if name.startswith(_STANDARD) else unknown(_WHAT, text)
    if not any(name.startswith(_STANDARD) for name in too_low):
        yield fine(_WHAT, f"{configs.INSTANCE_COUNT} instances of a Standard type fit in {len(quotas)} Regions")


def _needed(of_region: _Quotas) -> dict[str, int]:
    needed: dict[str, int] = {}
    for instance, vcpus in instance_tables.vcpus(configs.HOME).items():
        name = quota_of(instance, of_region)
        if name and configs.INSTANCE_PATTERN.fullmatch(instance):
            needed[name] = max(needed.get(name, 0), vcpus * configs.INSTANCE_COUNT)
    return needed


def quota_of(instance: str, names: Mapping[str, Any]) -> str | None:
    """Tell which of the quotas, by name, a type counts against: by family and generation, by family, by its letter."""
    family = re.match(r"([a-z]+)(\d*)", instance)
    if not family:
        return None
    letters, generation = family.groups()
    for wanted in (letters + generation, letters, letters[0]):
        for name in names:
            if wanted.upper() in re.findall(r"[A-Z]+\d*", name.upper()):
                return name
    return None
