"""Writes of the directory: what somebody typed stays his or hers when the national directory comes in again."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from confluences.actions import Conflict, save_recorded
from confluences.models import User
from partners.directory_rules import FormerName
from partners.enums import PartnerKind
from partners.models import Contact, Partner, PartnerName, Service, ServiceTheme


@transaction.atomic
def save_partner(
    partner: Partner,
    *,
    by: User | None,
    themes: Iterable[ServiceTheme] | None = None,
    former_names: Iterable[FormerName] | None = None,
) -> Partner:
    """Writes a partner that somebody typed; `themes` and `former_names`, where given, become all that it has.

    Of a row that came from the national directory, the fields changed here are noted in `own_fields`: an import leaves
    them alone from then on. Raises ValidationError by field, Conflict.
    """
    if partner.pk and partner.source_id:
        _note_own_fields(partner)
    save_recorded(partner, by=by)
    if themes is not None:
        partner.themes.set(themes)
    if former_names is not None:
        _write_former_names(partner, former_names)
    return partner


def _note_own_fields(row: Partner | Service) -> None:
    before = type(row)._base_manager.filter(pk=row.pk).values(*row.DIRECTORY_FIELDS).first() or {}
    changed = {name for name, value in before.items() if value != getattr(row, name)}
    row.own_fields = sorted({*row.own_fields, *changed})


def _write_former_names(partner: Partner, names: Iterable[FormerName]) -> None:
    wanted = {each.valid_until: each.name for each in names}
    for standing in partner.former_names.all():
        name = wanted.pop(standing.valid_until, None)
        if name is None:
            standing.delete()
        elif name != standing.name:
            standing.name = name
            standing.save()
    for day, name in wanted.items():
        row = PartnerName(partner=partner, name=name, valid_until=day)
        row.full_clean()
        row.save()


@transaction.atomic
def save_service(
    service: Service, *, by: User | None, themes: Iterable[ServiceTheme] | None = None
) -> Service:
    """Writes a service that somebody typed, as `save_partner` does a partner; its themes count as one of its fields."""
    chosen = None if themes is None else list(themes)
    if service.pk and service.source_id:
        _note_own_fields(service)
        if chosen is not None and set(chosen) != set(service.themes.all()):
            service.own_fields = sorted({*service.own_fields, "themes"})
    save_recorded(service, by=by)
    if chosen is not None:
        service.themes.set(chosen)
    return service


@transaction.atomic
def delete_part(part: Contact | Service) -> None:
    """Removes a contact or a service; the referrals that named it stay. Raises Conflict where somebody changed it."""
    current = type(part).objects.select_for_update().filter(pk=part.pk).first()
    if current is None:  # somebody else was faster
        return
    if current.version != part.version:
        raise Conflict(current)
    current.delete()


def client_named(typed: str) -> Partner:
    """The partner that a client's name, name and town, or SIRET means; a new one, not yet written, for a new name.

    Raises ValidationError where several are meant, or a SIRET that nobody has.
    """
    name = " ".join(typed.split())
    found: list[Partner] = list(Partner.objects.named(name))
    if len(found) > 1:
        found = [partner for partner in found if partner.closed_on is None] or found
    if len(found) > 1:
        raise ValidationError(
            f"Plusieurs partenaires s’appellent « {name} » : ajoutez la commune, ou écrivez le SIRET."
        )
    if found:
        return found[0]
    digits = name.replace(" ", "")
    if digits.isdigit():
        raise ValidationError(f"Aucun partenaire n’a le SIRET « {digits} » : écrivez plutôt son nom.")
    return Partner(name=name, kind=PartnerKind.CLIENT)
