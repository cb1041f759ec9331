"""Pages of results, as each role meets them."""

import datetime as dt

import pytest
from auditlog.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from confluences.enums import Role
from outcomes.models import Cohort, Exit, ExitReason, OutcomeReport
from tests.beneficiaries.factories import make_beneficiary, make_contract, make_running_contract
from tests.outcomes.factories import make_2014, make_cohort, make_exit

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(clients):
    return clients[Role.SOCIAL_WORKER]


@pytest.fixture
def director(clients):
    return clients[Role.SUPERVISOR]


def reason(code: str) -> ExitReason:
    return ExitReason.objects.get(code=code)


def events() -> list[dict]:
    return [
        entry.additional_data
        for entry in LogEntry.objects.filter(action=LogEntry.Action.ACCESS).order_by("pk")
    ]


def test_cohort_page_shows_the_verdict_and_the_undocumented_first(worker):
    response = worker.get(make_2014().get_absolute_url())
    assert response.context["verdict"] == (
        "Cohorte 2014 : 7 sorties dynamiques sur 9 examinées (77,8 %), objectif 2/3 atteint"
    )
    assert (
        response.context["range"] == "Fourchette possible : 77,8\u00a0%-100\u00a0% (2 sorties à documenter)."
    )
    verdicts = [row.verdict for row in response.context["exits"]]
    assert verdicts == ["undocumented"] * 2 + ["success"] * 7


@pytest.mark.parametrize("exits", [1, 3])
def test_cohort_page_takes_a_constant_number_of_queries(worker, django_assert_num_queries, exits):
    for _ in range(exits):
        make_exit("9/10")
    address = make_cohort().get_absolute_url()
    worker.get(address)
    with django_assert_num_queries(19):
        worker.get(address)


@pytest.mark.parametrize("cohorts", [1, 3])
def test_cohort_list_takes_a_constant_number_of_queries(worker, django_assert_num_queries, cohorts):
    for _ in range(cohorts):
        make_cohort()
    make_exit("3")
    address = reverse("outcomes:cohort-list")
    worker.get(address)
    with django_assert_num_queries(14):
        worker.get(address)


def test_empty_pages_say_what_to_do_next(worker):
    assert "Créer la première cohorte" in worker.get(reverse("outcomes:cohort-list")).content.decode()
    assert (
        "Une sortie s’enregistre depuis la page de la personne"
        in worker.get(make_cohort().get_absolute_url()).content.decode()
    )


def test_cohort_without_rules_says_so(worker):
    cohort = make_cohort(start=dt.date(1990, 1, 1), end=dt.date(1990, 12, 31))
    response = worker.get(cohort.get_absolute_url())
    assert response.status_code == 409
    assert "Aucune règle de calcul n’est en vigueur le 31/12/1990" in response.content.decode()


def test_new_cohort(worker, social_worker):
    data = {
        "label": "Sorties 2023",
        "code": "2023",
        "basis": "exit",
        "start": "2023-01-01",
        "end": "2023-12-31",
    }
    response = worker.post(reverse("outcomes:cohort-create"), data)
    cohort = Cohort.objects.get()
    assert (response.url, cohort.created_by) == (cohort.get_absolute_url(), social_worker)


def test_cohort_that_ends_before_it_starts_comes_back_filled(worker):
    data = {"label": "À l’envers", "code": "x", "basis": "exit", "start": "2023-12-31", "end": "2023-01-01"}
    response = worker.post(reverse("outcomes:cohort-create"), data)
    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == ["La période finit avant de commencer."]
    assert "À l’envers" in response.content.decode()


def exit_address(person) -> str:
    return reverse("outcomes:exit-create", args=[person.pk])


def questions(response) -> list[str]:
    return [name for name in response.context["form"].fields if name != "opened_version"]


