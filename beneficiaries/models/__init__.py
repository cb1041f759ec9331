"""The people we employ: identity, situation at entry, PASS IAE and contracts."""

from beneficiaries.models.contract import Contract
from beneficiaries.models.pass_iae import Pass, Prolongation, Suspension
from beneficiaries.models.person import NO_END, Beneficiary, EntrySituation, ProtectedSituation

__all__ = [
    "NO_END",
    "Beneficiary",
    "Contract",
    "EntrySituation",
    "Pass",
    "Prolongation",
    "ProtectedSituation",
    "Suspension",
]
