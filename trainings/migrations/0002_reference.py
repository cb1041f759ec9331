"""Programmes to begin with, each an example to adjust, and the register of certificates.

The 230 hours of green spaces follow the three activities of RNCP37875 (titre professionnel Ouvrier du paysage):
maintain, plant, build. How the hours fall on modules is ours.
"""

from django.db import migrations

GREEN_SPACES = (
    "Espaces verts, 230 heures",
    "trade",
    "Entretenir un espace paysager ; végétaliser un espace ; poser et entretenir circulations, terrasses et équipements ; "
    "travailler en sécurité.",
    "RNCP37875, titre professionnel Ouvrier du paysage",
    [
        ("Sécurité, gestes et postures", 16, "Équipements de protection, port de charges, balisage, premiers réflexes."),
        ("Tonte et entretien des gazons", 24, "Tondeuse, débroussailleuse, finitions, scarification."),
        ("Taille des arbustes et des haies", 28, "Périodes, outils, coupe propre, évacuation des déchets verts."),
        ("Entretien des massifs et désherbage", 20, "Binage, paillage, désherbage sans produit."),
        ("Arrosage et santé des plantes", 12, "Besoins en eau, ravageurs et maladies courants."),
        ("Entretien courant du matériel", 16, "Nettoyage, affûtage, pleins, contrôle avant usage."),
        ("Reconnaissance des végétaux", 20, "Cent végétaux des parcs et jardins, leurs besoins."),
        ("Préparation du sol", 16, "Types de sols, bêchage, amendement, nivellement."),
        ("Plantation d’arbres, d’arbustes et de vivaces", 24, "Trou, habillage, tuteurage, arrosage de reprise."),
        ("Engazonnement", 12, "Semis, roulage, gazon en plaques."),
        ("Lecture de plan et mesures", 10, "Échelle, implantation, calcul de surfaces et de quantités."),
        ("Bordures, dallages et circulations", 20, "Terrassement, lit de pose, bordures, pavés, dalles."),
        ("Clôtures, mobilier et réseaux d’arrosage", 12, "Scellement, montage, réglage."),
    ],
)
BASICS = (
    "Savoirs de base",
    "basics",
    "Se servir des mathématiques, du français et de l’ordinateur dans le travail et la vie courante.",
    "",
    [
        ("Mathématiques", 20, "Opérations, proportions, surfaces, volumes, lecture d’un devis."),
        ("Français", 20, "Lire une consigne, écrire un message, remplir un formulaire."),
        ("Informatique", 20, "Ordinateur, messagerie, démarches en ligne."),
    ],
)
FRENCH = (
    "Français langue étrangère",
    "language",
    "Comprendre et se faire comprendre au travail et dans les démarches.",
    "",
    [
        ("Compréhension et expression orales", 40, "Consignes de travail, rendez-vous, téléphone."),
        ("Lecture et écriture", 20, "Panneaux, formulaires, messages."),
    ],
)
FOREIGN = (
    "Langue étrangère",
    "language",
    "Accueillir et renseigner dans une langue étrangère.",
    "",
    [("Conversation professionnelle", 30, "Accueil, consignes, vocabulaire des espaces verts.")],
)


def load(apps, schema_editor):
    programme_model = apps.get_model("trainings", "Programme")
    module_model = apps.get_model("trainings", "Module")
    for name, kind, goals, certification, modules in (GREEN_SPACES, BASICS, FRENCH, FOREIGN):
        programme = programme_model.objects.create(
            name=name,
            kind=kind,
            minutes=sum(hours for _name, hours, _content in modules) * 60,
            goals=goals,
            certification=certification,
            required_percent=90,
            is_example=True,
        )
        module_model.objects.bulk_create(
            module_model(programme=programme, position=position, name=title, minutes=hours * 60, content=content)
            for position, (title, hours, content) in enumerate(modules, start=1)
        )
    apps.get_model("trainings", "CertificateRegister").objects.create(pk=1)


class Migration(migrations.Migration):

    dependencies = [("trainings", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
