"""What is waited for when files are made durable."""

import os

import pytest

from gongkai.foundation.core.durable import sync


@pytest.mark.parametrize("count", [1, 40])
def test_every_file_and_folder_is_synced_once(tmp_path, monkeypatch, count):
    files = [tmp_path / str(number) for number in range(count)]
    for file in files:
        file.write_bytes(b"x")
    synced, durable = [], os.fsync
    monkeypatch.setattr(
        os, "fsync", lambda handle: (synced.append(os.fstat(handle).st_ino), durable(handle))
    )

    sync([*files, tmp_path])

    assert sorted(synced) == sorted(path.stat().st_ino for path in (*files, tmp_path))


def test_what_is_gone_meanwhile_is_not_missed(tmp_path):
    sync([tmp_path / "gone", tmp_path / "gone too", tmp_path / "and this", tmp_path])


@pytest.mark.parametrize("count", [1, 5])
def test_a_failing_disk_is_reported(tmp_path, count):
    file = tmp_path / "file"
    file.write_bytes(b"")
    with pytest.raises(NotADirectoryError):
        sync([file / str(number) for number in range(count)])
