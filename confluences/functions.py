"""Calculations on dates that the database makes, the same on SQLite and PostgreSQL."""

from django.db.models import Func, IntegerField


class YearOf(Func):
    """The year of a date. Django's own ExtractYear calls back into Python on SQLite, for each row."""

    arity = 1
    output_field = IntegerField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(
            compiler, connection, template="CAST(substr(%(expressions)s, 1, 4) AS INTEGER)", **context
        )

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(
            compiler, connection, template="CAST(EXTRACT(YEAR FROM %(expressions)s) AS INTEGER)", **context
        )


class CompletedMonths(Func):
    """Whole months from the first to the last day, both included: dates.completed_months in SQL.

    Usable in a generated column: it depends on its two dates alone.
    """

    arity = 2
    output_field = IntegerField()
    sqlite_template = (
        "((CAST(strftime('%%Y', {last}, '+1 day') AS INTEGER) - CAST(strftime('%%Y', {first}) AS INTEGER)) * 12"
        " + CAST(strftime('%%m', {last}, '+1 day') AS INTEGER) - CAST(strftime('%%m', {first}) AS INTEGER)"
        " - (CAST(strftime('%%d', {last}, '+1 day') AS INTEGER) < CAST(strftime('%%d', {first}) AS INTEGER)))"
    )
    postgresql_template = (
        "((EXTRACT(YEAR FROM {last} + 1)::int - EXTRACT(YEAR FROM {first})::int) * 12"
        " + EXTRACT(MONTH FROM {last} + 1)::int - EXTRACT(MONTH FROM {first})::int"
        " - (EXTRACT(DAY FROM {last} + 1) < EXTRACT(DAY FROM {first}))::int)"
    )

    def as_sqlite(self, compiler, connection, **context):
        return self._as_template(compiler, self.sqlite_template)

    def as_postgresql(self, compiler, connection, **context):
        return self._as_template(compiler, self.postgresql_template)

    def _as_template(self, compiler, template):
        (first, first_params), (last, last_params) = map(compiler.compile, self.source_expressions)
        if first_params or last_params:
            raise ValueError("CompletedMonths takes two columns, not values.")
        return template.format(first=first, last=last), ()
