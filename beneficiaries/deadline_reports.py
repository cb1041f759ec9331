"""What comes due about people: one definition for the home page, a person's page and the weekly reminder."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Max, Prefetch, Q

from beneficiaries import deadline_rules, rules
from beneficiaries.deadline_enums import DeadlineKind, DeadlineState
from beneficiaries.deadline_rules import Due, PaperFacts
from beneficiaries.models import Beneficiary, Contract, Document, FollowUp
from beneficiaries.models.document import DocumentQuerySet
from beneficiaries.models.person import BeneficiaryQuerySet
from beneficiaries.permissions import can_read_follow_ups
from beneficiaries.support_enums import DocumentKind, FollowUpKind
from confluences.formats import days_ago, days_ahead
from confluences.models import User

LastTalks = dict[int, dict[str, dt.date]]


@dataclass(frozen=True)
class Deadline:
    """Something due about somebody."""

    kind: DeadlineKind
    person: Beneficiary
    day: dt.date
    words: str
    state: DeadlineState
    today: dt.date

    @property
    def distance(self) -> str:
        """How far its day is, in words."""
        days = (self.day - self.today).days
        return days_ahead(days) if days >= 0 else days_ago(-days)


def deadlines(user: User, people: BeneficiaryQuerySet, today: dt.date, silence_days: int) -> list[Deadline]:
    """What is late or near about these people, as far as this user may know: late first, then by day.

    The number of queries does not depend on the number of people.
    """
    documents = Document.objects.visible_to(user).order_by("-created_at", "-pk")
    watched = _watched(people, documents, today).prefetch_related(
        "contracts", "passes", Prefetch("documents", documents)
    )
    talks = _last_talks(user, watched, today)
    found = [
        Deadline(due.kind, person, due.day, due.words, due.state, today)
        for person in watched
        for due in _dues(person, talks, today, silence_days)
    ]
    return sorted(found, key=_order)


def _order(deadline: Deadline) -> tuple[bool, dt.date, str, int, str]:
    person = deadline.person
    return (
        deadline.state != DeadlineState.LATE,
        deadline.day,
        person.search_key,
        person.pk,
        deadline.kind.value,
    )


def _watched(people: BeneficiaryQuerySet, documents: DocumentQuerySet, today: dt.date) -> BeneficiaryQuerySet:
    """Those of whom something may be due: present, to come, or with a proof that may hire them."""
    present = Beneficiary.objects.present(today).values("pk")
    awaited = Contract.objects.filter(start__gt=today).values("beneficiary")
    proven = documents.filter(kind=DocumentKind.ELIGIBILITY, beneficiary__contracts=None)
    return people.filter(
        Q(pk__in=present) | Q(pk__in=awaited) | Q(pk__in=proven.order_by().values("beneficiary"))
    )


def _last_talks(user: User, people: BeneficiaryQuerySet, today: dt.date) -> LastTalks | None:
    """The day of the last follow-up of each kind, by person; None for those who do not read follow-ups."""
    if not can_read_follow_ups(user):
        return None
    talks = FollowUp.objects.visible_to(user).filter(
        beneficiary__in=people.order_by().values("pk"), on__lte=today
    )
    last: LastTalks = {}
    for person, kind, day in talks.order_by().values_list("beneficiary", "kind").annotate(Max("on")):
        last.setdefault(person, {})[kind] = day
    return last


def _dues(person: Beneficiary, talks: LastTalks | None, today: dt.date, silence_days: int) -> Iterator[Due]:
    contracts = {contract.period: contract for contract in person.contracts.all()}
    periods = list(contracts)
    presence = rules.presence_on(periods, today)
    stay = rules.stay_around(periods, today)
    entry = stay[0].first if stay else None
    end = max((pass_iae.end for pass_iae in person.passes.all()), default=None)
    papers = deadline_rules.latest_papers(
        PaperFacts(paper.kind, paper.criterion, paper.issued_on, paper.expires_on)
        for paper in person.documents.all()
    )
    dues = [
        deadline_rules.contract_end(periods, today),
        deadline_rules.pass_end(end, presence, today),
        deadline_rules.prolongation_window(end, presence, today),
        deadline_rules.cddi_limit([contracts[period].facts for period in stay], today),
        *(deadline_rules.paper_expiry(paper, presence, today) for paper in papers),
        *(
            deadline_rules.proof_ageing(paper, presence, [period.first for period in periods], today)
            for paper in papers
        ),
    ]
    if talks is not None:
        last = talks.get(person.pk, {})
        dues += [
            deadline_rules.diagnosis(entry, last.get(FollowUpKind.DIAGNOSIS), today),
            deadline_rules.silence(entry, max(last.values(), default=None), silence_days, today),
        ]
    return (due for due in dues if due is not None)
