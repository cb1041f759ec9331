"""One row of the national directory: the published schema's faults in French, repairs, and what our fields hold."""

import datetime as dt
import doctest
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partners import (
    national_cells_rules,
    national_files,
    national_reports,
    national_rules,
    national_schema_rules,
)
from partners.models import Partner, Service
from partners.national_rules import Reading, departement, place_of, read_service, read_structure
from partners.national_schema_rules import (
    LIMITS,
    PARTNER_FIELDS,
    SERVICE_COLUMNS,
    SERVICE_FIELDS,
    SOURCE_LIMITS,
    STRUCTURE_COLUMNS,
)
from tests.partners.national import ADDICTION, HOUSING, SIRET, service, structure

THEMES = {HOUSING, ADDICTION}


def read(**cells) -> Reading:
    row = structure(**cells)
    return read_structure(row, place_of(row))


def said(remarks) -> list[tuple[str, str]]:
    return [(remark.column, remark.message) for remark in remarks]


def fault(**cells) -> str:
    (remark,) = read(**cells).faults
    return remark.message


@pytest.mark.parametrize(
    "module",
    [national_cells_rules, national_rules, national_schema_rules, national_files, national_reports],
    ids=lambda module: module.__name__,
)
def test_docstrings(module):
    assert doctest.testmod(module).failed == 0


def test_a_whole_row_becomes_our_fields():
    reading = read(
        description="Accueil de jour.",
        siret=SIRET,
        code_insee="94003",
        adresse="1 rue des Exemples",
        longitude="2.33",
        latitude="48,81",
        telephone="+33140000000",
        courriel="accueil@exemple.fr",
        site_web="https://exemple.fr",
        horaires_accueil="Mo-Fr 09:00-12:00",
        reseaux_porteurs='["ccas-cias"]',
    )
    assert (reading.faults, reading.warnings) == ([], [])
    assert (reading.source, reading.source_id, reading.day) == ("exemple", "exemple--1", dt.date(2025, 2, 14))
    assert reading.values == {
        "name": "Exemple de structure 1",
        "description": "Accueil de jour.",
        "siret": SIRET,
        "address": "1 rue des Exemples",
        "postcode": "94110",
        "city": "Arcueil",
        "insee_code": "94003",
        "latitude": 48.81,
        "longitude": 2.33,
        "phone": "+33140000000",
        "email": "accueil@exemple.fr",
        "website": "https://exemple.fr",
        "opening_hours": "Mo-Fr 09:00-12:00",
        "networks": "Les Centres Communaux d’Action Sociale et les Centres Intercommunaux d’Action Sociale",
    }


def test_a_service_becomes_our_fields():
    reading = read_service(
        service(
            thematiques=[HOUSING, ADDICTION],
            frais="payant",
            frais_precisions="10 € par an",
            publics=["femmes", "jeunes"],
            modes_mobilisation="{telephoner,se-presenter}",
            zone_eligibilite="['94', '75056']",
            lien_source="https://exemple.fr/1",
        ),
        THEMES,
    )
    assert (reading.faults, reading.warnings, reading.themes) == ([], [], [HOUSING, ADDICTION])
    assert reading.values == {
        "name": "Exemple de service 1",
        "description": "Un accueil sans rendez-vous.",
        "fees": "Payant : 10 € par an",
        "audience": "Femmes, Jeunes",
        "how_to_refer": "Téléphoner, Se présenter",
        "zone": "94, 75056",
        "link": "https://exemple.fr/1",
    }


def test_a_column_that_the_file_has_not_changes_nothing():
    assert set(read().values) == {"name", "postcode", "city"}
    assert read(telephone="").values["phone"] == ""


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"nom": ""}, "vide"),
        ({"nom": "ab"}, "au moins 3"),
        ({"nom": "a" * 151}, "151 caractères : 150 au plus"),
        ({"id": None}, "vide"),
        ({"id": "a" * 151}, "150 caractères"),
        ({"date_maj": "hier"}, "n’est pas une date"),
        ({"date_maj": "2025-02-30"}, "n’est pas une date"),
        ({"date_maj": "1999-12-31"}, "21e siècle"),
        ({"date_maj": dt.date.today() + dt.timedelta(days=2)}, "futur"),
        ({"siret": "73282932000075"}, "ne se vérifie pas"),
        ({"siret": "7328293200007"}, "ne se vérifie pas"),
        ({"siret": "néant 12"}, "14 chiffres"),
        ({"siret": "7,32829E+13"}, "arrondi"),
        ({"code_postal": "9411"}, "5 chiffres"),
        ({"code_postal": "941100"}, "5 chiffres"),
        ({"code_insee": "9403"}, "5 caractères"),
        ({"courriel": "accueil@"}, "adresse électronique"),
        ({"site_web": "http//exemple"}, "http://"),
        ({"latitude": "nord"}, "n’est pas un nombre"),
        ({"latitude": 120}, "−90"),
        ({"longitude": "1e999"}, "n’est pas un nombre"),
        ({"adresse": ["1 rue"]}, "une liste ou un objet"),
        ({"telephone": "#REF!"}, "formule"),
        ({"description": "abc"}, "au moins 5"),
    ],
    ids=str,
)
def test_a_fault_says_what_to_do(cells, words):
    assert words in fault(**cells)


@pytest.mark.parametrize(
    "typed",
    [
        SIRET,
        73282932000074,
        73282932000074.0,
        "7.3282932000074E13",
        "732 829 320 00074",
        "73282932000074.0",
        f"'{SIRET}",
    ],
)
def test_a_siret_that_a_spreadsheet_spoilt_is_read(typed):
    reading = read(siret=typed)
    assert (reading.faults, reading.values["siret"]) == ([], SIRET)


