"""What the pages and the spreadsheet say of purchases: what grants pay of each, who can pay, when, and with which advance."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils.safestring import SafeString

from beneficiaries.reports import Status
from confluences.dates import add_days
from confluences.exports import Column
from confluences.formats import MONTHS, days_ahead, euros, french_date, in_days, number, percent, short_date
from confluences.measures import Measure, measures
from funding.combination_cash_rules import Advance, Event, advance
from funding.combination_offer_rules import Offer, Window, common
from funding.combination_reports import amounts_of, need_of, offer_of, offers_for, payment_day, plan_of
from funding.combination_rules import Combination, Fallback, Part, Plan, order_days
from funding.enums import GrantStatus, PurchaseState
from funding.models import Purchase, PurchaseShare
from funding.models.grant import GrantQuerySet
from funding.models.purchase import PurchaseQuerySet
from funding.share_bar_reports import CHIPS, share_bar

STATE_KINDS = {
    PurchaseState.PLANNED: "info",
    PurchaseState.ORDERED: "soon",
    PurchaseState.RECEIVED: "ok",
    PurchaseState.PAID: "neutral",
}
SHOWN = 5  # combinations on the page


@dataclass(frozen=True)
class PurchaseRow:
    """One purchase of the list, and what grants pay of it."""

    purchase: Purchase
    shared: Decimal

    @property
    def state(self) -> Status:
        state = self.purchase.state
        return Status(str(state.label), STATE_KINDS[state])

    @property
    def left(self) -> Decimal:
        left: Decimal = self.purchase.price - self.shared
        return left


COLUMNS = (
    Column("Achat", lambda row: row.purchase.title),
    Column("Nature", lambda row: row.purchase.get_kind_display()),
    Column("Prix (€)", lambda row: row.purchase.price),
    Column("Pièces", lambda row: row.purchase.pieces),
    Column("Payé par des subventions (€)", lambda row: row.shared),
    Column("Reste à financer (€)", lambda row: row.left),
    Column("État", lambda row: row.state.label),
    Column("Chantier", lambda row: str(row.purchase.worksite or "")),
    Column("Fournisseur", lambda row: str(row.purchase.supplier or "")),
    Column("Nécessaire le", lambda row: row.purchase.needed_on),
    Column("Délai de livraison (jours)", lambda row: row.purchase.delivery_days),
    Column("Commandé le", lambda row: row.purchase.ordered_on),
    Column("Facturé le", lambda row: row.purchase.invoiced_on),
    Column("Numéro de facture", lambda row: row.purchase.invoice_number),
    Column("Reçu le", lambda row: row.purchase.received_on),
    Column("Payé le", lambda row: row.purchase.paid_on),
    Column("Remarques", lambda row: row.purchase.notes),
)


def purchase_rows(purchases: PurchaseQuerySet) -> list[PurchaseRow]:
    """In one query; the sums are the database's, to the cent."""
    found = purchases.select_related("worksite", "supplier").with_shared()
    return [PurchaseRow(purchase, round(purchase.shared, 2)) for purchase in found]


def window_words(window: Window) -> str:
    """« du 1er janvier 2026 au 30 juin 2026 », or what is known of it."""
    if window.is_unknown:
        return "période inconnue"
    if window.start is None:
        return f"jusqu’au {french_date(window.end)}"
    if window.end is None:
        return f"à partir du {french_date(window.start)}"
    return f"du {french_date(window.start)} au {french_date(window.end)}"


@dataclass(frozen=True)
class PartLine:
    """What one grant pays, in words."""

    title: str
    amount: Decimal
    price: Decimal
    status: Status

    @property
    def rate(self) -> str:
        return percent(self.amount / self.price)


def _status(offer: Offer) -> Status:
    if offer.certainty is None:
        return Status("refusée", "late")
    return Status(str(offer.certainty.label), CHIPS[offer.certainty])


