"""Grants on the screen: who may do what, filters, moves, bad input, papers, exports."""

import datetime as dt
import io
from decimal import Decimal
from http import HTTPStatus

import pytest
from auditlog.models import LogEntry
from django.contrib.messages import get_messages
from django.urls import reverse
from openpyxl import load_workbook

from confluences.enums import Role
from funding.enums import ExpenseKind, GrantStatus
from funding.models import Grant
from tests.beneficiaries.factories import DAY, today
from tests.funding.factories import (
    make_funder,
    make_grant,
    make_instalment,
    make_obligation,
    make_paper,
    make_purchase,
    make_share,
)

pytestmark = pytest.mark.django_db

LIST = reverse("funding:grant-list")
CREATE = reverse("funding:grant-create")
READERS = {Role.SUPERVISOR, Role.ADMINISTRATOR}


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def steering(clients):
    return clients[Role.SUPERVISOR]


def url(name: str, row, *more) -> str:
    return reverse(f"funding:{name}", args=[row.pk, *more])


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def plain(response) -> str:
    return response.content.decode().replace("\u202f", " ").replace("\u00a0", " ")


def typed(**fields) -> dict:
    return {"title": "Outillage", "status": "to_ask"} | fields


def titles(response) -> list[str]:
    return [row.grant.title for row in response.context["page"]]


# Who


def addresses() -> list[str]:
    grant = make_grant()
    instalment, obligation = make_instalment(grant), make_obligation(grant)
    document = make_paper(grant)
    return [
        LIST,
        CREATE,
        reverse("funding:grant-export", args=["csv"]),
        *(url(name, grant) for name in ("grant-detail", "grant-edit", "document-create")),
        url("grant-move", grant, "settled"),
        *(url(name, grant) for name in ("instalment-create", "obligation-create")),
        *(url(f"instalment-{name}", instalment) for name in ("edit", "receive", "delete")),
        *(url(f"obligation-{name}", obligation) for name in ("edit", "done", "delete")),
        *(url(f"document-{name}", document) for name in ("download", "delete")),
    ]


def test_who_opens_what(clients):
    for address in addresses():
        for role, client in clients.items():
            expected = HTTPStatus.OK if role in READERS else HTTPStatus.NOT_FOUND
            assert client.get(address).status_code == expected, (role, address)


@pytest.mark.parametrize("name", ["grant-detail", "instalment-edit", "obligation-done", "document-download"])
def test_what_does_not_exist_is_not_found(steering, name):
    assert steering.get(reverse(f"funding:{name}", args=[999999])).status_code == HTTPStatus.NOT_FOUND


# The list


def test_an_empty_list_says_what_to_do(steering):
    page = plain(steering.get(LIST))
    assert "Aucune subvention pour l’instant" in page
    assert f'href="{CREATE}"' in page


def test_unknown_amounts_are_said(steering):
    make_grant(awarded=None, asked=None)
    page = plain(steering.get(LIST))
    assert page.count("montant inconnu") == 7  # four cells, three tiles
    assert ">0 €<" not in page.replace("\n", "").replace(" <", "<").partition("Échéances en retard")[2]


def test_filters(steering):
    funder = make_funder(name="Exemple de fondation")
    make_grant(funder, title="Machines", pays_for="equipment vehicle")
    make_grant(title="Formation", pays_for="training", eligible_start=None, eligible_end=dt.date(2023, 5, 1))
    make_grant(title="Sans période", status=GrantStatus.ASKED, eligible_start=None, eligible_end=None)
    for query, expected in (
        ({"status": "asked"}, ["Sans période"]),
        ({"funder": funder.pk}, ["Machines"]),
        ({"year": "2024"}, ["Machines"]),
        ({"year": "2023"}, ["Formation"]),
        ({"year": "inconnue"}, ["Sans période"]),
        ({"kind": "vehicle"}, ["Machines"]),
        ({"kind": "staff"}, []),
    ):
        assert titles(steering.get(LIST, query)) == expected, query
    assert "Retirez un filtre" in plain(steering.get(LIST, {"kind": "staff"}))


@pytest.mark.parametrize(
    "query", [{"status": "payée"}, {"year": "deux"}, {"funder": "9" * 30}, {"kind": "or"}]
)
def test_a_filter_that_means_nothing_is_said(steering, query):
    make_grant()
    response = steering.get(LIST, query)
    assert response.status_code == HTTPStatus.OK
    assert 'role="alert"' in plain(response)
    export = steering.get(reverse("funding:grant-export", args=["csv"]), query)
    assert said(export) == ["Ce filtre n’est pas compris : corrigez-le, puis exportez à nouveau."]


