"""The client of a job: a partner, chosen or new; and the migration that made partners of the texts."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from confluences.imports import Fault, import_file
from confluences.tables import Line, Table
from partners.enums import PartnerKind
from partners.models import Partner
from tests.beneficiaries.factories import DAY, today
from tests.beneficiaries.test_forms import posted
from tests.confluences.test_imports import faults_of
from tests.partners.factories import make_partner
from tests.worksites.factories import make_job, make_worksite
from tests.worksites.test_job_admin import HEADINGS
from tests.worksites.test_job_forms import TYPED
from worksites.job_forms import JobForm
from worksites.job_resources import JobResource
from worksites.models import JobOrder


def form_of(**typed) -> JobForm:
    return JobForm(posted(TYPED | typed), instance=JobOrder(worksite=make_worksite()))


@pytest.mark.django_db
class TestForm:
    def test_a_new_client_becomes_a_partner(self, instructor):
        client = form_of(new_client="Lycée du Parc").save_by(instructor).client
        assert (client.name, client.kind, client.created_by) == (
            "Lycée du Parc",
            PartnerKind.CLIENT,
            instructor,
        )

    def test_a_name_of_the_directory_is_that_partner(self, instructor):
        partner = make_partner(name="Lycée du Parc", source="dora", source_id="1")
        assert form_of(new_client="lycee du parc").save_by(instructor).client == partner
        assert Partner.objects.count() == 1

    def test_a_client_is_chosen(self, instructor):
        partner = make_partner(kind=PartnerKind.CLIENT)
        assert form_of(client=partner.pk, new_client="").save_by(instructor).client == partner

    @pytest.mark.parametrize(
        ("client", "new_client", "field", "message"),
        [
            (False, "", "client", "Choisissez un client, ou écrivez le nom d’un autre."),
            (
                True,
                "Lycée",
                "new_client",
                "Choisissez un client dans la liste ou écrivez un autre nom, pas les deux.",
            ),
            (
                False,
                "732 829 320 00074",
                "new_client",
                "Aucun partenaire n’a le SIRET « 73282932000074 » : écrivez plutôt son nom.",
            ),
        ],
    )
    def test_none_or_two_is_refused_and_nothing_is_written(
        self, instructor, client, new_client, field, message
    ):
        partner = make_partner(kind=PartnerKind.CLIENT)
        form = form_of(client=partner.pk if client else "", new_client=new_client)
        assert form.save_by(instructor) is None
        assert form.errors == {field: [message]}
        assert (JobOrder.objects.count(), Partner.objects.count()) == (0, 1)

    def test_a_job_that_is_refused_leaves_no_client_behind(self, instructor):
        form = form_of(new_client="Lycée", deadline=f"{today() + 9999 * DAY:%Y-%m-%d}")
        assert form.save_by(instructor) is None
        assert not Partner.objects.exists()

    def test_the_list_holds_who_may_order_and_who_ordered(self):
        listed = make_partner(name="A", kind=PartnerKind.COMMUNITY)
        make_partner(name="B", kind=PartnerKind.HEALTH)
        make_partner(name="C", kind=PartnerKind.COMMUNITY, source="dora", source_id="1")
        make_partner(name="D", kind=PartnerKind.CLIENT, closed_on=today())
        ordered = make_job(client=make_partner(name="E", kind=PartnerKind.HEALTH, city="Orly")).client
        field = form_of().fields["client"]
        assert list(field.queryset) == [listed, ordered]
        assert field.label_from_instance(ordered) == "E, Orly"

    def test_the_client_of_a_job_stays_in_its_list(self):
        job = make_job(client=make_partner(closed_on=today()))
        assert list(JobForm(instance=job).fields["client"].queryset) == [job.client]


@pytest.mark.django_db
class TestImport:
    def test_an_unknown_client_becomes_one_partner_and_the_preview_says_so(self):
        make_worksite(name="Fresnes")
        text = f"{HEADINGS}\nFresnes;A;Lycée;7;;01/01/2024;;\nFresnes;B;LYCEE;7;;01/01/2024;;\n"
        resource = JobResource(by=None)
        lines = [tuple(line.split(";")) for line in text.splitlines()]
        table = Table(lines[0], tuple(Line(number, cells) for number, cells in enumerate(lines[1:], start=2)))
        changes = resource.run(table, dry_run=True).changes
        assert [change.cells[2][1] for change in changes] == ["Lycée (nouveau partenaire)"] * 2
        assert not Partner.objects.exists()
        assert import_file(JobResource, text.encode(), by=None) == 2
        assert [(each.name, each.kind) for each in Partner.objects.all()] == [("Lycée", PartnerKind.CLIENT)]
        assert import_file(JobResource, text.encode(), by=None) == 0

    def test_the_same_new_job_twice_is_said(self):
        make_worksite(name="Fresnes")
        line = "Fresnes;A;Lycée;7;;01/01/2024;;"
        assert faults_of(f"{HEADINGS}\n{line}\n{line}\n", JobResource) == [
            Fault(3, "", "Cette ligne répète la ligne 2. Gardez-en une seule.")
        ]
        assert not Partner.objects.exists()

    def test_clients_that_share_a_name_are_told_apart(self):
        make_worksite(name="Fresnes")
        make_partner(name="Mairie", city="Orly")
        there = make_partner(name="Mairie", city="Fresnes")
        assert faults_of(f"{HEADINGS}\nFresnes;A;Mairie;7;;01/01/2024;;\n", JobResource) == [
            Fault(
                2,
                "Client",
                "Plusieurs partenaires s’appellent « Mairie » : ajoutez la commune, ou écrivez le SIRET.",
            )
        ]
        text = f"{HEADINGS}\nFresnes;A;Mairie, Fresnes;7;;01/01/2024;;\n"
        assert import_file(JobResource, text.encode(), by=None) == 1
        assert JobOrder.objects.get().client == there
        assert JobResource().fields["client"].export(JobOrder.objects.get()) == "Mairie, Fresnes"

    def test_a_name_too_long_is_a_fault(self):
        make_worksite(name="Fresnes")
        assert faults_of(f"{HEADINGS}\nFresnes;A;{'a' * 151};7;;01/01/2024;;\n", JobResource) == [
            Fault(2, "Client", "Un nom de partenaire compte 150 caractères au plus.")
        ]


# The migration

BEFORE = [("partners", "0003_directory"), ("worksites", "0003_aid_rates")]
AFTER = [("partners", "0003_directory"), ("worksites", "0005_directory")]


def migrated(targets):
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


@pytest.fixture
def before(transactional_db):
    yield migrated(BEFORE)
    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
    migrated(leaves)


def test_texts_become_partners_and_come_back(before):
    worksite = before.get_model("worksites", "Worksite").objects.create(
        name="Fresnes", opened_on="2014-12-08"
    )
    job = before.get_model("worksites", "JobOrder")
    before.get_model("partners", "Partner").objects.create(name="Ville d’Orly", kind="community")
    for client in ("Lycée du Parc", "  lycee  du parc ", "LYCÉE DU PARC", "VILLE D'ORLY", "Syndicat", "…"):
        job.objects.create(
            worksite=worksite, title=client, client=client, quoted_minutes=60, start="2024-01-01"
        )

    apps = migrated(AFTER)
    rows = apps.get_model("worksites", "JobOrder").objects.order_by("pk")
    assert [(row.client.name, row.client.kind) for row in rows] == [
        ("Lycée du Parc", "client"),
        ("Lycée du Parc", "client"),
        ("Lycée du Parc", "client"),
        ("Ville d’Orly", "community"),
        ("Syndicat", "client"),
        ("…", "client"),
    ]
    assert rows[0].client.search_key == "lycee du parc"
    assert apps.get_model("partners", "Partner").objects.count() == 4

    apps = migrated(BEFORE)
    texts = apps.get_model("worksites", "JobOrder").objects.order_by("pk").values_list("client", flat=True)
    assert list(texts) == ["Lycée du Parc"] * 3 + ["Ville d’Orly", "Syndicat", "…"]
    assert apps.get_model("partners", "Partner").objects.count() == 4

    again = migrated(AFTER)
    assert again.get_model("partners", "Partner").objects.count() == 4
    again.get_model("worksites", "JobOrder").objects.all().delete()
