"""Files that are no plain text: saved web pages, PDFs, archives; and what is said of those that cannot be read."""

import io
import os
import struct
import time
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from vectorstore.errors import ListingError
from vectorstore.library import Library
from vectorstore.listings.archive import is_archive, members
from vectorstore.listings.entry import Entry, Listing
from vectorstore.listings.readers import read_listing

ABSTRACT = "Lanterns of zebras glow when they are lit. We study this on four benches and show why it happens."
DAILY = f"Zebra Lanterns\n{ABSTRACT}\n• 2 authors\n·\nMay 14, 2025\n"
DEFLATED = zipfile.ZIP_DEFLATED


def only(content: bytes, name: str = "page.html") -> Entry:
    (entry,) = read_listing(Path(name), content=content).entries
    return entry


def pdf(*lines: tuple[str, int], stream: bytes = b"", extra: bytes = b"", title: str = "") -> bytes:
    """Return a PDF of one page with lines of text, each (text, size in points), from the top down."""
    drawing, height = b"", 800
    for text, size in lines:
        height -= size + 6
        drawing += f"BT /F1 {size} Tf 50 {height} Td ({text}) Tj ET\n".encode("latin-1")
    drawing = stream or drawing
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>"
        + extra
        + b">>>>",
        b"<</Length %d>>stream\n" % len(drawing) + drawing + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        f"<</Title({title})>>".encode(),
    ]
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj" % number + body + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table
    return content + b"trailer<</Root 1 0 R/Info 6 0 R/Size 7>>\nstartxref\n%d\n%%%%EOF" % start


PAPER = pdf(
    ("Zebra Lanterns in Small", 20),
    ("and Large Rooms", 20),
    ("Ada Quill1,2, Bo Moss1*", 12),
    ("Example University", 10),
    ("Abstract", 11),
    ("Lanterns of zebras glow when they are lit. We study this on four ben-", 9),
    ("ches and show why it happens.", 9),
    ("1 Introduction", 14),
    ("Much was said of lanterns.", 9),
)


