"""People in the admin: lists, search, rules when saving, what is never shown, imports and exports."""

import datetime as dt
import io
import os

import pytest
import time_machine
from auditlog.models import LogEntry
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import load_workbook

from beneficiaries.models import Beneficiary, Contract, Pass, ProtectedSituation, Suspension
from beneficiaries.resources import BeneficiaryResource
from confluences.imports import Fault, import_file
from tests.beneficiaries.factories import make_beneficiary, make_contract, make_pass, make_situation
from tests.confluences.test_admin import page, posted
from tests.conftest import signed_in_client
from tests.outcomes.factories import make_exit

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator_client(administrator):
    return signed_in_client(administrator)


def found(response) -> list:
    return list(response.context["cl"].result_list)


# Lists

LISTS = [
    ("beneficiaries_beneficiary_changelist", make_beneficiary, 11),
    ("beneficiaries_entrysituation_changelist", make_situation, 10),
    ("beneficiaries_contract_changelist", make_contract, 10),
    ("beneficiaries_pass_changelist", make_pass, 10),
]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "make", "queries"), LISTS, ids=[name for name, *_others in LISTS])
def test_list_queries(administrator_client, django_assert_num_queries, name, make, queries, count):
    for _number in range(count):
        make()
    with django_assert_num_queries(queries):
        assert len(found(administrator_client.get(page(name)))) == count


@pytest.mark.parametrize("words", ["elan zoe", "ZOÉ", "a-12", "zoé 02/01/1985", "06 12 34", "1985 elan"])
def test_search_without_accents_in_any_order(administrator_client, words):
    person = make_beneficiary(
        last_name="Élan",
        first_name="Zoé",
        file_number="A-12",
        birth_date=dt.date(1985, 1, 2),
        phone="+33 6 12 34 56 78",
    )
    contract = make_contract(person)
    make_contract()
    assert found(administrator_client.get(page("beneficiaries_beneficiary_changelist"), {"q": words})) == [
        person
    ]
    assert found(administrator_client.get(page("beneficiaries_contract_changelist"), {"q": words})) == [
        contract
    ]


def test_person_is_proposed_while_typing(administrator_client):
    person = make_beneficiary(last_name="Élan", first_name="Zoé")
    make_beneficiary()
    query = {
        "term": "zoe elan",
        "app_label": "beneficiaries",
        "model_name": "contract",
        "field_name": "beneficiary",
    }
    assert administrator_client.get(page("autocomplete"), query).json()["results"] == [
        {"id": str(person.pk), "text": "Élan Zoé"}
    ]


def test_pass_is_found_by_its_number(administrator_client):
    row = make_pass(number="123456789012")
    make_pass()
    assert found(administrator_client.get(page("beneficiaries_pass_changelist"), {"q": "123456"})) == [row]


# Saving


def test_referent_is_a_social_worker(administrator_client, social_worker, supervisor):
    make_beneficiary()
    response = administrator_client.get(page("beneficiaries_beneficiary_add"))
    assert list(response.context["adminform"].form.fields["referent"].queryset) == [social_worker]


def test_people_are_filtered_by_referent(administrator_client, social_worker):
    person = make_beneficiary(referent=social_worker)
    make_beneficiary()
    response = administrator_client.get(
        page("beneficiaries_beneficiary_changelist"), {"referent__id__exact": social_worker.pk}
    )
    assert found(response) == [person]


def test_contract_follows_the_rules(administrator_client):
    data = {
        "beneficiary": make_beneficiary().pk,
        "kind": "cddi",
        "start": "2024-01-01",
        "end": "2024-02-01",
        "weekly_minutes": "1560",
        "work_days": ["1", "2", "3", "4"],
        "occupation": "jardinier",
    }
    response = administrator_client.post(page("beneficiaries_contract_add"), data)
    assert response.context["adminform"].form.errors == {
        "end": [
            "Un CDDI dure au moins 4 mois (article L5132-15-1). Corrigez les dates, ou choisissez la dérogation "
            "pour aménagement de peine."
        ]
    }
    assert (
        administrator_client.post(
            page("beneficiaries_contract_add"), data | {"end": "2024-06-30"}
        ).status_code
        == 302
    )
    contract = Contract.objects.get()
    assert (contract.end, contract.work_days) == (dt.date(2024, 6, 30), "1234")


def test_contract_that_an_exit_stands_on_comes_back_with_the_reason(administrator_client):
    contract = make_exit("7").contract
    address = page("beneficiaries_contract_change", contract.pk)
    response = administrator_client.post(
        address, posted(administrator_client.get(address)) | {"end": "2024-11-30"}
    )
    [error] = response.context["adminform"].form.non_field_errors()
    assert error.startswith("La sortie du 31/12/2024 ne tient plus avec ces dates.")
    contract.refresh_from_db()
    assert contract.end == dt.date(2024, 12, 31)


