"""The directory as pages and files show it: one row a partner, a partner's own page, what looks like one already there."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, prefetch_related_objects

from beneficiaries.reports import Status
from confluences.exports import Column
from confluences.formats import french_date, short_date
from confluences.models import User
from partners.directory_rules import agreement_state, same_place
from partners.enums import AgreementState
from partners.models import Contact, Immersion, Partner, Referral, Service
from partners.models.directory import PartnerQuerySet

THEMES = ("themes", "services__themes")
LATEST = 10  # referrals, immersions and jobs on a partner's page
AGREEMENT_KINDS = {
    AgreementState.IN_FORCE: "ok",
    AgreementState.ENDING: "soon",
    AgreementState.ENDED: "late",
    AgreementState.UPCOMING: "info",
    AgreementState.NONE: "neutral",
}


def agreement_status(partner: Partner, today: dt.date) -> Status | None:
    """The agreement as a chip, under a heading that says it is one; nothing where there is none."""
    state = agreement_state(partner.agreement_start, partner.agreement_end, today)
    end = partner.agreement_end
    match state:
        case AgreementState.NONE:
            return None
        case AgreementState.ENDING if end:
            words = f"jusqu’au {short_date(end)}"
        case AgreementState.ENDED:
            words = f"terminée le {short_date(end)}"
        case AgreementState.UPCOMING:
            words = f"à partir du {short_date(partner.agreement_start)}"
        case _:
            words = "en vigueur"
    return Status(words, AGREEMENT_KINDS[state])


@dataclass(frozen=True)
class PartnerRow:
    """One partner of the list, on a day; `referrals` are those under way that the reader may see."""

    partner: Partner
    today: dt.date
    referrals: int

    @property
    def agreement(self) -> Status | None:
        return agreement_status(self.partner, self.today)

    @property
    def agreement_words(self) -> str:
        """The chip where nothing beside it says what is in force."""
        return f"convention {self.agreement.label}" if self.agreement else ""

    @property
    def is_closed(self) -> bool:
        return self.partner.closed_on is not None and self.partner.closed_on <= self.today

    @property
    def themes(self) -> list[str]:
        """All that the partner or one of its services helps with."""
        services = (theme for service in self.partner.services.all() for theme in service.themes.all())
        return sorted({theme.label for theme in (*self.partner.themes.all(), *services)})

    @property
    def families(self) -> list[str]:
        services = (theme for service in self.partner.services.all() for theme in service.themes.all())
        return sorted({theme.family for theme in (*self.partner.themes.all(), *services)})


def partner_rows(partners: Iterable[Partner], user: User, today: dt.date) -> list[PartnerRow]:
    """The partners with their themes and referrals, in a constant number of queries."""
    listed = list(partners)
    counts = dict(
        Referral.objects.open()
        .visible_to(user)
        .filter(partner__in=[partner.pk for partner in listed])
        .order_by()
        .values_list("partner")
        .annotate(Count("pk"))
    )
    return [PartnerRow(partner, today, counts.get(partner.pk, 0)) for partner in listed]


def with_themes(partners: PartnerQuerySet) -> PartnerQuerySet:
    return partners.prefetch_related(*THEMES)


COLUMNS = (
    Column("Nom", lambda row: row.partner.name),
    Column("Nature", lambda row: row.partner.get_kind_display()),
    Column("Thèmes", lambda row: " ; ".join(row.themes)),
    Column("SIRET", lambda row: row.partner.siret),
    Column("Adresse", lambda row: row.partner.address),
    Column("Code postal", lambda row: row.partner.postcode),
    Column("Commune", lambda row: row.partner.city),
    Column("Téléphone", lambda row: row.partner.phone),
    Column("Adresse électronique", lambda row: row.partner.email),
    Column("Site", lambda row: row.partner.website),
    Column("Horaires d’accueil", lambda row: row.partner.opening_hours),
    Column("Communes desservies", lambda row: row.partner.places_served),
    Column("Convention", lambda row: row.partner.agreement_reference),
    Column("Convention : à partir du", lambda row: row.partner.agreement_start),
    Column("Convention : jusqu’au", lambda row: row.partner.agreement_end),
    Column("N’existe plus depuis le", lambda row: row.partner.closed_on),
    Column("Source", lambda row: row.partner.source),
)
# For those who may read referrals at all.
REFERRALS_COLUMN = Column("Orientations en cours", lambda row: row.referrals)


def columns_for(user: User) -> tuple[Column, ...]:
    return (*COLUMNS, REFERRALS_COLUMN) if user.has_perm("partners.view_referral") else COLUMNS


# A partner's own page


@dataclass(frozen=True)
class Origin:
    """Where the fields of a row of the national directory come from: those it gave, and those typed here."""

    source: str
    updated_on: dt.date | None
    given: list[str]
    typed: list[str]


@dataclass(frozen=True)
class ServiceLine:
    """A service as a partner's page tells it."""

    service: Service

    @property
    def details(self) -> list[tuple[str, str]]:
        """What is known of it, by name."""
        service = self.service
        known = [
            ("Publics", service.audience),
            ("Conditions", service.conditions),
            ("Comment orienter", service.how_to_refer),
            ("Frais", service.fees),
            ("Zone", service.zone),
            ("Horaires", service.opening_hours),
        ]
        return [(label, value) for label, value in known if value]


