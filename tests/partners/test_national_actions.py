"""What an import does to the directory: once, twice, over what was typed here, and in two hands at once."""

import datetime as dt

import pytest
from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from confluences.enums import AuditEvent
from partners.actions import save_partner, save_service
from partners.enums import PartnerKind
from partners.models import Contact, Partner, Service, ServiceTheme
from partners.national_actions import apply
from partners.national_plan_reports import CREATED, LINKED, OLDER, UNCHANGED, UPDATED, preview, summary
from partners.national_reports import Filters
from tests.partners.factories import make_contact, make_partner
from tests.partners.national import (
    ADDICTION,
    HOUSING,
    SIRET,
    checked,
    csv_bytes,
    imported,
    json_bytes,
    service,
    sheet,
    structure,
    xlsx_bytes,
)
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def directory() -> list:
    """Every row of the directory, to the last field."""
    links = (Partner.themes.through, Service.themes.through)
    return [list(model.objects.order_by("pk").values()) for model in (Partner, Service, Contact, *links)]


def outcomes(tally) -> dict:
    return dict(tally.counts)


def test_a_first_import_creates(tmp_path, administrator):
    tally = imported(
        tmp_path,
        csv_bytes(
            structure(1, siret=SIRET, telephone="01 40 00 00 00", reseaux_porteurs="csapa"), structure(2)
        ),
        csv_bytes(service(1, 1, thematiques=f"{HOUSING},{ADDICTION}"), service(2, 2)),
        by=administrator,
    )
    assert outcomes(tally) == {("structures", CREATED): 2, ("services", CREATED): 2}
    first, second = Partner.objects.order_by("source_id")
    assert (first.name, first.siret, first.phone, first.postcode) == (
        "Exemple de structure 1",
        SIRET,
        "01 40 00 00 00",
        "94110",
    )
    assert (first.source, first.source_id, first.source_updated_on) == (
        "exemple",
        "exemple--1",
        dt.date(2025, 2, 14),
    )
    assert (first.kind, second.kind) == (PartnerKind.HEALTH, PartnerKind.HOUSING)
    assert (first.created_by, first.updated_by, first.own_fields) == (administrator, administrator, [])
    assert {theme.code for theme in first.themes.all()} == {HOUSING, ADDICTION}
    assert {theme.code for theme in first.services.get().themes.all()} == {HOUSING, ADDICTION}
    assert list(Partner.objects.matching("ARCUEIL 732829")) == [first]


@pytest.mark.parametrize("shape", ["csv", "json", "xlsx"])
def test_importing_twice_gives_the_same_directory(tmp_path, shape):
    rows = [
        structure(1, siret=SIRET, latitude="48.81", reseaux_porteurs="caf"),
        structure(2, adresse="néant"),
    ]
    offers = [service(1, 1), service(2, 2, publics="femmes", thematiques=f"{HOUSING};{ADDICTION}")]
    contents = {
        "csv": (csv_bytes(*rows), csv_bytes(*offers)),
        "json": (json_bytes({"structures": rows, "services": offers}),),
        "xlsx": (xlsx_bytes(A=sheet(*rows), B=sheet(*offers)),),
    }[shape]
    imported(tmp_path, *contents)
    before = directory()
    tally = imported(tmp_path, *contents)
    assert directory() == before
    assert outcomes(tally) == {("structures", UNCHANGED): 2, ("services", UNCHANGED): 2}
    assert tally.written == 0


def test_the_three_formats_say_the_same(tmp_path):
    row = structure(1, siret=SIRET, latitude=48.81, code_insee="94003", date_maj="2025-02-14")
    imported(tmp_path, csv_bytes(row))
    before = directory()
    for content in (json_bytes([row]), xlsx_bytes(A=sheet(row | {"date_maj": dt.date(2025, 2, 14)}))):
        imported(tmp_path, content)
        assert directory() == before


def test_a_newer_row_changes_what_it_says_alone(tmp_path, supervisor):
    imported(tmp_path, csv_bytes(structure(1, telephone="01", courriel="a@exemple.fr")))
    partner = Partner.objects.get()
    partner.notes, partner.kind, partner.agreement_reference = "Appeler le matin", PartnerKind.CLIENT, "C-1"
    save_partner(partner, by=supervisor)
    contact = make_contact(partner)
    tally = imported(tmp_path, csv_bytes(structure(1, telephone="02", date_maj="2025-03-01")))
    partner.refresh_from_db()
    assert outcomes(tally) == {("structures", UPDATED): 1}
    assert (partner.phone, partner.email, partner.source_updated_on) == (
        "02",
        "a@exemple.fr",
        dt.date(2025, 3, 1),
    )
    assert (partner.notes, partner.kind, partner.agreement_reference) == (
        "Appeler le matin",
        PartnerKind.CLIENT,
        "C-1",
    )
    assert list(partner.contacts.all()) == [contact]


