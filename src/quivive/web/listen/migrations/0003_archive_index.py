"""Give each database its own full-text index of ``listen_postwords``, kept by the database."""

from typing import Any

from django.db import migrations

SQLITE = (
    "CREATE VIRTUAL TABLE listen_words_index USING fts5(words, content='listen_postwords',"
    " content_rowid='place', tokenize='unicode61 remove_diacritics 2', detail='none', columnsize=0)",
    "CREATE TRIGGER listen_words_added AFTER INSERT ON listen_postwords BEGIN"
    " INSERT INTO listen_words_index (rowid, words) VALUES (new.place, new.words); END",
    "CREATE TRIGGER listen_words_gone AFTER DELETE ON listen_postwords BEGIN"
    " INSERT INTO listen_words_index (listen_words_index, rowid, words)"
    " VALUES ('delete', old.place, old.words); END",
    "CREATE TRIGGER listen_words_changed AFTER UPDATE ON listen_postwords BEGIN"
    " INSERT INTO listen_words_index (listen_words_index, rowid, words)"
    " VALUES ('delete', old.place, old.words);"
    " INSERT INTO listen_words_index (rowid, words) VALUES (new.place, new.words); END",
)
SQLITE_BACK = ("DROP TABLE listen_words_index",)
POSTGRESQL = (
    "ALTER TABLE listen_postwords ADD COLUMN entries tsvector GENERATED ALWAYS AS"
    " (array_to_tsvector(string_to_array(words, ' '))) STORED",
    "CREATE INDEX listen_words_index ON listen_postwords USING gin (entries)",
)
POSTGRESQL_BACK = ("ALTER TABLE listen_postwords DROP COLUMN entries",)


def make(apps: Any, schema_editor: Any) -> None:
    sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE if sqlite else POSTGRESQL:
        schema_editor.execute(statement)


def remove(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for name in ("added", "gone", "changed"):
            schema_editor.execute(f"DROP TRIGGER listen_words_{name}")
    sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE_BACK if sqlite else POSTGRESQL_BACK:
        schema_editor.execute(statement)


def index_what_is_stored(apps: Any, schema_editor: Any) -> None:
    """Index the posts of an earlier version, a few thousand at a time."""
    from msgspec import convert

    from quivive.listen.archive import place_of, terms_of
    from quivive.vocabulary.posts import Post as Said

    PostWords = apps.get_model("listen", "PostWords")
    rows = apps.get_model("listen", "Post").objects.filter(deleted_at=None)
    batch = []
    for row in rows.only("published", "document").iterator(chunk_size=2_000):
        words = " ".join(terms_of(convert(row.document["post"], Said)))
        place = place_of(row.published, row.pk)
        batch.append(PostWords(place=place, post_id=row.pk, words=words))
        if len(batch) == 2_000:
            PostWords.objects.bulk_create(batch, batch_size=300)
            batch = []
    PostWords.objects.bulk_create(batch, batch_size=300)


class Migration(migrations.Migration):
    dependencies = [("listen", "0002_archive")]
    operations = [
        migrations.RunPython(make, remove),
        migrations.RunPython(index_what_is_stored, migrations.RunPython.noop),
    ]
