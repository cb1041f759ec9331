"""What people learn: programmes and their modules, half-day sessions, attendance, and the papers at the end."""

from trainings.models.certificate import Certificate, CertificateRegister
from trainings.models.programme import Enrolment, Module, Programme
from trainings.models.session import Attendance, AttendedModule, Session, SessionModule

__all__ = [
    "Attendance",
    "AttendedModule",
    "Certificate",
    "CertificateRegister",
    "Enrolment",
    "Module",
    "Programme",
    "Session",
    "SessionModule",
]
