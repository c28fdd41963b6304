"""Two checkers that live in the npm registry, for development only.

They go into ``.venv/node``, which Git ignores, in the versions named here, and nothing of them runs
while it is installed. Without node or java a check is skipped and says so by name.
"""

import subprocess
from pathlib import Path
from shutil import which

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".venv" / "node"
VERSIONS = {"vnu-jar": "26.9.27", "lighthouse": "12.8.2"}


def installed(package: str, check: str, *programs: str) -> Path:
    """The folder of ``package``, installed when it is not there yet.

    Ends the program when one of ``programs`` is missing: the ``check`` is skipped, not failed.
    """
    for program in ("npm", *programs):
        if not which(program):
            print(f"skipped: {check}: {program} is not installed.")
            raise SystemExit(0)
    folder = FOLDER / "node_modules" / package
    if not folder.exists():
        wanted = f"{package}@{VERSIONS[package]}"
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(["npm", "install", "--prefix", FOLDER, *options, wanted], check=True)
    return folder
