"""The tables of an empty database, laid as the migrations leave them but without walking through.

A hundred migrations change tables that hold nothing yet, and at each step Django builds the models
anew: fifteen seconds, again at every first start and for every database of the tests. Where they
lead to is known without walking, so those tables are made at once, and every migration is written
down as done. What a migration moves from old rows to new ones, an empty database does not have; a
test walks the long way too and compares.
"""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor


def is_empty(connection: BaseDatabaseWrapper) -> bool:
    """Whether there is no table at all: not even one of somebody else's."""
    return not connection.introspection.table_names()


def lay(connection: BaseDatabaseWrapper) -> None:
    """Make every table and write down every migration, in one transaction: all of it or nothing.

    The database must be empty.
    """
    executor = MigrationExecutor(connection)
    loader, done = executor.loader, executor.recorder.Migration
    plan = executor.migration_plan(loader.graph.leaf_nodes())
    names = [
        name
        for migration, _ in plan
        for name in migration.replaces or [(migration.app_label, migration.name)]
    ]
    with connection.schema_editor() as editor:
        for model in loader.project_state().apps.get_models():
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        editor.create_model(done)
        done.objects.using(connection.alias).bulk_create(
            [done(app=app, name=name) for app, name in names]
        )
