"""Database constraints that Django does not have for both engines: periods apart, rows never changed, sums under a limit."""

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS
from django.db.backends.ddl_references import Statement, Table
from django.db.models import BaseConstraint, F, Q, Sum
from django.db.models.functions import Coalesce

# btree_gist would let an exclusion compare integers; a range of one integer does so without the extension.
POSTGRESQL_EXCLUSION = "EXCLUDE USING gist (int8range(%(group)s, %(group)s, '[]') WITH &&, daterange(%(start)s, %(end)s, '[]') WITH &&)"
# AFTER, not BEFORE: the row is complete. The trigger's message is the constraint's name, as PostgreSQL reports it.
SQLITE_TRIGGER = (
    "CREATE TRIGGER %(trigger)s AFTER %(event)s ON %(table)s WHEN EXISTS ("
    "SELECT 1 FROM %(table)s AS other WHERE other.%(group)s = NEW.%(group)s AND other.id <> NEW.id"
    " AND other.%(start)s <= %(new_end)s AND NEW.%(start)s <= %(other_end)s)"
    " BEGIN SELECT RAISE(ABORT, '%(name)s'); END"
)


class NoOverlap(BaseConstraint):
    """No two rows of one group (a foreign key) share a day.

    `start` names the first day's field; `ends` names the fields of the last day, the first that is set
    counts, and where none is set the period has no end.
    """

    def __init__(self, *, name, group, start, ends, violation_error_code=None, violation_error_message=None):
        super().__init__(
            name=name,
            violation_error_code=violation_error_code,
            violation_error_message=violation_error_message,
        )
        self.group = group
        self.start = start
        self.ends = tuple(ends)

    def __eq__(self, other):
        return isinstance(other, NoOverlap) and self.deconstruct() == other.deconstruct()

    def __hash__(self):
        return hash((self.name, self.group, self.start, self.ends))

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        return path, args, kwargs | {"group": self.group, "start": self.start, "ends": self.ends}

    def constraint_sql(self, model, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            quoted_name = schema_editor.quote_name(self.name)
            return f"CONSTRAINT {quoted_name} {POSTGRESQL_EXCLUSION % self._columns(model, schema_editor)}"
        # Deferred, so that Django makes the triggers again whenever it rebuilds the table.
        schema_editor.deferred_sql.extend(self._triggers(model, schema_editor))
        return None

    def create_sql(self, model, schema_editor):
        return Statement(
            "ALTER TABLE %(table)s ADD %(constraint)s",
            table=Table(model._meta.db_table, schema_editor.quote_name),
            constraint=self.constraint_sql(model, schema_editor),
        )

    def remove_sql(self, model, schema_editor):
        return Statement(
            "ALTER TABLE %(table)s DROP CONSTRAINT %(name)s",
            table=Table(model._meta.db_table, schema_editor.quote_name),
            name=schema_editor.quote_name(self.name),
        )

    def validate(self, model, instance, exclude=None, using=DEFAULT_DB_ALIAS):
        if exclude and {self.group, self.start, *self.ends} & set(exclude):
            return
        group = getattr(instance, model._meta.get_field(self.group).attname)
        start = getattr(instance, self.start)
        if group is None or start is None:
            return
        end = next((day for day in (getattr(instance, field) for field in self.ends) if day), None)
        if self._others(model, instance, group, start, end, using).exists():
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)

    def _others(self, model, instance, group, start, end, using):
        others = model._default_manager.using(using).filter(**{self.group: group}).exclude(pk=instance.pk)
        last_day = F(self.ends[0]) if len(self.ends) == 1 else Coalesce(*self.ends)
        others = others.alias(_last_day=last_day).filter(Q(_last_day__gte=start) | Q(_last_day=None))
        return others.filter(**{f"{self.start}__lte": end}) if end else others

    def _columns(self, model, schema_editor):
        def column(field):
            return schema_editor.quote_name(model._meta.get_field(field).column)

        ends = [column(field) for field in self.ends]
        end = ends[0] if len(ends) == 1 else f"COALESCE({', '.join(ends)})"
        return {"group": column(self.group), "start": column(self.start), "end": end, "ends": ends}

    def _triggers(self, model, schema_editor):
        columns = self._columns(model, schema_editor)
        for event in ("INSERT", "UPDATE"):
            yield Statement(
                SQLITE_TRIGGER,
                trigger=schema_editor.quote_name(f"{self.name}_{event.lower()}"),
                event=event,
                table=Table(model._meta.db_table, schema_editor.quote_name),
                group=columns["group"],
                start=columns["start"],
                new_end=f"COALESCE({', '.join(f'NEW.{end}' for end in columns['ends'])}, '9999-12-31')",
                other_end=f"COALESCE({', '.join(f'other.{end}' for end in columns['ends'])}, '9999-12-31')",
                name=self.name,
            )


POSTGRESQL_REFUSAL = (
    "CREATE OR REPLACE FUNCTION %(function)s() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN RAISE EXCEPTION ''%(name)s'' USING ERRCODE = ''integrity_constraint_violation''; END'"
)


