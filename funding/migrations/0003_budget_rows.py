"""The rows of the Cerfa 12156*06, as its printed form lists them; accounts 74 are one row a kind of funder."""

from django.db import migrations

EXPENSES = [
    ("60 Achats", [
        ("604", "Prestations de services"),
        ("601", "Achats matières et fournitures"),
        ("606", "Autres fournitures"),
    ]),
    ("61 Services extérieurs", [
        ("613", "Locations"),
        ("615", "Entretien et réparation"),
        ("616", "Assurance"),
        ("618", "Documentation"),
    ]),
    ("62 Autres services extérieurs", [
        ("622", "Rémunérations intermédiaires et honoraires"),
        ("623", "Publicité, publication"),
        ("625", "Déplacements, missions"),
        ("627", "Services bancaires, autres"),
    ]),
    ("63 Impôts et taxes", [
        ("631", "Impôts et taxes sur rémunération"),
        ("635", "Autres impôts et taxes"),
    ]),
    ("64 Charges de personnel", [
        ("641", "Rémunération des personnels"),
        ("645", "Charges sociales"),
        ("647", "Autres charges de personnel"),
    ]),
    ("65 Autres charges de gestion courante", [("65", "Autres charges de gestion courante")]),
    ("66 Charges financières", [("66", "Charges financières")]),
    ("67 Charges exceptionnelles", [("67", "Charges exceptionnelles")]),
    ("68 Dotations", [("68", "Dotations aux amortissements, provisions et engagements")]),
    ("69 Impôts sur les sociétés", [("69", "Impôts sur les bénéfices, participation des salariés")]),
    ("Charges indirectes", [
        ("IND1", "Charges fixes de fonctionnement"),
        ("IND2", "Frais financiers"),
        ("IND3", "Autres"),
    ]),
]
INCOME = [
    ("70 Ventes", [("70", "Ventes de produits finis, de marchandises, prestations de services")]),
    ("73 Dotations et produits de tarification", [("73", "Dotations et produits de tarification")]),
    ("74 Subventions d’exploitation", [
        ("74-1", "État"),
        ("74-2", "Conseil régional"),
        ("74-3", "Conseil départemental"),
        ("74-4", "Intercommunalités"),
        ("74-5", "Communes"),
        ("74-6", "Organismes sociaux"),
        ("74-7", "Fonds européens"),
        ("74-8", "Agence de services et de paiement (emplois aidés)"),
        ("74-9", "Autres établissements publics"),
        ("74-10", "Aides privées (fondations)"),
    ]),
    ("75 Autres produits de gestion courante", [
        ("756", "Cotisations"),
        ("758", "Dons manuels, mécénat"),
        ("75", "Autres produits de gestion courante"),
    ]),
    ("76 Produits financiers", [("76", "Produits financiers")]),
    ("77 Produits exceptionnels", [("77", "Produits exceptionnels")]),
    ("78 Reprises", [("78", "Reprises sur amortissements, dépréciations et provisions"), ("789", "Ressources non utilisées antérieures")]),
    ("79 Transfert de charges", [("79", "Transfert de charges")]),
    ("Ressources propres", [("RES", "Ressources propres affectées au projet")]),
]
VOLUNTARY_EXPENSES = ("86 Emplois des contributions volontaires", [
    ("860", "Secours en nature"),
    ("861", "Mise à disposition gratuite de biens et services"),
    ("862", "Prestations"),
    ("864", "Personnel bénévole"),
])
VOLUNTARY_INCOME = ("87 Contributions volontaires en nature", [
    ("870", "Bénévolat"),
    ("871", "Prestations en nature"),
    ("875", "Dons en nature"),
])
FEEDS = {"74-8": "employment_aid"}


def load(apps, schema_editor):
    row = apps.get_model("funding", "BudgetRow")
    sides = [
        ("expenses", EXPENSES, False),
        ("expenses", [VOLUNTARY_EXPENSES], True),
        ("income", INCOME, False),
        ("income", [VOLUNTARY_INCOME], True),
    ]
    listed = [
        (side, heading, account, label, voluntary)
        for side, headings, voluntary in sides
        for heading, rows in headings
        for account, label in rows
    ]
    row.objects.bulk_create(
        row(
            side=side,
            heading=heading,
            account=account,
            label=label,
            is_voluntary=voluntary,
            position=10 * rank,
            feed=FEEDS.get(account, ""),
        )
        for rank, (side, heading, account, label, voluntary) in enumerate(listed, 1)
    )


class Migration(migrations.Migration):
    dependencies = [("funding", "0002_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
