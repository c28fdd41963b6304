"""The township at work, as at the desk."""

from tests.procedure.editions import log, stored
from tests.surfaces.desk.conftest import walk

__all__ = ["log", "stored", "walk"]
