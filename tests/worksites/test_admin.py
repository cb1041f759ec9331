"""Worksites in the admin."""

import datetime as dt

import pytest

from confluences.imports import import_file
from tests.beneficiaries.factories import make_beneficiary
from tests.confluences.test_admin import page
from tests.conftest import signed_in_client
from tests.worksites.factories import make_annex, make_assignment, make_worksite
from worksites.etp_resources import AidRateResource, AnnexResource
from worksites.models import AidRate, Assignment, FinancialAnnex
from worksites.resources import AssignmentResource

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator_client(administrator):
    return signed_in_client(administrator)


LISTS = [
    ("worksites_worksite_changelist", make_worksite, 8),
    ("worksites_assignment_changelist", make_assignment, 11),
    ("worksites_financialannex_changelist", make_annex, 11),
]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "make", "queries"), LISTS, ids=[name for name, *_others in LISTS])
def test_list_queries(administrator_client, django_assert_num_queries, name, make, queries, count):
    for _number in range(count):
        make()
    with django_assert_num_queries(queries):
        assert len(administrator_client.get(page(name)).context["cl"].result_list) == count


def test_assignment_before_the_worksite_opens(administrator_client):
    worksite = make_worksite(opened_on=dt.date(2014, 12, 8))
    data = {"beneficiary": make_beneficiary().pk, "worksite": worksite.pk, "start": "2014-12-01"}
    response = administrator_client.post(page("worksites_assignment_add"), data)
    assert response.context["adminform"].form.errors == {
        "start": ["Ce chantier n’est ouvert que depuis le 08/12/2014."]
    }
    assert (
        administrator_client.post(
            page("worksites_assignment_add"), data | {"start": "2014-12-08"}
        ).status_code
        == 302
    )
    assert Assignment.objects.get().worksite == worksite


def test_annex_keeps_its_worksites(administrator_client, administrator):
    worksite = make_worksite()
    data = {
        "number": "ACI-94",
        "kind": "aci",
        "start": "2024-01-01",
        "end": "2024-12-31",
        "worksites": [worksite.pk],
        "hours_per_etp": "1820",
    }
    assert administrator_client.post(page("worksites_financialannex_add"), data).status_code == 302
    annex = FinancialAnnex.objects.get()
    assert (list(annex.worksites.all()), annex.created_by) == ([worksite], administrator)


def test_worksite_of_assignments_is_not_deleted(administrator_client):
    worksite = make_assignment().worksite
    administrator_client.post(page("worksites_worksite_delete", worksite.pk), {"post": "yes"})
    assert Assignment.objects.get().worksite == worksite


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_export_of_assignments_imports_again(administrator_client, file_format):
    make_assignment()
    content = administrator_client.post(page("worksites_assignment_export"), {"format": file_format}).content
    assert import_file(AssignmentResource, content, by=None) == 0
    Assignment.objects.all().delete()
    assert import_file(AssignmentResource, content, by=None) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_amount_list_queries(administrator_client, django_assert_num_queries, count):
    AidRate.objects.exclude(pk__in=AidRate.objects.values("pk")[:count]).delete()
    with django_assert_num_queries(10):
        response = administrator_client.get(page("worksites_aidrate_changelist"))
    assert len(response.context["cl"].result_list) == count


def test_new_amount(administrator_client, administrator):
    data = {"kind": "ei", "valid_from": "2025-01-01", "amount": "11000", "source": "arrêté"}
    assert administrator_client.post(page("worksites_aidrate_add"), data).status_code == 302
    rate = AidRate.objects.get(kind="ei")
    assert (rate.amount, rate.created_by) == (11000, administrator)
    again = administrator_client.post(page("worksites_aidrate_add"), data)
    assert again.context["adminform"].form.non_field_errors() == [
        "Un montant commence déjà ce jour-là pour ce type de structure."
    ]


def test_months_of_regularisation_are_typed_in_the_admin(administrator_client):
    annex = make_annex()
    data = {
        "number": annex.number,
        "kind": "aci",
        "start": "2024-01-01",
        "end": "2024-12-31",
        "hours_per_etp": "1820",
        "regularisation_months": "5 13",
        "opened_version": annex.version,
    }
    address = page("worksites_financialannex_change", annex.pk)
    assert administrator_client.post(address, data).context["adminform"].form.errors == {
        "regularisation_months": ["Écrivez des numéros de mois séparés par une espace, par exemple 5 8 11."]
    }
    assert administrator_client.post(address, data | {"regularisation_months": "5 10"}).status_code == 302
    assert FinancialAnnex.objects.get().regularised_in == [5, 10]


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("name", "resource"), [("financialannex", AnnexResource), ("aidrate", AidRateResource)]
)
def test_export_of_what_the_state_finances_imports_again(administrator_client, name, resource, file_format):
    annex = make_annex(agreed_etp="10.5", aid_per_etp="23921.50")
    annex.worksites.add(make_worksite(), make_worksite())
    address = page(f"worksites_{name}_export")
    content = administrator_client.post(address, {"format": file_format}).content
    assert import_file(resource, content, by=None) == 0
    count = resource._meta.model.objects.count()
    resource._meta.model.objects.all().delete()
    assert import_file(resource, content, by=None) == count
