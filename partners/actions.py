"""Writes of the directory: what somebody typed stays his or hers when the national directory comes in again."""

from collections.abc import Iterable

from django.db import transaction

from confluences.actions import save_recorded
from confluences.models import User
from partners.models import Partner, Service, ServiceTheme


@transaction.atomic
def save_partner(
    partner: Partner, *, by: User | None, themes: Iterable[ServiceTheme] | None = None
) -> Partner:
    """Writes a partner that somebody typed; `themes`, where given, become all of its themes.

    Of a row that came from the national directory, the fields changed here are noted in `own_fields`: an import leaves
    them alone from then on. Raises ValidationError by field, Conflict.
    """
    if partner.pk and partner.source_id:
        _note_own_fields(partner)
    save_recorded(partner, by=by)
    if themes is not None:
        partner.themes.set(themes)
    return partner


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


def _note_own_fields(row: Partner | Service) -> None:
    before = type(row)._base_manager.filter(pk=row.pk).values(*row.DIRECTORY_FIELDS).first() or {}
    changed = {name for name, value in before.items() if value != getattr(row, name)}
    row.own_fields = sorted({*row.own_fields, *changed})
