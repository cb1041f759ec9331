"""Every component and chart, in its several states, for those who build a page or judge one."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django import forms
from django.core.paginator import Paginator
from django.shortcuts import render

from confluences import charts
from confluences.curves import Curve, curves
from confluences.drafts import Drafting
from confluences.gantt import Key, Work, gantt
from confluences.levels import Change, levels
from confluences.measures import Measure, measures
from confluences.models import Draft
from confluences.month_chart import Month, month_chart
from confluences.navigation import Link

TABS = (
    Link(label="Parcours", url="?onglet=parcours", icon="", current=True),
    Link(label="Contrats", url="?onglet=contrats", icon="", current=False),
)
FACTS = (("Entrée", "15 janvier 2026"), ("Téléphone", ""), ("Chantier", "Champigny"))


@dataclass(frozen=True)
class ExampleConflict:
    """What two people typed in the same field."""

    label: str = "Téléphone"
    theirs: str = "01 23 45 67 89"
    yours: str = "01 98 76 54 32"


LONG_CONFLICT = ExampleConflict(
    "Ce qui s’est dit",
    "Dossier de logement déposé le 4 novembre.\n\nLe bailleur demande deux quittances ; l’ancien propriétaire les promet "
    "pour vendredi.",
    "Dossier de logement déposé. Pièce manquante : les deux dernières quittances.\nÀ rappeler lundi.",
)
BEGUN = Draft(saved_at=dt.datetime(2025, 11, 24, 17, 42, tzinfo=dt.UTC))


class ExampleForm(forms.Form):
    """A form with one field of each sort."""

    name = forms.CharField(label="Nom", help_text="Celui de la pièce d’identité.")
    on = forms.DateField(label="Date", error_messages={"invalid": "Écrivez la date ainsi\u00a0: 22/11/2026."})
    kind = forms.ChoiceField(label="Type", choices=[("suivi", "Suivi"), ("bilan", "Bilan intermédiaire")])
    place = forms.ChoiceField(
        label="Lieu",
        choices=[("bureau", "au bureau"), ("chantier", "sur le chantier")],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label="Ce qui s’est dit", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    seen = forms.BooleanField(label="Rendez-vous tenu", required=False)


def gallery(request):
    """The gallery page: reads nothing from the database."""
    mistaken = ExampleForm({"name": "", "on": "hier", "kind": "suivi"}, auto_id="id_faute_%s")
    context = {
        "tabs": TABS,
        "facts": FACTS,
        "page": Paginator(range(60), 20).page(2),
        "example_form": ExampleForm(),
        "mistaken_form": mistaken,
        "conflicts": [ExampleConflict(), LONG_CONFLICT],
        # Not named “drafting”, which would make the forms below keep drafts.
        "begun": Drafting("/composants/", "Composants", BEGUN, restored=True, outdated=True),
        "gauges": _gauges(),
        "bars": _bars(),
        "years": _years(),
        "timelines": _timelines(),
        "levels": _levels(),
        "curves": _curves(),
        "gantts": _gantts(),
        "measures": _measures(),
        "months": month_chart(
            [Month(done=60 * 40 * place, missed=60 * 11 * (place % 3)) for place in range(12)],
            label="Heures de formation par mois",
            done="heures suivies (nombre)",
            missed="heures d’absence",
        ),
        "ratio": Fraction(7, 9),
        "amount": Decimal("1234567.5"),
        "day": dt.date(2014, 1, 1),
    }
    return render(request, "gallery.html", context)


def _gauges():
    thirds = {"target_numerator": 2, "target_denominator": 3}
    return [
        charts.gauge(
            done=7,
            total=9,
            lowest=Fraction(7, 9),
            highest=Fraction(1),
            label="Sorties 2014 : deux à documenter",
            **thirds,
        ),
        charts.gauge(done=5, total=8, label="Sorties 2026 : sous l’objectif", **thirds),
        charts.gauge(done=0, total=0, label="Aucune sortie", target_numerator=60, target_denominator=100),
    ]


def _bars():
    kinds = ("durable", "transition", "positive", "other", "undetermined")
    labels = ("emploi durable", "emploi de transition", "sorties positives", "autres sorties", "à documenter")
    return [
        charts.stacked_bar(
            [
                charts.Segment(label=label, value=value, kind=kind)
                for label, value, kind in zip(labels, values, kinds, strict=True)
            ],
            label=title,
        )
        for title, values in (
            ("Par classe, sorties 2014", (4, 0, 3, 0, 2)),
            ("Par classe, avec de petites parts", (140, 30, 10, 2, 1)),
            ("Par classe, aucune sortie", (0, 0, 0, 0, 0)),
        )
    ]


def _years():
    rows = [("2014", 7, 9), ("2015", 0, 0), ("2016", 9, 16)]
    return charts.years(
        [
            charts.Year(label=label, successes=successes, examined=examined)
            for label, successes, examined in rows
        ],
        target_numerator=2,
        target_denominator=3,
        label="Taux de sorties dynamiques par année",
    )


def _levels():
    rows = [
        ("Logement", 4, 2, "fort → faible"),
        ("Mobilité", 3, 1, "moyen → levé"),
        ("Famille et garde d’enfants", 2, 4, "faible → fort"),
        ("Langue et savoirs de base", 3, 3, "moyen, inchangé"),
        ("Budget et dettes", None, 3, "moyen"),
        ("Numérique", None, None, "non évalué"),
    ]
    return levels(
        [Change(label=label, before=before, now=now, words=words) for label, before, now, words in rows],
        scale=["pas un frein", "faible", "moyen", "fort"],
        before="à l’entrée",
        now="aujourd’hui",
        label="Exemple de freins",
    )


def _curves():
    months = [dt.date(2026, month, 1) for month in range(1, 13)]
    monthly = ("0.8", "1.5", "2.4", "3.2", "4.1", "4.9", "5.6", "6.1")
    done = [(0, Decimal(0)), *((place, Decimal(value)) for place, value in enumerate(monthly, start=1))]
    goal = Curve(label="conventionnés", points=[(0, 0), (12, Decimal("10.5"))], kind="goal")
    return [
        curves(
            [
                goal,
                Curve(label="réalisés", points=done, kind="done"),
                Curve(label="atterrissage", points=[done[-1], (12, Decimal("9.15"))], kind="forecast"),
            ],
            months=months,
            label="ETP annuels cumulés",
        ),
        curves([goal], months=months, label="ETP annuels, avant le premier mois"),
    ]


def _timelines():
    axis = {"start": dt.date(2026, 1, 1), "end": dt.date(2027, 3, 31), "today": dt.date(2026, 11, 22)}
    contracts = [
        charts.Bar(start=dt.date(2026, 1, 15), end=dt.date(2026, 7, 14), label="CDDI"),
        charts.Bar(
            start=dt.date(2026, 7, 15), end=dt.date(2027, 1, 14), label="renouvellement", kind="medium"
        ),
    ]
    passes = [
        charts.Bar(
            start=dt.date(2026, 1, 15), end=dt.date(2028, 1, 13), label="jusqu’au 13/01/2028", kind="soft"
        )
    ]
    learnt = [
        charts.Bar(start=dt.date(2026, 4, 1), end=dt.date(2026, 12, 1), label="148 h sur 230", kind="warm"),
        charts.Bar(start=dt.date(2026, 5, 1), end=None, label="français", kind="hatched"),
    ]
    referrals = [
        charts.Point(on=dt.date(2026, 4, 20), label="Bailleur social, répondu"),
        charts.Point(on=dt.date(2026, 9, 3), label="CSAPA, en cours", kind="open"),
        charts.Point(on=dt.date(2026, 11, 3), label="Mission locale, sans nouvelles", kind="late"),
    ]
    follow_ups = [charts.Point(on=dt.date(2026, month, 7), label="Suivi") for month in range(2, 12)]
    layers = [
        charts.Layer(label="Contrats", bars=contracts),
        charts.Layer(label="PASS IAE", bars=passes),
        charts.Layer(label="Formation", bars=learnt),
        charts.Layer(label="Orientations", points=referrals),
        charts.Layer(label="Suivis", points=follow_ups),
    ]
    return [
        charts.timeline(layers, label="Parcours de 15 mois", **axis),
        charts.timeline(layers[:1], label="Parcours d’un seul contrat", **axis),
        charts.timeline([], label="Parcours vide", **axis),
    ]


def _gantts():
    axis = {"start": dt.date(2026, 9, 15), "end": dt.date(2027, 2, 15), "today": dt.date(2026, 11, 25)}
    key = Key(planned="prévu", done="fait", expected="fin attendue")
    works = [
        Work(
            label="Taille des haies du parc de la mairie",
            start=dt.date(2026, 10, 5),
            end=dt.date(2026, 12, 11),
            done=Fraction(2, 5),
            expected=dt.date(2027, 1, 6),
            words="fin 06/01/2027 · 17 jours de retard",
            late=True,
        ),
        Work(
            label="Nettoyage des berges",
            start=dt.date(2026, 9, 1),
            end=dt.date(2027, 1, 29),
            done=Fraction(3, 4),
            expected=dt.date(2026, 12, 18),
            words="fin 18/12/2026 · 28 jours d’avance",
        ),
        Work(
            label="Potager partagé",
            start=dt.date(2026, 11, 9),
            end=None,
            done=Fraction(1, 10),
            expected=dt.date(2027, 4, 2),
            words="fin 02/04/2027 · sans échéance",
        ),
    ]
    return [
        gantt(works, key=key, label="Planning de trois travaux", **axis),
        gantt([], key=key, label="Planning vide", **axis),
    ]


def _measures():
    weeks = [("du 30 nov. au 4 déc.", 60, 84), ("du 7 au 11 déc.", 120, 84), ("du 14 au 18 déc.", 0, 70)]
    return measures(
        [
            Measure(label=label, value=asked, words=f"{asked} h à faire, {present} h présentes", room=present)
            for label, asked, present in weeks
        ],
        label="Charge de trois semaines",
    )
