"""Rows that people type: who, when, and never over somebody else's words."""

import pytest
from django.core.exceptions import ValidationError

from confluences.actions import Conflict, save_recorded
from tests.threads import at_once
from tests.worksites.factories import make_worksite
from worksites.models import Worksite


def test_row_knows_who_and_when(db, social_worker, administrator):
    row = save_recorded(Worksite(name="Fresnes", opened_on="2014-12-08"), by=social_worker)
    assert (row.created_by, row.updated_by, row.version) == (social_worker, social_worker, 1)
    row = Worksite.objects.get()
    row.city = "Fresnes"
    save_recorded(row, by=administrator)
    row = Worksite.objects.get()
    assert (row.created_by, row.updated_by, row.version) == (social_worker, administrator, 2)
    assert row.created_at < row.updated_at


def test_older_version_is_a_conflict_and_changes_nothing(db):
    make_worksite()
    mine, theirs = Worksite.objects.get(), Worksite.objects.get()
    theirs.city = "Fresnes"
    save_recorded(theirs, by=None)
    mine.city = "Arcueil"
    with pytest.raises(Conflict) as conflict:
        save_recorded(mine, by=None)
    assert (conflict.value.current.city, Worksite.objects.get().city) == ("Fresnes", "Fresnes")


def test_row_deleted_meanwhile_is_said(db):
    row = make_worksite()
    Worksite.objects.all().delete()
    row.city = "Arcueil"
    with pytest.raises(ValidationError, match="vient d’être supprimée"):
        save_recorded(row, by=None)


def test_rule_that_is_broken_writes_nothing(db):
    row = make_worksite()
    row.postcode = "9411"
    with pytest.raises(ValidationError, match="cinq chiffres"):
        save_recorded(row, by=None)
    assert (Worksite.objects.get().postcode, Worksite.objects.get().version) == ("", 1)


@pytest.mark.django_db(transaction=True)
def test_two_edits_at_once_make_one_conflict():
    make_worksite()
    rows = [Worksite.objects.get(), Worksite.objects.get()]

    def save(row, city):
        row.city = city
        return save_recorded(row, by=None)

    outcomes = at_once(lambda: save(rows[0], "Fresnes"), lambda: save(rows[1], "Arcueil"))
    assert sorted(type(each).__name__ for each in outcomes) == ["Conflict", "Worksite"]
    [saved] = [each for each in outcomes if isinstance(each, Worksite)]
    row = Worksite.objects.get()
    assert (row.city, row.version) == (saved.city, 2)


@pytest.mark.django_db(transaction=True)
def test_two_rows_of_one_name_at_once_leave_one():
    def save():
        return save_recorded(Worksite(name="Fresnes", opened_on="2014-12-08"), by=None)

    refused = [each for each in at_once(save, save) if isinstance(each, ValidationError)]
    assert (Worksite.objects.count(), len(refused)) == (1, 1)