def test_a_repair_is_told():
    assert said(read(siret=73282932000074.0, site_web="www.exemple.fr").warnings) == [
        ("site_web", "Site « www.exemple.fr » lu comme https://www.exemple.fr."),
    ]
    assert said(read(siret="732 829 320 00074").warnings) == [
        ("siret", "SIRET « 732 829 320 00074 » lu comme 73282932000074.")
    ]


@pytest.mark.parametrize(
    "written", ["-", "Néant", "adresse inconnue", "94110", "https://exemple.fr", "non renseignée"]
)
def test_an_address_that_is_none_is_blank(written):
    reading = read(adresse=written)
    assert (reading.faults, reading.values["address"], len(reading.warnings)) == ([], "", 1)


def test_new_reference_values_are_warnings():
    reading = read(reseaux_porteurs="caf;reseau-de-demain")
    assert (reading.faults, reading.networks) == ([], ["caf"])
    assert said(reading.warnings) == [
        (
            "reseaux_porteurs",
            "Valeur inconnue « reseau-de-demain » : laissée de côté, le reste de la ligne est gardé.",
        )
    ]
    reading = read_service(service(thematiques=[HOUSING, "sante--demain"], frais="don"), THEMES)
    assert (reading.faults, reading.themes, reading.values["fees"]) == ([], [HOUSING], "")
    assert [remark.column for remark in reading.warnings] == ["thematiques", "frais"]


def test_a_theme_added_to_our_own_list_is_kept():
    reading = read_service(service(thematiques="sante--demain"), {*THEMES, "sante--demain"})
    assert (reading.faults, reading.warnings, reading.themes) == ([], [], ["sante--demain"])


def test_a_public_for_all_goes_with_no_other():
    reading = read_service(service(publics="tous-publics,femmes"), THEMES)
    assert said(reading.faults) == [
        ("publics", "« tous-publics » ne va avec aucun autre public : gardez l’un ou les autres.")
    ]


def test_what_is_too_long_for_us_is_cut_or_left_out():
    reading = read(
        horaires_accueil="Mo 09:00-12:00; " * 30,
        telephone="0" * 31,
        site_web=f"https://exemple.fr/{'a' * 300}",
    )
    assert reading.faults == []
    assert (len(reading.values["opening_hours"]), reading.values["opening_hours"][-1]) == (250, "…")
    assert (reading.values["phone"], reading.values["website"]) == ("", "")
    assert sorted(remark.column for remark in reading.warnings) == [
        "horaires_accueil",
        "site_web",
        "telephone",
    ]


@pytest.mark.parametrize(
    ("postcode", "insee_code", "expected"),
    [
        ("94110", "", "94"),
        ("20000", "", "2A"),
        ("20137", "", "2A"),
        ("20200", "", "2B"),
        ("20620", "", "2B"),
        ("20200", "2A004", "2A"),
        ("97110", "", "971"),
        ("", "97411", "974"),
        ("98800", "", "988"),
        ("38780", "69001", "69"),
        ("941100", "", None),
        ("٩٤١١٠", "", None),
        ("", "", None),
    ],
)
def test_the_departement_of_a_place(postcode, insee_code, expected):
    assert departement(postcode, insee_code) == expected


def test_a_dropped_zero_comes_back_where_both_codes_agree():
    place = place_of({"code_postal": 1000, "code_insee": 1053})
    assert (place.postcode, place.insee_code, place.departement, len(place.guesses)) == (
        "01000",
        "01053",
        "01",
        1,
    )
    assert place_of({"code_postal": "9411", "code_insee": "94003"}).remarks != ()


def test_our_limits_are_those_of_the_fields():
    for name, limit in LIMITS.items():
        models = [model for model in (Partner, Service) if name in model.DIRECTORY_FIELDS]
        assert models
        assert [model._meta.get_field(name).max_length for model in models] == [limit] * len(models)
    assert SOURCE_LIMITS["source"] == Partner._meta.get_field("source").max_length
    assert SOURCE_LIMITS["id"] == Service._meta.get_field("source_id").max_length


def test_every_field_of_the_directory_is_read():
    assert set(PARTNER_FIELDS.values()) == set(Partner.DIRECTORY_FIELDS)
    composed = {"fees", "audience", "how_to_refer", "zone", "link"}
    assert {*SERVICE_FIELDS.values(), *composed} == set(Service.DIRECTORY_FIELDS)


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.dates()
    | st.datetimes()
    | st.times(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)
HALF_RIGHT = ANYTHING | st.sampled_from(
    [SIRET, "94110", "2A004", "accueil@exemple.fr", "https://exemple.fr", HOUSING, "-"]
)


def holds(reading: Reading, model: type) -> None:
    """Whatever came in can be written: our fields take it, the database too."""
    json.dumps(reading.values).encode()
    if reading.faults:
        return
    row = model(**reading.values)
    row.clean_fields(exclude={field.name for field in model._meta.fields} - set(reading.values))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(STRUCTURE_COLUMNS), HALF_RIGHT))
def test_no_structure_crashes(cells):
    row = structure() | cells
    holds(read_structure(row, place_of(row)), Partner)
    holds(read_structure(cells, place_of(cells)), Partner)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(SERVICE_COLUMNS), HALF_RIGHT))
def test_no_service_crashes(cells):
    holds(read_service(service() | cells, THEMES), Service)
    holds(read_service(cells, THEMES), Service)


@given(st.text() | st.none(), st.text() | st.none())
def test_no_place_crashes(postcode, insee_code):
    assert departement(postcode, insee_code) is None or 2 <= len(departement(postcode, insee_code)) <= 3
