"""Writes of referrals: states and their trace, the frein, one click, two people at once; lateness in both places."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from beneficiaries.models import BarrierAssessment
from beneficiaries.support_enums import BarrierLevel, BarrierStatus, Theme
from confluences.actions import Conflict
from confluences.models import User
from partners.enums import BarrierEffect, Direction, ReferralResult, ReferralStatus
from partners.models import Referral, ReferralChange
from partners.referral_actions import refer_at_once, save_referral
from partners.referral_reports import ReferralRow
from partners.reply_actions import Answer, answer_by_link, create_link
from tests.beneficiaries.factories import DAY, make_barrier, make_beneficiary, make_step, today
from tests.partners.factories import make_contact, make_partner, make_referral, make_service
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def changes(referral) -> list[tuple]:
    return list(referral.changes.values_list("status", "by", "words"))


def done(referral, **fields):
    fields = {"status": ReferralStatus.DONE, "closed_on": today(), "result": ReferralResult.OBTAINED} | fields
    for name, value in fields.items():
        setattr(referral, name, value)
    return referral


def test_each_change_of_state_leaves_a_trace(social_worker):
    referral = Referral(
        beneficiary=make_beneficiary(), partner=make_partner(), theme=Theme.HOUSING, reason="x"
    )
    save_referral(referral, by=social_worker)
    referral.reason = "y"
    save_referral(referral, by=social_worker)  # no change of state
    save_referral(referral, by=social_worker, words="Relance par téléphone.")
    save_referral(done(referral), by=social_worker)
    pk = social_worker.pk
    assert changes(referral) == [
        ("sent", pk, ""),
        ("sent", pk, "Relance par téléphone."),
        ("done", pk, ""),
    ]


def test_one_that_is_over_is_taken_up_again_first(social_worker):
    referral = save_referral(done(make_referral()), by=social_worker)
    referral.status, referral.closed_on, referral.result = ReferralStatus.ACCEPTED, None, ""
    with pytest.raises(ValidationError) as refused:
        save_referral(referral, by=social_worker)
    assert list(refused.value.message_dict) == ["status"]
    assert Referral.objects.get().status == ReferralStatus.DONE


def test_the_end_of_a_referral_ends_its_link(social_worker):
    referral = make_referral(on=today())
    link, _token = create_link(referral, by=social_worker)
    save_referral(done(referral), by=social_worker)
    link.refresh_from_db()
    assert not link.is_open(timezone.now())


@pytest.mark.parametrize(("changed", "is_open"), [("partner", False), ("direction", False), ("reason", True)])
def test_a_referral_sent_elsewhere_leaves_no_link_to_the_partner_before(social_worker, changed, is_open):
    referral = make_referral(on=today())
    link, _token = create_link(referral, by=social_worker)
    value = {"partner": make_partner(), "direction": Direction.IN, "reason": "Un autre motif."}[changed]
    setattr(referral, changed, value)
    save_referral(referral, by=social_worker)
    link.refresh_from_db()
    assert link.is_open(timezone.now()) == is_open


@pytest.mark.parametrize("changed", ["partner", "direction"])
def test_a_partner_who_answered_by_its_link_keeps_the_referral(social_worker, changed):
    referral = make_referral(on=today())
    _link, token = create_link(referral, by=social_worker)
    referral = answer_by_link(token, Answer(status=ReferralStatus.ACCEPTED, words="Venez lundi."))
    setattr(referral, changed, {"partner": make_partner(), "direction": Direction.IN}[changed])
    with pytest.raises(ValidationError) as refused:
        save_referral(referral, by=social_worker)
    assert refused.value.message_dict == {
        "partner": [
            "Le partenaire de cette orientation a répondu lui-même, par son lien privé : elle reste la sienne. Terminez-la, "
            "puis créez-en une autre pour le nouveau partenaire."
        ]
    }
    referral.refresh_from_db()
    referral.reason = "Un autre motif."
    assert save_referral(referral, by=social_worker).reply == "Venez lundi."


def test_a_lifted_frein_is_assessed_with_the_referral(social_worker):
    person = make_beneficiary()
    make_barrier(person, assessed_on=today() - 9 * DAY, effect="Trajet long")
    referral = make_referral(person)
    save_referral(done(referral, effect=BarrierEffect.LIFTED), by=social_worker, level=BarrierLevel.NONE)
    latest = BarrierAssessment.objects.get(assessed_on=today())
    assert (latest.axis, latest.level, latest.status, latest.effect, latest.created_by) == (
        Theme.HOUSING,
        BarrierLevel.NONE,
        BarrierStatus.LIFTED,
        "",
        social_worker,
    )


def test_a_reduced_frein_keeps_what_it_prevents(social_worker):
    person = make_beneficiary()
    make_barrier(person, assessed_on=today() - 9 * DAY, effect="Trajet long")
    referral = done(make_referral(person), effect=BarrierEffect.REDUCED)
    save_referral(referral, by=social_worker, level=BarrierLevel.LOW)
    latest = BarrierAssessment.objects.get(assessed_on=today())
    assert (latest.level, latest.status, latest.effect) == (
        BarrierLevel.LOW,
        BarrierStatus.IN_PROGRESS,
        "Trajet long",
    )


def test_a_frein_assessed_since_the_end_stands_as_it_does_today(social_worker):
    person = make_beneficiary()
    make_barrier(person, assessed_on=today() - 2 * DAY)
    referral = done(make_referral(person), effect=BarrierEffect.LIFTED, closed_on=today() - 9 * DAY)
    save_referral(referral, by=social_worker, level=BarrierLevel.NONE)
    latest = BarrierAssessment.objects.order_by("assessed_on").last()
    assert (latest.assessed_on, latest.level) == (today(), BarrierLevel.NONE)


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        ({"status": "accepted"}, today()),
        ({"status": "proposed", "meeting_on": today() + DAY}, today()),
        ({"status": "declined", "closed_on": today() - DAY}, today() - DAY),
        ({"status": "accepted", "replied_on": today() - 2 * DAY}, today() - 2 * DAY),
        ({"status": "cancelled", "closed_on": today()}, None),
        ({"status": "done", "closed_on": today()}, None),
    ],
)
def test_an_answer_has_its_day_and_is_not_awaited_any_more(social_worker, fields, day):
    referral = make_referral(on=today() - 9 * DAY, due=today() - DAY)
    for name, value in fields.items():
        setattr(referral, name, value)
    save_referral(referral, by=social_worker)
    assert Referral.objects.get().replied_on == day
    assert not Referral.objects.late(today()).exists()


def test_a_refused_frein_writes_nothing(social_worker):
    referral = done(make_referral(), effect=BarrierEffect.LIFTED, closed_on=dt.date(2024, 2, 1))
    with pytest.raises(ValidationError):
        save_referral(referral, by=social_worker, level=BarrierLevel.NONE)
    assert (Referral.objects.get().status, BarrierAssessment.objects.count()) == (ReferralStatus.SENT, 0)


@pytest.mark.parametrize("part", ["contact", "service", "step"])
def test_what_belongs_to_somebody_else_is_refused(part):
    foreign = {"contact": make_contact, "service": make_service, "step": make_step}[part]()
    with pytest.raises(ValidationError) as refused:
        make_referral(**{part: foreign})
    assert list(refused.value.message_dict) == [part]


def test_a_step_of_another_theme_is_refused():
    person = make_beneficiary()
    with pytest.raises(ValidationError):
        make_referral(person, step=make_step(person, theme=Theme.BUDGET))


def test_one_click_makes_a_referral_in_neutral_words(social_worker):
    person, partner = make_beneficiary(), make_partner()
    referral, is_new = refer_at_once(person, partner, Theme.HOUSING, by=social_worker)
    assert (is_new, referral.reason, referral.on, referral.due) == (
        True,
        "Demande de rendez-vous : logement.",
        today(),
        today() + 15 * DAY,
    )
    assert refer_at_once(person, partner, Theme.HOUSING, by=social_worker) == (referral, False)
    assert refer_at_once(person, partner, Theme.BUDGET, by=social_worker)[1]


ROWS = [
    {},
    {"due": today() - DAY},
    {"due": today()},
    {"due": today() - DAY, "replied_on": today() - 2 * DAY},
    {"on": today() - 15 * DAY},
    {"on": today() - 14 * DAY},
    {"on": today() - 60 * DAY, "status": "accepted", "meeting_on": today()},
    {"on": today() - 60 * DAY, "status": "accepted", "meeting_on": today() - DAY},
    {"on": today() - 60 * DAY, "status": "done", "closed_on": today()},
]


def test_lists_and_rows_agree_on_what_is_late_and_silent(social_worker):
    for fields in ROWS:
        make_referral(**{"on": today() - 3 * DAY} | fields)
    for days in (0, 14, 15, 30):
        referral = make_referral(on=today() - 40 * DAY)
        ReferralChange.objects.create(referral=referral, status="sent", by=social_worker)
        referral.changes.update(at=timezone.now() - days * DAY)
    rows = [ReferralRow(each, today()) for each in Referral.objects.with_last_change()]
    late, silent = Referral.objects.late(today()), Referral.objects.silent(today())
    assert {row.referral for row in rows if row.late} == set(late)
    assert {row.referral for row in rows if row.silent} == set(silent)
    assert (late.count(), silent.count()) == (1, 4)
    assert set(Referral.objects.unanswered(today())) == set(late) | set(silent)


def test_a_second_tab_does_not_overwrite(social_worker):
    referral = make_referral()
    other = Referral.objects.get()
    save_referral(referral, by=social_worker)
    with pytest.raises(Conflict):
        save_referral(done(other), by=social_worker)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_referral():
    person, partner = make_beneficiary(), make_partner()
    made = at_once(*[lambda: refer_at_once(person, partner, Theme.HOUSING, by=None)] * 2)
    assert sorted(is_new for _referral, is_new in made) == [False, True]
    assert Referral.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_close_at_once_one_is_told():
    worker = User.objects.create_user("exemple@example.org", "x")
    referral = make_referral()

    def close(status):
        row = Referral.objects.get(pk=referral.pk)
        row.version, row.status, row.closed_on = 1, status, today()
        return save_referral(row, by=worker)

    answers = at_once(lambda: close(ReferralStatus.DONE), lambda: close(ReferralStatus.CANCELLED))
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "Referral"]
    assert referral.changes.count() == 1
