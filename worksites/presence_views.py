"""The morning's presence: the day's team, one tap a person. Every address also answers without JavaScript."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from beneficiaries.models import MonthClosing, TimeEntry
from beneficiaries.models.time_entry import closed_sentence
from beneficiaries.time_actions import DayChange, DayFaults
from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import Part
from confluences.cells import FIRST_YEAR, LAST_YEAR
from confluences.formats import moment
from confluences.pages import posted
from worksites.models import JobOrder, Worksite
from worksites.permissions import can_record_presence, get_worked_day, get_worksite
from worksites.presence_actions import record_presence, record_rest
from worksites.presence_forms import PAY, SplitForm, TapForm
from worksites.presence_reports import (
    PresenceDay,
    PresenceRow,
    nearest_work_days,
    open_jobs,
    presence_day,
    usual_job,
)
from worksites.presence_rules import LATE_MINUTES, absence_reasons, day_in_words

NO_JOB = "0"
TYPED = ("tap", "reason", "pay", "late", "hours", "kind", "rest")


@dataclass(frozen=True)
class Answer:
    """What the last tap on somebody's row could not do, with what was typed, so that nothing is lost."""

    problem: str
    wanted: str = ""  # in words, where one more tap would record it
    typed: Mapping[str, str] = field(default_factory=dict)
    is_conflict: bool = False

    @property
    def fields(self) -> list[tuple[str, str]]:
        return list(self.typed.items())


@dataclass(frozen=True)
class Shown:
    """A row as the page shows it: somebody's day, and the answer to a tap that was refused."""

    row: PresenceRow
    answer: Answer | None = None
    just_tapped: bool = False


@dataclass(frozen=True)
class Jobs:
    """The client jobs that the day's work may be for, and the one chosen at the top of the page."""

    options: list[JobOrder]
    chosen: JobOrder | None

    @property
    def key(self) -> str:
        return str(self.chosen.pk) if self.chosen else NO_JOB


def presence_day_page(request, pk):
    worksite = get_worksite(request.user, pk)
    day = _day(request.GET.get("jour"))
    presence = presence_day(worksite, day or timezone.localdate(), timezone.localdate())
    context = _context(request, presence, _jobs(request, presence, request.GET.get("commande")))
    return render(request, "worksites/presence_day.html", context | {"misread": day is None})


@require_POST
def presence_tap(request, pk):
    worksite = get_worksite(request.user, pk)
    day = _day(request.POST.get("jour") or "?")
    if day is None:
        raise Http404
    presence = presence_day(worksite, day, timezone.localdate())
    jobs = _jobs(request, presence, request.POST.get("commande"))
    if request.POST.get("tap") in {"all-present", "all-holiday"}:
        return _tap_team(request, presence, jobs)
    row = next((row for row in presence.rows if str(row.person.pk) == request.POST.get("person")), None)
    if row is None:
        raise Http404
    return _tap_person(request, presence, jobs, row)


# One person


def _tap_person(request, presence, jobs, row):
    form = TapForm(request.POST, row=row, today=presence.today)
    answer = _record(request, form, jobs)
    now = presence_day(presence.worksite, presence.day, presence.today)
    shown_row = next((each for each in now.rows if each.person == row.person), row)
    status = HTTPStatus.OK
    if answer:
        status = HTTPStatus.CONFLICT if answer.is_conflict else HTTPStatus.UNPROCESSABLE_ENTITY
    elif not request.htmx:
        messages.success(request, f"{row.person} : {shown_row.words or 'pointage effacé'}.")
        return redirect(f"{_address(now, jobs)}#personne-{row.person.pk}")
    shown = Shown(shown_row, answer, just_tapped=True)
    context = _context(request, now, jobs, {row.person.pk: shown}, light=bool(request.htmx))
    if request.htmx:
        return render(
            request, "worksites/presence_tapped.html", context | {"shown": shown, "oob": True}, status=status
        )
    return render(request, "worksites/presence_day.html", context, status=status)


def _record(request, form: TapForm, jobs: Jobs) -> Answer | None:
    """Writes the tap; None, or why not."""
    row = form.row
    typed = {name: request.POST.get(name, "")[:100] for name in TYPED if request.POST.get(name)}
    if not form.is_valid():
        return Answer(form.problem, typed=typed)
    change = DayChange(person=row.person, day=row.day, parts=form.parts, seen=form.cleaned_data["seen"])
    try:
        record_presence([change], job=jobs.chosen, by=request.user)
    except DayFaults as faults:
        wanted = day_in_words(form.parts) or "rien d’enregistré"
        if faults.is_conflict:
            return Answer(_overtaken(row, wanted), wanted=wanted, typed=typed, is_conflict=True)
        return Answer(" ".join(_sentence(fault.message) for fault in faults.faults), typed=typed)
    except ValidationError as error:
        return Answer(" ".join(error.messages), typed=typed)
    return None


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _overtaken(row: PresenceRow, wanted: str) -> str:
    """Who recorded what meanwhile, and that nothing of it was written over."""
    entries = TimeEntry.objects.outside_sessions().filter(beneficiary=row.person, day=row.day)
    latest = entries.select_related("updated_by").order_by("-updated_at").first()
    if latest is None:
        return f"Ce pointage vient d’être effacé par quelqu’un d’autre. Vous vouliez : « {wanted} »."
    who = latest.updated_by or "Quelqu’un"
    when = moment(latest.updated_at, timezone.now(), today="à", before="le")
    now = day_in_words(sorted(entry.part for entry in entries))
    return f"{who} a enregistré « {now} » {when}, pendant que cette page était ouverte. Vous vouliez : « {wanted} »."


