"""What a backup copies of the files; the database, with people at work, is tried in `continuity`."""

import pytest

from conventions.domain.foundation import backups


@pytest.fixture
def store(settings):
    """The private folder, with a document and what the health page writes."""
    for name in ("documents/ab/abc.pdf", "sante/1234"):
        path = settings.PRIVATE_ROOT / name
        path.parent.mkdir(parents=True)
        path.write_bytes(b"%PDF-1.7")
    return settings.PRIVATE_ROOT


def names(folder) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_files_are_copied_once_and_what_passes_is_not(store, tmp_path):
    assert [backups.copy_files(tmp_path), backups.copy_files(tmp_path)] == [1, 0]
    assert names(tmp_path) == ["private/documents/ab/abc.pdf"]
    assert (tmp_path / "media").is_dir()  # although no photo was ever sent


def test_copy_that_was_cut_is_made_again(store, tmp_path):
    backups.copy_files(tmp_path)
    copy = tmp_path / "private/documents/ab/abc.pdf"
    copy.write_bytes(b"%PDF")
    assert backups.copy_files(tmp_path) == 1
    assert copy.read_bytes() == b"%PDF-1.7"


def test_what_the_site_erased_since_stays_in_the_copy(store, tmp_path):
    backups.copy_files(tmp_path)
    (store / "documents/ab/abc.pdf").unlink()
    assert backups.copy_files(tmp_path) == 0
    assert names(tmp_path) == ["private/documents/ab/abc.pdf"]


def test_nothing_that_is_not_whole_has_its_final_name(tmp_path):
    target = tmp_path / "base.sqlite3"
    target.write_bytes(b"yesterday")

    def stopped_half_way():
        with backups.whole(target) as path:
            path.write_bytes(b"to")
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        stopped_half_way()
    assert names(tmp_path) == ["base.sqlite3"]
    assert target.read_bytes() == b"yesterday"
