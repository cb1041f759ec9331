"""The audit log: who changed, read, exported or printed what, and when. Confidential values never enter it."""

from typing import Any

from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from confluences.enums import AuditEvent
from confluences.models import Draft, User

OUR_APPS = ("confluences", "beneficiaries", "partners", "trainings", "worksites", "outcomes", "funding")
UNLOGGED_FIELDS = [
    "password",
    "last_login",
    "created_at",
    "updated_at",
    "updated_by",
    "version",
    "search_key",
    "phone_digits",
]
# A draft is its author's alone, down to its existence.
UNLOGGED_MODELS = {Draft}


def hidden(value: Any) -> str:
    """What the log shows in place of a confidential value."""
    return "•••"


def register_models() -> None:
    """Every other model of ours is logged; its CONFIDENTIAL_FIELDS are logged as changed, without their values."""
    for label in OUR_APPS:
        for model in set(apps.get_app_config(label).get_models()) - UNLOGGED_MODELS:
            names = {field.name for field in model._meta.get_fields()}
            auditlog.register(
                model,
                exclude_fields=[
                    name
                    for name in (*UNLOGGED_FIELDS, *unlogged_fields(model), *reverse_fields(model))
                    if name in names
                ],
                mask_fields=list(getattr(model, "CONFIDENTIAL_FIELDS", ())),
                mask_callable="confluences.audit.hidden",
                m2m_fields={field.name for field in model._meta.many_to_many},
            )


def unlogged_fields(model: type[Model]) -> list[str]:
    """Fields too large for a log line, file contents and frozen figures; and rows that point here, which log themselves.

    A new row has none of the latter, and looking for them costs a query each.
    """
    large = [
        field.name
        for field in model._meta.fields
        if field.get_internal_type() in ("BinaryField", "JSONField")
    ]
    return large + [field.name for field in model._meta.related_objects if field.one_to_one]


def reverse_fields(model: type[Model]) -> list[str]:
    """The other end of somebody else's one-to-one link: no value of the row, and a query for each row that is written."""
    return [field.name for field in model._meta.related_objects if field.one_to_one]


def log_read(row: Model) -> None:
    """Records that somebody opened something confidential."""
    _log(row, AuditEvent.READ)


def log_export(row: Model, *, file_format: str, rows: int, filters: str = "") -> None:
    """Records that data left the house as a file; `row` is the exported object."""
    _log(row, AuditEvent.EXPORT, format=file_format, rows=rows, filters=filters)


def log_list_export(model: type[Model], *, file_format: str, rows: int, filters: str = "") -> None:
    """Records that a list left the house as a file."""
    _log_list(model, AuditEvent.EXPORT, format=file_format, rows=rows, filters=filters)


def log_list_import(
    model: type[Model], *, by: User | None, file_format: str, rows: int, filters: str = ""
) -> None:
    """Records that a file wrote so many rows at once: too many for a line each."""
    _log_list(model, AuditEvent.IMPORT, by, format=file_format, rows=rows, filters=filters)


def log_print(row: Model) -> None:
    """Records that a paper was made of something."""
    _log(row, AuditEvent.PRINT)


def _log(row: Model, event: AuditEvent, **details: Any) -> None:
    LogEntry.objects.log_create(
        row,
        force_log=True,
        action=LogEntry.Action.ACCESS,
        changes={},
        additional_data={"event": event, **details},
    )


def _log_list(model: type[Model], event: AuditEvent, by: User | None = None, **details: Any) -> None:
    LogEntry.objects.create(
        content_type=ContentType.objects.get_for_model(model),
        object_pk="",
        object_repr=str(model._meta.verbose_name_plural),
        action=LogEntry.Action.ACCESS,
        actor=by,
        additional_data={"event": event, **details},
    )
