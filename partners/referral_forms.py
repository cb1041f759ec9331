"""What is typed about a referral, how it goes on, and the filters of the list."""

import datetime as dt

import django_filters
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from beneficiaries.forms import in_columns, validate_not_to_come
from beneficiaries.models import Step
from beneficiaries.permissions import visible_themes
from beneficiaries.support_enums import BarrierLevel, Theme
from beneficiaries.support_forms import born_before
from confluences.dates import add_days
from confluences.forms import RecordedForm
from confluences.models import User
from partners.choice_forms import PartnerField, with_town
from partners.enums import Direction, ReferralStatus
from partners.models import Partner, Referral
from partners.referral_actions import save_referral
from partners.referral_enums import Waiting
from partners.referral_rules import FARTHEST_DAYS, REPLY_DAYS, barrier_fault, default_reason

MINE = [("mine", "les personnes que je suis")]


def validate_within_a_year(day: dt.date) -> None:
    """Raises ValidationError for a day to come whose year is mistyped: nothing would ever be late."""
    if day > add_days(timezone.localdate(), FARTHEST_DAYS):
        raise ValidationError("Cette date est dans plus d’un an : vérifiez l’année.")


class ReferralFilter(django_filters.FilterSet):
    """The filters of the referrals' list: the same for the page and the spreadsheet."""

    theme = django_filters.ChoiceFilter(label="Thème", choices=(), empty_label="tous")
    partner = django_filters.ModelChoiceFilter(
        label="Partenaire",
        queryset=lambda request: Partner.objects.filter(
            pk__in=Referral.objects.visible_to(request.user).order_by().values("partner")
        ),
        empty_label="tous",
    )
    direction = django_filters.ChoiceFilter(label="Sens", choices=Direction.choices, empty_label="les deux")
    status = django_filters.ChoiceFilter(label="État", choices=ReferralStatus.choices, empty_label="tous")
    waiting = django_filters.ChoiceFilter(
        label="À suivre", method="in_wait", choices=Waiting.choices, empty_label="toutes"
    )
    mine = django_filters.ChoiceFilter(
        label="De qui", method="of_mine", choices=MINE, empty_label="tout le monde"
    )

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.form.fields["theme"].choices = [
            ("", "tous"),
            *((theme.value, theme.label) for theme in visible_themes(self.request.user)),
        ]
        self.form.fields["partner"].label_from_instance = with_town

    @property
    def in_words(self) -> str:
        """The filters chosen, as the spreadsheet's heading says them."""
        fields = self.form.fields
        chosen = {name: value for name, value in self.form.cleaned_data.items() if value}
        return " ; ".join(
            f"{fields[name].label} : {self._word(name, value)}" for name, value in chosen.items()
        )

    def in_wait(self, referrals, name, waiting):
        match Waiting(waiting):
            case Waiting.LATE:
                return referrals.late(self.today)
            case Waiting.SILENT:
                return referrals.silent(self.today)
            case Waiting.UNANSWERED:
                return referrals.unanswered(self.today)
            case _:
                return referrals.open()

    def of_mine(self, referrals, name, value):
        return referrals.filter(beneficiary__referent=self.request.user)

    def _word(self, name: str, value: object) -> str:
        choices = dict(getattr(self.form.fields[name], "choices", ())) if name != "partner" else {}
        return str(choices.get(value, value))


