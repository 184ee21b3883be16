"""How colours look to people who see them otherwise, and how far apart they then are.

Matrices for the total loss of one kind of cones, in linear RGB: Machado, Oliveira and Fernandes, "A Physiologically
based Model for Simulation of Color Vision Deficiency", IEEE Transactions on Visualization and Computer Graphics 15(6),
2009.
"""

import numpy as np
from numpy.typing import NDArray

SIGHTS = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}

# sRGB to CIE XYZ, and the white of D65.
_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE = np.array([0.95047, 1.0, 1.08883])


def rgb(colour: str) -> NDArray[np.float64]:
    """Read `#rrggbb`: red, green, blue, 0 to 1."""
    return np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255


def lab(colour: NDArray[np.float64], sight: str = "usual") -> NDArray[np.float64]:
    """Give the CIE L*a*b* of an sRGB colour (0 to 1) as it looks to people of that sight."""
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    seen = np.clip(SIGHTS[sight] @ linear, 0, 1)
    ratio = _XYZ @ seen / _WHITE
    x, y, z = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def distance(one: NDArray[np.float64], other: NDArray[np.float64], sight: str = "usual") -> float:
    """Give how far apart two sRGB colours look, as CIE 1976's delta E: 2 is just noticed side by side."""
    return float(np.linalg.norm(lab(one, sight) - lab(other, sight)))
