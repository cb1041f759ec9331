"""Which rows of a person's file go onto paper."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from beneficiaries.barrier_reports import AxisState, axis_states
from beneficiaries.models import (
    Appointment,
    Beneficiary,
    CareerProject,
    ConfidentialNote,
    Document,
    EntrySituation,
    FollowUp,
    FollowUpTopic,
    ProtectedSituation,
    Step,
)
from beneficiaries.models.follow_up import ThemedQuerySet
from beneficiaries.permissions import can_read_protected, can_read_situations
from beneficiaries.support_enums import Confidentiality, StepStatus, Theme
from confluences.dates import add_months
from confluences.models import User
from outcomes.models import RuleBook
from outcomes.reports import ExplainedExit, exits_of
from partners.models import Referral
from partners.models.referral import ReferralQuerySet
from trainings.matrix_reports import Standing, standings
from trainings.models import Enrolment

# What somebody did longer ago than that no longer encourages.
RECENT_MONTHS = 6


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What was chosen on the preparation page: nothing more leaves the house."""

    notes: bool = False
    protected: bool = False
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class Selection:
    """The rows of one person that a user may read and chose to print."""

    person: Beneficiary
    user: User
    today: dt.date
    choices: Choices

    @property
    def with_protected(self) -> bool:
        return self.choices.protected and can_read_protected(self.user)

    @property
    def may_read_notes(self) -> bool:
        return self.user.has_perm("beneficiaries.view_confidentialnote")

    @property
    def with_notes(self) -> bool:
        return self.choices.notes and self.may_read_notes

    def follow_ups(self) -> QuerySet[FollowUp]:
        """From the first to the last."""
        rows = FollowUp.objects.visible_to(self.user).filter(beneficiary=self.person)
        if self.choices.since:
            rows = rows.filter(on__gte=self.choices.since)
        if self.choices.until:
            rows = rows.filter(on__lte=self.choices.until)
        return rows.select_related("created_by").order_by("on", "pk")

    def topics(self) -> QuerySet[FollowUpTopic]:
        rows = FollowUpTopic.objects.visible_to(self.user).filter(follow_up__in=self.follow_ups())
        return self._unless_protected(rows, "theme")

    def notes(self) -> QuerySet[ConfidentialNote]:
        rows = ConfidentialNote.objects.visible_to(self.user).filter(follow_up__in=self.follow_ups())
        return rows.select_related("follow_up") if self.with_notes else rows.none()

    def axes(self) -> list[AxisState]:
        """The axes that somebody has assessed, as the person's page shows them."""
        states = axis_states(self.user, self.person, self.today)
        return [each for each in states if each.latest and (self.with_protected or not each.protected)]

    def steps(self) -> QuerySet[Step]:
        rows = Step.objects.visible_to(self.user).filter(beneficiary=self.person)
        return self._unless_protected(rows, "theme").select_related("worker")

    def open_steps(self) -> QuerySet[Step]:
        return self.steps().filter(status=StepStatus.OPEN)

    def recent_steps(self) -> QuerySet[Step]:
        """The steps done these last months, the latest first."""
        since = add_months(self.today, -RECENT_MONTHS)
        return self.steps().filter(status=StepStatus.DONE, closed_on__gte=since).order_by("-closed_on", "-pk")

    def referrals(self) -> ReferralQuerySet:
        """From the latest to the first, with what a row shows of them."""
        rows = Referral.objects.visible_to(self.user).filter(beneficiary=self.person)
        rows = rows if self.with_protected else rows.exclude(theme__in=Theme.protected())
        return rows.with_last_change().select_related("partner")

    def projects(self) -> QuerySet[CareerProject]:
        return CareerProject.objects.visible_to(self.user).filter(beneficiary=self.person)

    def appointments(self) -> QuerySet[Appointment]:
        """Those to come."""
        rows = Appointment.objects.visible_to(self.user).filter(beneficiary=self.person)
        return rows.planned().filter(on__gte=self.today).select_related("worker")

    def documents(self) -> QuerySet[Document]:
        rows = Document.objects.visible_to(self.user).filter(beneficiary=self.person)
        return rows if self.with_protected else rows.filter(confidentiality=Confidentiality.TEAM)

    def situations(self) -> QuerySet[EntrySituation]:
        rows = self.person.situations.all()
        return rows if can_read_situations(self.user) else rows.none()

    def protected_situations(self) -> QuerySet[ProtectedSituation]:
        rows = ProtectedSituation.objects.filter(situation__beneficiary=self.person)
        return rows.select_related("situation__beneficiary") if self.with_protected else rows.none()

    def trainings(self) -> list[Standing]:
        return standings(Enrolment.objects.visible_to(self.user).filter(beneficiary=self.person), self.today)

    def exits(self) -> list[ExplainedExit]:
        return exits_of(self.person, RuleBook.load()) if self.user.has_perm("outcomes.view_exit") else []

    def _unless_protected(self, rows: ThemedQuerySet, field: str) -> ThemedQuerySet:
        return rows if self.with_protected else rows.exclude(**{f"{field}__in": Theme.protected()})