def test_deleting_a_renewed_contract_moves_the_entry_of_its_exit(administrator_client):
    person = make_beneficiary()
    first = make_contract(person, start=dt.date(2023, 7, 1), end=dt.date(2023, 12, 31))
    make_contract(person)
    row = make_exit("7", person)
    assert row.hired_on == dt.date(2023, 7, 1)
    assert (
        administrator_client.post(
            page("beneficiaries_contract_delete", first.pk), {"post": "yes"}
        ).status_code
        == 302
    )
    row.refresh_from_db()
    assert row.hired_on == dt.date(2024, 1, 1)


def test_contract_of_an_exit_is_not_deleted(administrator_client):
    contract = make_exit("7").contract
    data = {"action": "delete_selected", "_selected_action": [contract.pk], "post": "yes"}
    administrator_client.post(page("beneficiaries_contract_changelist"), data)
    administrator_client.post(page("beneficiaries_contract_delete", contract.pk), {"post": "yes"})
    assert Contract.objects.get() == contract


def add_suspension(administrator_client, row: Pass, **suspension):
    address = page("beneficiaries_pass_change", row.pk)
    data = posted(administrator_client.get(address)) | {"suspensions-TOTAL_FORMS": "1"}
    data |= {f"suspensions-0-{name}": value for name, value in suspension.items()}
    return administrator_client.post(address, data)


@time_machine.travel("2024-06-15")
def test_suspension_moves_the_end_of_the_pass(administrator_client, administrator):
    row = make_pass()
    assert row.end == dt.date(2025, 12, 30)
    response = add_suspension(
        administrator_client, row, start="2024-06-01", end="2024-06-10", reason="contract_finished"
    )
    row.refresh_from_db()
    assert (response.status_code, row.end) == (302, dt.date(2026, 1, 9))
    suspension = row.suspensions.get()
    assert (suspension.created_by, suspension.version) == (administrator, 1)

    address = page("beneficiaries_pass_change", row.pk)
    administrator_client.post(
        address, posted(administrator_client.get(address)) | {"suspensions-0-DELETE": "on"}
    )
    row.refresh_from_db()
    assert (row.suspensions.count(), row.end) == (0, dt.date(2025, 12, 30))


@time_machine.travel("2024-06-15")
def test_suspension_past_its_caps(administrator_client):
    row = make_pass()
    response = add_suspension(
        administrator_client, row, start="2024-06-01", end="2027-06-10", reason="contract_finished"
    )
    errors = response.context["inline_admin_formsets"][0].formset.errors
    assert errors == [{"__all__": ["Une suspension dure au plus 36 mois. Avancez la date de fin."]}]
    assert Suspension.objects.count() == 0


# Health and justice


def test_health_and_justice_appear_nowhere(administrator_client):
    protected = ProtectedSituation.objects.create(
        situation=make_situation(), rqth=True, released_prisoner=True
    )
    situation = protected.situation
    pages = [
        page("beneficiaries_beneficiary_change", situation.beneficiary_id),
        page("beneficiaries_beneficiary_delete", situation.beneficiary_id),
        page("beneficiaries_entrysituation_changelist"),
        page("beneficiaries_entrysituation_change", situation.pk),
        page("beneficiaries_entrysituation_delete", situation.pk),
        page("beneficiaries_beneficiary_import"),
        page("beneficiaries_beneficiary_export"),
    ]
    for address in pages:
        text = administrator_client.get(address).content.decode().lower()
        assert [word for word in ("rqth", "détention", "protégée", "handicap") if word in text] == [], address


# Import and export


def upload(administrator_client, text: str | bytes, name: str = "personnes.csv", model: str = "beneficiary"):
    content = text.encode() if isinstance(text, str) else text
    return administrator_client.post(
        page(f"beneficiaries_{model}_import"), {"file": SimpleUploadedFile(name, content, "text/csv")}
    )


GOOD = "Nom;Prénom;Sexe;Date de naissance\nDupont;Jean;homme;01/02/1980\n"


def waiting_files() -> list[str]:
    return default_storage.listdir("imports")[1] if default_storage.exists("imports") else []


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_import_is_previewed_then_confirmed(administrator_client, administrator):
    preview = upload(administrator_client, GOOD)
    assert (preview.context["outcome"].created, Beneficiary.objects.count()) == (1, 0)
    assert len(waiting_files()) == 1
    response = administrator_client.post(
        page("beneficiaries_beneficiary_process_import"), {"ticket": preview.context["ticket"]}, follow=True
    )
    assert [str(message) for message in response.context["messages"]] == [
        "Import de personnes.csv terminé : 1 ligne créée, aucune ligne modifiée, aucune ligne déjà à jour."
    ]
    person = Beneficiary.objects.get()
    assert (person.created_by, person.last_name) == (administrator, "Dupont")
    assert [entry.actor for entry in LogEntry.objects.get_for_object(person)] == [administrator]
    assert waiting_files() == []


def test_faults_are_listed_and_nothing_waits(administrator_client):
    response = upload(administrator_client, GOOD.replace("homme", "hom"))
    assert response.status_code == 422
    assert response.context["faults"] == [
        Fault(2, "Sexe", "« hom » n’est pas accepté. Valeurs acceptées : femme, homme.")
    ]
    assert "Rien n’a été importé : 1 faute dans personnes.csv" in response.content.decode()
    assert waiting_files() == []


