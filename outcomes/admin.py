"""Exits, rules, cohorts and frozen reports in the admin."""

import datetime as dt

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, Q, When
from django.utils import timezone
from django.utils.html import format_html

from beneficiaries.admin import PersonSearch
from confluences.admin_base import BaseAdmin, RecordedAdmin
from confluences.admin_imports import ImportExportAdmin
from outcomes.actions import save_exit
from outcomes.models import Cohort, CountedReason, Exit, ExitReason, OutcomeReport, RuleSet, Target
from outcomes.resources import ExitResource

IN_USE = (
    "Un rapport figé s’appuie sur cette version : elle ne change plus. Pour changer la règle, créez-en une nouvelle "
    "version, datée du jour où elle s’applique (action « Créer une nouvelle version » de la liste des règles)."
)


def versions_in_use() -> set[tuple[str, str]]:
    """The key and the date of each rule set version that a frozen report stands on."""
    used = OutcomeReport.objects.order_by().values_list("snapshot__rule_sets", flat=True)
    return {(rule_set["key"], rule_set["version"]) for rule_sets in used for rule_set in rule_sets or []}


def is_in_use(rule_set: RuleSet) -> bool:
    return (rule_set.key, rule_set.valid_from.isoformat()) in versions_in_use()


@admin.register(Exit)
class ExitAdmin(PersonSearch, ImportExportAdmin, RecordedAdmin):
    resource_class = ExitResource
    list_display = ["beneficiary", "left_on", "hired_on", "stay_months", "worksite", "reason", "length_shown"]
    list_filter = ["worksite", ("reason", admin.EmptyFieldListFilter), "reason", "assumed", "evidence"]
    list_select_related = ["beneficiary", "worksite", "reason"]
    autocomplete_fields = ["beneficiary", "worksite", "reason"]
    date_hierarchy = "left_on"
    readonly_fields = ["reference", "contract", "hired_on", "stay_months", *RecordedAdmin.readonly_fields]
    fieldsets = [
        (None, {"fields": ["beneficiary", "left_on", "assumed", "worked_an_hour", "worksite", "reason"]}),
        ("Trouvés par l’application", {"fields": ["reference", "contract", "hired_on", "stay_months"]}),
        (
            "Emploi",
            {
                "fields": [
                    "new_contract",
                    "employer",
                    "started_on",
                    "length_months",
                    "length_days",
                    "aided",
                    "same_structure",
                ],
                "description": "Seuls les renseignements que le motif demande sont gardés.",
            },
        ),
        ("Formation", {"fields": ["training_title", "training_level"]}),
        ("Preuve", {"fields": ["evidence", "evidence_file", "known_on"]}),
    ]

    @admin.display(description="durée prévue")
    def length_shown(self, exit_):
        return exit_.length or ""

    def write(self, obj, by):
        save_exit(obj, by=by)


@admin.register(ExitReason)
class ExitReasonAdmin(BaseAdmin):
    list_display = ["code", "label", "klass", "certainty", "questions", "sensitive"]
    list_display_links = ["code", "label"]
    list_filter = ["klass", "certainty", "questions", "sensitive"]
    search_fields = ["code", "label"]
    search_help_text = "Code ou libellé."
    autocomplete_fields = ["if_longer", "if_shorter"]
    view_on_site = False
    fieldsets = [
        (None, {"fields": ["code", "label", "position", "valid_from", "valid_to"]}),
        ("Classe", {"fields": ["klass", "certainty", "source", "sensitive"]}),
        (
            "À la saisie",
            {"fields": ["questions", "at_least_months", "under_months", "if_longer", "if_shorter"]},
        ),
    ]


