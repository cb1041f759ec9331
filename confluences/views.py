"""The pages that join the apps: the people and their files, the audit log."""

import datetime as dt

from auditlog.models import LogEntry
from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.shortcuts import render
from django.utils import timezone

from beneficiaries.appointment_reports import appointment_rows
from beneficiaries.barrier_reports import axis_states
from beneficiaries.deadline_reports import Deadline, deadlines
from beneficiaries.document_reports import document_rows
from beneficiaries.follow_up_reports import follow_up_panel, follow_ups_of
from beneficiaries.models import Beneficiary
from beneficiaries.permissions import (
    can_read_follow_ups,
    can_read_protected,
    can_read_situations,
    get_beneficiary,
    visible_people,
)
from beneficiaries.person_time_reports import immersion_layer, month_time
from beneficiaries.reports import (
    COLUMNS,
    FILE_PARTS,
    PassState,
    for_rows,
    identity_facts,
    person_row,
    person_rows,
    situation_facts,
)
from beneficiaries.rules import age_on
from beneficiaries.support_views import panels
from confluences.journal import JournalFilter, lines
from confluences.journey import journey_of
from confluences.list_pages import ListFile, export_list
from outcomes.models import RuleBook
from outcomes.reports import exits_of, may_leave
from partners.immersion_reports import immersion_panel, immersions_on_journey
from partners.referral_reports import person_referrals, referral_layer
from trainings.matrix_reports import standings, training_layer
from trainings.models import Enrolment
from worksites.forms import BeneficiaryFilter

PEOPLE_PER_PAGE = 50
JOURNAL_LINES_PER_PAGE = 50
EXPORT_CHUNK = 1000  # people read at a time: one list of identifiers has a limit on SQLite
PEOPLE_FILE = ListFile(
    title="Salariés en insertion",
    name="salaries",
    page="beneficiary-list",
    nothing="Rien à exporter : aucune personne ne correspond à ces filtres. Élargissez-les.",
)


def beneficiary_list(request):
    today = timezone.localdate()
    chosen = _people_filter(request, today)
    people = chosen.qs if chosen.is_valid() else chosen.queryset.none()
    page = Paginator(people, PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    context = {"filter": chosen, "page": page, "rows": person_rows(page, today)}
    # A page that the browser restores from its history is asked for whole.
    fragment = request.htmx and not request.htmx.history_restore_request
    return render(request, "beneficiaries/results.html" if fragment else "beneficiary_list.html", context)


def beneficiary_export(request, file_format):
    today = timezone.localdate()
    return export_list(
        request,
        file_format,
        _people_filter(request, today),
        PEOPLE_FILE,
        columns=COLUMNS,
        rows=lambda people: list(person_rows(people.iterator(chunk_size=EXPORT_CHUNK), today)),
    )


def beneficiary_detail(request, pk):
    today = timezone.localdate()
    user = request.user
    person = get_beneficiary(user, pk)
    prefetch_related_objects([person], *FILE_PARTS)
    situations = person.situations.all() if can_read_situations(user) else ()
    axes = axis_states(user, person, today)
    exits = exits_of(person, RuleBook.load()) if user.has_perm("outcomes.view_exit") else None
    trainings = standings(Enrolment.objects.visible_to(user).filter(beneficiary=person), today)
    referrals = person_referrals(user, person, today) if user.has_perm("partners.view_referral") else None
    immersions = immersion_panel(user, person, today)
    more = [
        training_layer(trainings),
        immersions_on_journey(immersions or (), immersion_layer(person, user)),
        referral_layer(referrals or []),
    ]
    context = {
        "person": person,
        "identity": identity_facts(person),
        "age": age_on(person.birth_date, today),
        "row": person_row(person, today),
        "deadlines": _deadlines(user, person, today),
        "journey": journey_of(person, exits or [], axes, follow_ups_of(person, user), today, more),
        "standings": trainings,
        "immersions": immersions,
        "month_time": month_time(person, user, today),
        "passes": [PassState(pass_iae, today) for pass_iae in person.passes.all()],
        "may_read_situations": can_read_situations(user),
        "may_read_protected": can_read_protected(user),
        "situations": [(situation, *situation_facts(situation)) for situation in situations],
        "follow_ups": follow_up_panel(person, user, today) if can_read_follow_ups(user) else None,
        "appointments": appointment_rows(person, user, today) if can_read_follow_ups(user) else None,
        "documents": document_rows(user, person, today),
        "referrals": referrals,
        "exits": exits,
        "can_record_exit": exits is not None and may_leave(person, exits, today),
        **panels(user, person, axes, today),
    }
    return render(request, "beneficiary_detail.html", context)


def _deadlines(user, person: Beneficiary, today: dt.date) -> list[Deadline]:
    alone = Beneficiary.objects.filter(pk=person.pk)
    return deadlines(user, alone, today, settings.FOLLOW_UP_SILENCE_DAYS)


def audit_log(request):
    chosen = JournalFilter(
        request.GET, LogEntry.objects.select_related("actor", "content_type").order_by("-timestamp", "-pk")
    )
    entries = chosen.qs if chosen.is_valid() else chosen.queryset.none()
    page = Paginator(entries, JOURNAL_LINES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "audit_log.html", {"filter": chosen, "page": page, "lines": lines(page)})


def _people_filter(request, today: dt.date) -> BeneficiaryFilter:
    """The people this user may see, filtered as the address says: the same for the page and the spreadsheet."""
    return BeneficiaryFilter(
        request.GET, for_rows(visible_people(request.user)), request=request, today=today
    )


def csrf_failure(request, reason=""):
    return render(request, "csrf_failure.html", status=403)
