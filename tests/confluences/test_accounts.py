"""Accounts: one door, rate-limited, in French."""

import pytest
from django.core import mail
from django.urls import reverse

from confluences.models import User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def sign_in(client, email: str, password: str = PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_signing_in_leads_home(client, supervisor):
    assert sign_in(client, supervisor.email).url == reverse("home")


def test_the_address_is_not_case_sensitive(client, supervisor):
    assert sign_in(client, supervisor.email.upper()).url == reverse("home")


def test_wrong_password_says_so_in_french(client, supervisor):
    response = sign_in(client, supervisor.email, "une autre phrase de passe")
    assert "adresse e-mail" in str(response.context["form"].non_field_errors()[0]).lower()


def test_sixth_wrong_password_is_refused_even_if_right(client, supervisor):
    for _ in range(5):
        sign_in(client, supervisor.email, "mauvaise phrase de passe")
    refused = sign_in(client, supervisor.email)
    assert refused.status_code == 200
    assert not refused.wsgi_request.user.is_authenticated


def test_nobody_signs_up(client):
    response = client.post(reverse("account_signup"), {"email": "x@example.org", "password1": PASSWORD})
    assert (response.status_code, User.objects.count()) == (200, 0)


def test_inactive_account_stays_out(client, supervisor):
    supervisor.is_active = False
    supervisor.save()
    sign_in(client, supervisor.email)
    assert client.get(reverse("home")).status_code == 302


def test_forgotten_password_is_chosen_again_by_mail(client, supervisor):
    client.post(reverse("account_reset_password"), {"email": supervisor.email})
    message = mail.outbox[0]
    assert message.subject == "Confluences : choisir un nouveau mot de passe"
    address = next(line for line in message.body.splitlines() if line.startswith("http"))
    page = client.get(address.replace("http://testserver", ""), follow=True)
    chosen = "un jardin de onze saules"
    client.post(page.redirect_chain[-1][0], {"password1": chosen, "password2": chosen})
    assert sign_in(client, supervisor.email, chosen).url == reverse("home")


def test_unknown_address_gets_no_mail_and_the_same_answer(client, supervisor):
    known = client.post(reverse("account_reset_password"), {"email": supervisor.email})
    unknown = client.post(reverse("account_reset_password"), {"email": "personne@example.org"})
    assert (known.url, len(mail.outbox)) == (unknown.url, 1)


def test_short_or_common_password_is_refused(client, supervisor):
    client.force_login(supervisor)
    data = {"oldpassword": PASSWORD, "password1": "password", "password2": "password"}
    errors = client.post(reverse("account_change_password"), data).context["form"].errors
    assert "12 caractères" in str(errors)


def test_admin_has_no_door_of_its_own(client, administrator):
    response = client.get(reverse("admin:index"))
    assert response.url == f"{reverse('account_login')}?next={reverse('admin:index')}"


def test_personal_pages_stay_out_of_caches(client, supervisor):
    client.force_login(supervisor)
    assert client.get(reverse("home"))["Cache-Control"] == "no-store, private"


def test_headers_allow_nothing_inline(client):
    response = client.get(reverse("account_login"))
    policy = response["Content-Security-Policy"]
    assert ("unsafe" in policy, "default-src 'none'" in policy) == (False, True)
    assert (response["X-Frame-Options"], response["X-Content-Type-Options"]) == ("DENY", "nosniff")


def test_admin_alone_has_a_relaxed_policy(client, administrator):
    client.force_login(administrator)
    relaxed = client.get(reverse("admin:index"))["Content-Security-Policy"]
    strict = client.get(reverse("home"))["Content-Security-Policy"]
    assert ("'unsafe-inline'" in relaxed, "'unsafe-inline'" in strict) == (True, False)