def zipped(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


# --- web pages


def test_a_saved_page_is_read_as_what_a_browser_shows_of_it() -> None:
    entry = only(
        b"<!DOCTYPE html><html><head><title>x</title><style>p { }</style><script>document.write('Bad "
        b"Title')</script></head>"
        b"<body><div hidden>Hidden</div><h3>Zebra&nbsp;Lanterns &amp; <i>Lamps</i></h3><p>"
        + ABSTRACT.encode()
        + b"</p>"
        b"<ul><li>\xe2\x80\xa2 2 authors</li><li>\xc2\xb7</li><li>May 14, 2025</li></ul></body></html>"
    )
    assert (entry.title, entry.abstract, entry.author_count) == ("Zebra Lanterns & Lamps", ABSTRACT, 2)
    assert entry.published == date(2025, 5, 14)


def test_a_scholar_profile_saved_as_html_is_read_like_one_copied() -> None:
    row = (
        "<tr><td class=a><a>Zebra Lanterns</a><div>A Quill, B Moss</div><div>Nature 521 (7553), "
        "436-444<span>, 2015</span></div></td>"
        "<td><a>1204</a></td><td><span>2015</span></td></tr>"
    )
    listing = read_listing(
        Path("p.html"),
        content=f"<html><body><div>Ada Quill</div><div>Verified email at x.edu</div><table>{row}</table>"
        f"</body></html>".encode(),
    )
    assert (listing.kind, listing.owner, listing.entries[0].publication.pages) == ("scholar", "Ada Quill", "436-444")


SAVED = {
    "dblp": """<h1><span>Ada Quill</span></h1><p><b>export bibliography</b></p><ul><li class="year">2025</li><li>
<div class="nr">[i1]</div><nav><ul><li>view</li><li><small>persistent URL:</small><br><small>https://dblp.org/rec/x</small></li>
</ul></nav><cite><span>Ada Quill</span>, <span><a>Bo Moss</a></span>:<br> <span class="title">Zebra Lanterns.</span>
<span>CoRR</span> abs/2505.08001 (<span>2025</span>)<meta property="genre" content="x"></cite></li></ul>""",
    "openreview": f"""<ul><li><h4><a href="/forum?id=abcdEFGH12">Zebra Lanterns</a> <a><img src="pdf.svg"></a></h4>
<div><span><a>Ada Quill</a>, <a>Bo Moss</a></span></div><ul><li>Published: 26 Jan 2026, Last Modified: 12 Mar 2026</li>
<li>ICLR 2026 Poster</li><li>Readers: <span>Everyone</span></li></ul><div><strong>Abstract:</strong>
<span>{ABSTRACT}</span></div></li></ul>""",
    "anthology": f"""<h2>Proceedings of the 63rd Annual Meeting</h2><p>Cleo Nix (Editors)</p>
<p><span class="d-block mr-2"><a>pdf</a><a>bib</a><a>abs</a></span><span class="d-block">
<strong><a>Zebra Lanterns</a></strong><br><a>Ada Quill</a> | <a>Bo Moss</a></span></p>
<div class="card collapse"><div>{ABSTRACT}</div></div>""",
}


@pytest.mark.parametrize("kind", SAVED)
def test_saved_pages_are_read_like_copied_ones(kind: str) -> None:
    listing = read_listing(
        Path("page.html"), content=f"<!DOCTYPE html><html><body>{SAVED[kind]}</body></html>".encode()
    )
    (entry,) = listing.entries
    assert (listing.kind, entry.title, entry.authors) == (kind, "Zebra Lanterns", ("Ada Quill", "Bo Moss"))
    assert listing.skipped == () and (kind == "dblp" or entry.abstract == ABSTRACT)


META = """<html><head>
<meta name="citation_title" content="Zebra Lanterns"><meta name="citation_author" content="Quill, Ada">
<meta name="citation_author" content="Moss, Bo"><meta name="citation_publication_date" content="2025/05/12">
<meta name="citation_journal_title" content="Journal of Lamps"><meta name="citation_volume" content="3">
<meta name="citation_firstpage" content="12"><meta name="citation_lastpage" content="20">
<meta name="citation_doi" content="10.1000/Lamp.3"><meta name="citation_arxiv_id" content="2505.08001">
</head><body><h1>Zebra Lanterns</h1><p>Ada Quill</p><h2>Abstract</h2><p>{abstract}</p><h2>Cited by</h2></body></html>"""


def test_the_page_of_a_paper_says_in_its_head_what_it_is_of() -> None:
    entry = only(META.replace("{abstract}", ABSTRACT).encode())
    assert (entry.title, entry.authors, entry.abstract) == ("Zebra Lanterns", ("Ada Quill", "Bo Moss"), ABSTRACT)
    where = entry.publication
    assert (where.doi, where.arxiv_id, where.venue, where.pages) == (
        "10.1000/lamp.3",
        "2505.08001",
        "Journal of Lamps",
        "12-20",
    )
    assert (entry.published, entry.precision) == (date(2025, 5, 12), "day")


def test_dublin_core_is_enough() -> None:
    head = "<meta name='DC.title' content='Zebra Lanterns'><meta name='DC.creator' content='Ada Quill; Bo Moss'>"
    entry = only(
        f"<html><head>{head}<meta name='DC.date' content='2025-05'></head><body><p>x</p></body></html>".encode()
    )
    assert (entry.title, entry.authors, entry.published, entry.precision) == (
        "Zebra Lanterns",
        ("Ada Quill", "Bo Moss"),
        date(2025, 5, 1),
        "month",
    )


def test_mhtml_is_read_like_the_page_in_it() -> None:
    page = META.replace("{abstract}", ABSTRACT).replace("=", "=3D")
    content = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/\r\nSubject: Zebra\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="--b--"\r\n\r\n\r\n----b--\r\n'
        "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        f"{page}\r\n----b--\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        f"iVBORw0KGgo=\r\n----b----\r\n"
    )
    assert only(content.encode(), "page.mhtml").authors == ("Ada Quill", "Bo Moss")


