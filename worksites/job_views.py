"""Client jobs: their list with its picture and the load it makes, a job's own page, and its forms."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from confluences.list_pages import ListFile, export_list
from confluences.pages import edit_page, posted
from worksites.job_forms import JobFilter, JobForm, JobState, ProgressForm
from worksites.job_reports import COLUMNS, JobPage, job_page, job_picture, job_rows
from worksites.load_reports import loads
from worksites.models import JobOrder, Worksite
from worksites.permissions import get_job, get_worksite

JOBS_PER_PAGE = 20  # one picture shows a page
PROGRESS_DONE = "L’avancement est enregistré."
JOBS_FILE = ListFile(
    title="Commandes",
    name="commandes",
    page="worksites:job-list",
    nothing="Rien à exporter : aucune commande ne correspond à ces filtres. Élargissez-les.",
)


def job_list(request):
    today = timezone.localdate()
    chosen = _filter(request)
    jobs = chosen.qs if chosen.is_valid() else chosen.queryset.none()
    page = Paginator(jobs, JOBS_PER_PAGE).get_page(request.GET.get("page"))
    rows = job_rows(jobs.filter(pk__in=[job.pk for job in page]), today)
    worksites = Worksite.objects.visible_to(request.user).open_on(today)
    if chosen.is_valid() and chosen.chosen_worksite:
        worksites = worksites.filter(pk=chosen.chosen_worksite.pk)
    open_jobs = JobOrder.objects.visible_to(request.user).filter(finished_on=None)
    context = {
        "filter": chosen,
        "page": page,
        "rows": rows,
        "picture": job_picture(rows, today, "Commandes"),
        "loads": loads(worksites, job_rows(open_jobs, today), today),
    }
    return render(request, "worksites/job_list.html", context)


def job_export(request, file_format):
    today = timezone.localdate()
    return export_list(
        request,
        file_format,
        _filter(request),
        JOBS_FILE,
        columns=COLUMNS,
        rows=lambda jobs: job_rows(jobs, today),
    )


def job_detail(request, pk):
    page = job_page(get_job(request.user, pk), timezone.localdate())
    return _detail(request, page, ProgressForm(instance=page.row.job))


@require_POST
def job_progress(request, pk):
    """Writes the progress seen on the place, from the job's page, which answers with what changed there."""
    job = get_job(request.user, pk)
    form = ProgressForm(request.POST, instance=job)
    saved = form.save_by(request.user) is not None
    if saved and not request.htmx:
        messages.success(request, PROGRESS_DONE)
        return redirect(job)
    # Read again: what was refused stands in the form alone.
    page = job_page(job, timezone.localdate())
    if not saved:
        return _detail(request, page, form)
    return _detail(request, page, ProgressForm(instance=page.row.job), done=PROGRESS_DONE)


def job_create(request, pk):
    worksite = get_worksite(request.user, pk)
    form = JobForm(
        posted(request), instance=JobOrder(worksite=worksite), initial={"start": timezone.localdate()}
    )
    return edit_page(
        request, form, title="Nouvelle commande", done="La commande est enregistrée.", back=worksite
    )


def job_edit(request, pk):
    job = get_job(request.user, pk)
    form = JobForm(posted(request), instance=job)
    return edit_page(
        request, form, title="Modifier la commande", done="La commande est enregistrée.", back=job
    )


def _filter(request) -> JobFilter:
    """The jobs this user may see, filtered as the address says; the open ones where it says nothing."""
    data = request.GET.copy()
    data.setdefault("state", JobState.OPEN)
    return JobFilter(data, JobOrder.objects.visible_to(request.user), request=request)


def _detail(request, page: JobPage, form: ProgressForm, done: str = ""):
    context = {"job": page.row.job, "page": page, "progress_form": form, "progress_done": done}
    template = "worksites/job_progress.html" if request.htmx else "worksites/job_detail.html"
    return render(request, template, context, status=form.status)
