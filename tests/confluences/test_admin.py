"""The base in the admin: who gets in, every model's pages, accounts, the association, the log, saving in turn."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from auditlog.models import LogEntry
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core import mail
from django.urls import reverse

from beneficiaries.models import Beneficiary, ProtectedSituation
from confluences.admin_users import LAST_ADMINISTRATOR
from confluences.enums import Role
from confluences.models import Administration, Structure, User
from confluences.rights import grant
from tests.beneficiaries.factories import make_beneficiary, make_situation
from tests.conftest import signed_in_client

pytestmark = pytest.mark.django_db

OUR_APPS = ("confluences", "beneficiaries", "partners", "trainings", "worksites", "outcomes", "funding")
INSIDE_ANOTHER = {
    "confluences.AdministrationName",
    "beneficiaries.Suspension",
    "beneficiaries.Prolongation",
    "partners.PartnerName",
    "trainings.Module",
    "trainings.SessionModule",
    "trainings.AttendedModule",
    "outcomes.CountedReason",
}


def page(name: str, *args) -> str:
    return reverse(f"admin:{name}", args=args)


def posted(response) -> dict:
    """What the form of a page would send back as it stands."""
    page_forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        page_forms += [inline.formset.management_form, *inline.formset.forms]
    values = {each.add_prefix(name): each[name].value() for each in page_forms for name in each.fields}
    return {name: value for name, value in values.items() if value or value == 0}


@pytest.fixture
def administrator_client(administrator):
    return signed_in_client(administrator)


@pytest.mark.parametrize("role", Role)
def test_administrators_alone_get_in(clients, role):
    assert clients[role].get(page("index")).status_code == (200 if role == Role.ADMINISTRATOR else 404)


# Support has pages without its content. The first three are content alone: even that they exist is not told.
NOWHERE = {
    "beneficiaries.ProtectedSituation",
    "beneficiaries.ConfidentialNote",
    "beneficiaries.FollowUpTopic",
    # The last number given: typed by hand, it would make a gap or give a number twice.
    "trainings.CertificateRegister",
}


def test_every_model_is_there_except_health_and_justice():
    ours = {model for app in OUR_APPS for model in apps.get_app_config(app).get_models()}
    absent = {model._meta.label for model in ours if model not in admin.site._registry}
    assert absent == INSIDE_ANOTHER | NOWHERE


def test_nothing_else_is_there_but_the_log():
    others = {model._meta.label for model in admin.site._registry if model._meta.app_label not in OUR_APPS}
    assert others == {"auditlog.LogEntry"}


def test_index_is_in_french_in_the_order_of_the_work_and_of_the_alphabet(administrator_client):
    listed = administrator_client.get(page("index")).context["app_list"]
    assert [app["name"] for app in listed] == [
        "salariés en insertion",
        "partenaires",
        "chantiers",
        "formations",
        "sorties et résultats",
        "financements",
        "association et comptes",
        "Journal",
    ]
    assert [model["name"] for model in listed[2]["models"]] == [
        "Affectations",
        "Annexes financières",
        "Chantiers",
        "Commandes",
        "Événements de matériel",
        "Matériels",
        "Montants nationaux de l’aide",
        "Parts de commande",
    ]


LISTS = [
    page_name
    for page_name in (
        f"{model._meta.app_label}_{model._meta.model_name}_changelist" for model in admin.site._registry
    )
    if page_name != "confluences_structure_changelist"
]


@pytest.mark.parametrize("name", LISTS)
def test_lists_open_and_search(administrator_client, name):
    assert administrator_client.get(page(name)).status_code == 200
    assert administrator_client.get(page(name), {"q": "exemple"}).status_code == 200


def test_lists_have_a_plain_title(administrator_client):
    response = administrator_client.get(page("beneficiaries_beneficiary_changelist"))
    assert response.context["title"] == "Salariés en insertion"


# Accounts


def new_account(**data) -> dict:
    return {
        "email": "neuf@example.org",
        "last_name": "Neuf",
        "first_name": "",
        "password1": "",
        "password2": "",
    } | data


def test_roles_are_four_boxes(administrator_client):
    form = administrator_client.get(page("confluences_user_add")).context["adminform"].form
    assert sorted(str(role) for role in form.fields["groups"].queryset) == sorted(Role.labels)


def test_account_without_password_receives_a_link(administrator_client):
    role = Group.objects.get(name=Role.INSTRUCTOR.label)
    response = administrator_client.post(page("confluences_user_add"), new_account(groups=[role.pk]))
    user = User.objects.get(email="neuf@example.org")
    assert response.status_code == 302
    assert (user.has_usable_password(), list(user.groups.all())) == (False, [role])
    assert [message.to for message in mail.outbox] == [["neuf@example.org"]]
    assert (
        reverse("account_reset_password_from_key", args=["x", "y"]).partition("x-y")[0] in mail.outbox[0].body
    )


def test_account_with_a_password(administrator_client):
    words = "quatre mots sans suite"
    administrator_client.post(page("confluences_user_add"), new_account(password1=words, password2=words))
    assert User.objects.get(email="neuf@example.org").check_password(words)
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("passwords", "error"),
    [
        (("court", "court"), "Ce mot de passe est trop court. Il doit contenir au minimum 12 caractères."),
        (
            ("quatre mots sans suite", ""),
            "Tapez deux fois le même mot de passe, ou laissez les deux cases vides.",
        ),
        (
            ("quatre mots sans suite", "quatre mots avec suite"),
            "Les deux mots de passe ne correspondent pas.",
        ),
    ],
)
def test_passwords_are_checked(administrator_client, passwords, error):
    response = administrator_client.post(
        page("confluences_user_add"), new_account(password1=passwords[0], password2=passwords[1])
    )
    assert response.context["adminform"].form.errors == {"password2": [error]}
    assert not User.objects.filter(email="neuf@example.org").exists()


def change_user(client, user, **changes):
    address = page("confluences_user_change", user.pk)
    data = posted(client.get(address)) | changes
    return client.post(address, {key: value for key, value in data.items() if value is not None})


@pytest.mark.parametrize("changes", [{"groups": []}, {"is_active": None}])
def test_last_administrator_stays(administrator_client, administrator, changes):
    response = change_user(administrator_client, administrator, **changes)
    assert response.context["adminform"].form.non_field_errors() == [LAST_ADMINISTRATOR]
    administrator.refresh_from_db()
    assert administrator.is_active
    assert administrator.has_perm("confluences.use_admin")


def test_administrator_may_go_once_there_is_another(administrator_client, administrator, supervisor):
    grant(supervisor, Role.ADMINISTRATOR)
    assert change_user(administrator_client, administrator, groups=[]).status_code == 302
    assert list(administrator.groups.all()) == []


def test_last_administrator_is_not_deleted(administrator_client, administrator):
    assert (
        administrator_client.post(
            page("confluences_user_delete", administrator.pk), {"post": "yes"}
        ).status_code
        == 403
    )


def test_accounts_are_not_deleted_together(administrator_client):
    assert (
        "delete_selected"
        not in administrator_client.get(page("confluences_user_changelist")).content.decode()
    )


def test_former_address_no_longer_signs_in(administrator_client, instructor):
    EmailAddress.objects.create(user=instructor, email=instructor.email, primary=True, verified=True)
    change_user(administrator_client, instructor, email="autre@example.org")
    assert list(EmailAddress.objects.filter(user=instructor)) == []


def test_second_factor_is_removed_and_logged(administrator_client, administrator, instructor):
    Authenticator.objects.create(user=instructor, type=Authenticator.Type.TOTP, data={})
    Authenticator.objects.create(user=instructor, type=Authenticator.Type.RECOVERY_CODES, data={})
    data = {"action": "remove_second_factor", "_selected_action": [instructor.pk]}
    administrator_client.post(page("confluences_user_changelist"), data)
    assert not Authenticator.objects.exists()
    entry = LogEntry.objects.get_for_object(instructor).latest("pk")
    assert (entry.actor, entry.object_repr) == (
        administrator,
        f"{instructor} : double authentification désactivée",
    )


def test_password_link_is_sent_again(administrator_client, instructor):
    data = {"action": "mail_password_link", "_selected_action": [instructor.pk]}
    administrator_client.post(page("confluences_user_changelist"), data)
    assert [message.to for message in mail.outbox] == [[instructor.email]]


@pytest.mark.parametrize("count", [1, 3])
def test_user_list_queries(administrator_client, django_assert_num_queries, count):
    for number in range(count):
        grant(User.objects.create_user(f"compte-{number}@example.org"), Role.INSTRUCTOR)
    with django_assert_num_queries(9):
        administrator_client.get(page("confluences_user_changelist"))


# The association


def test_structure_is_one_row(administrator_client):
    assert administrator_client.get(page("confluences_structure_changelist")).url == page(
        "confluences_structure_add"
    )
    Structure.objects.create(name="Exemple")
    assert administrator_client.get(page("confluences_structure_changelist")).url == page(
        "confluences_structure_change", 1
    )
    assert administrator_client.get(page("confluences_structure_add")).status_code == 403
    assert administrator_client.get(page("confluences_structure_delete", 1)).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_administration_list_queries(administrator_client, django_assert_num_queries, count):
    Administration.objects.all().delete()
    for number in range(count):
        row = Administration.objects.create(label=f"Exemple {number}")
        row.names.create(short_name="E", name="Exemple", valid_from=dt.date(2020, 1, 1))
    with django_assert_num_queries(9):
        administrator_client.get(page("confluences_administration_changelist"))


# Saving in turn


def test_row_knows_who(administrator_client, administrator):
    data = {"sex": "F", "last_name": "Exemple", "first_name": "Zoé", "birth_date": "1990-01-01"}
    assert administrator_client.post(page("beneficiaries_beneficiary_add"), data).status_code == 302
    person = Beneficiary.objects.get()
    assert (person.created_by, person.updated_by, person.version) == (administrator, administrator, 1)


def test_opened_before_somebody_else_saved(administrator_client, instructor):
    person = make_beneficiary(city="Arcueil")
    address = page("beneficiaries_beneficiary_change", person.pk)
    data = posted(administrator_client.get(address)) | {"city": "Fresnes"}
    Beneficiary.objects.update(version=2, city="Cachan", updated_by=instructor)

    response = administrator_client.post(address, data)

    form = response.context["adminform"].form
    first, second = form.non_field_errors()
    assert first.startswith(f"{instructor} a modifié cette fiche à ")
    assert second == "Ville : « Cachan » est enregistré, vous avez saisi « Fresnes »."
    assert form["city"].value() == "Fresnes"
    assert Beneficiary.objects.get().city == "Cachan"
    # Saved again, with both in view.
    assert administrator_client.post(address, posted(response)).status_code == 302
    assert Beneficiary.objects.values_list("city", "version").get() == ("Fresnes", 3)


def test_refusal_of_the_action_comes_back_in_the_form(administrator_client):
    make_beneficiary(last_name="Exemple", first_name="Zoé")
    data = {
        "sex": "F",
        "last_name": "exemple",
        "first_name": "zoe",
        "birth_date": "1990-01-01",
        "city": "Arcueil",
    }
    response = administrator_client.post(page("beneficiaries_beneficiary_add"), data)
    form = response.context["adminform"].form
    assert form.non_field_errors() == [
        "Une personne du même nom, née le même jour, a déjà un dossier. Ouvrez-le, "
        "ou ajoutez un second prénom s’il s’agit de quelqu’un d’autre."
    ]
    assert form["city"].value() == "Arcueil"
    assert Beneficiary.objects.count() == 1


# The log


def test_history_is_the_audit_log(administrator_client):
    person = make_beneficiary()
    response = administrator_client.get(page("beneficiaries_beneficiary_history", person.pk), follow=True)
    assert [entry.object_repr for entry in response.context["cl"].result_list] == [str(person)]


def test_log_cannot_be_changed(administrator_client):
    entry = LogEntry.objects.get_for_object(make_beneficiary()).get()
    assert administrator_client.get(page("auditlog_logentry_change", entry.pk)).status_code == 200
    assert administrator_client.post(page("auditlog_logentry_change", entry.pk), {}).status_code == 403
    assert (
        administrator_client.post(page("auditlog_logentry_delete", entry.pk), {"post": "yes"}).status_code
        == 403
    )
    assert administrator_client.get(page("auditlog_logentry_add")).status_code == 403


def test_log_shows_before_and_after(administrator_client):
    person = make_beneficiary(city="Arcueil")
    person.city = "Fresnes"
    person.save()
    entry = LogEntry.objects.get_for_object(person).latest("pk")
    text = administrator_client.get(page("auditlog_logentry_change", entry.pk)).content.decode()
    assert "<th scope='row'>Ville</th><td>Arcueil</td><td>Fresnes</td>" in text


def test_log_tells_nothing_of_health_and_justice(administrator_client):
    protected = ProtectedSituation.objects.create(situation=make_situation(), rqth=True)
    entry = LogEntry.objects.get_for_object(protected).get()
    text = administrator_client.get(page("auditlog_logentry_change", entry.pk)).content.decode()
    assert "Contenu protégé : le journal dit qui et quand, pas quoi." in text
    assert "RQTH" not in text
    assert "RQTH" not in administrator_client.get(page("auditlog_logentry_changelist")).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_log_queries(administrator_client, django_assert_num_queries, count):
    for _number in range(count):
        make_beneficiary()
    with django_assert_num_queries(11):
        administrator_client.get(page("auditlog_logentry_changelist"))
