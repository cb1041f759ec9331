"""The way through the application: one entry per thing people come for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A place of the rail or of a section, for those who hold its permission."""

    label: str
    url_name: str
    icon: str = ""
    permission: str | None = None


@dataclass(frozen=True, kw_only=True)
class Link:
    """An entry as one page shows it to one person."""

    label: str
    url: str
    icon: str
    current: bool


ENTRIES = (
    Entry(label="Accueil", url_name="home", icon="home"),
    Entry(
        label="Salariés",
        url_name="beneficiary-list",
        icon="people",
        permission="beneficiaries.view_beneficiary",
    ),
    Entry(
        label="Chantiers",
        url_name="worksites:worksite-list",
        icon="worksite",
        permission="worksites.view_worksite",
    ),
    Entry(
        label="Formations",
        url_name="trainings:programme-list",
        icon="training",
        permission="trainings.view_programme",
    ),
    Entry(
        label="Partenaires",
        url_name="partners:list",
        icon="partners",
        permission="partners.view_partner",
    ),
    Entry(
        label="Financements",
        url_name="funding:grant-list",
        icon="funding",
        permission="funding.view_grant",
    ),
    Entry(
        label="Résultats", url_name="outcomes:cohort-list", icon="results", permission="outcomes.view_cohort"
    ),
    Entry(label="Journal", url_name="audit-log", icon="journal", permission="auditlog.view_logentry"),
    Entry(
        label="Administration", url_name="admin:index", icon="settings", permission="confluences.use_admin"
    ),
)

# The places of one entry of the rail that have several: each shows the way to the others.
SECTIONS = (
    (
        Entry(label="Annuaire", url_name="partners:list", permission="partners.view_partner"),
        Entry(label="Orientations", url_name="partners:referral-list", permission="partners.view_referral"),
        Entry(label="Immersions", url_name="partners:immersion-list", permission="partners.view_immersion"),
        Entry(label="Réseau", url_name="partners:network", permission="partners.view_referral"),
    ),
    (
        Entry(label="Subventions", url_name="funding:grant-list", permission="funding.view_grant"),
        Entry(label="Financeurs", url_name="funding:funder-list", permission="funding.view_funder"),
        Entry(label="Frise", url_name="funding:timeline", permission="funding.view_grant"),
        Entry(label="Achats", url_name="funding:purchase-list", permission="funding.view_purchase"),
        Entry(label="Budgets", url_name="funding:budget-list", permission="funding.view_budget"),
        Entry(label="Trésorerie", url_name="funding:cash", permission="funding.view_cashbalance"),
    ),
)


def navigation(user, path: str) -> list[Link]:
    """The entries this user may follow; the one that holds the page is current."""
    home = _url("home")
    return [
        Link(
            label=entry.label,
            url=url,
            icon=entry.icon,
            current=path == url if url == home else path.startswith(url),
        )
        for entry, url in _open_to(user, ENTRIES)
    ]


def section(user, path: str) -> list[Link]:
    """The places beside the one shown; nothing elsewhere, nor where the user may open no other."""
    for entries in SECTIONS:
        links = [
            Link(label=entry.label, url=url, icon=entry.icon, current=path == url)
            for entry, url in _open_to(user, entries)
        ]
        if len(links) > 1 and any(link.current for link in links):
            return links
    return []


def _open_to(user, entries: Iterable[Entry]) -> Iterator[tuple[Entry, str]]:
    for entry in entries:
        url = _url(entry.url_name)
        if url is not None and (not entry.permission or user.has_perm(entry.permission)):
            yield entry, url


def _url(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:  # an app that this installation does not have yet
        return None