def test_file_that_changes_nothing_is_not_to_be_confirmed(administrator_client):
    import_file(BeneficiaryResource, GOOD.encode(), by=None)
    response = upload(administrator_client, GOOD)
    assert response.context["ticket"] is None
    assert "Ce fichier ne change rien : tout y est déjà enregistré." in response.content.decode()


def test_no_file(administrator_client):
    response = administrator_client.post(page("beneficiaries_beneficiary_import"), {})
    assert response.context["form"].errors == {"file": ["Choisissez un fichier."]}


def test_ticket_is_good_once_for_its_owner(administrator_client, administrator, supervisor):
    ticket = upload(administrator_client, GOOD).context["ticket"]
    address = page("beneficiaries_beneficiary_process_import")
    supervisor.groups.set(administrator.groups.all())
    refusal = [Fault(None, "", "Ce fichier n’attend plus d’être confirmé. Choisissez-le à nouveau.")]
    assert signed_in_client(supervisor).post(address, {"ticket": ticket}).context["faults"] == refusal
    assert administrator_client.post(address, {"ticket": f"{ticket}x"}).context["faults"] == refusal
    assert (
        administrator_client.post(page("beneficiaries_contract_process_import"), {"ticket": ticket}).context[
            "faults"
        ]
        == refusal
    )
    assert administrator_client.post(address, {"ticket": ticket}).status_code == 302
    assert administrator_client.post(address, {"ticket": ticket}).context["faults"] == refusal
    assert Beneficiary.objects.count() == 1


def test_abandoned_files_are_forgotten(administrator_client):
    upload(administrator_client, GOOD)
    [old] = waiting_files()
    hours_ago = (timezone.now() - dt.timedelta(hours=3)).timestamp()
    os.utime(default_storage.path(f"imports/{old}"), (hours_ago, hours_ago))
    upload(administrator_client, GOOD)
    upload(administrator_client, GOOD)
    assert len(waiting_files()) == 2
    assert old not in waiting_files()


def test_large_file_is_refused_unread(administrator_client, settings):
    settings.MAX_UPLOAD_SIZE = 1024 * 1024
    assert upload(administrator_client, b"a" * (1024 * 1024 + 1)).context["faults"] == [
        Fault(None, "", "Ce fichier dépasse 1 Mo. Découpez-le en plusieurs fichiers.")
    ]


def test_example_file(administrator_client):
    response = administrator_client.get(page("beneficiaries_beneficiary_import_example"))
    assert import_file(BeneficiaryResource, response.content, by=None) == 2


def export(administrator_client, file_format: str, query: str = ""):
    return administrator_client.post(
        f"{page('beneficiaries_beneficiary_export')}{query}", {"format": file_format}
    )


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_export_imports_again_without_a_change(administrator_client, file_format):
    make_beneficiary(phone="+33 6 12 34 56 78", informed_on=dt.date(2024, 1, 2), postcode="01000")
    make_beneficiary()
    content = export(administrator_client, file_format).content
    assert import_file(BeneficiaryResource, content, by=None) == 0
    Beneficiary.objects.all().delete()
    assert import_file(BeneficiaryResource, content, by=None) == 2
    assert sorted(Beneficiary.objects.values_list("phone", "postcode", "informed_on")) == [
        ("", "", None),
        ("+33 6 12 34 56 78", "01000", dt.date(2024, 1, 2)),
    ]


def test_export_holds_no_formula(administrator_client):
    make_beneficiary(city="=1+1")
    book = load_workbook(io.BytesIO(export(administrator_client, "xlsx").content))
    assert [cell.value for cell in book["Données"][2]][9] == "'=1+1"
    assert b";'=1+1;" in export(administrator_client, "csv").content


def test_export_respects_the_list_says_who_and_is_logged(administrator_client, administrator):
    make_beneficiary(last_name="Élan")
    make_beneficiary(last_name="Orme")
    response = export(administrator_client, "xlsx", "?q=elan")
    book = load_workbook(io.BytesIO(response.content))
    assert [row[1].value for row in book["Données"].iter_rows(min_row=2)] == ["Élan"]
    about = {row[0].value: row[1].value for row in book["À propos"].iter_rows()}
    assert (about["Établi par"], about["Filtres"], about["Lignes"]) == (str(administrator), "q = elan", "1")
    entry = LogEntry.objects.latest("pk")
    assert (entry.actor, entry.additional_data) == (
        administrator,
        {"event": "export", "format": "xlsx", "rows": 1, "filters": "q = elan"},
    )


def test_nothing_to_export(administrator_client):
    response = export(administrator_client, "csv")
    assert response["Content-Type"].startswith("text/html")
    assert "Aucune ligne à exporter." in response.content.decode()
    assert not LogEntry.objects.filter(additional_data__event="export").exists()


@pytest.mark.parametrize("count", [1, 3])
def test_export_queries(administrator_client, django_assert_num_queries, count):
    for _number in range(count):
        make_contract()
    with django_assert_num_queries(7):
        administrator_client.post(page("beneficiaries_contract_export"), {"format": "csv"})