def test_an_open_form_learns_of_the_import(tmp_path):
    imported(tmp_path, csv_bytes(structure(1, telephone="01")))
    version = Partner.objects.get().version
    imported(tmp_path, csv_bytes(structure(1, telephone="02", date_maj="2025-03-01")))
    assert Partner.objects.get().version == version + 1


def test_an_older_row_changes_nothing(tmp_path):
    imported(tmp_path, csv_bytes(structure(1, telephone="02")), csv_bytes(service(1)))
    before = directory()
    tally = imported(
        tmp_path,
        csv_bytes(structure(1, telephone="01", date_maj="2025-01-01")),
        csv_bytes(service(1, thematiques=ADDICTION, date_maj="2025-01-01")),
    )
    assert (directory(), outcomes(tally)) == (before, {("structures", OLDER): 1, ("services", OLDER): 1})


def test_what_was_typed_here_is_kept(tmp_path, supervisor):
    imported(
        tmp_path,
        csv_bytes(structure(1, telephone="01", commune="Arcueil")),
        csv_bytes(service(1, frais="payant")),
    )
    partner, offer = Partner.objects.get(), Service.objects.get()
    partner.phone, offer.fees = "06", "gratuit le lundi"
    save_partner(partner, by=supervisor)
    save_service(offer, by=supervisor, themes=ServiceTheme.objects.filter(code=ADDICTION))
    imported(
        tmp_path,
        csv_bytes(structure(1, telephone="02", commune="Gentilly", date_maj="2025-03-01")),
        csv_bytes(service(1, frais="gratuit", nom="Autre nom", date_maj="2025-03-01")),
    )
    partner.refresh_from_db()
    offer.refresh_from_db()
    assert (partner.phone, partner.city, partner.own_fields) == ("06", "Gentilly", ["phone"])
    assert (offer.fees, offer.name, offer.own_fields) == ("gratuit le lundi", "Autre nom", ["fees", "themes"])
    assert [theme.code for theme in offer.themes.all()] == [ADDICTION]
    assert list(Partner.objects.matching("gentilly")) == [partner]


def test_a_theme_taken_from_a_partner_does_not_come_back(tmp_path):
    imported(tmp_path, csv_bytes(structure(1)), csv_bytes(service(1)))
    Partner.objects.get().themes.clear()
    imported(tmp_path, csv_bytes(structure(1)), csv_bytes(service(1, nom="Autre nom")))
    assert list(Partner.objects.get().themes.all()) == []


def test_a_theme_gone_from_a_service_stays_with_the_partner(tmp_path):
    imported(tmp_path, csv_bytes(structure(1)), csv_bytes(service(1)))
    tally = imported(tmp_path, csv_bytes(service(1, thematiques=ADDICTION)))
    assert outcomes(tally) == {("services", UPDATED): 1}
    assert [theme.code for theme in Service.objects.get().themes.all()] == [ADDICTION]
    assert {theme.code for theme in Partner.objects.get().themes.all()} == {HOUSING, ADDICTION}


def test_a_structure_gone_from_the_file_stays(tmp_path):
    imported(tmp_path, csv_bytes(structure(1), structure(2)))
    imported(tmp_path, csv_bytes(structure(2)))
    assert Partner.objects.count() == 2


def test_a_partner_typed_here_with_the_same_siret_is_linked(tmp_path):
    partner = make_partner(name="CCAS", siret=SIRET, phone="06", kind=PartnerKind.RIGHTS)
    tally = imported(tmp_path, csv_bytes(structure(1, siret=SIRET, telephone="01", courriel="a@exemple.fr")))
    partner.refresh_from_db()
    assert outcomes(tally) == {("structures", LINKED): 1}
    assert (partner.name, partner.phone, partner.email, partner.kind) == (
        "CCAS",
        "06",
        "a@exemple.fr",
        PartnerKind.RIGHTS,
    )
    assert (partner.source_id, partner.own_fields) == ("exemple--1", ["name", "phone", "siret"])
    before = directory()
    imported(tmp_path, csv_bytes(structure(1, siret=SIRET, telephone="01", courriel="a@exemple.fr")))
    assert directory() == before


def test_a_siret_that_several_bear_links_by_name_alone(tmp_path):
    partner = make_partner(name="Mairie d’Arcueil", siret=SIRET)
    tally = imported(
        tmp_path, csv_bytes(structure(1, siret=SIRET), structure(2, siret=SIRET, nom="MAIRIE D'ARCUEIL"))
    )
    partner.refresh_from_db()
    assert outcomes(tally) == {("structures", CREATED): 1, ("structures", LINKED): 1}
    assert partner.source_id == "exemple--2"


def test_two_partners_typed_with_one_siret_are_left_alone(tmp_path):
    make_partner(name="Un", siret=SIRET)
    make_partner(name="Deux", siret=SIRET)
    assert outcomes(imported(tmp_path, csv_bytes(structure(1, siret=SIRET)))) == {("structures", CREATED): 1}


