"""Equipment: the list and what is due, each thing with its history, what happens to it, labels to print."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from beneficiaries.permissions import visible_people
from confluences import audit
from confluences.exports import download
from confluences.list_pages import ListFile, export_list
from confluences.models import User
from confluences.navigation import Link
from confluences.pages import Place, edit_page, posted
from confluences.pdf import render_pdf
from worksites.enums import EquipmentEventKind, EquipmentState
from worksites.equipment_forms import EquipmentFilter, EquipmentForm, EventForm, LabelsForm
from worksites.equipment_reports import (
    COLUMNS,
    EquipmentRow,
    due_lines,
    equipment_rows,
    facts,
    history,
)
from worksites.equipment_rules import refusal
from worksites.models import Equipment, Worksite
from worksites.permissions import get_equipment

PER_PAGE = 50
EQUIPMENT = Place("Matériel", "worksites:equipment-list")
VERBS = {
    EquipmentEventKind.HANDED_OUT: ("Confier", "Le matériel est confié."),
    EquipmentEventKind.RETURNED: ("Rendu", "Le matériel est rendu."),
    EquipmentEventKind.INSPECTED: ("Contrôlé", "Le contrôle est enregistré."),
    EquipmentEventKind.REPAIRED: ("Réparé", "La réparation est enregistrée."),
    EquipmentEventKind.MOVED: ("Changer de chantier", "Le matériel a changé de chantier."),
    EquipmentEventKind.NOTED: ("Constat", "Le constat est enregistré."),
}
EQUIPMENT_FILE = ListFile(
    title="Matériel",
    name="materiel",
    page="worksites:equipment-list",
    nothing="Rien à exporter : aucun matériel ne correspond à ces filtres. Élargissez-les.",
)


def equipment_list(request):
    today = timezone.localdate()
    chosen = _filter(request, today)
    found = chosen.qs if chosen.is_valid() else chosen.queryset.none()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"filter": chosen, "page": page, "rows": equipment_rows(page, today)}
    # A page that the browser restores from its history is asked for whole.
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "worksites/equipment_results.html", context)
    context["due"] = due_lines(Equipment.objects.visible_to(request.user), today)
    return render(request, "worksites/equipment_list.html", context)


def equipment_export(request, file_format):
    today = timezone.localdate()
    return export_list(
        request,
        file_format,
        _filter(request, today),
        EQUIPMENT_FILE,
        columns=COLUMNS,
        rows=lambda equipment: equipment_rows(equipment, today),
    )


def equipment_labels(request):
    """Labels as PDF: of what is ticked, else of all that the filters keep."""
    today = timezone.localdate()
    chosen = _filter(request, today)
    if not chosen.is_valid():
        messages.error(request, "Ce filtre n’est pas compris : corrigez-le, puis imprimez à nouveau.")
        return redirect("worksites:equipment-list")
    form = LabelsForm(request.GET, equipment=chosen.qs)
    if not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
        return redirect("worksites:equipment-list")
    things = list((form.cleaned_data["pk"] or chosen.qs).order_by("worksite__name", "label"))
    if not things:
        messages.warning(request, "Aucune étiquette à imprimer : aucun matériel ne correspond à ces filtres.")
        return redirect("worksites:equipment-list")
    blank = form.cleaned_data["used"] or 0
    content = render_pdf(
        "pdf/equipment_labels.html", {"labels": [None] * blank + things}, title="Étiquettes du matériel"
    )
    audit.log_list_export(Equipment, file_format="pdf", rows=len(things), filters=chosen.in_words)
    return download(content, filename=f"etiquettes-{today:%Y-%m-%d}.pdf", content_type="application/pdf")


def equipment_detail(request, pk):
    equipment = get_equipment(request.user, pk)
    holder = equipment.holder
    context = {
        "equipment": equipment,
        "row": EquipmentRow(equipment, timezone.localdate()),
        "facts": facts(equipment),
        "may_open_holder": holder is not None and visible_people(request.user).filter(pk=holder.pk).exists(),
        "events": history(equipment),
        "possible": _possible(request.user, equipment),
    }
    return render(request, "worksites/equipment_detail.html", context)


def equipment_create(request):
    initial = {}
    asked = request.GET.get("chantier", "")
    if asked.isascii() and asked.isdigit():
        initial["worksite"] = Worksite.objects.visible_to(request.user).filter(pk=int(asked)).first()
    form = EquipmentForm(posted(request), user=request.user, initial=initial)
    return edit_page(
        request, form, title="Nouveau matériel", done="Le matériel est enregistré.", back=EQUIPMENT
    )


def equipment_edit(request, pk):
    equipment = get_equipment(request.user, pk)
    form = EquipmentForm(posted(request), instance=equipment, user=request.user)
    return edit_page(
        request, form, title="Modifier le matériel", done="Le matériel est enregistré.", back=equipment
    )


def equipment_event(request, pk, kind):
    equipment = get_equipment(request.user, pk)
    if kind not in EquipmentEventKind:
        raise Http404
    kind = EquipmentEventKind(kind)
    form = EventForm(posted(request), instance=equipment, kind=kind, user=request.user)
    title, done = VERBS[kind]
    return edit_page(
        request,
        form,
        title=title,
        done=done,
        back=equipment,
        template="worksites/equipment_event.html",
    )


def _possible(user: User, equipment: Equipment) -> list[Link]:
    """What may happen to it now, as links to the form of each."""
    state, holder = EquipmentState(equipment.state), str(equipment.holder or "")
    elsewhere = Worksite.objects.visible_to(user).exclude(pk=equipment.worksite_id).exists()
    kinds = [kind for kind in EquipmentEventKind if elsewhere or kind != EquipmentEventKind.MOVED]
    return [
        Link(
            label=VERBS[kind][0],
            url=reverse("worksites:equipment-event", args=[equipment.pk, kind.value]),
            icon="",
            current=False,
        )
        for kind in kinds
        if not refusal(kind, state, holder)
    ]


def _filter(request, today) -> EquipmentFilter:
    """What this user may see, filtered as the address says: the same for the page, the spreadsheet and the labels."""
    visible = Equipment.objects.visible_to(request.user).select_related("worksite", "holder")
    return EquipmentFilter(request.GET, visible, request=request, today=today)