def test_htmx_gets_the_results_alone(steering):
    make_grant()
    fragment = steering.get(LIST, headers={"hx-request": "true"}).content.decode()
    assert "<html" not in fragment
    assert 'id="resultats"' in fragment


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_whatever_the_number(steering, django_assert_num_queries, count):
    for _number in range(count):
        grant = make_grant()
        make_instalment(grant)
        make_obligation(grant, due=today() - DAY)
    steering.get(LIST)
    with django_assert_num_queries(10):
        assert len(titles(steering.get(LIST))) == count


# Exports


def test_export_says_what_it_holds_and_is_logged(steering):
    grant = make_grant(title="Machines", asked=Decimal("12500.50"))
    make_instalment(grant, received=Decimal(4000), received_on=today())
    make_grant(title="Autre", status=GrantStatus.ASKED)
    response = steering.get(reverse("funding:grant-export", args=["xlsx"]), {"status": "awarded"})
    sheet = load_workbook(io.BytesIO(response.content)).active
    heading, row = list(sheet.iter_rows(values_only=True))[6:8]
    shown = dict(zip(heading, row, strict=True))
    assert (
        shown["Objet"],
        shown["Montant demandé (€)"],
        shown["Reçu (€)"],
        shown["Reste à recevoir (€)"],
    ) == (
        "Machines",
        12500.5,
        4000,
        6000,
    )
    entry = LogEntry.objects.filter(action=LogEntry.Action.ACCESS).latest("pk")
    assert entry.additional_data["rows"] == 1


def test_nothing_to_export_says_so(steering):
    response = steering.get(reverse("funding:grant-export", args=["csv"]))
    assert said(response) == [
        "Rien à exporter : aucune subvention ne correspond à ces filtres. Élargissez-les."
    ]
    assert steering.get(reverse("funding:grant-export", args=["pdf"])).status_code == HTTPStatus.NOT_FOUND


# Typing


def test_a_grant_is_written_as_people_type_it(steering, supervisor):
    funder, other = make_funder(), make_grant()
    data = typed(
        funder=funder.pk,
        status="awarded",
        asked="12\u202f500,50 €",
        awarded="10 000",
        pays_for=["vehicle", "equipment"],
        not_with=[other.pk],
        max_share="80,5",
        eligible_start="2024-01-01",
        eligible_end="2024-12-31",
    )
    response = steering.post(CREATE, data)
    grant = Grant.objects.get(title="Outillage")
    assert response.url == grant.get_absolute_url()
    assert (grant.asked, grant.awarded, grant.max_share) == (
        Decimal("12500.50"),
        Decimal(10000),
        Decimal("80.5"),
    )
    assert (grant.pays_for, list(grant.not_with.all()), grant.created_by) == (
        "equipment vehicle",
        [other],
        supervisor,
    )
    assert list(other.not_with.all()) == [grant]


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"asked": "-1"}, "asked", "Un montant n’est pas négatif."),
        (
            {"asked": "1234567890123"},
            "asked",
            "Ce montant est trop grand : au plus 10 chiffres avant la virgule.",
        ),
        ({"asked": "12,505"}, "asked", "Un montant a au plus deux décimales : 12 500,50 et non 12 500,505."),
        ({"asked": "beaucoup"}, "asked", "Ce n’est pas un montant. Écrivez par exemple 12 500,50."),
        ({"awarded": "5"}, "awarded", "Un montant accordé va avec l’état « accordée » ou « soldée »."),
        (
            {"eligible_start": "2024-02-01", "eligible_end": "2024-01-31"},
            "__all__",
            "La période des dépenses se termine avant de commencer : vérifiez les deux dates.",
        ),
        (
            {"eligible_start": "0026-01-01", "eligible_end": "2026-12-31"},
            "eligible_end",
            "La période des dépenses dépasse dix ans : vérifiez les années.",
        ),
        ({"max_share": "101"}, "max_share", "La part du coût est entre 0,01 % et 100 %."),
        ({"asked_on": "2999-01-01"}, "asked_on", "Cette date n’est pas encore passée : vérifiez-la."),
    ],
)
def test_bad_input_is_refused_and_comes_back(steering, fields, field, message):
    response = steering.post(CREATE, typed(funder=make_funder().pk, **fields))
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    form = response.context["form"]
    assert form.errors == {field: [message]}
    assert form["title"].value() == "Outillage"
    assert not Grant.objects.exists()


def test_kinds_that_do_not_exist_are_refused(steering):
    response = steering.post(CREATE, typed(funder=make_funder().pk, pays_for=["gold"]))
    assert "pays_for" in response.context["form"].errors