# The whole team


def _tap_team(request, presence, jobs):
    is_holiday = request.POST["tap"] == "all-holiday"
    seen_waiting = set(request.POST.getlist("waiting"))
    rows = [row for row in presence.rows if str(row.person.pk) in seen_waiting]
    changes = [
        DayChange(person=row.person, day=row.day, parts=parts, seen=[])
        for row in rows
        if (parts := _whole_day(row, is_holiday=is_holiday))
    ]
    said, problem = "", _team_fault(presence, is_holiday=is_holiday)
    if not problem:
        try:
            recorded, left = record_rest(changes, job=jobs.chosen, by=request.user)
            said = _team_said(len(recorded), left, "jour férié" if is_holiday else "présent")
        except ValidationError as error:
            problem = " ".join(error.messages)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    if not problem and not request.htmx:
        messages.success(request, said)
        return redirect(_address(presence, jobs))
    now = presence_day(presence.worksite, presence.day, presence.today)
    context = _context(request, now, jobs, light=bool(request.htmx))
    context |= {"team_said": said, "team_problem": problem}
    template = "worksites/presence_team.html" if request.htmx else "worksites/presence_day.html"
    return render(request, template, context, status=status)


def _whole_day(row: PresenceRow, *, is_holiday: bool) -> list[Part]:
    if is_holiday:
        return [Part(TimeKind.PAID_ABSENCE, row.usual, AbsenceReason.HOLIDAY)] if row.usual else []
    return [Part(TimeKind.WORK, row.planned)] if row.planned else []


def _team_fault(presence: PresenceDay, *, is_holiday: bool) -> str:
    if is_holiday and not presence.holiday:
        return "Ce jour n’est pas férié."
    if presence.is_ahead and not is_holiday:
        return "Ce jour n’est pas encore venu : la présence se pointe le jour même."
    return ""


def _team_said(count: int, left: list, word: str) -> str:
    people = "1 personne enregistrée" if count == 1 else f"{count} personnes enregistrées"
    kept = ", ".join(str(person) for person in left)
    more = f" Déjà pointé entre-temps, laissé tel quel : {kept}." if left else ""
    return f"{people} : {word}.{more}"


# Client jobs


def presence_split(request, pk):
    with transaction.atomic():
        entry, worksite = get_worked_day(request.user, pk)
        jobs = open_jobs(request.user, worksite, entry.day)
        is_live = bool(request.htmx) and request.method == "GET"
        form = SplitForm(request.GET if is_live else posted(request), entry=entry, jobs=jobs)
        saved = request.method == "POST" and form.save()
    back = f"{_day_address(worksite, entry.day)}#personne-{entry.beneficiary_id}"
    if saved:
        messages.success(request, f"{entry.beneficiary} : la répartition est enregistrée.")
        return redirect(back)
    if is_live:
        form.is_valid()
        return render(request, "worksites/presence_split_total.html", {"form": form})
    is_closed = MonthClosing.objects.is_closed(entry.day)
    context = {
        "form": form,
        "entry": entry,
        "worksite": worksite,
        "back_url": back,
        "closed": closed_sentence(entry.day) if is_closed else "",
    }
    status = HTTPStatus.CONFLICT if form.is_conflict else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(
        request, "worksites/presence_split.html", context, status=status if form.errors else HTTPStatus.OK
    )


# What the page shows


def _context(
    request,
    presence: PresenceDay,
    jobs: Jobs,
    told: Mapping[int, Shown] | None = None,
    *,
    light: bool = False,
) -> dict:
    """All that the page shows; `light` leaves out what stands around the team, for a fragment."""
    told = told or {}
    can_record = can_record_presence(request.user) and not presence.is_closed
    context = {
        "presence": presence,
        "worksite": presence.worksite,
        "jobs": jobs,
        "can_record": can_record,
        "closed": closed_sentence(presence.day) if presence.is_closed else "",
        "lateness": LATE_MINUTES,
        "reasons": absence_reasons(ahead=presence.is_ahead),
        "rests": absence_reasons(ahead=False),
        "pays": PAY,
        "kinds": TimeKind.attended(),
        "oob": False,
        "misread": False,
        "team_said": "",
        "team_problem": "",
        "all_shown": [told.get(row.person.pk, Shown(row)) for row in presence.rows],
    }
    if not light:
        context["before"], context["after"] = nearest_work_days(presence.worksite, presence.day)
    return context


def _jobs(request, presence: PresenceDay, asked: str | None) -> Jobs:
    if not can_record_presence(request.user) or presence.is_ahead:
        return Jobs([], None)
    options = open_jobs(request.user, presence.worksite, presence.day)
    if asked == NO_JOB:
        return Jobs(options, None)
    chosen = next((job for job in options if str(job.pk) == asked), None)
    return Jobs(options, chosen or usual_job(presence.worksite, options, presence.day))


def _day(text: str | None) -> dt.date | None:
    """The day of an address: today where it says none, None where it says something else than a day."""
    if not text:
        return timezone.localdate()
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _day_address(worksite: Worksite, day: dt.date) -> str:
    return f"{reverse('worksites:presence-day', args=[worksite.pk])}?jour={day.isoformat()}"


def _address(presence: PresenceDay, jobs: Jobs) -> str:
    address = _day_address(presence.worksite, presence.day)
    return f"{address}&{urlencode({'commande': jobs.key})}" if jobs.options else address
