"""The tables of an empty database are those that its migrations lead to."""

import json
import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection
from tests.config.tables import schema


@pytest.fixture
def empty(tmp_path):
    """The surroundings of an installation whose database has no table."""
    around = {**os.environ, "GONGKAI_HOME": str(tmp_path), "DATABASE_URL": ""}
    server = os.environ.get("TEST_DATABASE_URL", "")
    if not server:
        yield around
        return
    name = f"gongkai_walked_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        yield {**around, "DATABASE_URL": urlunsplit(urlsplit(server)._replace(path=f"/{name}"))}
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.long
def test_an_empty_database_is_laid_as_the_migrations_leave_it(db, empty):
    walked = subprocess.run(
        [sys.executable, "-m", "tests.config.tables.schema"],
        env=empty,
        capture_output=True,
        text=True,
        check=True,
    )
    laid, walked = schema.told(connection), json.loads(walked.stdout)
    for name in sorted({*laid, *walked}):
        short = sorted([line for line in walked.get(name, []) if line not in laid.get(name, [])])
        assert (name, short) == (name, [])
    assert laid == walked