def test_an_edit_shows_what_is_ticked_and_what_counts_on_it(steering):
    grant = make_grant(pays_for="equipment vehicle")
    make_share(make_purchase(title="Tondeuse"), grant)
    page = plain(steering.get(url("grant-edit", grant)))
    assert page.count("checked") == 2
    data = {"funder": grant.funder_id, "title": grant.title, "awarded": "400", "opened_version": "1"}
    response = steering.post(url("grant-edit", grant), data | {"pays_for": "equipment"})
    assert "awarded" in response.context["form"].errors


def test_somebody_else_changed_it_meanwhile(steering):
    grant = make_grant(title="Avant")
    Grant.objects.filter(pk=grant.pk).update(version=2, title="Entre-temps")
    data = {"funder": grant.funder_id, "title": "Après", "awarded": "10000", "opened_version": "1"}
    response = steering.post(url("grant-edit", grant), data)
    assert response.status_code == HTTPStatus.CONFLICT
    assert "Entre-temps" in plain(response)


def test_a_new_grant_of_the_funder_in_the_address(steering):
    funder = make_funder()
    assert steering.get(CREATE, {"financeur": funder.pk}).context["form"].initial["funder"] == funder
    for wrong in ("", "abc", "9" * 40, "٣"):
        assert steering.get(CREATE, {"financeur": wrong}).status_code == HTTPStatus.OK


# Moves


def test_moves_offered_are_those_of_the_status(steering):
    grant = make_grant(status=GrantStatus.ASKED)
    labels = [link.label for link in steering.get(grant.get_absolute_url()).context["moves"]]
    assert labels == ["Accordée", "Refusée", "Revenir à « à demander »"]


def test_a_move_is_typed_with_its_day_and_amount(steering):
    grant = make_grant(status=GrantStatus.ASKED, asked=Decimal(9000))
    address = url("grant-move", grant, "awarded")
    assert steering.get(address).context["form"].initial["amount"] == 9000
    response = steering.post(address, {"on": "2024-02-01", "amount": "8 500,50", "opened_version": "1"})
    assert said(response) == ["La subvention est maintenant « accordée »."]
    grant.refresh_from_db()
    assert (grant.status, grant.awarded, grant.decided_on) == (
        "awarded",
        Decimal("8500.50"),
        dt.date(2024, 2, 1),
    )


def test_a_refusal_names_the_purchases_that_counted_on_it(steering):
    grant = make_grant(status=GrantStatus.ASKED)
    make_share(make_purchase(title="Exemple de tondeuse"), grant)
    address = url("grant-move", grant, "refused")
    assert "Exemple de tondeuse : 500 €" in plain(steering.get(address))
    response = steering.post(address, {"on": "2024-02-01", "opened_version": "1"})
    assert said(response) == [
        "La subvention est maintenant « refusée ».",
        "Des achats comptaient sur elle : « Exemple de tondeuse ». Trouvez-leur un autre financement.",
    ]
    assert "des achats comptent encore sur elle" in plain(steering.get(grant.get_absolute_url()))


def test_less_than_the_purchases_is_refused_on_its_field(steering):
    grant = make_grant(status=GrantStatus.ASKED)
    make_share(grant=grant)
    data = {"on": "2024-02-01", "amount": "499,99", "opened_version": "1"}
    response = steering.post(url("grant-move", grant, "awarded"), data)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Des achats comptent déjà" in response.context["form"].errors["amount"][0]
    assert response.context["form"]["amount"].value() == "499,99"


def test_a_move_that_came_too_late_leads_to_the_grant(steering):
    grant = make_grant(status=GrantStatus.REFUSED)
    for status in ("awarded", "refused", "gagnee"):
        response = steering.get(url("grant-move", grant, status))
        assert response.url == grant.get_absolute_url()


def test_a_move_typed_over_somebody_elses_shows_both(steering):
    grant = make_grant(status=GrantStatus.ASKED)
    Grant.objects.filter(pk=grant.pk).update(version=2)
    response = steering.post(url("grant-move", grant, "awarded"), {"on": "2024-02-01", "opened_version": "1"})
    assert response.status_code == HTTPStatus.CONFLICT


# The page


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_whatever_the_number(steering, django_assert_num_queries, count):
    grant = make_grant()
    for number in range(count):
        make_instalment(grant)
        make_obligation(grant, title=f"Bilan {number}")
        make_share(grant=grant)
        make_paper(grant)
        grant.not_with.add(make_grant())
    steering.get(grant.get_absolute_url())
    with django_assert_num_queries(14):
        steering.get(grant.get_absolute_url())


def test_every_kind_of_expense_stands_alone():
    """The filter looks for a kind's word in the grant's: none may hold another."""
    values = list(ExpenseKind.values)
    assert [(one, two) for one in values for two in values if one != two and one in two] == []
