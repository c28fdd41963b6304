"""From a backup to a home: everything is built in a folder inside it and then moved up.

The mark that forbids signing goes first, the settings file last. A restore that is cut off is
repeated with the same command: what was not complete is built again, what was is moved on.
"""

import os
import re
import shutil
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from gongkai.config import installed
from gongkai.config.backups.pool import STAMP, Damaged, Manifest, Pool, Progress
from gongkai.config.env import Home, Unusable, text
from gongkai.foundation.core.durable import sync
from gongkai.foundation.ledger import held

COMPLETE = "complete"
CONTENT = "home"
HARMLESS = {held.WORK, "lost+found"}
DUMP = "database.dump"
TILES = ("board/log/tile/", "audit/tile/")


def chosen(pool: Pool, at: str) -> Manifest:
    """The newest backup, or the newest up to ``at``: a day, a time, a name. ``Unusable``."""
    files = pool.manifests()
    if not files:
        raise Unusable(f"{pool.folder} 里没有备份。 / There is no backup here.")
    if at:
        fitting = [file for file in files if file.stem <= _limit(at)]
        if not fitting:
            raise Unusable(
                f"{at} 以前没有备份，最早的是 {files[0].stem}。 / No backup is that old."
            )
        files = fitting
    try:
        return pool.read(files[-1])
    except Damaged as error:
        others = f"，或者用 --at 选更早的 {files[-2].stem}" if len(files) > 1 else ""
        raise Unusable(
            f"清单 {files[-1].name} 坏了，没有恢复。请从别处找一份{others}。"
            " / This list is damaged; nothing was restored."
        ) from error


def refuse_newer(manifest: Manifest) -> None:
    """``Unusable`` when the backup's tables are those of a newer Gongkai than this one."""
    unknown = set(manifest.facts.get("migrations", ())) - installed.migrations()
    if unknown:
        told = str(manifest.facts["version"]).split()[0]
        raise Unusable(
            f"这份备份是更新的版本（{told}）做的，这里的版本不认识它的数据表（{min(unknown)}）。"
            "什么都没有做。请先装上那个版本或者更新的版本，再恢复。"
            " / A newer Gongkai made this backup; install that version or a newer one first."
        )


def check_place(home: Home, manifest: Manifest) -> bool:
    """Whether this very restore was cut off when all was built, and only goes on.

    ``Unusable`` when home or database hold anything else, or are of the other kind.
    """
    wanted = text("DATABASE_URL", "")
    if (manifest.facts["database"] == "postgresql") != bool(wanted):
        kind = manifest.facts["database"]
        raise Unusable(
            f"备份用的是 {kind}。请{'设好' if kind == 'postgresql' else '去掉'} DATABASE_URL 再做。"
            f" / The backup is of {kind}; DATABASE_URL does not fit."
        )
    complete = home.path / held.WORK / COMPLETE
    if complete.exists():
        if (other := complete.read_text("utf-8")) != manifest.name:
            raise Unusable(
                f"{home.path} 里有一次没做完的恢复（{other}）。请先把那一次做完，"
                "或者换一个空文件夹。 / Another restore was cut off here; finish that one."
            )
        return True
    there = {each.name for each in home.path.iterdir()} if home.path.exists() else set()
    if there - HARMLESS:
        raise Unusable(
            f"{home.path} 里已经有东西（{min(there - HARMLESS)}），没有动它。请恢复到一个空文件夹。"
            " / The folder is not empty; nothing was changed."
        )
    if wanted and _tables(wanted):
        raise Unusable(
            "DATABASE_URL 指的数据库不是空的，没有动它。请新建一个空的数据库。"
            " / The database is not empty; nothing was changed."
        )
    return False


def check_files(pool: Pool, manifest: Manifest, progress: Progress) -> list[str]:
    """Read every byte again before anything is touched. ``Unusable`` with what is not right.

    Tiles of the logs may be: they are made again from the database. Returns those.
    """
    wrong, count = [], len(manifest.files)
    for number, kept in enumerate(manifest.files, 1):
        if fault := pool.fault(kept.sha256, kept.size):
            wrong.append((kept.path, fault))
        progress(number, count)
    fatal = [f"{path} ({fault})" for path, fault in wrong if not path.startswith(TILES)]
    if fatal:
        named = "\n".join(fatal[:20])
        raise Unusable(
            f"备份里有文件坏了或缺了，没有恢复：\n{named}\n"
            "请用 --at 选另一份，或者从别处找回这些文件。"
            " / The backup is damaged; nothing was restored."
        )
    return [path for path, _fault in wrong]


