"""Writes of the directory: what somebody typed stays his or hers when the national directory comes in again."""

from collections.abc import Iterable

from django.db import transaction

from confluences.actions import save_recorded
from confluences.models import User
from partners.models import Partner, ServiceTheme


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


def _note_own_fields(partner: Partner) -> None:
    before = Partner.objects.filter(pk=partner.pk).values(*Partner.DIRECTORY_FIELDS).first() or {}
    changed = {name for name, value in before.items() if value != getattr(partner, name)}
    partner.own_fields = sorted({*partner.own_fields, *changed})