class KeptWhenInUse:
    """A rule version that a frozen report stands on is read-only, with what hangs on it."""

    view_on_site = False

    def rule_set_of(self, obj) -> RuleSet:
        raise NotImplementedError

    def get_actions(self, request):
        """Rules are deleted one by one: each deletion says what goes with it."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and is_in_use(self.rule_set_of(obj)))

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and is_in_use(self.rule_set_of(obj)))

    def get_fieldsets(self, request, obj=None):
        (title, options), *others = super().get_fieldsets(request, obj)
        if obj and is_in_use(self.rule_set_of(obj)):
            options = {**options, "description": IN_USE}
        return [(title, options), *others]


class InlineKeptWhenInUse:
    """Same, for the rows shown inside."""

    extra = 0

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and not self._in_use(obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not self._in_use(obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not self._in_use(obj)

    @staticmethod
    def _in_use(obj) -> bool:
        rule_set = obj.rule_set if isinstance(obj, Target) else obj
        return rule_set is not None and is_in_use(rule_set)


class TargetInline(InlineKeptWhenInUse, admin.StackedInline):
    model = Target
    show_change_link = True


class CountedReasonInline(InlineKeptWhenInUse, admin.StackedInline):
    model = CountedReason
    autocomplete_fields = ["reason"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("reason")


@admin.register(RuleSet)
class RuleSetAdmin(KeptWhenInUse, BaseAdmin):
    list_display = ["label", "valid_from", "key", "minimum_stay_months", "in_use"]
    list_filter = ["key"]
    search_fields = ["label", "key"]
    search_help_text = "Nom ou clé."
    date_hierarchy = "valid_from"
    fields = ["key", "label", "position", "valid_from", "minimum_stay_months", "definition", "source"]
    inlines = [TargetInline]
    actions = ["create_version"]

    def rule_set_of(self, obj):
        return obj

    def get_queryset(self, request):
        in_use = Q(pk__in=[])
        for key, version in versions_in_use():
            in_use |= Q(key=key, valid_from=version)
        return super().get_queryset(request).annotate(is_in_use=Case(When(in_use, then=True), default=False))

    @admin.display(description="dans un rapport figé", boolean=True)
    def in_use(self, rule_set):
        return rule_set.is_in_use

    @admin.action(description="Créer une nouvelle version, à partir d’aujourd’hui", permissions=["add"])
    def create_version(self, request, queryset):
        today = timezone.localdate()
        for rule_set in queryset.prefetch_related("targets__counted_reasons__reason"):
            if RuleSet.objects.filter(key=rule_set.key, valid_from=today).exists():
                self.message_user(request, f"{rule_set.label} a déjà une version de ce jour.", messages.ERROR)
                continue
            copy = new_version(rule_set, today)
            self.message_user(
                request, f"{copy} est créée : ouvrez-la, et corrigez ce qui change.", messages.SUCCESS
            )


@transaction.atomic
def new_version(rule_set: RuleSet, valid_from: dt.date) -> RuleSet:
    """A copy of a rule set, with its targets and counted reasons, in force from another day on."""
    targets = list(rule_set.targets.all())
    copy = _copied(rule_set, valid_from=valid_from)
    for target in targets:
        reasons = list(target.counted_reasons.all())
        target_copy = _copied(target, rule_set=copy)
        for reason in reasons:
            _copied(reason, target=target_copy)
    return copy


def _copied(row, **changes):
    names = [field.name for field in row._meta.concrete_fields if not field.primary_key]
    copy = type(row)(**{name: getattr(row, name) for name in names if name not in changes}, **changes)
    copy.full_clean()
    copy.save()
    return copy


class TargetForm(forms.ModelForm):
    def clean_rule_set(self):
        rule_set = self.cleaned_data["rule_set"]
        if is_in_use(rule_set):
            raise ValidationError(IN_USE)
        return rule_set


@admin.register(Target)
class TargetAdmin(KeptWhenInUse, BaseAdmin):
    form = TargetForm
    list_display = ["label", "rule_set", "numerator", "denominator", "durable", "transition", "positive"]
    list_filter = ["rule_set__key"]
    list_select_related = ["rule_set"]
    search_fields = ["label", "rule_set__label"]
    search_help_text = "Ce qui est compté, ou nom de la règle."
    autocomplete_fields = ["rule_set"]
    inlines = [CountedReasonInline]
    fields = [
        "rule_set",
        "key",
        "label",
        "position",
        "numerator",
        "denominator",
        "durable",
        "transition",
        "positive",
    ]

    def rule_set_of(self, obj):
        return obj.rule_set


@admin.register(Cohort)
class CohortAdmin(RecordedAdmin):
    list_display = ["code", "label", "basis", "start", "end"]
    list_display_links = ["code", "label"]
    list_filter = ["basis", "worksites"]
    list_select_related = False  # no column of another table
    search_fields = ["code", "label"]
    search_help_text = "Code ou nom."
    date_hierarchy = "start"
    fieldsets = [(None, {"fields": ["code", "label", "basis", "start", "end", "worksites"]})]


@admin.register(OutcomeReport)
class OutcomeReportAdmin(BaseAdmin):
    """Frozen reports are looked at: nobody adds, changes or deletes one here."""

    list_display = ["cohort", "number", "dated", "recipient", "frozen_at", "author", "file"]
    list_display_links = ["cohort", "number"]
    list_filter = ["cohort", "dated"]
    list_select_related = ["cohort"]
    search_fields = ["cohort__label", "cohort__code", "content_hash", "pdf_hash"]
    search_help_text = "Nom ou code de la cohorte, ou empreinte."
    view_on_site = False
    date_hierarchy = "dated"
    fields = [
        "cohort",
        "number",
        "dated",
        "recipient",
        "author",
        "frozen_by",
        "frozen_at",
        "file",
        "content_hash",
        "pdf_hash",
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("pdf", "snapshot")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="fichier")
    def file(self, report):
        return format_html('<a href="{}">Télécharger le PDF</a>', report.get_absolute_url())
