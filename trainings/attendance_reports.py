"""What an attendance sheet shows: who is expected, what was recorded, who may be added."""

from dataclasses import dataclass

from beneficiaries.models import MonthClosing
from beneficiaries.time_rules import Part
from confluences.models import User
from trainings.models import Attendance, Enrolment, Session


@dataclass(frozen=True)
class ExpectedPerson:
    """A line of an attendance sheet; `part` is what was recorded, None where nothing was."""

    enrolment: Enrolment
    part: Part | None
    is_guest: bool  # of another group, here to catch up


@dataclass(frozen=True)
class Sheet:
    """An attendance sheet as its reader may see it, and the people who could be added to it."""

    session: Session
    lines: list[ExpectedPerson]
    others: list[Enrolment]
    is_closed: bool

    @property
    def recorded(self) -> int:
        return sum(line.part is not None for line in self.lines)


def attendance_sheet(user: User, session: Session) -> Sheet:
    """The people expected that day whom this user may see, with those who were recorded anyway."""
    visible = Enrolment.objects.visible_to(user).filter(programme=session.programme)
    enrolments = (
        visible.select_related("beneficiary")
        .prefetch_related("beneficiary__contracts")
        .order_by("beneficiary")
    )
    attendances = Attendance.objects.filter(session=session).select_related("entry")
    parts = {each.enrolment_id: each.entry.part for each in attendances}
    lines, others = [], []
    for enrolment in enrolments:
        expected = session.expects(enrolment)
        if expected or enrolment.pk in parts:
            lines.append(ExpectedPerson(enrolment, parts.get(enrolment.pk), is_guest=not expected))
        elif session.may_welcome(enrolment):
            others.append(enrolment)
    return Sheet(session, lines, others, MonthClosing.objects.is_closed(session.day))