def test_a_page_of_a_paper_has_addresses_of_the_web_and_plain_keywords() -> None:
    head = '<meta name="citation_public_url" content="{}"><meta name="citation_keywords" content="a &amp;lt;b; c">'
    for address, kept in (("javascript:alert(1)", None), ("https://example.org/a", "https://example.org/a")):
        publication = only(META.replace("<head>", "<head>" + head.format(address)).encode()).publication
        assert (publication.url, publication.keywords) == (kept, ("a <b", "c"))


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "utf-8-sig"])
def test_a_page_is_read_in_the_encoding_that_it_has(encoding: str) -> None:
    page = META.replace("{abstract}", ABSTRACT).replace("Quill, Ada", "García, José")
    page = page.replace("<head>", '<head><meta charset="windows-1252">') if encoding == "cp1252" else page
    assert only(page.encode(encoding)).authors[0] == "José García"


@pytest.mark.parametrize(
    "content",
    [
        b"<html>" + b"<div>" * 10_000 + b"hello" + b"</div>" * 10_000,
        b"<html><p>" + b"a" * 1_000_000,
        b"<html>" + b"<" * 1_000_000,
        b"<html><p>\0\0\0",
        b'<!DOCTYPE html [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><html><p>&b;&b;</p></html>',
        b'<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd">]><html><p>&a;</p></html>',
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=a\n\n--a\nContent-Type: image/png\n\nx\n--a--\n",
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=a\n\n"
        + b"--a\nContent-Type: multipart/mixed\n\n" * 5_000,
    ],
    ids=["deep", "long line", "open", "NUL", "entities", "outside entity", "no page", "parts in parts"],
)
def test_a_hostile_page_is_refused_in_one_sentence(content: bytes) -> None:
    started = time.thread_time()
    with pytest.raises(ListingError) as refused:
        read_listing(Path("page.html"), content=content)
    assert time.thread_time() - started < 5
    assert (
        str(refused.value).startswith("page.html")
        and "\n" not in str(refused.value)
        and "root:" not in str(refused.value)
    )


# --- PDF


def test_a_paper_as_pdf_gives_title_authors_and_abstract() -> None:
    entry = only(PAPER, "paper.pdf")
    assert entry.title == "Zebra Lanterns in Small and Large Rooms"
    assert entry.authors == ("Ada Quill", "Bo Moss")
    assert entry.abstract == ABSTRACT


def test_arxivs_stamp_tells_identifier_category_and_day() -> None:
    stamp = ("arXiv:2505.08001v2  [cs.CL]  12 May 2025", 10)
    entry = only(pdf(stamp, ("Zebra Lanterns", 20), ("Abstract", 11), (ABSTRACT, 9)), "paper.pdf")
    assert (entry.publication.arxiv_id, entry.category, entry.published) == ("2505.08001v2", "CL", date(2025, 5, 12))


def test_a_pdf_without_an_end_or_fonts_gives_what_it_has() -> None:
    content = pdf(("Zebra Lanterns", 12)).replace(b"/Resources<</Font<</F1 5 0 R>>>>", b"")
    assert (
        only(content[: content.index(b"xref\n0")] + b"trailer<</Root 1 0 R>>\n%%EOF\n", "paper.pdf").title
        == "Zebra Lanterns"
    )


def test_a_letter_is_no_paper_and_a_paper_without_an_abstract_is_kept() -> None:
    letter = [("Ada Quill", 11), ("2 Valley Road", 11), ("Dear Bo,", 11), *[("thank you for the lanterns.", 11)] * 9]
    with pytest.raises(ListingError, match="without an abstract or a title in larger letters"):
        only(pdf(*letter), "letter.pdf")
    listing = read_listing(Path("paper.pdf"), content=pdf(("Zebra Lanterns", 20), ("Bo Moss", 12), *letter[3:]))
    assert [(entry.title, entry.authors) for entry in listing.entries] == [("Zebra Lanterns", ("Bo Moss",))]
    assert [(line.line, "no abstract" in line.reason) for line in listing.skipped] == [(1, True)]


PICTURE = b"/XObject<</I<</Type/XObject/Subtype/Image/Width 1/Height 1>>>>"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"%PDF-1.4\nnothing more", "is a damaged PDF; download it again"),
        (pdf(stream=b"q Q", extra=PICTURE), r"is a scanned PDF, .* \(OCR\)"),
        (pdf(stream=b"q Q"), "is a PDF without text"),
        (PAPER.replace(b"/Size 7", b"/Size 7/Encrypt<</Filter/Standard/V 1/R 2/O(x)/U(y)/P 0>>"), "PDF"),
        (pdf(stream=b"BT /F1 9 Tf (a) Tj ET " * 250_000), "takes more than"),
    ],
    ids=["cut", "scanned", "blank", "encrypted", "large"],
)
def test_a_pdf_that_cannot_be_read_says_why(content: bytes, says: str) -> None:
    with pytest.raises(ListingError, match=says) as refused:
        read_listing(Path("paper.pdf"), content=content)
    assert "\n" not in str(refused.value)


