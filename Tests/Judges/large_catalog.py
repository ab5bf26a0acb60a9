"""A catalog of many titles, made in seconds."""

import contextlib
import sqlite3


def fill(catalog, template, count):
    """Copies a published title's rows inside SQLite: `copy-000001` and so on, `count` of them."""
    numbers = f"WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {count})"
    name = "printf('copy-%06d', n)"
    with contextlib.closing(sqlite3.connect(catalog)) as db, db:
        def columns(table):
            return [row[1] for row in db.execute(f"PRAGMA table_info({table})")]

        def copy(table, key, names, condition="1"):
            chosen = ", ".join(name if column == key else column for column in names)
            db.execute(f"{numbers} INSERT INTO {table} ({', '.join(names)}) SELECT {chosen} FROM {table}, n WHERE {key} = ? AND {condition}", (template,))

        copy("titles", "id", columns("titles"))
        copy("versions", "title_id", [column for column in columns("versions") if column != "id"])
        genres, people = range(3), range(4)
        db.executemany("INSERT INTO genres (name) VALUES (?)", [(f"genre {number}",) for number in genres])
        db.executemany("INSERT INTO people (name) VALUES (?)", [(f"person {number}",) for number in people])
        for number in genres:
            db.execute(f"{numbers} INSERT INTO title_genres SELECT {name}, {number}, id FROM genres, n WHERE name = 'genre {number}'")
        for number in people:
            db.execute(f"{numbers} INSERT INTO title_people SELECT {name}, {number}, id, 'cast' FROM people, n WHERE name = 'person {number}'")