@dataclass(frozen=True)
class Card:
    """One combination on the page."""

    number: int
    combination: Combination
    price: Decimal
    today: dt.date
    is_current: bool

    @property
    def title(self) -> str:
        if self.combination.missing:
            return f"Au mieux {euros(self.combination.paid)} : il manque {euros(self.combination.missing)}"
        return " + ".join(part.offer.title for part in self.combination.parts)

    @property
    def lines(self) -> list[PartLine]:
        return [
            PartLine(part.offer.title, part.amount, self.price, _status(part.offer))
            for part in self.combination.parts
        ]

    @property
    def picture(self) -> SafeString:
        parts = self.combination.parts
        return share_bar(
            [(part.offer.title, part.amount, part.offer.certainty) for part in parts], self.price
        )

    @property
    def posted(self) -> str:
        """What « Appliquer » sends: exactly what is shown."""
        return ";".join(f"{part.offer.key}={part.amount}" for part in self.combination.parts)

    @property
    def facts(self) -> list[tuple[str, str]]:
        facts = [("Toutes ouvertes", window_words(self.combination.window))]
        if self.combination.first_order and self.combination.first_order > self.today:
            facts.append(("Commander à partir du", french_date(self.combination.first_order)))
        if self.combination.last_order:
            days = (self.combination.last_order - self.today).days
            facts.append(
                (
                    "Commande que toutes paieraient, jusqu’au",
                    f"{french_date(self.combination.last_order)}, {days_ahead(days)}",
                )
            )
        return facts


@dataclass(frozen=True)
class FallbackLine:
    """What happens where one grant is refused, or late."""

    title: str
    refused: str
    late: list[str]


@dataclass(frozen=True)
class Step:
    """Money that moves, in its order."""

    when: str
    words: str
    amount: Decimal
    is_invoice: bool