class NeverChanged(BaseConstraint):
    """A row of this table, once written, is never updated: what was sent stays what was sent."""

    def __eq__(self, other):
        return isinstance(other, NeverChanged) and self.deconstruct() == other.deconstruct()

    def __hash__(self):
        return hash(self.name)

    def constraint_sql(self, model, schema_editor):
        schema_editor.deferred_sql.extend(self._statements(model, schema_editor))

    def create_sql(self, model, schema_editor):
        for statement in self._statements(model, schema_editor):
            schema_editor.execute(statement)

    def remove_sql(self, model, schema_editor):
        return Statement("DROP FUNCTION %(function)s CASCADE", function=schema_editor.quote_name(self.name))

    def validate(self, model, instance, exclude=None, using=DEFAULT_DB_ALIAS):
        if not instance._state.adding:
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)

    def _statements(self, model, schema_editor):
        names = {
            "name": self.name,
            "table": Table(model._meta.db_table, schema_editor.quote_name),
            "trigger": schema_editor.quote_name(self.name),
            "function": schema_editor.quote_name(self.name),
        }
        trigger = "CREATE TRIGGER %(trigger)s BEFORE UPDATE ON %(table)s FOR EACH ROW "
        if schema_editor.connection.vendor == "postgresql":
            yield Statement(POSTGRESQL_REFUSAL, **names)
            yield Statement(f"{trigger}EXECUTE FUNCTION %(function)s()", **names)
        else:
            yield Statement(f"{trigger}BEGIN SELECT RAISE(ABORT, '%(name)s'); END", **names)


# AFTER, so that the sum holds the row itself. The lock serialises two writers of one group, who do not see each other's
# row: a row lock on the group's parent would deadlock, since each insertion already shares it.
POSTGRESQL_SUM = (
    "CREATE OR REPLACE FUNCTION %(function)s() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN PERFORM pg_advisory_xact_lock(hashtextextended(concat_ws(''/'', ''%(name)s'', %(new_group)s), 0));"
    " IF (SELECT SUM(%(summed)s) FROM %(table)s WHERE %(same_group)s) > %(limit)s"
    " THEN RAISE EXCEPTION ''%(name)s'' USING ERRCODE = ''integrity_constraint_violation''; END IF; RETURN NULL; END'"
)
SQLITE_SUM = (
    "CREATE TRIGGER %(trigger)s AFTER %(event)s ON %(table)s"
    " WHEN (SELECT SUM(%(summed)s) FROM %(table)s WHERE %(same_group)s) > %(limit)s"
    " BEGIN SELECT RAISE(ABORT, '%(name)s'); END"
)


class SumLimit(BaseConstraint):
    """The sum of a field over the rows that share some fields never exceeds a limit."""

    def __init__(
        self, *, name, fields, summed, limit, violation_error_code=None, violation_error_message=None
    ):
        super().__init__(
            name=name,
            violation_error_code=violation_error_code,
            violation_error_message=violation_error_message,
        )
        self.fields = tuple(fields)
        self.summed = summed
        self.limit = limit

    def __eq__(self, other):
        return isinstance(other, SumLimit) and self.deconstruct() == other.deconstruct()

    def __hash__(self):
        return hash((self.name, self.fields, self.summed, self.limit))

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        return path, args, kwargs | {"fields": self.fields, "summed": self.summed, "limit": self.limit}

    def constraint_sql(self, model, schema_editor):
        schema_editor.deferred_sql.extend(self._statements(model, schema_editor))

    def create_sql(self, model, schema_editor):
        for statement in self._statements(model, schema_editor):
            schema_editor.execute(statement)

    def remove_sql(self, model, schema_editor):
        return Statement("DROP FUNCTION %(function)s CASCADE", function=schema_editor.quote_name(self.name))

    def validate(self, model, instance, exclude=None, using=DEFAULT_DB_ALIAS):
        if exclude and {*self.fields, self.summed} & set(exclude):
            return
        attributes = [model._meta.get_field(field).attname for field in self.fields]
        group = {name: getattr(instance, name) for name in attributes}
        added = getattr(instance, self.summed)
        if None in group.values() or added is None:
            return
        others = model._default_manager.using(using).filter(**group).exclude(pk=instance.pk)
        if (others.aggregate(total=Sum(self.summed))["total"] or 0) + added > self.limit:
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)

    def _statements(self, model, schema_editor):
        columns = [schema_editor.quote_name(model._meta.get_field(field).column) for field in self.fields]
        names = {
            "name": self.name,
            "function": schema_editor.quote_name(self.name),
            "table": Table(model._meta.db_table, schema_editor.quote_name),
            "summed": schema_editor.quote_name(model._meta.get_field(self.summed).column),
            "limit": self.limit,
            "new_group": ", ".join(f"NEW.{column}" for column in columns),
            "same_group": " AND ".join(f"{column} = NEW.{column}" for column in columns),
        }
        if schema_editor.connection.vendor == "postgresql":
            yield Statement(POSTGRESQL_SUM, **names)
            yield Statement(
                "CREATE TRIGGER %(function)s AFTER INSERT OR UPDATE ON %(table)s"
                " FOR EACH ROW EXECUTE FUNCTION %(function)s()",
                **names,
            )
            return
        for event in ("INSERT", "UPDATE"):
            trigger = schema_editor.quote_name(f"{self.name}_{event.lower()}")
            yield Statement(SQLITE_SUM, trigger=trigger, event=event, **names)
