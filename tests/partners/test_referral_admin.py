"""Referrals in the admin: whose and when, never to whom nor what about; links are revoked there, never read."""

from html import unescape

import pytest
from auditlog.models import LogEntry
from django.utils import timezone

from beneficiaries.support_enums import Theme
from confluences.admin_base import OTHER_ROWS
from partners.models import Partner, Referral, ReferralChange, ReplyLink
from partners.referral_actions import save_referral
from partners.reply_actions import create_link
from tests.beneficiaries.canary import found, told, url
from tests.beneficiaries.factories import DAY, make_beneficiary, today
from tests.confluences.test_admin import posted
from tests.conftest import signed_in_client
from tests.partners.factories import make_partner, make_referral

pytestmark = pytest.mark.django_db

CANARY = "ZXCANARI"
CONTENT = [CANARY, "zxcanari", Theme.HEALTH.label, "obtenu"]
MODELS = (Referral, ReferralChange, ReplyLink)


@pytest.fixture
def administrator_client(administrator):
    return signed_in_client(administrator)


def make_canary(worker, **fields) -> Referral:
    """A referral about health whose every text holds the canary, with a change and a link."""
    person = make_beneficiary(last_name="Élan", first_name="Zoé")
    fields = {"theme": Theme.HEALTH, "reason": CANARY, "reply": CANARY, "result_text": CANARY} | fields
    referral = make_referral(person, make_partner(name=CANARY), on=today() - 9 * DAY, **fields)
    save_referral(referral, by=worker, words=CANARY)
    create_link(referral, by=worker)
    return referral


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("model", "queries"), [(Referral, 10), (ReferralChange, 11), (ReplyLink, 10)])
def test_list_queries(administrator_client, social_worker, django_assert_num_queries, model, queries, count):
    for _each in range(count):
        referral = make_referral()
        save_referral(referral, by=social_worker, words="x")
        create_link(referral, by=social_worker)
    with django_assert_num_queries(queries):
        assert len(found(administrator_client.get(url(model, "changelist")))) == count


@pytest.mark.parametrize("model", MODELS)
def test_nothing_of_what_it_says_is_shown(administrator_client, social_worker, model):
    make_canary(social_worker)
    row = model.objects.first()
    for page in (
        url(model, "changelist"),
        url(model, "change", row.pk),
        url(Referral, "delete", Referral.objects.get().pk),
    ):
        assert told(administrator_client.get(page), CONTENT) == []
    export = administrator_client.post(url(model, "export"), {"format": "csv"})
    text = export.content.decode()
    assert ([word for word in CONTENT if word in text], "Élan Zoé" in text) == ([], True)


@pytest.mark.parametrize("model", MODELS)
def test_search_finds_the_person(administrator_client, social_worker, model):
    make_canary(social_worker)
    create_link(make_referral(), by=social_worker)
    rows = found(administrator_client.get(url(model, "changelist"), {"q": "zoe elan"}))
    assert rows == [model.objects.filter(pk=rows[0].pk).get()]
    assert len(found(administrator_client.get(url(model, "changelist"), {"q": CANARY}))) == 0


@pytest.mark.parametrize(
    "lookup", ["reason__startswith", "theme", "partner__name", "referral__theme", "token_hash__startswith"]
)
@pytest.mark.parametrize("model", MODELS)
def test_no_filter_of_the_address_reads_it(administrator_client, social_worker, model, lookup):
    make_canary(social_worker)
    response = administrator_client.get(url(model, "changelist"), {lookup: "z"})
    assert response.status_code in {302, 400}


def test_a_partner_does_not_tell_who_was_sent_there(administrator_client, social_worker):
    referral = make_canary(social_worker)
    partner = referral.partner
    pages = [
        administrator_client.get(url(Partner, "delete", partner.pk)),
        administrator_client.post(
            url(Partner, "changelist"), {"action": "delete_selected", "_selected_action": [partner.pk]}
        ),
    ]
    traces = ["Orientation", url(Referral, "change", referral.pk)]
    for response in pages:
        assert [trace for trace in traces if trace in main_of(response)] == []
        assert OTHER_ROWS in unescape(response.content.decode())
    for lookup in ("referrals", "referrals__pk", "referrals__id__in", "contacts__referrals"):
        response = administrator_client.get(url(Partner, "changelist"), {lookup: referral.pk})
        assert response.status_code in {302, 400}


def main_of(response) -> str:
    """A page without the list of all the models of the admin."""
    html = unescape(response.content.decode())
    return html[html.index("<main") :]


def test_a_date_is_corrected(administrator_client, social_worker):
    referral = make_canary(social_worker)
    address = url(Referral, "change", referral.pk)
    form = posted(administrator_client.get(address))
    day = today() - 20 * DAY
    assert administrator_client.post(address, form | {"on": f"{day:%d/%m/%Y}"}).status_code == 302
    referral.refresh_from_db()
    assert (referral.on, referral.reason) == (day, CANARY)


def test_removing_one_takes_its_history_along(administrator_client, social_worker):
    referral = make_canary(social_worker)
    response = administrator_client.post(url(Referral, "delete", referral.pk), {"post": "yes"})
    assert (response.status_code, [model.objects.count() for model in MODELS]) == (302, [0, 0, 0])


@pytest.mark.parametrize("model", [ReferralChange, ReplyLink])
def test_history_and_links_are_only_looked_at(administrator_client, social_worker, model):
    make_canary(social_worker)
    row = model.objects.first()
    assert administrator_client.get(url(model, "add")).status_code == 403
    assert administrator_client.get(url(model, "delete", row.pk)).status_code == 403
    assert "_save" not in administrator_client.get(url(model, "change", row.pk)).content.decode()


def test_links_are_revoked(administrator_client, social_worker):
    make_canary(social_worker)
    link = ReplyLink.objects.get()
    sent = {"action": "revoke", "_selected_action": [link.pk]}
    assert administrator_client.post(url(ReplyLink, "changelist"), sent).status_code == 302
    link.refresh_from_db()
    assert not link.is_open(timezone.now())
    shown = administrator_client.get(url(ReplyLink, "change", link.pk)).content.decode()
    assert link.token_hash not in shown
    assert link.token_hash not in str(list(LogEntry.objects.values()))
