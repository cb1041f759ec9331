"""The people we employ: identity, situation at entry, PASS IAE, contracts, time, and their support."""

from beneficiaries.models.appointment import Appointment
from beneficiaries.models.barrier import BarrierAssessment
from beneficiaries.models.contract import Contract
from beneficiaries.models.document import Document
from beneficiaries.models.follow_up import ConfidentialNote, FollowUp, FollowUpTopic
from beneficiaries.models.pass_iae import Pass, Prolongation, Suspension
from beneficiaries.models.person import NO_END, Beneficiary, EntrySituation, ProtectedSituation
from beneficiaries.models.project import CareerProject
from beneficiaries.models.step import Step
from beneficiaries.models.time_entry import MonthClosing, TimeEntry

__all__ = [
    "NO_END",
    "Appointment",
    "BarrierAssessment",
    "Beneficiary",
    "CareerProject",
    "ConfidentialNote",
    "Contract",
    "Document",
    "EntrySituation",
    "FollowUp",
    "FollowUpTopic",
    "MonthClosing",
    "Pass",
    "Prolongation",
    "ProtectedSituation",
    "Step",
    "Suspension",
    "TimeEntry",
]
