"""The ASP's exit reasons and the two rule sets, with how sure each class is.

Codes and labels: a public reference table of exit types and the State's own data models; a class marked
probable or unknown is to be confirmed against the extranet's list.
"""

import datetime as dt

from django.db import migrations

COMMUNITY = "communaute.inclusion.beta.gouv.fr, forum 115"
LABEL = "libellé ASP"

# code, label, class, certainty, source, questions
REASONS = [
    ("3", "En CDI non aidé par un autre employeur", "durable", "sourced", COMMUNITY, "job"),
    ("13", "En CDI aidé par un autre employeur", "durable", "probable", "", "job"),
    ("1", "En CDI dans la structure ou filiale", "durable", "sourced", COMMUNITY, "job"),
    ("9", "En CDD (sans aide publique à l’emploi) d’une durée de 6 mois et plus", "durable", "sourced", LABEL, "fixed_term"),
    ("10", "En CDD (sans aide publique) de moins de 6 mois par un autre employeur", "transition", "sourced", COMMUNITY, "fixed_term"),
    ("9/10", "En CDD (sans aide publique) dont la durée n’est pas encore connue", "", "sourced", LABEL, "fixed_term"),
    ("11", "Intégration dans la fonction publique", "durable", "sourced", COMMUNITY, "job"),
    ("4", "Création ou reprise d’entreprise à son compte", "durable", "sourced", COMMUNITY, "nothing"),
    ("14", "En contrat aidé pour une durée déterminée par un autre employeur (hors IAE)", "transition", "sourced", COMMUNITY, "fixed_term"),
    ("5", "Entrée en formation qualifiante ou poursuite de formation qualifiante", "positive", "sourced", COMMUNITY, "training"),
    ("2", "Pour une durée déterminée dans une autre structure IAE", "positive", "sourced", COMMUNITY, "fixed_term"),
    ("12", "Autre sortie reconnue comme positive", "positive", "probable", LABEL, "nothing"),
    ("15", "Prise des droits à la retraite", "positive", "probable", "", "nothing"),
    ("7", "Au chômage", "other", "sourced", COMMUNITY, "nothing"),
    ("6", "Inactif", "other", "probable", "", "nothing"),
    ("8", "Sans nouvelle", "other", "probable", "", "nothing"),
    ("96", "Embauche en CDI Inclusion", "", "unknown", "", "job"),
    ("auto", "Sortie automatique", "", "unknown", "", "nothing"),
    ("16", "Congés de longue durée (maternité, maladie)", "withdrawal", "probable", "", "nothing"),
    ("17", "Décès", "withdrawal", "probable", "", "nothing"),
    ("18", "Décision administrative ou décision de justice", "withdrawal", "probable", "", "nothing"),
    ("19", "Rupture employeur pour faute grave du salarié", "withdrawal", "probable", "", "nothing"),
    ("20", "Transfert d’employeur", "withdrawal", "probable", "", "nothing"),
    ("21", "Rupture pendant la période d’essai à l’initiative de l’employeur", "withdrawal", "probable", "", "nothing"),
    ("22", "Rupture pendant la période d’essai à l’initiative du salarié", "withdrawal", "probable", "", "nothing"),
]
SENSITIVE = {"16", "17", "18"}

ASSOCIATION_DEFINITION = (
    "Sont comptées : les embauches en CDI, les embauches en CDD de plus de 6 mois (strictement) et les entrées "
    "en formation qualifiante. Objectif : deux tiers des sorties examinées. Sont examinées les sorties après au "
    "moins 3 mois dans la structure et une heure travaillée, hors retraits."
)
ASSOCIATION_SOURCE = "Objectif de l’association, négocié avec l’État : aucun texte national ne fixe les deux tiers."
STATE_DEFINITION = (
    "Sorties dynamiques : emploi durable, emploi de transition et sorties positives ; objectif : 60 % des sorties "
    "examinées. Emploi durable : CDI, CDD de 6 mois et plus, création d’entreprise, fonction publique ; objectif : "
    "25 %. Sont examinées les sorties après au moins 3 mois dans la structure et une heure travaillée, hors retraits."
)
STATE_SOURCE = (
    "Circulaire DGEFP 2008-21 du 10 décembre 2008 (60 % et 25 %) ; classes et libellés de l’ASP. Les valeurs "
    "opposables sont celles de l’annexe financière."
)


def load(apps, schema_editor):
    ExitReason = apps.get_model("outcomes", "ExitReason")
    reasons = {}
    for position, (code, label, klass, certainty, source, questions) in enumerate(REASONS, start=1):
        reasons[code] = ExitReason.objects.create(
            code=code,
            label=label,
            position=position,
            klass=klass,
            certainty=certainty,
            source=source,
            questions=questions,
            sensitive=code in SENSITIVE,
        )
    ExitReason.objects.filter(code="9").update(at_least_months=6)
    ExitReason.objects.filter(code="10").update(under_months=6)
    ExitReason.objects.filter(code="9/10").update(if_longer=reasons["9"], if_shorter=reasons["10"])
    load_association_rules(apps, reasons)
    load_state_rules(apps)


def load_association_rules(apps, reasons):
    rule_set = apps.get_model("outcomes", "RuleSet").objects.create(
        key="confluences-2-3",
        label="Confluences 2/3",
        position=1,
        valid_from=dt.date(2011, 1, 1),
        definition=ASSOCIATION_DEFINITION,
        source=ASSOCIATION_SOURCE,
    )
    target = apps.get_model("outcomes", "Target").objects.create(
        rule_set=rule_set, key="dynamic", label="sorties dynamiques", position=1, numerator=2, denominator=3
    )
    CountedReason = apps.get_model("outcomes", "CountedReason")
    for code in ("1", "3", "13", "5"):
        CountedReason.objects.create(target=target, reason=reasons[code])
    for code in ("9", "10", "9/10", "14"):
        CountedReason.objects.create(target=target, reason=reasons[code], longer_than_months=6)


def load_state_rules(apps):
    rule_set = apps.get_model("outcomes", "RuleSet").objects.create(
        key="etat-60-25",
        label="État 60/25",
        position=2,
        valid_from=dt.date(2009, 1, 1),
        definition=STATE_DEFINITION,
        source=STATE_SOURCE,
    )
    Target = apps.get_model("outcomes", "Target")
    Target.objects.create(
        rule_set=rule_set,
        key="dynamic",
        label="sorties dynamiques",
        position=1,
        numerator=60,
        denominator=100,
        durable=True,
        transition=True,
        positive=True,
    )
    Target.objects.create(
        rule_set=rule_set,
        key="durable",
        label="dont emploi durable",
        position=2,
        numerator=25,
        denominator=100,
        durable=True,
    )


def unload(apps, schema_editor):
    for name in ("CountedReason", "Target", "RuleSet"):
        apps.get_model("outcomes", name).objects.all().delete()
    ExitReason = apps.get_model("outcomes", "ExitReason")
    ExitReason.objects.update(if_longer=None, if_shorter=None)
    ExitReason.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0001_initial")]
    operations = [migrations.RunPython(load, unload)]
