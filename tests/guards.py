"""The way past what the database itself refuses: that of somebody with the rights of its owner."""

from django.db import connections

from klash.core.databases import reviewing

FINAL = ("reviewing_review", "reviewing_secondreview")


def unguard(rows=None):
    """Drop the triggers that keep submitted reviews until the transaction is rolled back; return the rows, so that it can stand before an edit."""
    connection = connections[reviewing()]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks that still wait cannot be altered
        for table in FINAL:
            for name in (f"{table}_is_final", f"{table}_stays"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + f" ON {table}" * (connection.vendor == "postgresql"))
    return rows
