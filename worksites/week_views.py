"""The weekly sheet of a worksite, as PDF."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import slugify

from confluences import audit
from confluences.exports import download
from confluences.pdf import render_pdf
from worksites.permissions import get_worksite
from worksites.week_forms import WeekForm
from worksites.week_reports import week_sheet as sheet_of


def week_sheet(request, pk):
    worksite = get_worksite(request.user, pk)
    form = WeekForm(request.GET, today=timezone.localdate())
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["lundi"]))
        return redirect(worksite)
    monday = form.cleaned_data["lundi"]
    sheet = sheet_of(request.user, worksite, monday)
    title = f"{worksite} : semaine du {monday:%d/%m/%Y}"
    content = render_pdf("pdf/week_sheet.html", {"sheet": sheet}, title=title)
    audit.log_print(worksite)
    name = f"semaine-{slugify(worksite.name)}-{monday:%Y-%m-%d}.pdf"
    return download(content, filename=name, content_type="application/pdf")
