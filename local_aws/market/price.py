"""Plausible on-demand prices: near the real ones, and in the right order."""

from typing import Any

# Fitted to c5.large 0.085, m5.large 0.096, r5.large 0.126 USD an hour in us-east-1.
_USD_PER_VCPU = 0.037
_USD_PER_GIB = 0.00275
_BURSTABLE_USD_PER_GIB = 0.0104  # t3 prices follow the memory alone
_ARM_SHARE = 0.8
_ON_TOP = {"us": 1.0, "ca": 1.1, "mx": 1.1, "eu": 1.12, "ap": 1.22, "af": 1.32, "me": 1.2, "il": 1.2, "sa": 1.55}


def on_demand(description: dict[str, Any], region: str) -> float:
    """Return the price in USD an hour of a type, from its DescribeInstanceTypes entry."""
    vcpus = description["VCpuInfo"]["DefaultVCpus"]
    gib = description["MemoryInfo"]["SizeInMiB"] / 1024
    if description["BurstablePerformanceSupported"]:
        usd = _BURSTABLE_USD_PER_GIB * gib
    else:
        usd = _USD_PER_VCPU * vcpus + _USD_PER_GIB * gib
    if "arm64" in description["ProcessorInfo"]["SupportedArchitectures"]:
        usd *= _ARM_SHARE
    usd += sum(map(_usd_per_hour_of_gpus, description.get("GpuInfo", {}).get("Gpus", [])))
    price: float = round(usd * _ON_TOP[region[:2]], 4)
    return price


def _usd_per_hour_of_gpus(gpu: dict[str, Any]) -> float:
    gib: float = gpu.get("MemoryInfo", {}).get("SizeInMiB", 8192) / 1024
    each: float = min(8.0, 0.33 * (gib / 16) ** 2.5)  # T4 16 GiB 0.33, A100 40 GiB 3.25
    count: float = gpu.get("Count", 1)
    return each * count