def lay(
    home: Home,
    pool: Pool,
    manifest: Manifest,
    secrets: Mapping[str, bytes],
    mark: dict[str, Any],
    without: list[str],
    progress: Progress,
) -> None:
    """Build everything in the home's work folder. *Cut off, the next restore begins again.*"""
    work = home.path / held.WORK
    shutil.rmtree(work, ignore_errors=True)
    inner = Home(work / CONTENT)
    work.mkdir(mode=0o700, parents=True)
    inner.lay_out()
    inner.database.unlink()
    written = _copy(inner, pool, manifest, without, progress) | _keep(inner, secrets)
    for folder in inner.path.iterdir():
        if folder.is_dir() and folder != inner.board:
            folder.chmod(0o700)
    held.write(inner.path, mark)
    sync(written)
    sync({path for path in inner.path.rglob("*") if path.is_dir()})
    partial = work / ".complete"
    partial.write_text(manifest.name, "utf-8")
    partial.rename(work / COMPLETE)
    sync([work])


def _copy(
    inner: Home, pool: Pool, manifest: Manifest, without: list[str], progress: Progress
) -> set[Path]:
    """Copy the files of the backup but for those ``without``. Returns what was written."""
    written: set[Path] = set()
    for number, kept in enumerate(manifest.files, 1):
        if kept.path not in without:
            target = _inside(inner.path, kept.path)
            target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            shutil.copyfile(pool.blob(kept.sha256), target)
            target.chmod(0o644 if kept.path.startswith("board/") else 0o600)
            if kept.mtime:
                os.utime(target, ns=(kept.mtime * 1000, kept.mtime * 1000))
            written.add(target)
        progress(number, len(manifest.files))
    if (copy := inner.path / "database.sqlite3").exists():
        copy.rename(inner.database)
        written = (written - {copy}) | {inner.database}
    return written


def _keep(inner: Home, secrets: Mapping[str, bytes]) -> set[Path]:
    """Write the keys and settings that were opened, for their owner alone."""
    written = set()
    for name, data in secrets.items():
        target = _inside(inner.path, name)
        target.touch(mode=0o600)
        target.write_bytes(data)
        written.add(target)
    return written


def move_up(home: Home) -> None:
    """Put what was built in its places: the mark first, the settings last. Repeats."""
    home.path.chmod(0o711)
    content = home.path / held.WORK / CONTENT
    last = {held.MARK: 0, "gongkai.toml": 2}
    for part in sorted(content.iterdir(), key=lambda part: last.get(part.name, 1)):
        part.rename(home.path / part.name)
    sync([home.path])


def finished(home: Home) -> None:
    """The restore is done, at once; only the mark may still stand."""
    done = home.run / "restored"
    shutil.rmtree(done, ignore_errors=True)
    (home.path / held.WORK).rename(done)
    shutil.rmtree(done)


def _inside(root: Path, path: str) -> Path:
    """A path of the list under ``root``; a list that leads out of it is ``Unusable``."""
    target = (root / path).resolve()
    if root.resolve() not in target.parents:
        raise Unusable(f"清单里的路径不对：{path}。 / A path leads out of the home.")
    return target


def _limit(at: str) -> str:
    """The name that a backup of the end of a day, or of a time, would have; or a name as it is.

    Days and times are those of this machine's clock.
    """
    if re.fullmatch(r"\d{8}T\d{12}Z", at):
        return at
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise Unusable(
            f"“{at[:40]}”不是日期。请写成 2026-11-27 或 2026-11-27T09:00。 / No such date."
        ) from error
    if len(at) == len("2026-11-27"):
        moment = datetime.combine(moment, time.max)
    return moment.astimezone(UTC).strftime(STAMP)


def _tables(address: str) -> bool:
    import psycopg

    try:
        with psycopg.connect(address, connect_timeout=10) as database:
            found = database.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public'")
            return found.fetchone() is not None
    except psycopg.Error as error:
        print(error, file=sys.stderr)
        raise Unusable(
            "数据库连不上，什么都没有做。请核对 DATABASE_URL。 / The database does not answer."
        ) from error
