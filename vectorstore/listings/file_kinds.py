"""What a file is that is no listing, by the bytes it begins with, and what can be done about it."""

import struct
import zipfile
from io import BytesIO
from typing import BinaryIO

_TEXT = "copy the text of the page into a .txt file"
_IMAGE = f"save the page itself as HTML or PDF, or {_TEXT}"
_DOCUMENT = f"save it as PDF or plain text, or {_TEXT}"
_ARCHIVE = "unpack it, or pack the files into a .zip"

# (bytes, where they stand, what such a file is, what helps)
_STARTS: tuple[tuple[bytes, int, str, str], ...] = (
    (b"\x89PNG", 0, "an image (PNG)", _IMAGE),
    (b"\xff\xd8\xff", 0, "an image (JPEG)", _IMAGE),
    (b"GIF8", 0, "an image (GIF)", _IMAGE),
    (b"BM", 0, "an image (BMP)", _IMAGE),
    (b"II*\0", 0, "an image (TIFF)", _IMAGE),
    (b"MM\0*", 0, "an image (TIFF)", _IMAGE),
    (b"WEBP", 8, "an image (WebP)", _IMAGE),
    (b"ftyphei", 4, "an image (HEIC)", _IMAGE),
    (b"ftypavif", 4, "an image (AVIF)", _IMAGE),
    (b"ftyp", 4, "a film", f"give a listing instead: {_TEXT}"),
    (b"%!PS", 0, "a PostScript file", "save it as PDF"),
    (b"\xd0\xcf\x11\xe0", 0, "a Word, Excel or PowerPoint file of the old kind", _DOCUMENT),
    (b"{\\rtf", 0, "a rich text file", _DOCUMENT),
    (b"BOOKMOBI", 60, "an e-book (Kindle)", _DOCUMENT),
    (b"AT&TFORM", 0, "a scanned document (DjVu)", "save it as PDF with text recognition (OCR)"),
    (b"\x1f\x8b", 0, "an archive (gzip)", _ARCHIVE),
    (b"BZh", 0, "an archive (bzip2)", _ARCHIVE),
    (b"\xfd7zXZ", 0, "an archive (xz)", _ARCHIVE),
    (b"7z\xbc\xaf", 0, "an archive (7z)", _ARCHIVE),
    (b"Rar!", 0, "an archive (RAR)", _ARCHIVE),
    (b"\x28\xb5\x2f\xfd", 0, "an archive (zstd)", _ARCHIVE),
    (b"ustar", 257, "an archive (tar)", _ARCHIVE),
    (b"SQLite format 3\0", 0, "a database (SQLite)", "export what is in it as BibTeX, RIS or CSV"),
    (b"bplist", 0, "a web archive of Safari", "save the page as HTML"),
    (b"\x7fELF", 0, "a program", _TEXT),
    (b"MZ", 0, "a program", _TEXT),
)
# By a name in a zip archive, and one that must be there, too: folders of listings may be called "word" as well.
_PACKED = (
    ("word/", "[Content_Types].xml", "a Word file", _DOCUMENT),
    ("xl/", "[Content_Types].xml", "an Excel file", "save it as CSV"),
    ("ppt/", "[Content_Types].xml", "a PowerPoint file", _DOCUMENT),
    ("META-INF/container.xml", "META-INF/container.xml", "an e-book (EPUB)", _DOCUMENT),
    ("content.xml", "mimetype", "an OpenDocument file", _DOCUMENT),
    ("Index/", "Index/Document.iwa", "an iWork file", _DOCUMENT),
)
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
MOST_DIRECTORY_BYTES = 4 * 1024 * 1024  # of a zip archive's list of its files
_LONGEST_END = 66_000
_END, _END_64 = struct.Struct("<4s4H2LH"), struct.Struct("<4sQ2H2L4Q")
_END_MARK, _LOCATOR_MARK, _LOCATOR_BYTES = b"PK\x05\x06", b"PK\x06\x07", 20


def kind_of_file(content: bytes) -> tuple[str, str] | None:
    """Return what a file is and what helps, if it is of a kind that is known and cannot be read as a listing."""
    if is_zip(content):
        return packed_kind(content)
    for start, place, what, way_out in _STARTS:
        if content.startswith(start, place) and (len(start) > 2 or b"\0" in content[:512]):
            return what, way_out
    return None


def is_zip(content: bytes) -> bool:
    """Tell a zip archive, or a document that is packed as one, by the bytes it begins with."""
    return content.startswith(_ZIP_STARTS)


def packed_kind(content: bytes) -> tuple[str, str] | None:
    """Return what a zip archive is as a whole, as a Word file, and what helps; None if it is an archive of files."""
    try:
        is_bounded = directory_bytes(BytesIO(content)) <= MOST_DIRECTORY_BYTES
        names = zipfile.ZipFile(BytesIO(content)).namelist() if is_bounded else []
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, OSError):
        names = []
    found = (
        (what, way_out)
        for name, other, what, way_out in _PACKED
        if other in names and any(one.startswith(name) for one in names)
    )
    return next(found, None)


def directory_bytes(file: BinaryIO) -> int:
    """Return how long the list of the files in an archive is, before it is read. Raises BadZipFile."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(max(0, size - _LONGEST_END))
    tail = file.read()
    place = tail.rfind(_END_MARK)
    if place < 0 or len(tail) < place + _END.size:
        raise zipfile.BadZipFile("its end is missing")
    directory = int(_END.unpack_from(tail, place)[5])
    wide = place - _LOCATOR_BYTES - _END_64.size
    if wide >= 0 and tail.startswith(_LOCATOR_MARK, place - _LOCATOR_BYTES):
        directory = int(_END_64.unpack_from(tail, wide)[8])
    return directory
