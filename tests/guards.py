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


MINUTES = {
    "reviewing": [(f"reviewing_{table}", guard) for table in ("question", "questionbatch", "answertext") for guard in ("grows", "stays")],
    "default": [("proposals_teamquestion", guard) for guard in ("stays", "kept")],
}


def unguard_minutes():
    """Drop the triggers that keep questions and answers, until the transaction is rolled back."""
    for alias, guards in MINUTES.items():
        connection = connections[reviewing() if alias == "reviewing" else alias]
        with connection.cursor() as cursor:
            for table, guard in guards:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{guard}" + f" ON {table}" * (connection.vendor == "postgresql"))