# --- archives and folders


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library") as opened:
        yield opened


def test_the_files_of_an_archive_are_listings_of_their_own(tmp_path: Path, library: Library) -> None:
    bib = "@article{a, title = {Quagga Lamps}, author = {Moss, Bo}, year = 2024}"
    packed = tmp_path / "papers.zip"
    packed.write_bytes(
        zipped(
            {
                "daily.txt": DAILY.encode(),
                "deep/down/list.bib": bib.encode(),
                "paper.pdf": PAPER,
                "page.html": META.replace("Zebra Lanterns", "Okapi Bulbs").encode(),
                "__MACOSX/._daily.txt": b"x",
                "picture.png": b"\x89PNG\r\n\x1a\n",
                "inner.zip": zipped({"a.txt": DAILY.encode()}),
            }
        )
    )
    report = library.ingest([packed])

    assert (report.listings, report.papers_added) == (4, 4)
    reasons = {Path(line.file).name: line.reason for line in report.skipped if line.line is None}
    assert "an image (PNG)" in reasons["picture.png"]
    assert "an archive in an archive" in reasons["inner.zip"]
    assert set(reasons) == {"picture.png", "inner.zip"}
    kept = {file.name for file in (tmp_path / "library" / "listings").glob("*/*")}
    assert kept == {"daily.txt", "list.bib", "paper.pdf", "page.html"}
    again = library.ingest([tmp_path / "library" / "listings"])
    assert (again.listings, again.papers_added, again.papers_merged) == (4, 0, 0)


