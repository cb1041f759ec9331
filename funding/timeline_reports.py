"""All grants on one axis of time: when each pays, what it pays, and the days that the grants of a purchase share."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils.safestring import SafeString

from beneficiaries.reports import Status
from confluences.bands import Band, Highlight, Mark, bands, sample
from confluences.dates import add_months, day_before
from confluences.formats import euros, short_date
from funding.certainty_rules import Certainty
from funding.combination_offer_rules import Window, common
from funding.combination_reports import offers_for, plan_of
from funding.enums import GrantStatus
from funding.grant_rules import ceiling, grant_rest
from funding.models import Grant, Purchase, PurchaseShare
from funding.models.grant import GrantQuerySet
from funding.money_rules import ZERO
from funding.purchase_reports import window_words
from funding.share_bar_reports import CHIPS, LOOKS

# How far the axis goes, whatever year somebody mistyped.
YEARS_BEFORE, YEARS_AFTER = 3, 5
MONTHS_BEFORE, MONTHS_AFTER = 2, 12


@dataclass(frozen=True)
class GrantLine:
    """One grant on the axis, with the shares that it gives."""

    grant: Grant
    shares: Sequence[PurchaseShare]
    is_chosen: bool

    @property
    def window(self) -> Window:
        window: Window = self.grant.window
        return window

    @property
    def window_words(self) -> str:
        return window_words(self.window)

    @property
    def sure(self) -> Certainty | None:
        sure: Certainty | None = self.grant.certainty
        return sure

    @property
    def status(self) -> Status:
        label = str(GrantStatus(self.grant.status).label)
        if self.grant.status == GrantStatus.AWARDED and self.sure == Certainty.LIKELY:
            label = "accordée, à confirmer"
        kind = CHIPS[self.sure] if self.sure and self.grant.status != GrantStatus.SETTLED else "neutral"
        return Status(label, kind)

    @property
    def look(self) -> str:
        if self.sure is None:
            return "undetermined"
        return "other" if self.grant.status == GrantStatus.SETTLED else LOOKS[self.sure]

    @property
    def amount(self) -> Decimal | None:
        return ceiling(self.grant.status, self.grant.asked, self.grant.awarded)

    @property
    def rest(self) -> Decimal | None:
        """A refused grant keeps its shares, and has nothing left: not less than nothing."""
        if self.grant.status == GrantStatus.REFUSED:
            return ZERO
        return grant_rest(self.amount, sum((share.amount for share in self.shares), ZERO))

    @property
    def words(self) -> str:
        end = self.grant.eligible_end
        until = f"jusqu’au {short_date(end)}" if end else "sans fin connue"
        amount = euros(self.amount) if self.amount is not None else "montant inconnu"
        return f"{amount}, {until}, {self.status.label}"

    @property
    def band(self) -> Band:
        marks = [
            Mark(share.purchase.expense_day, f"« {share.purchase} », {euros(share.amount)}")
            for share in self.shares
            if share.purchase.expense_day
        ]
        return Band(
            label=self.grant.title,
            words=self.words,
            kind=self.look,
            start=self.grant.eligible_start,
            end=self.grant.eligible_end,
            marks=marks,
        )


@dataclass(frozen=True, kw_only=True)
class TimelinePage:
    """The axis and the table that says the same; `purchase` is the one whose grants are shown together."""

    lines: list[GrantLine]
    purchase: Purchase | None
    chosen: list[Window]
    is_applied: bool
    today: dt.date

    @cached_property
    def dated(self) -> list[GrantLine]:
        """Those of the chosen purchase first, so that their window lies on them alone."""
        known = [line for line in self.lines if not line.window.is_unknown]
        return sorted(known, key=lambda line: not line.is_chosen)

    @cached_property
    def undated(self) -> list[GrantLine]:
        return [line for line in self.lines if line.window.is_unknown]

    @property
    def window(self) -> Window | None:
        return common(self.chosen) if self.chosen else None

    @property
    def window_words(self) -> str:
        return window_words(self.window) if self.window else ""

    @property
    def picture(self) -> SafeString:
        start, end = self._axis
        return bands(
            [*([self._purchase_band] if self.purchase else []), *(line.band for line in self.dated)],
            start=start,
            end=end,
            today=self.today,
            highlight=self._highlight,
            label="Subventions sur une même frise",
        )

    @property
    def looks(self) -> list[tuple[str, SafeString]]:
        """The key: each look that the axis shows, once."""
        found = {line.look: line.status.label for line in reversed(self.dated)}
        return [(label, sample(look, label)) for look, label in sorted(found.items())]

    @property
    def _highlight(self) -> Highlight | None:
        window, covered = self.window, sum(line.is_chosen for line in self.dated)
        if window is None or not covered:
            return None
        return Highlight(window.start, window.end, "toutes ouvertes", covered + 1)

    @property
    def _purchase_band(self) -> Band:
        assert self.purchase is not None
        day = self.purchase.expense_day
        words = f"{euros(self.purchase.price)}, " + (f"le {short_date(day)}" if day else "jour à choisir")
        marks = [Mark(day, str(self.purchase))] if day else []
        return Band(label=f"Achat : {self.purchase}", words=words, kind="soft", marks=marks, is_period=False)

    @property
    def _axis(self) -> tuple[dt.date, dt.date]:
        windows = [line.window for line in self.dated]
        firsts = [window.start for window in windows if window.start]
        lasts = [window.end for window in windows if window.end]
        first = min([*firsts, add_months(self.today, -MONTHS_BEFORE)])
        last = max([*lasts, add_months(self.today, MONTHS_AFTER)])
        first = max(first, add_months(self.today, -12 * YEARS_BEFORE)).replace(day=1)
        last = min(last, add_months(self.today, 12 * YEARS_AFTER))
        return first, day_before(add_months(last.replace(day=1), 1))


def timeline_page(
    grants: GrantQuerySet, purchase: Purchase | None, everything: GrantQuerySet, today: dt.date
) -> TimelinePage:
    """The axis of these grants; a purchase without shares is shown with the best combination of `everything`."""
    rows = list(grants.select_related("funder"))
    shares = PurchaseShare.objects.filter(grant__in=rows).select_related("purchase").order_by("pk")
    by_grant: dict[int, list[PurchaseShare]] = {}
    for share in shares:
        by_grant.setdefault(share.grant_id, []).append(share)
    keys, windows, is_applied = _paying(purchase, everything, today)
    lines = [GrantLine(grant, by_grant.get(grant.pk, []), grant.pk in keys) for grant in rows]
    return TimelinePage(lines=lines, purchase=purchase, chosen=windows, is_applied=is_applied, today=today)


def _paying(
    purchase: Purchase | None, everything: GrantQuerySet, today: dt.date
) -> tuple[set[int], list[Window], bool]:
    """The grants of a purchase and their periods: those of its shares, else of the best combination."""
    if purchase is None:
        return set(), [], False
    paying = purchase.shares.exclude(grant__status=GrantStatus.REFUSED)
    standing = [share.grant for share in paying.select_related("grant")]
    if standing:
        windows = [grant.window for grant in standing]
        return {grant.pk for grant in standing}, windows, True
    best = plan_of(purchase, offers_for(purchase, everything, today), today).best
    if best is None:
        return set(), [], False
    return set(best.keys), [part.offer.window for part in best.parts], False
