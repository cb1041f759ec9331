"""The weekly reminder: one mail a worker, figures without a name, failures told and the others still written to."""

import datetime as dt
import smtplib
from decimal import Decimal

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command

from beneficiaries.support_enums import FollowUpKind, Theme
from confluences.enums import Role
from confluences.models import Draft, User
from confluences.rights import grant
from tests.beneficiaries.factories import (
    DAY,
    make_appointment,
    make_beneficiary,
    make_document,
    make_follow_up,
    make_pass,
    make_running_contract,
    make_step,
    today,
)
from tests.funding.factories import make_grant, make_instalment, make_obligation
from tests.partners.factories import make_partner, make_referral

pytestmark = pytest.mark.django_db

CANARY = "Canari"
REFUSED = "refus@example.org"


class RefusingBackend(EmailBackend):
    """Delivers to memory, and refuses one address as a mail server does."""

    def send_messages(self, messages):
        for message in messages:
            if message.to == [REFUSED]:
                raise smtplib.SMTPRecipientsRefused({REFUSED: (550, b"inconnu")})
        return super().send_messages(messages)


def make_worker(email: str, **fields) -> User:
    user = User.objects.create_user(email, "x", first_name=CANARY, last_name=CANARY, **fields)
    grant(user, Role.SOCIAL_WORKER)
    return user


def fill(worker: User) -> None:
    """A week with one of everything, whose every text would show in the mail if it leaked."""
    person = make_beneficiary(last_name=CANARY, first_name=CANARY, city=CANARY, referent=worker)
    contract = make_running_contract(person, days_left=20)
    make_follow_up(
        person, by=worker, on=contract.start, kind=FollowUpKind.DIAGNOSIS, said=CANARY, note=CANARY
    )
    make_pass(person, start=dt.date(2020, 1, 1))
    make_document(person, kind="identity", title=CANARY, expires_on=today() - DAY)
    make_appointment(worker, person, purpose=CANARY)
    make_appointment(worker, person, purpose=CANARY, on=today() + 8 * DAY)
    make_appointment(worker, person, purpose=CANARY, on=today() - DAY)
    for theme in (Theme.HEALTH, Theme.HOUSING):
        make_step(person, worker=worker, theme=theme, action=CANARY, need=CANARY, due=today() - DAY)
    make_referral(person, make_partner(name=CANARY), reason=CANARY, on=today() - 20 * DAY, theme=Theme.HEALTH)
    Draft.objects.create(user=worker, page=person.get_absolute_url(), title=CANARY, content={"said": CANARY})


BODY = """\
Bonjour,

Ce qui vous attend cette semaine :

- entretiens prévus d’ici sept jours : 1
- rendez-vous passés sans suite : 1
- démarches en retard : 2
- personnes sans suivi depuis 30 jours : 1
- orientations sans nouvelle : 1
- fin de contrat : 1
- fin de PASS IAE : 1, dont en retard : 1
- papier qui expire : 1, dont en retard : 1
- brouillons à reprendre : 1

Le détail est sur votre page d’accueil : https://confluences.example.org/

Ce message part chaque semaine et ne nomme personne. Merci de ne pas y répondre.
"""


def sent() -> list[tuple]:
    return [(message.to, message.subject, message.body) for message in mail.outbox]


def test_each_worker_gets_the_week_in_figures_and_no_name(settings, capsys):
    settings.SITE_URL = "https://confluences.example.org/"
    fill(make_worker("claire@example.org"))
    call_command("remind")
    assert sent() == [(["claire@example.org"], "Confluences : votre semaine", BODY)]
    [message] = mail.outbox
    assert CANARY.lower() not in str(message.message()).lower()
    assert (message.cc, message.bcc, message.attachments) == ([], [], [])
    said = capsys.readouterr().out
    assert said.startswith("claire@example.org : envoyé : entretiens prévus d’ici sept jours : 1 ; ")
    assert (said.count("\n"), CANARY in said) == (1, False)


def test_without_a_site_address_the_mail_holds_no_link():
    fill(make_worker("claire@example.org"))
    call_command("remind")
    [message] = mail.outbox
    assert ("Le détail est sur votre page d’accueil.\n" in message.body, "http" in message.body) == (
        True,
        False,
    )