@dataclass(frozen=True)
class PartnerPage:
    """All that a partner's page shows to one user; `None` where he or she may not read such rows at all."""

    row: PartnerRow
    referrals: Sequence[Referral] | None
    immersions: Sequence[Immersion] | None
    jobs: Sequence[object]

    @property
    def facts(self) -> list[tuple[str, object]]:
        partner = self.row.partner
        return [
            ("Adresse", partner.full_address),
            ("Horaires d’accueil", partner.opening_hours),
            ("Communes desservies", partner.places_served),
            ("SIRET", partner.siret),
            *self._former_names,
        ]

    @property
    def agreement_facts(self) -> list[tuple[str, object]]:
        partner = self.row.partner
        return [
            ("Référence", partner.agreement_reference),
            ("À partir du", french_date(partner.agreement_start)),
            ("Jusqu’au", french_date(partner.agreement_end) or "sans date de fin"),
        ]

    @property
    def origin(self) -> Origin | None:
        partner = self.row.partner
        if not partner.source_id:
            return None
        filled = [name for name in Partner.DIRECTORY_FIELDS if getattr(partner, name) not in ("", None)]
        names = {field.name: str(field.verbose_name) for field in Partner._meta.fields}
        return Origin(
            source=partner.source,
            updated_on=partner.source_updated_on,
            given=[names[name] for name in filled if name not in partner.own_fields],
            typed=[names[name] for name in Partner.DIRECTORY_FIELDS if name in partner.own_fields],
        )

    @property
    def services(self) -> list[ServiceLine]:
        return [ServiceLine(service) for service in self.row.partner.services.all()]

    @property
    def contacts(self) -> list[Contact]:
        return list(self.row.partner.contacts.all())

    @property
    def _former_names(self) -> list[tuple[str, object]]:
        names = self.row.partner.former_names.all()
        return [(f"Jusqu’au {french_date(each.valid_until)}", each.name) for each in names]


def partner_page(partner: Partner, user: User, today: dt.date) -> PartnerPage:
    """A partner's page, in a constant number of queries."""
    prefetch_related_objects([partner], *THEMES, "contacts", "former_names")
    [row] = partner_rows([partner], user, today)
    referrals = Referral.objects.visible_to(user).filter(partner=partner).select_related("beneficiary")
    immersions = Immersion.objects.visible_to(user).filter(host=partner).select_related("beneficiary")
    # `job_orders` is the worksites app's link to us: a name, not an import.
    jobs = partner.job_orders.visible_to(user).select_related("worksite", "client").order_by("-start", "-pk")
    return PartnerPage(
        row,
        list(referrals[:LATEST]) if user.has_perm("partners.view_referral") else None,
        list(immersions.order_by("-start", "-pk")[:LATEST])
        if user.has_perm("partners.view_immersion")
        else None,
        list(jobs[:LATEST]),
    )


# Doubles


@dataclass(frozen=True)
class Lookalike:
    """A partner already there that may be the one being typed, and why."""

    partner: Partner
    reason: str


def lookalikes(partners: PartnerQuerySet, name: str, city: str, siret: str) -> list[Lookalike]:
    """The partners of the same SIRET, or of the same name in the same town."""
    same_siret = Q(siret=siret) if siret else Q(pk=None)
    found = []
    for partner in partners.filter(same_siret | Q(pk__in=partners.named(name).values("pk"))):
        if siret and partner.siret == siret:
            found.append(Lookalike(partner, "même SIRET"))
        elif same_place(name, city, partner.name, partner.city):
            found.append(Lookalike(partner, "même nom, même commune"))
    return found
