"""Writes the checked rows of the national directory, all of them or none.

Rows are written by the thousand, which the audit log does not see row by row: one line of it tells of the import.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from confluences import audit
from confluences.models import User
from partners.models import Partner, Service, ServiceTheme
from partners.national_files import STRUCTURES
from partners.national_plan_reports import (
    CREATED,
    LINKED,
    UPDATED,
    PartnerStep,
    Plan,
    ServiceStep,
    Tally,
    about_of,
    batches,
)
from partners.national_reports import Tell, done_with, silent

RECORDED = ("source", "source_id", "source_updated_on", "updated_at", "updated_by", "version")
PARTNER_COLUMNS = (*Partner.DIRECTORY_FIELDS, *RECORDED, "own_fields", "search_key")
SERVICE_COLUMNS = (*Service.DIRECTORY_FIELDS, *RECORDED, "partner")
BATCH = 500  # rows of one statement


@transaction.atomic
def apply(path: Path, *, by: User | None, tell: Tell = silent) -> Tally:
    """Imports the file of checked rows. Whatever somebody wrote since the preview is compared anew, under a lock.

    Raises ValidationError where a service has lost its structure since then.
    """
    # One import at a time: two would create the same structures.
    ServiceTheme.objects.select_for_update(no_key=True).order_by("pk").first()
    tally = Tally()
    with path.open("rb") as file:
        about = about_of(file)
        plan = Plan(about.shared_sirets, lock=True)
        for kind, rows in batches(file):
            if kind == STRUCTURES:
                _write_partners(plan.partners(rows), tally, by)
            else:
                _write_services(plan.services(rows), tally, by)
            tell(tally.total(kind), done_with(kind, "enregistré"))
    if tally.written:
        audit.log_list_import(
            Partner,
            by=by,
            file_format=" + ".join(sorted({name.rpartition(".")[2] for name in about.names})),
            rows=tally.written,
            filters=about.filters,
        )
    return tally


def _write_partners(steps: Sequence[PartnerStep], tally: Tally, by: User | None) -> None:
    for step in steps:
        tally.add(step, STRUCTURES)
        step.partner.set_search_key()
    _create(Partner, [step.partner for step in steps if step.outcome == CREATED], by)
    _overwrite(
        Partner, [step.partner for step in steps if step.outcome in (UPDATED, LINKED)], PARTNER_COLUMNS, by
    )


def _write_services(steps: Sequence[ServiceStep], tally: Tally, by: User | None) -> None:
    for step in steps:
        if step.service.partner_id is None:
            raise ValidationError(
                f"La structure du service « {step.service.name} » vient d’être supprimée : rien n’est importé. "
                "Choisissez les fichiers à nouveau."
            )
        tally.add(step, "services")
    _create(Service, [step.service for step in steps if step.outcome == CREATED], by)
    _overwrite(Service, [step.service for step in steps if step.outcome == UPDATED], SERVICE_COLUMNS, by)
    _write_service_themes(steps)
    _write_partner_themes(steps)


def _create(model: type[Any], rows: Sequence[Any], by: User | None) -> None:
    for row in rows:
        row.created_by = row.updated_by = by
    model.objects.bulk_create(rows, batch_size=BATCH)


def _overwrite(model: type[Any], rows: Sequence[Any], columns: Sequence[str], by: User | None) -> None:
    """Writes rows that exist: an insertion that finds them, many times faster than Django's bulk_update."""
    for row in rows:
        row.updated_by = by
        row.version += 1  # whoever has its form open learns of it
    model.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["pk"], update_fields=columns
    )


def _write_service_themes(steps: Iterable[ServiceStep]) -> None:
    link = Service.themes.through
    gone = [
        (step.service.pk, step.themes_were - step.themes) for step in steps if step.themes_were - step.themes
    ]
    for service, themes in gone:
        link.objects.filter(service=service, servicetheme__in=themes).delete()
    link.objects.bulk_create(
        [
            link(service_id=step.service.pk, servicetheme_id=theme)
            for step in steps
            for theme in sorted(step.themes - step.themes_were)
        ],
        batch_size=BATCH,
    )


def _write_partner_themes(steps: Iterable[ServiceStep]) -> None:
    """A partner can help with whatever its services are about; what was typed of it stays."""
    link = Partner.themes.through
    wanted = {(step.service.partner_id, theme) for step in steps for theme in step.themes_to_partner}
    there = link.objects.filter(partner__in={partner for partner, _theme in wanted})
    missing = wanted - set(there.values_list("partner_id", "servicetheme_id"))
    link.objects.bulk_create(
        [link(partner_id=partner, servicetheme_id=theme) for partner, theme in sorted(missing)],
        batch_size=BATCH,
    )