def test_nothing_due_makes_no_mail_and_says_so(capsys):
    make_worker("claire@example.org")
    call_command("remind")
    assert sent() == []
    assert capsys.readouterr().out == "claire@example.org : rien à signaler, aucun message\n"


def test_a_colleague_hears_nothing_of_what_is_not_theirs(capsys):
    worker = make_worker("claire@example.org")
    make_worker("paul@example.org")
    fill(worker)
    call_command("remind")
    assert [message.to for message in mail.outbox] == [["claire@example.org"]]
    assert "paul@example.org : rien à signaler, aucun message" in capsys.readouterr().out


def test_only_active_social_workers_are_written_to(users, capsys):
    make_worker("parti@example.org", is_active=False)
    make_worker("")
    make_running_contract()  # followed by nobody: due to each social worker
    call_command("remind")
    assert [message.to for message in mail.outbox] == [["social-worker@example.org"]]


def test_nobody_to_write_to_is_said(capsys):
    call_command("remind")
    assert capsys.readouterr().out == "Aucun travailleur social ni membre de la direction à qui écrire.\n"


def test_dry_run_says_what_would_leave_and_sends_nothing(capsys):
    fill(make_worker("claire@example.org"))
    call_command("remind", "--dry-run")
    assert sent() == []
    assert capsys.readouterr().out.startswith("claire@example.org : partirait : entretiens prévus")


def test_one_refused_address_stops_no_other_and_fails_the_command(settings, capsys):
    settings.EMAIL_BACKEND = f"{__name__}.RefusingBackend"
    for email in ("avant@example.org", REFUSED, "zoe@example.org"):
        fill_for(make_worker(email))
    with pytest.raises(CommandError, match=r"^1 message\(s\) sur 3 ne sont pas partis"):
        call_command("remind")
    assert [message.to for message in mail.outbox] == [["avant@example.org"], ["zoe@example.org"]]
    assert capsys.readouterr().err.startswith(f"{REFUSED} : pas parti : ")


def test_a_server_that_does_not_answer_fails_the_command(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    fill_for(make_worker("claire@example.org"))
    with pytest.raises(CommandError, match=r"EMAIL_"):
        call_command("remind")


def fill_for(worker: User) -> None:
    make_appointment(worker)


def test_what_is_far_away_is_left_to_the_home_page():
    worker = make_worker("claire@example.org")
    contract = make_running_contract(make_beneficiary(referent=worker), days_left=80)
    make_follow_up(contract.beneficiary, on=contract.start, kind=FollowUpKind.DIAGNOSIS)
    make_follow_up(contract.beneficiary, on=today())
    call_command("remind")
    assert sent() == []


FUNDING_BODY = """\
Bonjour,

Ce qui vous attend cette semaine :

- échéances de financeurs : 2, dont en retard : 1
- versements de financeurs attendus : 1

Le détail est sur votre page d’accueil.

Ce message part chaque semaine et ne nomme personne. Merci de ne pas y répondre.
"""


def test_a_supervisor_hears_of_funders_in_figures_alone(supervisor, social_worker):
    grant_ = make_grant(title=CANARY, awarded=Decimal(98765))
    make_obligation(grant_, due=today() - DAY)
    make_obligation(grant_, due=today() + 30 * DAY)
    make_obligation(grant_, due=today() + 31 * DAY)
    make_obligation(grant_, title="Rendu", due=today() - DAY, done_on=today())
    make_instalment(grant_, expected=Decimal(98765), expected_on=today() + DAY)
    call_command("remind")
    assert sent() == [([supervisor.email], "Confluences : votre semaine", FUNDING_BODY)]


def test_who_has_both_roles_gets_one_mail(supervisor):
    grant(supervisor, Role.SOCIAL_WORKER)
    fill_for(supervisor)
    make_obligation(due=today())
    call_command("remind")
    [(_to, _subject, body)] = sent()
    assert "- entretiens prévus d’ici sept jours : 1\n- échéances de financeurs : 1\n" in body
