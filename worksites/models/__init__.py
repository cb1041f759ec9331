"""Where people work: worksites, teams, what the State finances, client jobs and equipment."""

from worksites.models.annex import AidRate, FinancialAnnex
from worksites.models.equipment import Equipment, EquipmentEvent
from worksites.models.job import JobOrder, JobShare
from worksites.models.site import Assignment, Worksite

__all__ = [
    "AidRate",
    "Assignment",
    "Equipment",
    "EquipmentEvent",
    "FinancialAnnex",
    "JobOrder",
    "JobShare",
    "Worksite",
]