class ReferralForm(RecordedForm):
    """A referral, in or out. Contacts and services are those of the partner that the page was opened with."""

    class Meta:
        model = Referral
        fields = ["direction", "theme", "partner", "contact", "service", "step", "reason", "on", "due"]
        field_classes = {"partner": PartnerField}
        widgets = {"reason": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["theme"].choices = [
            ("", "à choisir"),
            *((theme.value, theme.label) for theme in visible_themes(user)),
        ]
        self.fields["on"].validators += [validate_not_to_come, born_before(self.instance.beneficiary)]
        self.fields["due"].validators.append(validate_within_a_year)
        self._offer(user)
        if self.instance.pk is None:
            self._begin()

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        of_partner = [name for name in ("contact", "service") if name in self.fields]
        helper.layout = Layout(
            in_columns("direction", "theme"),
            "partner",
            *((in_columns(*of_partner),) if of_partner else ()),
            *(("step",) if "step" in self.fields else ()),
            "reason",
            in_columns("on", "due"),
        )
        return helper

    def clean(self):
        cleaned = super().clean()
        on, due = cleaned.get("on"), cleaned.get("due")
        if on and due and due < on:
            self.add_error(
                "due", "La réponse est attendue avant la date de l’orientation : vérifiez les deux."
            )
        self._leave_former_partner(cleaned.get("partner"))
        return cleaned

    def perform(self, user):
        return save_referral(self.instance, by=user)

    @property
    def partner(self) -> Partner | None:
        """The partner that the page was opened with, or that was chosen."""
        chosen = self.data.get("partner") if self.is_bound else self.initial.get("partner")
        pk = getattr(chosen, "pk", chosen) or self.instance.partner_id
        found = str(pk or "")
        known = found.isascii() and found.isdigit() and len(found) < 19
        return Partner.objects.filter(pk=int(found)).first() if known else None

    def _leave_former_partner(self, partner: Partner | None) -> None:
        """A partner without contacts or services has no field for them: those of the partner before go with it."""
        if partner is None or partner.pk == self.instance.partner_id:
            return
        for name in ("contact", "service"):
            if name not in self.fields:
                setattr(self.instance, name, None)

    def _offer(self, user: User) -> None:
        """The choices: partners of the house rather than the whole national directory, whatever is the person's own."""
        partner, today = self.partner, timezone.localdate()
        ours = Q(source_id="") | Q(agreement_start__isnull=False)
        ours |= Q(pk__in=Referral.objects.visible_to(user).order_by().values("partner"))
        offered = Partner.objects.visible_to(user).active(today).filter(ours)
        if partner:
            offered = Partner.objects.visible_to(user).filter(
                Q(pk__in=offered.order_by().values("pk")) | Q(pk=partner.pk)
            )
        self.fields["partner"].queryset = offered
        self.fields[
            "partner"
        ].help_text = "Un autre se trouve dans l’annuaire, ou par « Trouver un partenaire »."
        for name in ("contact", "service"):
            rows = self.fields[name].queryset.filter(partner=partner)
            if name == "contact":
                there = Q(left_on=None) | Q(left_on__gt=today)
                rows = rows.filter(there | Q(pk=self.instance.contact_id))
            if partner is None or not rows.exists():
                del self.fields[name]
            else:
                self.fields[name].queryset = rows
                self.fields[name].empty_label = "aucun en particulier"
        steps = Step.objects.visible_to(user).filter(beneficiary=self.instance.beneficiary_id)
        steps = steps.filter(Q(pk__in=steps.open().values("pk")) | Q(pk=self.instance.step_id))
        if steps.exists():
            self.fields["step"].queryset = steps
            self.fields["step"].label_from_instance = lambda step: (
                f"{step.get_theme_display()} : {step.action}"
            )
            self.fields["step"].empty_label = "aucune"
            self.fields["step"].help_text = "Celle que cette orientation fait avancer, du même thème."
        else:
            del self.fields["step"]

    def _begin(self) -> None:
        today = timezone.localdate()
        theme = self.initial.get("theme")
        started = {"on": today, "due": add_days(today, REPLY_DAYS), "direction": Direction.OUT}
        if theme in Theme.values:
            started["reason"] = default_reason(Theme(theme))
        self.initial = started | {name: value for name, value in self.initial.items() if value}


class ProgressForm(RecordedForm):
    """How a referral goes on: its state, the answer, what was obtained, and the frein as it stands now."""

    words = forms.CharField(
        label="Ce qui s’est passé",
        required=False,
        max_length=250,
        help_text="Un appel, une relance, un courrier : une ligne de l’historique. Facultatif.",
    )
    level = forms.TypedChoiceField(
        label="Le frein aujourd’hui",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", "ne pas l’évaluer maintenant"),
            *((level.value, f"{level.value} · {level.label}") for level in BarrierLevel if level),
        ],
        help_text="S’il est levé ou réduit : son évaluation s’enregistre avec l’orientation.",
    )

    class Meta:
        model = Referral
        fields = [
            "status",
            "replied_on",
            "meeting_on",
            "reply",
            "closed_on",
            "result",
            "result_text",
            "effect",
        ]
        widgets = {
            "reply": forms.Textarea(attrs={"rows": 3}),
            "result_text": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("replied_on", "closed_on"):
            self.fields[name].validators.append(validate_not_to_come)
        self.fields["meeting_on"].validators.append(validate_within_a_year)
        self.fields["status"].choices = [choice for choice in self.fields["status"].choices if choice[0]]
        self.fields["replied_on"].help_text = "Vide : le jour où vous notez la réponse, ou celui du refus."
        self.fields["closed_on"].help_text = "Pour une orientation refusée, terminée ou annulée."
        if self.instance.theme not in Theme.axes():
            del self.fields["level"]
        self.initial["closed_on"] = self.instance.closed_on or (
            timezone.localdate() if self.initial.get("status") in ReferralStatus.closed() else None
        )

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        after = ("effect", "level") if "level" in self.fields else ("effect",)
        helper.layout = Layout(
            in_columns("status", "words"),
            in_columns("replied_on", "meeting_on"),
            "reply",
            in_columns("closed_on", "result"),
            "result_text",
            in_columns(*after),
        )
        return helper

    def clean(self):
        cleaned = super().clean()
        self._match_status(cleaned.get("status"), cleaned.get("closed_on"))
        if cleaned.get("result") and cleaned.get("status") != ReferralStatus.DONE:
            self.add_error(
                "result", "Le résultat se donne quand l’orientation est terminée : choisissez cet état."
            )
        fault = barrier_fault(cleaned.get("effect") or "", cleaned.get("level"))
        if fault:
            self.add_error("level", fault)
        for name in ("replied_on", "closed_on"):
            if cleaned.get(name) and cleaned[name] < self.instance.on:
                self.add_error(name, "Cette date est avant l’orientation : vérifiez-la.")
        return cleaned

    def perform(self, user):
        level = self.cleaned_data.get("level")
        return save_referral(
            self.instance,
            by=user,
            words=self.cleaned_data["words"],
            level=None if level is None else BarrierLevel(level),
        )

    def _match_status(self, status, closed_on) -> None:
        if "closed_on" in self.errors or not status:
            return
        if status in ReferralStatus.closed() and not closed_on:
            self.add_error("closed_on", "Indiquez le jour où l’orientation s’est terminée.")
        if status in ReferralStatus.open() and closed_on:
            self.add_error(
                "closed_on",
                "Une orientation en cours n’a pas de date de fin : effacez-la, ou choisissez « terminée ».",
            )
        proposed = status == ReferralStatus.PROPOSED and "meeting_on" not in self.errors
        if proposed and not self.cleaned_data.get("meeting_on"):
            self.add_error("meeting_on", "Indiquez la date que le partenaire propose.")
