"""The tree keeps its shape: every app in the order, keys and writes where they belong."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.contrib import admin
from django.db import models

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "gongkai"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
LAYERS = CONTRACTS["contracts"][0]["layers"]
PROCEDURE = ("gongkai.procedure.", "gongkai.foundation.ledger", "gongkai.participation.")
WRITING = {
    "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create",
    "update_or_create",
}  # fmt: skip
# Who writes besides the verbs in every workflow.py, and what.
WRITERS = {
    "config/demonstration/accounts.py": "passwords that the demonstration prints",
    "foundation/ledger/jobs.py": "the keeper's order, signature and head",
    "foundation/ledger/keyring.py": "the keeper's note of a change of keys",
    "config/tables/laying.py": "the migrations that an empty database begins with",
    "config/watch.py": "how far the watch has come",
    "foundation/ledger/lease.py": "who is keeper",
    "foundation/ledger/queries.py": "the head's one row, on first use",
    "foundation/notices/jobs.py": "slow tasks whose worker died, and old ones",
    "foundation/organisations/enrolling.py": "the verb that takes a roster in",
    "foundation/organisations/models.py": "the manager that Django's own commands call",
    "procedure/proposals/holding.py": "a draft's own row, for its verbs",
    "procedure/proposals/jotting.py": "the verbs of words before their first save",
    "procedure/archive/office_papers.py": "what the verbs on reports and briefs share",
    "participation/meetings/visiting.py": "the verbs of who comes to a reception day",
    "procedure/proposals/redacting.py": "the verbs of covering an attachment",
    "procedure/feedback/clocks.py": "the verbs of a voice's clock",
    "procedure/feedback/handling.py": "the verbs beside a voice's answer",
    "procedure/feedback/hanging.py": "what every verb that moves a voice tells the wall",
    "procedure/feedback/holding.py": "the verbs of the block list and of what it holds",
    "procedure/feedback/patterns.py": "the verbs of what several voices suggest",
    "procedure/feedback/taking.py": "which words came from which network, with the voice",
    "procedure/feedback/telling.py": "the verbs of what whoever gave a voice is told",
    "procedure/feedback/topics.py": "the verbs of topics",
    "procedure/feedback/wall.py": "the verbs of the wall",
    "procedure/proposals/revisions.py": "what the verbs keep of what a draft said",
    "procedure/duties/booking.py": "the rows and counts that the verbs on duties change",
    "procedure/duties/following.py": "the schedules that the verbs follow and plan arrange",
    "procedure/publication/erasing.py": "the tables that the erasing verb empties",
    "surfaces/channels/briefs/recalling.py": "what follows a brief when something in it goes",
    "procedure/publication/assemblies.py": "the verbs of meetings at which items are read out",
    "procedure/publication/opening.py": "what the verb that opens stages changes with each",
    "procedure/publication/postings.py": "the rows of postings, and the verbs of carriers",
    "procedure/review/consulting.py": "the verbs of asking other posts",
    "procedure/review/hastening.py": "what the verbs of the emergency path write down of it",
    "procedure/review/prior.py": "the verbs of the superior's prior approval",
    "procedure/review/remarking.py": "the verbs on comments in the text",
    "procedure/review/rounds.py": "what the verbs on a round share",
    "procedure/review/sealing.py": "the edition that the sealing verbs make",
    "surfaces/board/jobs.py": "how far the board has come",
    "surfaces/search/jobs.py": "how many finished readings are findable",
}


LIMIT = 500
"""Lines in a module; a longer one tells more than one story."""


def order() -> dict[str, int]:
    """Each app of the contract with its height; independent ones share it."""
    heights = {}
    for height, layer in enumerate(reversed(LAYERS)):
        for name in layer.split("|"):
            heights[name.strip().strip("()")] = height
    return heights


def height(app: str, heights: dict[str, int]) -> int:
    """How high ``app`` stands; a part of another one stands where that does."""
    whole = next((name for name in heights if app.startswith(f"{name}.")), app)
    return heights.get(whole, -1)


def own_models() -> Iterator[type[models.Model]]:
    for config in apps.get_app_configs():
        if config.name.startswith("gongkai."):
            yield from config.get_models()


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of ours, by its path under the package."""
    for file in sorted(SOURCE.rglob("*.py")):
        path = file.relative_to(SOURCE).as_posix()
        if "/migrations/" not in path:
            yield path, ast.parse(file.read_text("utf-8"))


def test_a_module_tells_one_story():
    lengths = {
        file.relative_to(SOURCE).as_posix(): len(file.read_text("utf-8").splitlines())
        for file in SOURCE.rglob("*.py")
    }
    assert {path: lines for path, lines in lengths.items() if lines > LIMIT} == {}


def test_every_app_stands_in_the_order():
    packages = {
        f"gongkai.{init.parent.relative_to(SOURCE).as_posix().replace('/', '.')}"
        for init in SOURCE.glob("*/*/__init__.py")
        if init.parents[1].name != "config"
    }
    assert sorted(packages - set(order())) == []


def test_keys_point_to_earlier_steps_and_leave_no_way_back():
    heights, wrong = order(), []
    for model in own_models():
        for field in model._meta.get_fields():
            if not isinstance(field, models.ForeignKey) or field.auto_created:
                continue
            here, there = model._meta.app_config.name, field.related_model._meta.app_config.name
            upwards = height(there, heights) > height(here, heights)
            if upwards or field.remote_field.related_name != "+":
                wrong.append(f"{model.__name__}.{field.name} → {field.related_model.__name__}")
    assert wrong == []


def test_no_step_listens_to_signals():
    listening = [
        path
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith(("django.db.models.signals", "django.dispatch"))
    ]
    assert listening == []


def test_the_admin_only_reads_what_the_procedure_wrote(rf):
    request = rf.get("/desk/admin/")
    may = {
        f"{model.__name__}.{right}"
        for model, options in admin.site._registry.items()
        if model._meta.app_config.name.startswith(PROCEDURE)
        for right in ("add", "change", "delete")
        if getattr(options, f"has_{right}_permission")(request)
    }
    assert sorted(may) == []


def writes(tree: ast.Module) -> Iterator[str]:
    """Calls that look like writing to the database. (A spreadsheet's save names its file.)"""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name, owner = node.func.attr, ast.unparse(node.func.value)
        bare = name in {"save", "update", "delete"} and not node.args
        if (bare and not owner.startswith("super()")) or (name in WRITING and ".objects" in owner):
            yield f"{owner}.{name}"


def test_only_verbs_write():
    writers = {path for path, tree in modules() if any(writes(tree))}
    others = {path for path in writers if Path(path).name != "workflow.py"}
    assert sorted(others) == sorted(WRITERS)


def test_what_is_for_everybody_is_asked_in_one_place():
    asking = [
        path
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        and isinstance(node.ops[0], ast.In | ast.NotIn)
        and ast.unparse(node.left).rpartition(".")[2] in {"PUBLIC", "'public'"}
    ]
    assert asking == ["foundation/organisations/audience.py"]