@dataclass(frozen=True, kw_only=True)
class PurchasePage:
    """All that the page of a purchase says of who pays it. `shares` are those that stand, `paying` those not refused.

    `parts` are what those give, or where there is none, what the best combination would.
    """

    purchase: Purchase
    today: dt.date
    shares: list[PurchaseShare]
    paying: list[PurchaseShare]
    plan: Plan
    parts: tuple[Part, ...]

    @property
    def state(self) -> Status:
        return PurchaseRow(self.purchase, self.shared).state

    @cached_property
    def shared(self) -> Decimal:
        return sum((share.amount for share in self.paying), Decimal(0))

    @property
    def has_refused(self) -> bool:
        return len(self.paying) < len(self.shares)

    @property
    def left(self) -> Decimal:
        left: Decimal = self.purchase.price - self.shared
        return left

    @property
    def share_lines(self) -> list[tuple[PurchaseShare, PartLine]]:
        price = self.purchase.price
        return [
            (share, PartLine(part.offer.title, part.amount, price, _status(part.offer)))
            for share, part in ((share, self._part(share)) for share in self.shares)
        ]

    @property
    def share_picture(self) -> SafeString:
        standing = [self._part(share) for share in self.paying]
        parts = [(part.offer.title, part.amount, part.offer.certainty) for part in standing]
        return share_bar(parts, self.purchase.price)

    @cached_property
    def cards(self) -> list[Card]:
        found = self.plan.combinations[:SHOWN] or ((self.plan.partial,) if self.plan.partial else ())
        return [
            Card(place, each, self.purchase.price, self.today, self._is_current(each))
            for place, each in enumerate(found, start=1)
        ]

    @property
    def covers(self) -> bool:
        return bool(self.plan.combinations)

    @property
    def more(self) -> int:
        return max(self.plan.total - SHOWN, 0)

    @property
    def moved(self) -> str:
        """The advice where another day would do."""
        if self.plan.moved is None:
            return ""
        titles = " + ".join(part.offer.title for part in self.plan.moved.parts)
        days = window_words(self.plan.moved.window)
        return f"À un autre jour, tout serait couvert : {titles}, avec une facture {days}."

    @property
    def order_words(self) -> tuple[str, str]:
        """The last day to order, and what it means."""
        if self.purchase.state != PurchaseState.PLANNED:
            return "fait", "déjà commandé"
        need = self._order_for_need
        days = [day for day in (self._order_days[1], need) if day]
        if not days:
            return "libre", "aucune date ne presse"
        last = min(days)
        if last < self.today:
            lost = "pour le jour où l’achat est nécessaire" if last == need else "pour les dépenses éligibles"
            return short_date(last), f"trop tard {lost}"
        reason = (
            "pour l’avoir le jour prévu" if last == need else "fin des dépenses éligibles moins la livraison"
        )
        return short_date(last), f"{days_ahead((last - self.today).days)} : {reason}"

    @property
    def fallbacks(self) -> list[FallbackLine]:
        amounts = {part.offer.key: part.amount for part in self.parts}
        return [self._fallback(each, amounts) for each in self.plan.fallbacks if each.offer.key in amounts]

    @cached_property
    def advance(self) -> Advance:
        day = payment_day(self.purchase, self._order_days[0], self.today)
        return advance(self.purchase.price, day, self.parts)

    @property
    def steps(self) -> list[Step]:
        return [_step(event) for event in self.advance.events]

    @property
    def advance_picture(self) -> SafeString:
        rows = [
            Measure(
                label=f"{MONTHS[month.first.month - 1]} {month.first.year}",
                value=int(month.most),
                words=f"{euros(month.most)} au plus, {euros(month.advanced)} à la fin",
            )
            for month in self.advance.months
        ]
        return measures(rows, label="Ce que l’association avance, mois par mois")

    @property
    def facts(self) -> list[tuple[str, str]]:
        purchase = self.purchase
        return [
            ("Nature", purchase.get_kind_display()),
            ("Nombre de pièces", number(purchase.pieces)),
            ("Chantier", str(purchase.worksite or "")),
            ("Fournisseur", str(purchase.supplier or "")),
            ("Nécessaire le", french_date(purchase.needed_on)),
            ("Délai de livraison", in_days(purchase.delivery_days)),
            ("Commandé le", french_date(purchase.ordered_on)),
            ("Facturé le", french_date(purchase.invoiced_on)),
            ("Numéro de facture", purchase.invoice_number),
            ("Reçu le", french_date(purchase.received_on)),
            ("Payé le", french_date(purchase.paid_on)),
        ]

    def _part(self, share: PurchaseShare) -> Part:
        return Part(offer_of(share.grant, Decimal(0), self.today), share.amount)

    @cached_property
    def _order_days(self) -> tuple[dt.date | None, dt.date | None]:
        """Between which days to order so that the grants that pay, or would, pay."""
        window = common([part.offer.window for part in self.parts])
        return order_days(need_of(self.purchase, self.today), window)

    @property
    def _order_for_need(self) -> dt.date | None:
        if self.purchase.needed_on is None:
            return None
        return add_days(self.purchase.needed_on, -self.purchase.delivery_days)

    def _is_current(self, combination: Combination) -> bool:
        standing = {share.grant_id: share.amount for share in self.shares}
        return standing == amounts_of(combination)

    def _fallback(self, each: Fallback, amounts: dict[int, Decimal]) -> FallbackLine:
        if each.instead:
            parts = (f"{part.offer.title} ({euros(part.amount)})" for part in each.instead.parts)
            refused = f"{' + '.join(parts)} : le prix reste couvert."
        else:
            refused = (
                f"Il manque {euros(each.missing)}, à payer sur les fonds propres ou par une autre subvention."
            )
        late = [f"{euros(amounts[each.offer.key])} de plus à avancer tant qu’elle n’a pas payé."]
        if each.answers_too_late:
            late.insert(
                0,
                f"Sa réponse est attendue le {short_date(each.offer.answer_on)}, après le dernier jour pour commander.",
            )
        return FallbackLine(each.offer.title, refused, late)


def _step(event: Event) -> Step:
    when = french_date(event.day) if event.day else "jour inconnu"
    words = f"{event.part.offer.title} paie" if event.part else "L’association paie le fournisseur"
    return Step(when, words, event.amount, event.is_invoice)


def purchase_page(purchase: Purchase, grants: GrantQuerySet, today: dt.date) -> PurchasePage:
    """The page, in a constant number of queries. The advance is that of the standing shares, else of the best combination."""
    rows = purchase.shares.select_related("grant__funder").prefetch_related(
        "grant__instalments", "grant__not_with"
    )
    shares = list(rows.order_by("pk"))
    paying = [share for share in shares if share.grant.status != GrantStatus.REFUSED]
    offers = offers_for(purchase, grants, today)
    found = plan_of(purchase, offers, today, relied_on=[share.grant_id for share in paying])
    by_key = {offer.key: offer for offer in offers}
    parts = tuple(Part(by_key[share.grant_id], share.amount) for share in paying if share.grant_id in by_key)
    if not parts and found.best:
        parts = found.best.parts
    return PurchasePage(purchase=purchase, today=today, shares=shares, paying=paying, plan=found, parts=parts)
