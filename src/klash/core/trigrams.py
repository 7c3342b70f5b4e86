"""The column in which `core.search` looks, and its index: every three letters in a row, so that a beginning inside a compound is found by it too."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import connections, models
from django.db.migrations.operations.special import RunPython
from django.db.models import QuerySet
from django.db.models.lookups import Lookup

Row = TypeVar("Row", bound=models.Model)


class SearchColumn(models.TextField):  # type: ignore[type-arg]  # generic in the stubs only
    """What `search.index` made of a row's text; `__holds` finds the rows in which any of some patterns, of three letters or more, occurs."""


@SearchColumn.register_lookup
class Holds(Lookup):
    """On SQLite the table of trigrams answers, on PostgreSQL the index on the column does."""

    lookup_name = "holds"
    prepare_rhs = False
    lhs: Any
    rhs: Sequence[str]

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, params = self.process_lhs(compiler, connection)
        likes = [f"%{connection.ops.prep_for_like_query(pattern)}%" for pattern in self.rhs]
        return f"({' OR '.join([f'{column} LIKE %s'] * len(likes))})", [*params, *likes]

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> Any:
        meta, quoted = self.lhs.target.model._meta, connection.ops.quote_name
        words = quoted(f"{meta.db_table}_{self.lhs.target.column}")
        key = f"{quoted(self.lhs.alias)}.{quoted(meta.pk.column)}"
        sql = f"{key} IN (SELECT rowid FROM {words} WHERE {words} MATCH %s)"  # noqa: S608  # names of the schema, quoted
        return sql, [_any_of(self.rhs)]


def _any_of(patterns: Sequence[str]) -> str:
    return " OR ".join(f'"{pattern}"' for pattern in patterns)


def by_key(rows: QuerySet[Row], column: str, groups: Sequence[Sequence[str]]) -> QuerySet[Row]:
    """Return the rows in which a pattern of each group occurs, in the order of their keys: who reads the first few makes SQLite find no more than those.

    A join, and not `__holds`: a list of keys would be made whole before the first row is read.
    """
    if connections[rows.db].vendor != "sqlite":
        for patterns in groups:
            rows = rows.filter(**{f"{column}__holds": patterns})
        return rows.order_by("pk")
    meta = rows.model._meta
    words, key = f"{meta.db_table}_{column}", f'"{meta.db_table}"."{meta.pk.column}"'
    match = " AND ".join(f"({_any_of(patterns)})" for patterns in groups)
    # "+" keeps SQLite from asking the words anew for each row.
    return rows.extra(tables=[words], where=[f'"{words}" MATCH %s', f'{key} = +"{words}".rowid'], params=[match], order_by=[f"{words}.rowid"])  # noqa: S610


# The words stay in the row, the second table keeps their trigrams only.
_ON_SQLITE = (
    "CREATE VIRTUAL TABLE {words} USING fts5({column}, content='{table}', content_rowid='{pk}', tokenize='trigram', columnsize=0)",
    "INSERT INTO {words}({words}) VALUES ('rebuild')",
    "CREATE TRIGGER {words}_made AFTER INSERT ON {table} BEGIN {put}; END",
    "CREATE TRIGGER {words}_gone AFTER DELETE ON {table} BEGIN {take}; END",
    "CREATE TRIGGER {words}_changed AFTER UPDATE OF {column} ON {table} WHEN old.{column} <> new.{column} BEGIN {take}; {put}; END",
)
_PUT = "INSERT INTO {words}(rowid, {column}) VALUES (new.{pk}, new.{column})"
_TAKE = "INSERT INTO {words}({words}, rowid, {column}) VALUES ('delete', old.{pk}, old.{column})"
_OFF_SQLITE = ("DROP TRIGGER {words}_made", "DROP TRIGGER {words}_gone", "DROP TRIGGER {words}_changed", "DROP TABLE {words}")
_MAY_EXTEND = """
SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm')
    OR has_database_privilege(current_database(), 'CREATE') AND EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm')
"""


def by_trigrams(app: str, model: str, column: str) -> RunPython:
    """Return the operation that indexes a SearchColumn. A PostgreSQL without the extension pg_trgm searches without an index.

    On SQLite a later migration that makes the table anew, as Django does there for most changes of a column, drops the triggers
    and must make them again; the search tests turn red if it does not.
    """

    def names(apps: Any) -> dict[str, str]:
        meta = apps.get_model(app, model)._meta
        return {"table": meta.db_table, "column": column, "pk": meta.pk.column, "words": f"{meta.db_table}_{column}"}

    def make(apps: Any, schema_editor: Any) -> None:
        words = names(apps)
        with schema_editor.connection.cursor() as cursor:
            if schema_editor.connection.vendor == "sqlite":
                for statement in _ON_SQLITE:
                    cursor.execute(statement.format(**words, put=_PUT.format(**words), take=_TAKE.format(**words)))
                return
            cursor.execute(_MAY_EXTEND)
            if cursor.fetchone()[0]:
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
                cursor.execute("CREATE INDEX {words} ON {table} USING gin ({column} gin_trgm_ops)".format(**words))

    def drop(apps: Any, schema_editor: Any) -> None:
        statements = _OFF_SQLITE if schema_editor.connection.vendor == "sqlite" else ("DROP INDEX IF EXISTS {words}",)
        with schema_editor.connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement.format(**names(apps)))

    return RunPython(make, drop)
