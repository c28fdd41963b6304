"""The process that opens a stranger's file: one job, few rights, then its end.

    python -I -m gongkai.foundation.files.pages.child '{"job": "pdf", …}'

It limits itself before it reads a byte, writes into the folder it was given and says in one line
of JSON what it found. Exit statuses are told in ``verdicts``; any other end, by a signal or a
limit, is a failure that the caller deals with.
"""

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

from gongkai.foundation.core.process import die_with
from gongkai.foundation.files.pages.verdicts import LARGE, Stop

GIGABYTE = 1024 * 1024 * 1024
OURS = {
    resource.RLIMIT_AS: GIGABYTE,
    resource.RLIMIT_FSIZE: GIGABYTE // 16,
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_NOFILE: 64,
}
READER = {
    **OURS,
    resource.RLIMIT_AS: 3 * GIGABYTE,  # it maps its models and the room of its threads
}
OFFICE = {
    resource.RLIMIT_AS: 8 * GIGABYTE,  # it maps far more than it uses
    resource.RLIMIT_FSIZE: GIGABYTE // 4,
    resource.RLIMIT_CORE: 0,
}


def limit(seconds: int, limits: dict[int, int] = OURS) -> None:
    """Take away from this process what no honest file needs."""
    for what, most in {**limits, resource.RLIMIT_CPU: seconds}.items():
        resource.setrlimit(what, (most, most))


def work(job: dict[str, Any]) -> dict[str, Any]:
    """What the job asks for."""
    source, folder = Path(job["source"]), Path(job["folder"])
    match job["job"]:
        case "count":
            from gongkai.foundation.files.pages import pdf

            return pdf.counted(source)
        case "pdf":
            from gongkai.foundation.files.pages import pdf

            return {"made": pdf.drawn(source, folder, job["start"], job["stop"])}
        case "redact":
            from gongkai.foundation.files.pages import redacted

            return {"made": redacted.of_pdf(source, folder, job["start"], job["stop"])}
        case "redact-picture":
            from gongkai.foundation.files.pages import redacted

            return {"made": redacted.of_picture(source, folder)}
        case "find":
            from gongkai.foundation.files.pages import redacted

            return {"found": redacted.found(source, (folder / redacted.WORDS).read_text())}
        case "picture":
            from gongkai.foundation.files.pages import pictures

            return pictures.alone(source, folder)
        case "anew-jpg" | "anew-png":
            from gongkai.foundation.files.pages import pictures

            return pictures.anew(source, folder, job["job"].removeprefix("anew-"))
        case "workbook":
            from gongkai.foundation.files.pages import workbook

            return workbook.of_workbook(source)
        case "recognise":
            from gongkai.foundation.files.pages import recognising

            wanted = [int(number) for number in job["wanted"]]
            return recognising.recognised(source, folder, job["extension"], wanted)
        case "docx":
            from gongkai.foundation.files.pages import words

            return words.of_word(source, folder)
        case "xlsx":
            from gongkai.foundation.files.pages import tables

            return tables.of_workbook(source, folder)
        case "csv":
            from gongkai.foundation.files.pages import tables

            return tables.of_csv(source, folder)
        case _:
            from gongkai.foundation.files.pages import words

            return words.of_plain(source, folder)


def main() -> None:
    """One job from the command line."""
    job = json.loads(sys.argv[1])
    die_with(job["parent"])
    if job["job"] == "office":
        limit(job["seconds"], OFFICE)
        os.execvp(job["command"][0], job["command"])
    limit(job["seconds"], READER if job["job"] == "recognise" else OURS)
    os.umask(0o077)
    try:
        answer = work(job)
    except Stop as stop:
        sys.exit(stop.status)
    except MemoryError:
        sys.exit(LARGE)
    print(json.dumps(answer, ensure_ascii=False))


if __name__ == "__main__":
    main()
