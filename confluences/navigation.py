"""The way through the application: one entry per thing people come for."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A place of the rail, for those who hold its permission."""

    label: str
    url_name: str
    icon: str
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


def navigation(user, path: str) -> list[Link]:
    """The entries this user may follow; the one that holds the page is current."""
    home = _url("home")
    links = []
    for entry in ENTRIES:
        url = _url(entry.url_name)
        if url is None or (entry.permission and not user.has_perm(entry.permission)):
            continue
        current = path == url if url == home else path.startswith(url)
        links.append(Link(label=entry.label, url=url, icon=entry.icon, current=current))
    return links


def _url(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:  # an app that this installation does not have yet
        return None
