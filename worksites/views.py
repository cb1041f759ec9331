"""Worksites: their teams, their places, and what the State finances."""

from django.shortcuts import render
from django.utils import timezone

from beneficiaries.models import TimeEntry
from beneficiaries.permissions import get_beneficiary, visible_people
from confluences.pages import Place, edit_page, posted
from worksites.forms import AnnexForm, AssignmentForm, WorksiteForm
from worksites.load_reports import worksite_jobs
from worksites.models import Assignment, Equipment, FinancialAnnex, Worksite
from worksites.month_reports import month_so_far
from worksites.permissions import can_read_annexes, get_annex, get_assignment, get_worksite
from worksites.place_reports import sites
from worksites.presence_reports import presence_day
from worksites.week_forms import week_choices

WORKSITES = Place("Chantiers", "worksites:worksite-list")


def worksite_list(request):
    worksites = Worksite.objects.visible_to(request.user).prefetch_related("instructors")
    annexes = FinancialAnnex.objects.prefetch_related("worksites") if can_read_annexes(request.user) else None
    return render(
        request, "worksites/worksite_list.html", {"sites": _sites(request, worksites), "annexes": annexes}
    )


def worksite_detail(request, pk):
    worksite = get_worksite(request.user, pk)
    annexes = worksite.annexes.prefetch_related("worksites") if can_read_annexes(request.user) else None
    [site] = _sites(request, [worksite])
    context = {
        "worksite": worksite,
        "site": site,
        "presence": presence_day(worksite, site.today, site.today),
        "month_so_far": month_so_far(worksite, TimeEntry.objects.visible_to(request.user), site.today),
        "jobs": worksite_jobs(worksite, site.today),
        "annexes": annexes,
        "weeks": week_choices(site.today),
    }
    return render(request, "worksites/worksite_detail.html", context)


def _sites(request, worksites):
    equipment = Equipment.objects.visible_to(request.user)
    return sites(worksites, visible_people(request.user), equipment, timezone.localdate())


def worksite_create(request):
    form = WorksiteForm(posted(request))
    return edit_page(
        request, form, title="Nouveau chantier", done="Le chantier est enregistré.", back=WORKSITES
    )


def worksite_edit(request, pk):
    worksite = get_worksite(request.user, pk)
    form = WorksiteForm(posted(request), instance=worksite)
    return edit_page(
        request, form, title="Modifier le chantier", done="Le chantier est enregistré.", back=worksite
    )


def assignment_create(request, pk):
    person = get_beneficiary(request.user, pk)
    form = AssignmentForm(
        posted(request), instance=Assignment(beneficiary=person), initial={"start": timezone.localdate()}
    )
    return edit_page(
        request, form, title="Affecter à un chantier", done="L’affectation est enregistrée.", back=person
    )


def assignment_edit(request, pk):
    assignment = get_assignment(request.user, pk)
    form = AssignmentForm(posted(request), instance=assignment)
    return edit_page(
        request,
        form,
        title="Modifier l’affectation",
        done="L’affectation est enregistrée.",
        back=assignment.beneficiary,
    )


def annex_create(request):
    form = AnnexForm(posted(request))
    return edit_page(
        request,
        form,
        title="Nouvelle annexe financière",
        done="L’annexe financière est enregistrée.",
        back=WORKSITES,
    )


def annex_edit(request, pk):
    form = AnnexForm(posted(request), instance=get_annex(request.user, pk))
    return edit_page(
        request,
        form,
        title="Modifier l’annexe financière",
        done="L’annexe financière est enregistrée.",
        back=WORKSITES,
    )
