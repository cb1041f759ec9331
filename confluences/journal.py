"""The audit log as people read it: in French, by person, by user, by event, by period. Masked values stay masked."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import django_filters
from auditlog.models import LogEntry
from django import forms
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, ManyToManyField, Model, Q
from django.utils import timezone
from django.utils.text import Truncator, capfirst

from confluences.dates import day_after
from confluences.enums import AuditEvent
from confluences.formats import short_date
from confluences.forms import DateInput
from confluences.models import User

CHANGES = {
    "create": ("création", LogEntry.Action.CREATE),
    "update": ("modification", LogEntry.Action.UPDATE),
    "delete": ("suppression", LogEntry.Action.DELETE),
}
CHANGE_LABELS = {action: label for label, action in CHANGES.values()}
EVENT_CHOICES = [*((key, label) for key, (label, _action) in CHANGES.items()), *AuditEvent.choices]
# How each row of a person's file leads to the person; names, not imports, as in confluences.audit.
PERSON = "beneficiaries.beneficiary"
PATHS_TO_PERSON = {
    PERSON: "pk",
    "beneficiaries.entrysituation": "beneficiary",
    "beneficiaries.protectedsituation": "situation__beneficiary",
    "beneficiaries.contract": "beneficiary",
    "beneficiaries.pass": "beneficiary",
    "beneficiaries.suspension": "pass_iae__beneficiary",
    "beneficiaries.prolongation": "pass_iae__beneficiary",
    "beneficiaries.followup": "beneficiary",
    "beneficiaries.followuptopic": "follow_up__beneficiary",
    "beneficiaries.confidentialnote": "follow_up__beneficiary",
    "beneficiaries.appointment": "beneficiary",
    "beneficiaries.step": "beneficiary",
    "beneficiaries.barrierassessment": "beneficiary",
    "beneficiaries.careerproject": "beneficiary",
    "beneficiaries.document": "beneficiary",
    "beneficiaries.timeentry": "beneficiary",
    "trainings.enrolment": "beneficiary",
    "trainings.attendance": "enrolment__beneficiary",
    "trainings.attendedmodule": "attendance__enrolment__beneficiary",
    "trainings.certificate": "enrolment__beneficiary",
    "worksites.assignment": "beneficiary",
    "worksites.jobshare": "entry__beneficiary",
    "partners.referral": "beneficiary",
    "partners.referralchange": "referral__beneficiary",
    "partners.replylink": "referral__beneficiary",
    "partners.immersion": "beneficiary",
    "outcomes.exit": "beneficiary",
}
SHOWN_CHARACTERS = 200
NOTHING = (None, "", "None")


@dataclass(frozen=True)
class Change:
    """One field before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One entry of the log. `person` is whose file it belongs to, where it belongs to one."""

    at: dt.datetime
    who: str
    event: str
    what: str
    kind: str
    person: Model | None
    details: str
    changes: list[Change]
    is_creation: bool


class JournalFilter(django_filters.FilterSet):
    """The filters of the log."""

    q = django_filters.CharFilter(label="Personne ou objet", method="about", max_length=100)
    user = django_filters.ModelChoiceFilter(
        label="Fait par", field_name="actor", queryset=User.objects.all(), empty_label="tous"
    )
    event = django_filters.ChoiceFilter(
        label="Événement", method="of_event", choices=EVENT_CHOICES, empty_label="tous"
    )
    since = django_filters.DateFilter(label="Depuis le", method="from_day", widget=DateInput)
    until = django_filters.DateFilter(label="Jusqu’au", method="to_day", widget=DateInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.form.fields["q"].widget = forms.TextInput(attrs={"type": "search", "autocomplete": "off"})

    def about(self, entries, name, text):
        people = apps.get_model(PERSON).objects.matching(text)
        wanted = Q(object_repr__icontains=text)
        for label, path in PATHS_TO_PERSON.items():
            model = apps.get_model(label)
            rows = model._default_manager.filter(**{f"{path}__in": people.values("pk")})
            wanted |= Q(_of_model(model), object_id__in=rows.values("pk"))
        return entries.filter(wanted)

    def of_event(self, entries, name, event):
        if event in CHANGES:
            return entries.filter(action=CHANGES[event][1])
        return entries.filter(additional_data__event=event)

    # Not timestamp__date: it would compute each line's date, index or not.
    def from_day(self, entries, name, day):
        return entries.filter(timestamp__gte=_midnight(day))

    def to_day(self, entries, name, day):
        return entries.filter(timestamp__lt=_midnight(day_after(day)))


def lines(entries: Iterable[LogEntry]) -> list[Line]:
    """The entries in French. As many queries as there are kinds of rows among them, whatever their number."""
    entries = list(entries)
    people = _people(entries)
    names = _names(entries)
    return [_line(entry, people.get((entry.content_type_id, entry.object_id)), names) for entry in entries]


def _line(entry: LogEntry, person: Model | None, names: dict) -> Line:
    model = entry.content_type.model_class()
    extra = entry.additional_data or {}
    event = CHANGE_LABELS.get(entry.action) or AuditEvent(extra.get("event", AuditEvent.READ)).label
    return Line(
        at=entry.timestamp,
        who=str(entry.actor) if entry.actor else "le système",
        event=event,
        what=entry.object_repr,
        kind=str(model._meta.verbose_name) if model else entry.content_type.name,
        person=person,
        details=_details(extra),
        changes=_changes(model, entry.changes or {}, names),
        is_creation=entry.action == LogEntry.Action.CREATE,
    )


def _details(extra: dict) -> str:
    parts = [f"{extra['format'].upper()}"] if extra.get("format") else []
    if "rows" in extra:
        parts.append(f"{extra['rows']} ligne{'s' if extra['rows'] > 1 else ''}")
    if extra.get("filters"):
        parts.append(f"filtres : {extra['filters']}")
    return ", ".join(parts)


def _changes(model: type[Model] | None, recorded: dict, names: dict) -> list[Change]:
    """The changes in the order of the form: PostgreSQL keeps the keys of a JSON object in its own."""
    fields = sorted(field for field in (_field(model, name) for name in recorded) if field)
    changes = [_change(field, recorded[field.name], names) for field in fields]
    return [change for change in changes if change.before != change.after]


def _change(field: Field, values: object, names: dict) -> Change:
    label = capfirst(str(field.verbose_name))
    if isinstance(field, ManyToManyField):
        listed = ", ".join(values["objects"])
        return Change(label, listed, "") if values["operation"] == "delete" else Change(label, "", listed)
    before, after = (_shown(field, value, names) for value in values)
    return Change(label, before, after)


def _field(model: type[Model] | None, name: str) -> Field | None:
    """The field that somebody typed; None for technical ones and for those of a former version."""
    if model is None:
        return None
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    technical = not isinstance(field, Field) or field.primary_key or field.name == "created_by"
    return None if technical else field


def _shown(field: Field, value: str | None, names: dict) -> str:
    if value in NOTHING:
        return ""
    if field.is_relation:
        return names.get((field.related_model, value)) or f"n° {value}"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    kind = field.get_internal_type()
    if kind == "BooleanField":
        return {"True": "oui", "False": "non"}.get(value, value)
    if kind in {"DateField", "DateTimeField"}:
        return _shown_date(value[:10])
    return Truncator(value).chars(SHOWN_CHARACTERS)


def _shown_date(value: str) -> str:
    try:
        return short_date(dt.date.fromisoformat(value))
    except ValueError:  # masked, or written by a former version
        return value


def _names(entries: list[LogEntry]) -> dict[tuple[type[Model], str], str]:
    """How the rows that the changes point to are called today."""
    wanted = defaultdict(set)
    for entry in entries:
        for name, values in (entry.changes or {}).items():
            field = _field(entry.content_type.model_class(), name)
            if field is not None and field.is_relation and not field.many_to_many:
                wanted[field.related_model] |= {value for value in values if str(value).isdigit()}
    # With what each must have: an enrolment's name holds its person's and its programme's.
    found = {model: model._base_manager.select_related().in_bulk(keys) for model, keys in wanted.items()}
    return {(model, str(pk)): str(row) for model, rows in found.items() for pk, row in rows.items()}


def _people(entries: list[LogEntry]) -> dict[tuple[int, int], Model]:
    """Whose file each entry belongs to, by content type and row."""
    rows = defaultdict(set)
    for entry in entries:
        rows[entry.content_type].add(entry.object_id)
    owners = {}
    for content_type, pks in rows.items():
        path = PATHS_TO_PERSON.get(f"{content_type.app_label}.{content_type.model}")
        if path:
            found = (
                content_type.model_class()._base_manager.filter(pk__in=pks - {None}).values_list("pk", path)
            )
            owners |= {(content_type.pk, pk): person for pk, person in found}
    people = apps.get_model(PERSON).objects.in_bulk(set(owners.values()))
    return {key: people[person] for key, person in owners.items()}


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def _of_model(model: type[Model]) -> Q:
    return Q(content_type__app_label=model._meta.app_label, content_type__model=model._meta.model_name)