@pytest.mark.parametrize(
    ("filters", "names", "offers"),
    [
        (Filters("94"), {"1", "4"}, {"1"}),
        (Filters("75"), {"2"}, {"2"}),
        (Filters("2B"), {"3"}, set()),
        (Filters(theme=ADDICTION), {"2"}, {"2"}),
        (Filters("94", ADDICTION), set(), set()),
    ],
    ids=lambda value: value.in_words if isinstance(value, Filters) else "",
)
def test_filters(tmp_path, filters, names, offers):
    rows = csv_bytes(
        structure(1),
        structure(2, code_postal="75013"),
        structure(3, code_postal="20200"),
        structure(4, code_postal="", code_insee="94003"),
        structure(5, code_postal="", nom=""),
    )
    services = csv_bytes(service(1, 1), service(2, 2, thematiques=ADDICTION))
    tally = imported(tmp_path, rows, services, filters=filters)
    assert {partner.name[-1] for partner in Partner.objects.all()} == names
    assert {offer.name[-1] for offer in Service.objects.all()} == offers
    assert tally.total("structures") == len(names)


def test_a_place_that_cannot_be_read_is_a_fault_unless_another_filter_decides(tmp_path):
    rows = csv_bytes(structure(1, code_postal="9411"))
    assert checked(tmp_path, rows, filters=Filters("94")).faults.total == 1
    found = checked(tmp_path, rows, csv_bytes(service(1)), filters=Filters("94", ADDICTION))
    assert (found.faults.total, dict(found.aside)) == (0, {"structures": 1, "services": 1})


def test_services_alone_follow_the_partners_that_are_here(tmp_path):
    imported(tmp_path, csv_bytes(structure(1)))
    found = checked(tmp_path, csv_bytes(service(1, 1), service(2, 2)), filters=Filters("94"))
    assert (found.faults.total, dict(found.aside)) == (0, {"services": 1})
    apply(found.rows, by=None)
    assert Service.objects.get().partner == Partner.objects.get()


def test_a_preview_says_what_the_import_does_and_writes_nothing(tmp_path):
    make_partner(name="Lié", siret=SIRET)
    imported(tmp_path, csv_bytes(structure(2), structure(3), structure(4, date_maj="2025-03-01")))
    before = directory()
    rows = csv_bytes(
        structure(1, siret=SIRET),
        structure(2, commune="Gentilly"),
        structure(3),
        structure(4),
        structure(5),
        structure(6, code_postal="75001"),
    )
    found = checked(tmp_path, rows, csv_bytes(service(1, 5)), filters=Filters("94"))
    foreseen = preview(found.rows)
    assert directory() == before
    done = apply(found.rows, by=None)
    assert foreseen.counts == done.counts
    assert [foreseen.shown[outcome] for outcome in (UPDATED, LINKED)] == [
        done.shown[outcome] for outcome in (UPDATED, LINKED)
    ]
    assert [
        (row.name, [(c.label, c.was, c.now) for c in row.changes]) for row in foreseen.shown[UPDATED]
    ] == [("Exemple de structure 2", [("commune", "Arcueil", "Gentilly")])]
    assert summary(found.read, found.aside, foreseen, done=False) == [
        "Structures : 1 à créer, 1 à modifier, 1 à rattacher à un partenaire saisi ici, 1 déjà à jour, "
        "1 plus ancienne que ce que nous avons, 1 hors du filtre.",
        "Services : 1 à créer.",
    ]


def test_one_line_of_the_log_tells_of_an_import(tmp_path, administrator):
    imported(tmp_path, csv_bytes(structure(1), structure(2)), by=administrator, filters=Filters("94"))
    entries = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Partner))
    assert [(entry.actor, entry.additional_data) for entry in entries] == [
        (
            administrator,
            {"event": AuditEvent.IMPORT, "format": "un", "rows": 2, "filters": "département 94"},
        )
    ]
    imported(tmp_path, csv_bytes(structure(1), structure(2)), by=administrator)
    assert entries.count() == 1


def queries_of(tmp_path, rows: int) -> int:
    numbers = range(1, rows + 1)
    contents = (
        csv_bytes(*map(structure, numbers)),
        csv_bytes(*[service(number, number) for number in numbers]),
    )
    found = checked(tmp_path, *contents)
    with CaptureQueriesContext(connection) as queries:
        apply(found.rows, by=None)
    return len(queries)


def test_queries_do_not_grow_with_the_rows(tmp_path):
    ContentType.objects.get_for_model(Partner)
    first = queries_of(tmp_path, 1)
    Partner.objects.all().delete()
    assert (first, queries_of(tmp_path, 3)) == (13, 13)


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_create_each_structure_once(tmp_path):
    found = checked(tmp_path, csv_bytes(*[structure(number) for number in range(1, 30)]))
    tallies = at_once(lambda: apply(found.rows, by=None), lambda: apply(found.rows, by=None))
    done = sorted(outcome for tally in tallies for (_kind, outcome) in tally.counts)
    assert (done, Partner.objects.count()) == ([CREATED, UNCHANGED], 29)
