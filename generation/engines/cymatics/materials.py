"""Materials: what plates, skins and liquids are made of (SI units, handbook values at room temperature)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Material:
    """An isotropic elastic solid: Young's modulus ``E`` in Pa, density ``rho`` in kg/m³, Poisson's ratio ``nu``."""

    E: float
    rho: float
    nu: float


MATERIALS: dict[str, Material] = {
    "acrylic": Material(3.2e9, 1190.0, 0.37),
    "aluminium": Material(69.0e9, 2700.0, 0.33),
    "brass": Material(100.0e9, 8500.0, 0.34),
    "bronze": Material(110.0e9, 8800.0, 0.34),
    "copper": Material(120.0e9, 8960.0, 0.34),
    "glass": Material(70.0e9, 2500.0, 0.22),
    "silver": Material(83.0e9, 10490.0, 0.37),
    "steel": Material(210.0e9, 7850.0, 0.30),
    "titanium": Material(116.0e9, 4506.0, 0.32),
    # Wood is orthotropic; these are the in-plane means of birch plywood, for which a thin isotropic plate serves.
    "wood": Material(9.0e9, 680.0, 0.30),
}
"""Named materials. Woods and plastics vary by tens of percent: give ``E``, ``rho`` and ``nu`` where it matters."""