GENERAL = ["left_on", "assumed", "worked_an_hour", "worksite", "reason"]
PROOF = ["evidence", "evidence_file", "known_on"]


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        (None, GENERAL),
        ("8", GENERAL + PROOF),
        (
            "9",
            [
                *GENERAL,
                "new_contract",
                "employer",
                "started_on",
                "length_months",
                "length_days",
                "aided",
                "same_structure",
                *PROOF,
            ],
        ),
        (
            "5",
            [
                *GENERAL,
                "new_contract",
                "employer",
                "started_on",
                "length_months",
                "length_days",
                "training_title",
                "training_level",
                *PROOF,
            ],
        ),
    ],
)
def test_only_the_questions_the_reason_needs(worker, code, asked):
    person = make_contract().beneficiary
    typed = {"refresh": "1", "left_on": "2024-12-31", "reason": reason(code).pk if code else ""}
    response = worker.post(exit_address(person), typed)
    assert (response.status_code, questions(response)) == (200, asked)
    assert Exit.objects.count() == 0
    assert 'value="2024-12-31"' in response.content.decode()


def test_exit_is_recorded_from_the_form(worker, social_worker):
    person = make_contract().beneficiary
    data = {
        "left_on": "2024-12-31",
        "worked_an_hour": "on",
        "reason": reason("9").pk,
        "new_contract": "cdd",
        "employer": "Ville d’Arcueil",
        "length_months": "8",
        "length_days": "0",
        "evidence": "contract",
    }
    response = worker.post(exit_address(person), data)
    made = Exit.objects.get()
    assert response.url == person.get_absolute_url()
    assert (made.employer, made.length_months, made.created_by) == ("Ville d’Arcueil", 8, social_worker)


def test_fixed_term_of_unknown_length_is_accepted_and_asked_for_again(worker):
    person = make_contract().beneficiary
    data = {"left_on": "2024-12-31", "worked_an_hour": "on", "reason": reason("9/10").pk, "length_days": "0"}
    worker.post(exit_address(person), data)
    home = worker.get(reverse("home"))
    assert [row.beneficiary for row in home.context["undocumented"]] == [person]
    completed = Exit.objects.get()
    address = reverse("outcomes:exit-edit", args=[completed.pk])
    worker.post(address, {**data, "length_months": "8", "opened_version": completed.version})
    completed.refresh_from_db()
    assert (completed.reason.code, worker.get(reverse("home")).context["undocumented"]) == ("9", [])


def test_refused_exit_comes_back_filled(worker):
    person = make_contract().beneficiary
    data = {"left_on": "2023-05-01", "worked_an_hour": "on", "reason": reason("3").pk, "employer": "Ville 🌳"}
    response = worker.post(exit_address(person), data)
    assert response.status_code == 422
    assert response.context["form"].errors["left_on"] == [
        "La sortie est antérieure à l’entrée du 01/01/2024."
    ]
    assert "Ville 🌳" in response.content.decode()
    assert Exit.objects.count() == 0


def test_two_people_completing_one_exit_lose_nothing(worker, director):
    made = make_exit("9/10")
    address = reverse("outcomes:exit-edit", args=[made.pk])
    data = {
        "left_on": "2024-12-31",
        "worked_an_hour": "on",
        "reason": made.reason_id,
        "length_days": "0",
        "opened_version": "1",
    }
    assert director.post(address, {**data, "employer": "Paysages du Sud"}).status_code == 302
    response = worker.post(address, {**data, "employer": "Jardins de l’Est"})
    shown = [(each.label, each.theirs, each.yours) for each in response.context["form"].conflicts]
    assert response.status_code == 409
    assert ("Employeur", "Paysages du Sud", "Jardins de l’Est") in shown
    assert Exit.objects.get().employer == "Paysages du Sud"


def test_exit_of_a_stranger_is_not_found(worker):
    assert worker.get(reverse("outcomes:exit-edit", args=[12345])).status_code == 404
    assert worker.get(reverse("outcomes:exit-create", args=[12345])).status_code == 404


