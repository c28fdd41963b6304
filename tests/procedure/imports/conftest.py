"""The township, and files brought to its desk."""

import io

import pytest
from tests.procedure.editions import township, who
from tests.procedure.proposals.conftest import begun

from gongkai.foundation.files import workflow as files
from gongkai.procedure.imports import jobs, workflow

__all__ = ["begun", "township", "who"]


@pytest.fixture
def brought(township, who, home):
    """``brought(data, "通知.docx")``: an import whose file the worker has looked at."""

    def bring(data, name="通知.docx", draft=None, by="组织干事", reads=True):
        stored = files.keep(io.BytesIO(data), name)
        row = workflow.take(officer=who(by), file=stored, name=name, draft=draft)
        if reads:
            jobs.read_in.call(row.pk)
            row.refresh_from_db()
        return row

    return bring
