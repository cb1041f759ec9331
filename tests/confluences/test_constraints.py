"""The two constraints that Django does not have, on the engine that runs, past all validation."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import isolate_apps

from confluences.constraints import NeverChanged, NoOverlap
from confluences.integrity import refusals_in_french
from tests.worksites.factories import make_assignment

D = dt.date

# SQLite changes a table only outside a transaction.
pytestmark = pytest.mark.django_db(transaction=True)

with isolate_apps("confluences"):

    class Booking(models.Model):
        """A period of an owner that may be cut short."""

        owner = models.IntegerField()
        first = models.DateField()
        last = models.DateField(null=True)
        cut = models.DateField(null=True)
        note = models.CharField(max_length=10, default="")

        class Meta:
            app_label = "confluences"
            constraints = [
                NoOverlap(
                    name="booking_no_overlap",
                    group="owner",
                    start="first",
                    ends=["cut", "last"],
                    violation_error_message="Déjà pris.",
                )
            ]

    class Sealed(models.Model):
        """A text that never changes."""

        text = models.CharField(max_length=10)

        class Meta:
            app_label = "confluences"
            constraints = [NeverChanged(name="sealed_never_changed", violation_error_message="Scellé.")]


@pytest.fixture
def tables(db):
    with connection.schema_editor() as editor:
        editor.create_model(Booking)
        editor.create_model(Sealed)
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(Booking)
        editor.delete_model(Sealed)
        if connection.vendor == "postgresql":
            editor.execute("DROP FUNCTION sealed_never_changed")


def insert(**fields) -> None:
    """Past all validation, as any other program would."""
    Booking.objects.bulk_create([Booking(**{"owner": 1} | fields)])


def refused(write, *args, **kwargs) -> bool:
    try:
        with transaction.atomic():
            write(*args, **kwargs)
    except IntegrityError as error:
        return "booking_no_overlap" in str(error) or "sealed_never_changed" in str(error)
    return False


PERIODS = [
    # one · other · share a day
    (
        {"first": D(2024, 1, 1), "last": D(2024, 1, 31)},
        {"first": D(2024, 2, 1), "last": D(2024, 2, 9)},
        False,
    ),
    (
        {"first": D(2024, 1, 1), "last": D(2024, 1, 31)},
        {"first": D(2024, 1, 31), "last": D(2024, 2, 9)},
        True,
    ),
    ({"first": D(2024, 1, 1), "last": D(2024, 1, 31)}, {"first": D(2024, 1, 9), "last": D(2024, 1, 9)}, True),
    ({"first": D(2024, 1, 1), "last": None}, {"first": D(2030, 1, 1), "last": D(2030, 1, 1)}, True),
    ({"first": D(2024, 1, 1), "last": None}, {"first": D(2023, 1, 1), "last": D(2023, 12, 31)}, False),
    ({"first": D(2024, 1, 1), "last": None}, {"first": D(2023, 1, 1), "last": None}, True),
    (
        {"first": D(2024, 1, 1), "last": D(2024, 9, 9), "cut": D(2024, 1, 31)},
        {"first": D(2024, 2, 1), "last": None},
        False,
    ),
    (
        {"first": D(2024, 1, 1), "last": None, "cut": D(2024, 1, 31)},
        {"first": D(2024, 1, 31), "last": None},
        True,
    ),
    ({"first": D(2024, 1, 1), "last": None}, {"owner": 2, "first": D(2024, 1, 1), "last": None}, False),
]


@pytest.mark.parametrize(("one", "other", "overlap"), PERIODS)
def test_database_and_validation_refuse_the_same_insertions(tables, one, other, overlap):
    insert(**one)
    assert refused(insert, **other) == overlap
    Booking.objects.filter(first=other["first"], last=other["last"]).exclude(
        pk=Booking.objects.earliest("pk").pk
    ).delete()
    booking = Booking(**{"owner": 1} | other)
    if overlap:
        with pytest.raises(ValidationError, match=r"Déjà pris\."):
            booking.validate_constraints()
    else:
        booking.validate_constraints()


def test_database_refuses_the_update_that_makes_an_overlap(tables):
    insert(first=D(2024, 1, 1), last=D(2024, 1, 31))
    insert(first=D(2024, 2, 1), last=D(2024, 2, 29))
    later = Booking.objects.filter(first=D(2024, 2, 1))
    assert refused(later.update, first=D(2024, 1, 31))
    assert not refused(later.update, first=D(2024, 2, 2))


def test_a_row_does_not_overlap_itself(tables):
    insert(first=D(2024, 1, 1), last=D(2024, 1, 31))
    booking = Booking.objects.get()
    booking.last = D(2024, 2, 29)
    booking.validate_constraints()
    assert not refused(booking.save)


@pytest.mark.parametrize("exclude", [{"owner"}, {"first"}, {"cut"}])
def test_validation_of_a_part_asks_nothing_of_the_rest(tables, exclude):
    insert(first=D(2024, 1, 1), last=None)
    Booking(owner=1, first=D(2024, 1, 1)).validate_constraints(exclude=exclude)
    Booking(owner=1).validate_constraints()


def test_refusal_of_the_database_is_said_in_french():
    first = make_assignment()
    double = type(first)(beneficiary=first.beneficiary, worksite=first.worksite, start=first.start)
    with pytest.raises(ValidationError, match="Cette personne est déjà affectée"), refusals_in_french():
        type(first).objects.bulk_create([double])


def test_unnamed_refusal_is_said_in_french():
    with (
        pytest.raises(ValidationError, match="Quelqu’un vient d’enregistrer la même chose"),
        refusals_in_french(),
    ):
        raise IntegrityError("UNIQUE constraint failed: somewhere")


def test_sealed_row_is_never_changed(tables):
    sealed = Sealed.objects.create(text="vrai")
    sealed.text = "faux"
    assert refused(sealed.save)
    assert refused(Sealed.objects.update, text="faux")
    assert Sealed.objects.get().text == "vrai"
    with pytest.raises(ValidationError, match=r"Scellé\."):
        sealed.validate_constraints()
    Sealed(text="autre").validate_constraints()


def remake(model: type[models.Model], name: str) -> None:
    """What a later migration does: on SQLite, it copies the table into a new one."""
    longer = models.CharField(max_length=20, default="")
    longer.set_attributes_from_name(name)
    longer.model = model
    with connection.schema_editor() as editor:
        editor.alter_field(model, model._meta.get_field(name), longer)


def test_migration_that_remakes_the_table_keeps_both(tables):
    insert(first=D(2024, 1, 1), last=None)
    Sealed.objects.create(text="vrai")
    remake(Booking, "note")
    remake(Sealed, "text")
    assert refused(insert, first=D(2024, 1, 1), last=None)
    assert not refused(insert, first=D(2023, 1, 1), last=D(2023, 12, 31))
    assert refused(Sealed.objects.update, text="faux")


def test_migration_may_remove_the_constraint(tables):
    constraint = Booking._meta.constraints[0]
    insert(first=D(2024, 1, 1), last=None)
    Booking._meta.constraints = []
    try:
        with connection.schema_editor() as editor:
            editor.remove_constraint(Booking, constraint)
        assert not refused(insert, first=D(2024, 1, 1), last=None)
        Booking.objects.all().delete()
        Booking._meta.constraints = [constraint]
        with connection.schema_editor() as editor:
            editor.add_constraint(Booking, constraint)
        insert(first=D(2024, 1, 1), last=None)
        assert refused(insert, first=D(2024, 1, 1), last=None)
    finally:
        Booking._meta.constraints = [constraint]


@pytest.mark.parametrize("model", [Booking, Sealed])
def test_constraints_are_written_into_migrations_and_read_back(model):
    [constraint] = model._meta.constraints
    path, args, kwargs = constraint.deconstruct()
    copy = type(constraint)(*args, **kwargs)
    assert path == f"confluences.constraints.{type(constraint).__name__}"
    assert (copy, hash(copy)) == (constraint, hash(constraint))
    assert copy != models.CheckConstraint(condition=models.Q(pk=1), name=constraint.name)