def test_evidence_is_checked_by_content_and_read_under_log(worker):
    person = make_contract().beneficiary
    data = {"left_on": "2024-12-31", "worked_an_hour": "on", "reason": reason("3").pk}
    disguised = SimpleUploadedFile("contrat.pdf", b"MZ not a pdf at all", "application/pdf")
    refused = worker.post(exit_address(person), {**data, "evidence_file": disguised})
    assert "Le contenu de ce fichier" in str(refused.context["form"].errors["evidence_file"])
    paper = SimpleUploadedFile("contrat.pdf", b"%PDF-1.7\n%...", "application/pdf")
    worker.post(exit_address(person), {**data, "evidence_file": paper})
    response = worker.get(reverse("outcomes:exit-evidence", args=[Exit.objects.get().pk]))
    assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert response["Content-Disposition"].startswith("attachment")
    assert events()[-1]["event"] == "read"


def test_missing_evidence_is_not_found(worker):
    assert worker.get(reverse("outcomes:exit-evidence", args=[make_exit("3").pk])).status_code == 404


def test_freezing_from_the_page(director):
    cohort = make_2014()
    preview = director.get(reverse("outcomes:report-freeze", args=[cohort.code]))
    assert len(preview.context["rows"]) == 9
    response = director.post(reverse("outcomes:report-freeze", args=[cohort.code]), {"dated": "2026-11-01"})
    report = OutcomeReport.objects.get()
    assert (response.url, report.dated) == (cohort.get_absolute_url(), dt.date(2026, 11, 1))
    paper = director.get(report.get_absolute_url())
    assert (paper.content, paper["Content-Type"]) == (bytes(report.pdf), "application/pdf")
    assert events()[-1]["event"] == "print"


def test_report_is_not_dated_in_the_future(director):
    cohort = make_2014()
    response = director.post(reverse("outcomes:report-freeze", args=[cohort.code]), {"dated": "2999-01-01"})
    assert response.status_code == 422
    assert response.context["form"].errors["dated"] == ["Un rapport ne se date pas dans l’avenir."]


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.INSTRUCTOR, Role.ADMINISTRATOR])
def test_only_the_director_freezes(clients, role):
    cohort = make_2014()
    address = reverse("outcomes:report-freeze", args=[cohort.code])
    assert [
        clients[role].get(address).status_code,
        clients[role].post(address, {"dated": "2026-11-01"}).status_code,
    ] == [404, 404]
    assert OutcomeReport.objects.count() == 0


@pytest.mark.parametrize(
    ("address", "event"),
    [
        ("sorties.xlsx", {"event": "export", "format": "xlsx", "rows": 9, "filters": ""}),
        ("sorties.csv", {"event": "export", "format": "csv", "rows": 9, "filters": ""}),
        ("chiffres.json", {"event": "export", "format": "json", "rows": 0, "filters": ""}),
        ("projet.pdf", {"event": "print"}),
    ],
)
def test_files_leave_under_log(worker, address, event):
    response = worker.get(f"{make_2014().get_absolute_url()}{address}")
    assert (response.status_code, response["Cache-Control"]) == (200, "no-store, private")
    assert events()[-1] == event


def test_unknown_file_format_is_not_found(worker):
    assert worker.get(f"{make_2014().get_absolute_url()}sorties.exe").status_code == 404


def test_empty_cohort_is_not_exported(worker):
    cohort = make_cohort()
    response = worker.get(reverse("outcomes:cohort-export", args=[cohort.code, "xlsx"]), follow=True)
    assert "il n’y a rien à exporter" in response.content.decode()
    assert events() == []


def test_director_sees_no_health_count_under_five(director, worker):
    cohort = make_2014()
    assert "moins de 5" in director.get(cohort.get_absolute_url()).content.decode()
    assert "moins de 5" not in worker.get(cohort.get_absolute_url()).content.decode()


@pytest.mark.parametrize("people", [1, 3])
@pytest.mark.parametrize(
    ("role", "queries"),
    [(Role.SOCIAL_WORKER, 27), (Role.INSTRUCTOR, 11), (Role.SUPERVISOR, 37), (Role.ADMINISTRATOR, 28)],
)
def test_home_takes_a_constant_number_of_queries(clients, django_assert_num_queries, role, queries, people):
    for _ in range(people):
        make_running_contract(make_beneficiary(), days_left=30)
        make_exit("9/10")
    make_cohort()
    clients[role].get(reverse("home"))
    with django_assert_num_queries(queries):
        clients[role].get(reverse("home"))
