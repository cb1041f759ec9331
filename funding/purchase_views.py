"""Purchases: their list, one purchase with who can pay it, its shares, and what it becomes once received."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from confluences.list_pages import ListFile, export_list
from confluences.pages import Place, edit_page, posted
from funding.enums import ExpenseKind
from funding.models import Grant, Purchase, PurchaseShare
from funding.permissions import get_purchase, get_share
from funding.purchase_actions import ALREADY_RECEIVED, apply_combination
from funding.purchase_forms import PurchaseFilter, PurchaseForm, ReceiveForm, posted_amounts
from funding.purchase_reports import COLUMNS, purchase_page, purchase_rows
from funding.share_actions import delete_share
from funding.share_forms import ShareForm

PER_PAGE = 50
PURCHASES = Place("Achats", "funding:purchase-list")
PURCHASES_FILE = ListFile(
    title="Achats",
    name="achats",
    page="funding:purchase-list",
    nothing="Rien à exporter : aucun achat ne correspond à ces filtres. Élargissez-les.",
)


def purchase_list(request):
    chosen = _filter(request)
    found = chosen.qs if chosen.is_valid() else chosen.queryset.none()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = purchase_rows(found.filter(pk__in=[purchase.pk for purchase in page]))
    return render(request, "funding/purchase_list.html", {"filter": chosen, "page": page, "rows": rows})


def purchase_export(request, file_format):
    return export_list(
        request, file_format, _filter(request), PURCHASES_FILE, columns=COLUMNS, rows=purchase_rows
    )


def purchase_detail(request, pk):
    return _detail(request, get_purchase(request.user, pk))


def purchase_create(request):
    form = PurchaseForm(posted(request), user=request.user)
    return edit_page(request, form, title="Nouvel achat", done="L’achat est enregistré.", back=PURCHASES)


def purchase_edit(request, pk):
    purchase = get_purchase(request.user, pk)
    form = PurchaseForm(posted(request), instance=purchase, user=request.user)
    return edit_page(request, form, title="Modifier l’achat", done="L’achat est enregistré.", back=purchase)


@require_POST
def purchase_apply(request, pk):
    """Writes the shares of one of the combinations that the page shows."""
    purchase = get_purchase(request.user, pk)
    amounts = posted_amounts(request.POST.get("parts", ""))
    try:
        if not amounts:
            raise ValidationError("Cette combinaison n’est pas comprise : choisissez-en une de la page.")
        apply_combination(purchase, amounts, today=timezone.localdate(), by=request.user)
    except ValidationError as refusal:
        return _detail(request, purchase, problem=" ".join(refusal.messages))
    messages.success(request, "La combinaison est appliquée : les parts sont enregistrées.")
    return redirect(purchase)


def purchase_receive(request, pk):
    purchase = get_purchase(request.user, pk)
    if purchase.kind not in ExpenseKind.lasting():
        raise Http404
    if purchase.equipment.exists():
        messages.info(request, ALREADY_RECEIVED)
        return redirect(purchase)
    form = ReceiveForm(posted(request), instance=purchase, user=request.user)
    return edit_page(
        request,
        form,
        title="Réceptionner l’achat",
        done="L’achat est reçu : son matériel est inscrit.",
        back=purchase,
    )


def share_create(request, pk):
    purchase = get_purchase(request.user, pk)
    form = ShareForm(posted(request), instance=PurchaseShare(purchase=purchase), user=request.user)
    return edit_page(request, form, title="Nouvelle part", done="La part est enregistrée.", back=purchase)


def share_edit(request, pk):
    share = get_share(request.user, pk)
    form = ShareForm(posted(request), instance=share, user=request.user)
    title = f"Modifier la part de « {share.grant.title} »"
    return edit_page(request, form, title=title, done="La part est enregistrée.", back=share.purchase)


def share_delete(request, pk):
    share = get_share(request.user, pk)
    if request.method != "POST":
        return render(request, "funding/share_delete.html", {"share": share})
    delete_share(share)
    messages.success(request, "La part est supprimée.")
    return redirect(share.purchase)


def _detail(request, purchase: Purchase, problem: str = ""):
    page = purchase_page(purchase, Grant.objects.visible_to(request.user), timezone.localdate())
    context = {
        "purchase": purchase,
        "page": page,
        "problem": problem,
        "equipment": list(purchase.equipment.select_related("worksite")),
        "becomes_equipment": purchase.kind in ExpenseKind.lasting(),
    }
    status = HTTPStatus.CONFLICT if problem else HTTPStatus.OK
    return render(request, "funding/purchase_detail.html", context, status=status)


def _filter(request) -> PurchaseFilter:
    """What this user may see, filtered as the address says: the same for the page and the spreadsheet."""
    return PurchaseFilter(request.GET, Purchase.objects.visible_to(request.user), request=request)
