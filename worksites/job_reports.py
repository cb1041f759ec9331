"""Client jobs as pages and files show them: one row a job, its hours by week, their picture on one axis.

The database counts the hours; worksites.job_rules makes the figures.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.utils.safestring import SafeString

from beneficiaries.reports import Status
from confluences.dates import add_days, add_months
from confluences.exports import Column
from confluences.formats import (
    HARD_SPACE,
    MONTHS,
    SHORT_MONTHS,
    days_ago,
    days_ahead,
    duration,
    french_date,
    in_days,
    percent,
    short_date,
)
from confluences.gantt import Key, Work, gantt
from confluences.measures import Measure, measures
from partners.enums import PartnerKind
from partners.models import Partner
from partners.models.directory import PartnerQuerySet
from worksites.job_rules import JobFacts, JobFigures, pace_window
from worksites.models import JobOrder, JobShare
from worksites.models.job import JobOrderQuerySet

# The picture shows what is near: older beginnings and later ends stand at its edges.
PICTURE_MONTHS_BEHIND = 18
PICTURE_MONTHS_AHEAD = 12
WEEKS_SHOWN = 12  # a quarter of hours by week
KEY = Key(planned="prévu", done="des heures du devis faites", expected="fin à ce rythme")


@dataclass(frozen=True)
class JobRow:
    """One job on a day, with its figures."""

    job: JobOrder
    figures: JobFigures

    @property
    def status(self) -> Status:
        """How the job stands, in a word."""
        if self.figures.finished:
            return self._finished()
        if self.figures.upcoming:
            return Status(f"commence le {short_date(self.job.start)}", "info")
        late = self.figures.late
        if late is not None and late > 0:
            return Status(f"{in_days(late)} de retard", "late")
        if self.figures.end is None:
            return self._without_end()
        if self.figures.left == 0:
            return Status("heures du devis faites", "soon")
        return _in_time(late)

    @property
    def overrun(self) -> Status | None:
        if not self.figures.overrun:
            return None
        return Status(f"{duration(self.figures.overrun)} au-delà du devis", "late")

    @property
    def warning(self) -> str:
        """What the progress seen says against the quote; empty where both agree."""
        implied = self.figures.implied
        if implied is None:
            return ""
        return (
            f"À {self.job.progress}{HARD_SPACE}% d’avancement, les {duration(self.figures.done)} faites en annoncent "
            f"{duration(implied)} en tout ; le devis en compte {duration(self.job.quoted_minutes)}."
        )

    @property
    def work(self) -> Work:
        """The job as a row of the picture."""
        figures = self.figures
        end = f"fin {short_date(figures.end)} · " if figures.end and not figures.finished else ""
        return Work(
            label=self.job.title,
            start=self.job.start,
            end=self.job.deadline,
            done=figures.filled,
            expected=figures.end,
            words=f"{end}{self.status.label}",
            late=self.status.kind == "late",
        )

    def _finished(self) -> Status:
        late = self.figures.late
        if late is None:
            return Status("terminée", "neutral")
        if late > 0:
            return Status(f"terminée, {in_days(late)} de retard", "neutral")
        return Status("terminée à temps", "ok")

    def _without_end(self) -> Status:
        if self.figures.too_far:
            return Status("ne finira pas à ce rythme", "late")
        if not self.figures.done:
            return Status("pas encore commencée", "info")
        return Status("aucune heure depuis 3 semaines", "soon")


def _in_time(late: int | None) -> Status:
    if late is None:
        return Status("sans échéance", "neutral")
    return Status(f"{in_days(-late)} d’avance", "ok") if late else Status("juste à temps", "soon")


def possible_clients(today: dt.date, *, also: int | None) -> PartnerQuerySet:
    """Those a job may be for, as a list to choose from: who ordered already, and whom the association entered itself.

    The rest of the directory is too long for a list; its partners are found by their names.
    """
    known = Q(kind__in=sorted(PartnerKind.likely_clients()), source_id="")
    ordered = Q(pk__in=JobOrder.objects.values("client"))
    return Partner.objects.active(today).filter(known | ordered) | Partner.objects.filter(pk__in=[also])


def job_rows(jobs: JobOrderQuerySet, today: dt.date) -> list[JobRow]:
    """The jobs with the hours recorded on them, in one query."""
    window = pace_window(today, dt.date.min)
    recent = Q(shares__entry__day__range=(window.first, window.last))
    counted = (
        jobs.select_related("worksite", "client")
        .with_done()
        .annotate(recent=Coalesce(Sum("shares__minutes", filter=recent), 0))
    )
    return [JobRow(job, JobFigures(_facts(job), today)) for job in counted]


def job_row(job: JobOrder, today: dt.date) -> JobRow:
    [row] = job_rows(JobOrder.objects.filter(pk=job.pk), today)
    return row


def _facts(job: Any) -> JobFacts:
    return JobFacts(
        start=job.start,
        deadline=job.deadline,
        finished_on=job.finished_on,
        quoted=job.quoted_minutes,
        done=job.done,
        recent=job.recent,
        progress=job.progress,
        amount=job.quoted_amount,
        hourly_cost=job.hourly_cost,
    )


def _hours(minutes: int) -> Decimal:
    return (Decimal(minutes) / 60).quantize(Decimal("0.01"))


COLUMNS = (
    Column("Chantier", lambda row: row.job.worksite.name),
    Column("Travaux", lambda row: row.job.title),
    Column("Client", lambda row: row.job.client.name),
    Column("Lieu", lambda row: row.job.place),
    Column("Début", lambda row: row.job.start),
    Column("À rendre le", lambda row: row.job.deadline),
    Column("Terminée le", lambda row: row.job.finished_on),
    Column("Heures du devis", lambda row: _hours(row.job.quoted_minutes)),
    Column("Heures faites", lambda row: _hours(row.figures.done)),
    Column("Heures restantes", lambda row: _hours(row.figures.left)),
    Column("Heures au-delà du devis", lambda row: _hours(row.figures.overrun)),
    Column("Fin à ce rythme", lambda row: None if row.figures.finished else row.figures.end),
    Column("Jours ouvrés de retard (négatif : d’avance)", lambda row: row.figures.late),
    Column("Avancement constaté (%)", lambda row: row.job.progress),
    Column("Montant du devis (€)", lambda row: row.job.quoted_amount),
    Column("Coût des heures (€)", lambda row: row.figures.cost),
    Column("Situation", lambda row: row.status.label),
)


# Pictures


def job_picture(rows: Sequence[JobRow], today: dt.date, label: str) -> SafeString:
    """The jobs on one axis of time."""
    works = [row.work for row in rows]
    ends = [work.last or today for work in works]
    end = add_days(min(max(ends, default=today), add_months(today, PICTURE_MONTHS_AHEAD)), 14)
    end = max(end, add_days(today, 14)) if any(not row.figures.finished for row in rows) else end
    start = max(min((work.start for work in works), default=today), add_months(end, -PICTURE_MONTHS_BEHIND))
    return gantt(works, start=min(start, add_days(end, -28)), end=end, today=today, key=KEY, label=label)


def hours_by_week(job: JobOrder, today: dt.date) -> list[Measure]:
    """The minutes recorded on a job in each of its last twelve weeks, those without hours included."""
    last = min(job.finished_on or today, today)
    first = max(monday_of(add_days(last, -7 * (WEEKS_SHOWN - 1))), monday_of(job.start))
    totals: dict[dt.date, int] = defaultdict(int)
    days = JobShare.objects.filter(job=job, entry__day__range=(first, last)).order_by()
    for day, minutes in days.values_list("entry__day").annotate(Sum("minutes")):
        totals[monday_of(day)] += minutes
    weeks = []
    while first <= last:
        weeks.append(
            Measure(
                label=span_words(first, add_days(first, 4), months=SHORT_MONTHS),
                value=totals[first],
                words=duration(totals[first]) if totals[first] else "aucune heure",
            )
        )
        first = add_days(first, 7)
    return weeks


def weeks_picture(weeks: Sequence[Measure]) -> SafeString:
    return measures(weeks, label="Heures par semaine")


def monday_of(day: dt.date) -> dt.date:
    return add_days(day, 1 - day.isoweekday())


def span_words(first: dt.date, last: dt.date, *, months: Sequence[str] = MONTHS) -> str:
    """A few days in words.

    >>> span_words(dt.date(2026, 12, 7), dt.date(2026, 12, 11))
    'du 7 au 11 décembre'
    >>> span_words(dt.date(2026, 11, 30), dt.date(2026, 12, 4))
    'du 30 novembre au 4 décembre'
    """
    end = f"{_ordinal(last)} {months[last.month - 1]}"
    if first == last:
        return f"le {end}"
    same_month = (first.year, first.month) == (last.year, last.month)
    return f"du {_ordinal(first)}{'' if same_month else f' {months[first.month - 1]}'} au {end}"


def _day_and_month(day: dt.date | None) -> str:
    """A date that stands large in a narrow place: « 7 déc. »; the year is said beside it."""
    return f"{_ordinal(day)}{HARD_SPACE}{SHORT_MONTHS[day.month - 1]}" if day else ""


def _ordinal(day: dt.date) -> str:
    return "1er" if day.day == 1 else str(day.day)


# A job's own page


@dataclass(frozen=True)
class JobPage:
    """All that a job's page shows of its hours."""

    row: JobRow
    weeks: Sequence[Measure]

    @property
    def picture(self) -> SafeString:
        return weeks_picture(self.weeks)

    @property
    def has_hours(self) -> bool:
        return any(week.value for week in self.weeks)

    @property
    def facts(self) -> list[tuple[str, str]]:
        job = self.row.job
        return [
            ("Client", str(job.client)),
            ("Lieu", job.place),
            ("Chantier", str(job.worksite)),
            ("Début", french_date(job.start)),
            ("Devis", duration(job.quoted_minutes)),
            ("Terminée le", french_date(job.finished_on) or "en cours"),
        ]

    @property
    def quoted_words(self) -> str:
        return f"sur {duration(self.row.job.quoted_minutes)} au devis"

    @property
    def pace_words(self) -> str:
        """The pace, with the day since which it is counted."""
        figures = self.row.figures
        if figures.finished:
            return "commande terminée"
        if figures.pace_minutes is None:
            return "aucune heure depuis trois semaines" if figures.done else "aucune heure pour l’instant"
        since = pace_window(figures.today, self.row.job.start).first
        return f"{duration(figures.pace_minutes)} par jour ouvré depuis le {short_date(since)}"

    @property
    def end_label(self) -> str:
        return "Terminée le" if self.row.figures.finished else "Fin à ce rythme"

    @property
    def end_words(self) -> str:
        return _day_and_month(self.row.figures.end) or "inconnue"

    @property
    def end_hint(self) -> str:
        words = [short_date(self.row.figures.end), self.row.status.label]
        return " · ".join(word for word in words if word)

    @property
    def end_kind(self) -> str:
        kind = self.row.status.kind
        return kind if kind in {"late", "soon", "ok"} else "neutral"

    @property
    def deadline_words(self) -> str:
        return _day_and_month(self.row.job.deadline) or "sans date"

    @property
    def deadline_hint(self) -> str:
        deadline, today = self.row.job.deadline, self.row.figures.today
        if deadline is None:
            return "rien n’est convenu avec le client"
        days = (deadline - today).days
        words = days_ahead(days) if days >= 0 else f"passé {days_ago(-days)}"
        return short_date(deadline) if self.row.figures.finished else f"{short_date(deadline)} · {words}"

    @property
    def progress_words(self) -> str:
        return f"{duration(self.row.figures.done)} sur {duration(self.row.job.quoted_minutes)}"

    @property
    def used(self) -> str:
        """The part of the amount that the hours have used."""
        return percent(self.row.figures.cost_share)


def job_page(job: JobOrder, today: dt.date) -> JobPage:
    return JobPage(job_row(job, today), hours_by_week(job, today))
