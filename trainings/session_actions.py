"""Writes of sessions, one by one or a whole series, without clashes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet, Sum

from confluences.actions import save_recorded
from confluences.formats import clock, french_date
from confluences.models import User
from trainings.models import Module, Programme, Session, SessionModule
from trainings.rules import sum_fault
from trainings.session_rules import PlannedSession


@transaction.atomic
def save_session(session: Session, taught: Mapping[Module, int], *, by: User | None) -> Session:
    """Writes a session with the minutes it gives to each module.

    Raises ValidationError unless they add up to the session, or where attendance was already recorded at other times.
    """
    fault = sum_fault(session.minutes, list(taught.values()), "la séance dure")
    if fault:
        raise ValidationError(fault)
    standing = {}
    if session.pk:
        _refuse_attended(session, taught)
        standing = {row.module_id: row for row in session.taught.all()}
    save_recorded(session, by=by)
    for module, minutes in taught.items():
        row = standing.pop(module.pk, None) or SessionModule(session=session, module=module)
        row.minutes = minutes
        row.full_clean()
        row.save()
    for row in standing.values():
        row.delete()
    return session


def _refuse_attended(session: Session, taught: Mapping[Module, int]) -> None:
    if not session.attendances.exists():
        return
    former = Session.objects.get(pk=session.pk)
    same_time = (former.day, former.start, former.end) == (session.day, session.start, session.end)
    same_modules = {row.module_id: row.minutes for row in former.taught.all()} == {
        module.pk: minutes for module, minutes in taught.items()
    }
    if not (same_time and same_modules):
        raise ValidationError(
            "La présence à cette séance est déjà saisie : son jour, ses heures et ses modules ne changent plus. "
            "Videz d’abord la feuille de présence."
        )


def same_people(programme: Programme, group: str) -> QuerySet[Session]:
    """The sessions of a programme that expect people of this group too; without a group, all of them."""
    sessions = Session.objects.filter(programme=programme)
    return sessions.filter(Q(group="") | Q(group=group)) if group else sessions


def minutes_left(programme: Programme, group: str) -> dict[Module, int]:
    """The minutes of each module, in order, that no session for this group gives yet; never less than none."""
    sessions = Session.objects.filter(programme=programme, group__in={"", group})
    given = sessions.values("taught__module").annotate(minutes=Sum("taught__minutes"))
    planned = {row["taught__module"]: row["minutes"] or 0 for row in given.order_by()}
    return {module: max(module.minutes - planned.get(module.pk, 0), 0) for module in programme.modules.all()}


def clashes(
    programme: Programme,
    group: str,
    planned: Iterable[PlannedSession[Module] | Session],
    *,
    but: Session | None = None,
) -> list[str]:
    """One sentence for each planned time at which people of the group already have a session of this programme."""
    planned = list(planned)
    standing = defaultdict(list)
    same_days = same_people(programme, group).filter(day__in={each.day for each in planned})
    for session in same_days:
        if but is None or session.pk != but.pk:
            standing[session.day].append(session)
    return [
        f"{french_date(each.day)} : ce groupe a déjà une séance de {clock(other.start)} à {clock(other.end)}."
        for each in planned
        for other in standing[each.day]
        if each.start < other.end and other.start < each.end
    ]


def _hold(programme: Programme) -> None:
    """Two people who plan the same programme wait for each other."""
    list(Programme.objects.select_for_update().filter(pk=programme.pk).values_list("pk"))


@transaction.atomic
def plan_session(session: Session, taught: Mapping[Module, int], *, by: User | None) -> Session:
    """Writes one session. Raises ValidationError where its group already has one at that time, or as save_session does."""
    _hold(session.programme)
    found = clashes(session.programme, session.group, [session], but=session if session.pk else None)
    if found:
        raise ValidationError({"day": found})
    return save_session(session, taught, by=by)


@transaction.atomic
def plan_sessions(
    planned: Sequence[PlannedSession[Module]],
    *,
    programme: Programme,
    group: str,
    place: str,
    trainer: str,
    by: User | None,
) -> list[Session]:
    """Writes a whole series, or nothing. Raises ValidationError with the days on which the group already has a session."""
    _hold(programme)
    found = clashes(programme, group, planned)
    if found:
        raise ValidationError(found)
    return [
        save_session(
            Session(
                programme=programme,
                group=group,
                day=each.day,
                start=each.start,
                end=each.end,
                place=place,
                trainer=trainer,
            ),
            dict(each.taught),
            by=by,
        )
        for each in planned
    ]


@transaction.atomic
def delete_session(session: Session) -> None:
    """Removes a session nobody was recorded at. Raises ValidationError otherwise."""
    session = Session.objects.select_for_update().get(pk=session.pk)
    if session.attendances.exists():
        raise ValidationError("La présence à cette séance est déjà saisie : elle ne se supprime plus.")
    session.delete()