@pytest.mark.parametrize("name", ["paper.pdf", "page.html"])
def test_what_is_forgotten_of_a_page_or_paper_is_in_no_kept_file(tmp_path: Path, library: Library, name: str) -> None:
    second = f"<p>Quagga Lamps</p><p>{ABSTRACT.replace('zebras', 'quaggas')}</p><p>• 3 authors</p>"
    second += "<p>·</p><p>May 13, 2025</p>"
    page = f"<html><body>{''.join(f'<p>{line}</p>' for line in DAILY.split(chr(10)))}{second}</body></html>"
    (tmp_path / name).write_bytes(PAPER if name == "paper.pdf" else page.encode())
    library.ingest([tmp_path / name])
    paper = next(one for one in library.papers() if "Zebra" in one.title)

    library.forget(library.remove_papers([paper.paper_id]).removal_id)

    kept = [file.read_bytes() for file in (tmp_path / "library" / "listings").glob("*/*")]
    assert not any(b"ebra" in content or content.startswith(b"%PDF") for content in kept)
    assert [one.title for one in library.papers()] == (["Quagga Lamps"] if name == "page.html" else [])
    assert name == "paper.pdf" or any(b"Quagga Lamps" in content for content in kept)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("../../escape.txt", b"x", "leads out of the archive"),
        ("/etc/passwd", b"x", "leads out of the archive"),
        ("C:\\x.txt", b"x", "leads out of the archive"),
        ("bomb.txt", b"\0" * 15_000_000, "200 times its size"),
        ("large.txt", os.urandom(100) * 220_000, "larger than 20 MiB"),
        ("x" * 300 + ".txt", b"x", "longer than 255 bytes"),
    ],
)
def test_a_file_that_must_not_be_unpacked_is_refused_alone(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    packed = tmp_path / "papers.zip"
    packed.write_bytes(zipped({name: content, "good.txt": DAILY.encode()}))
    refused, good = members(packed)
    assert says in refused.problem and "\n" not in refused.problem and not refused.content
    assert (good.path, good.problem, good.content) == (packed / "good.txt", "", DAILY.encode())


def test_names_that_are_not_marked_as_utf8_are_read_as_it(tmp_path: Path) -> None:
    packed = zipped({"zebra-Gar\u0000.txt".replace("\u0000", "x"): DAILY.encode()})
    (tmp_path / "a.zip").write_bytes(packed.replace(b"zebra-Garx", "zebra-Gaé".encode()))
    assert [one.path.name for one in members(tmp_path / "a.zip")] == ["zebra-Gaé.txt"]


def test_an_archive_of_too_many_files_or_a_damaged_one_is_refused(tmp_path: Path) -> None:
    many, cut = tmp_path / "many.zip", tmp_path / "cut.zip"
    many.write_bytes(zipped({f"{number}.txt": b"" for number in range(2_001)}))
    cut.write_bytes(zipped({"a.txt": DAILY.encode()})[:-30])
    with pytest.raises(ListingError, match="more than 2,000 files"):
        list(members(many))
    with pytest.raises(ListingError, match="damaged archive"):
        list(members(cut))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_file_that_is_packed_unlike_others_or_has_no_name_is_refused_alone(tmp_path: Path, method: int) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", method) as archive:
        archive.writestr("a.txt", DAILY)
        archive.writestr("nameless", DAILY, zipfile.ZIP_DEFLATED)
        archive.writestr("xl/good.txt", DAILY, zipfile.ZIP_DEFLATED)
    (tmp_path / "a.zip").write_bytes((tmp_path / "a.zip").read_bytes().replace(b"nameless", b"\0ameless"))
    assert is_archive(tmp_path / "a.zip")
    assert [bool(one.problem) for one in members(tmp_path / "a.zip")] == [True, True, False]


def test_an_archive_with_an_endless_directory_is_not_listed(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.txt": DAILY.encode()}))
    end = content.rindex(b"PK\x05\x06")
    content[end + 12 : end + 16] = struct.pack("<L", 5_000_000)
    (tmp_path / "a.zip").write_bytes(content)
    assert is_archive(tmp_path / "a.zip")
    with pytest.raises(ListingError, match="more than 2,000 files"):
        list(members(tmp_path / "a.zip"))


def test_a_file_that_breaks_a_reader_is_left_out(
    tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(path: Path, **said: object) -> Listing:
        if path.name == "bad.txt":
            raise KeyError("a fault")
        return read_listing(path, content=DAILY.encode())

    monkeypatch.setattr("vectorstore.listing_files.read_listing", read)
    for name in ("bad.txt", "good.txt"):
        (tmp_path / "pages" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "pages" / name).write_text(DAILY)
    report = library.ingest([tmp_path / "pages"])
    assert (report.listings, [Path(line.file).name for line in report.skipped]) == (1, ["bad.txt"])


def test_an_archive_that_lies_about_its_size_is_unpacked_no_further(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.txt": b"ab" * 15_000_000}))
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = struct.pack("<L", 1_000)
    (tmp_path / "a.zip").write_bytes(content)
    (refused,) = members(tmp_path / "a.zip")
    assert refused.problem and not refused.content


def test_a_folder_is_read_as_a_whole_and_what_is_no_listing_is_named(tmp_path: Path, library: Library) -> None:
    folder = tmp_path / "pages"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "daily").write_text(DAILY)
    (folder / ".hidden").write_text("no listing")
    (folder / "README.md").write_text("about this folder")
    (folder / "two\nlines.docx").write_bytes(zipped({"[Content_Types].xml": b"", "word/document.xml": b"<x/>"}))
    (folder / "book.epub").write_bytes(zipped({"META-INF/container.xml": b"<x/>"}))
    (folder / "all.tar.gz").write_bytes(b"\x1f\x8b\x08\0")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "sub" / "up").symlink_to(folder)
    os.mkfifo(folder / "pipe")
    (folder / "zero").symlink_to("/dev/zero")
    (folder / "papers.zip").write_bytes(zipped({"paper.pdf": PAPER}))

    report = library.ingest([folder])

    assert (report.listings, report.papers_added) == (2, 2)
    says = {Path(line.file).name: line.reason for line in report.skipped if line.line is None}
    assert "a Word file" in says["two\nlines.docx"]
    assert "an e-book (EPUB)" in says["book.epub"]
    assert "an archive (gzip)" in says["all.tar.gz"]
    assert "is empty" in says["empty.txt"]
    assert "cannot be read" in says["loop"] or "does not exist" in says["loop"]
    assert "is no regular file" in says["pipe"] and "is no regular file" in says["zero"]
    assert len(says) == 7
