"""GET /learn/media/<sha256>.<ext>"""

from __future__ import annotations

import hashlib

import pytest

from tests import samples
from tests.web.conftest import VisitorFor
from tests.web.visitor import Visitor

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>alert(1)</script><path d="M0 0h9"/></svg>'
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
OLD = hashlib.sha256(b"gone").hexdigest()


@pytest.fixture
def reader(trainee: Visitor) -> Visitor:
    # Alone in its paragraph it would be a drawing, and its script an error.
    lesson = samples.LESSON + "\nSee ![A map](media/map.svg).\n\n![A face](media/face.png)\n"
    trainee.publish({
        **samples.FILES, "courses/try/try-1.1.en.md": lesson.encode(),
        "courses/try/media/map.svg": SVG, "courses/try/media/face.png": PNG,
    })  # fmt: skip
    return trainee


def address(data: bytes, ext: str) -> str:
    return f"/learn/media/{hashlib.sha256(data).hexdigest()}.{ext}"


def test_it_works(reader: Visitor) -> None:
    assert f'src="{address(PNG, "png")}"' in reader.page("/learn/try/try-1.1")
    response = reader.get(address(PNG, "png"))

    assert response.data == PNG
    assert response.mimetype == "image/png"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in response.headers["Cache-Control"]
    assert "private" in response.headers["Cache-Control"]


def test_a_drawing_is_part_of_the_page_and_brings_nothing_else_into_it(trainee: Visitor) -> None:
    drawn = SVG.replace(b"<script>alert(1)</script>", b'<text class="ink" x="1" y="8">1</text>')
    lesson = samples.LESSON + '\n![A map "here"](media/map.svg "Where we are")\n'
    files = {"courses/try/try-1.1.en.md": lesson.encode(), "courses/try/media/map.svg": drawn}
    trainee.publish({**samples.FILES, **files})
    page = trainee.page("/learn/try/try-1.1")

    assert 'role="img" aria-label="A map &quot;here&quot;"' in page
    assert '<text class="drawing-ink" x="1" y="8">1</text>' in page
    assert "<figcaption>Where we are</figcaption>" in page
    assert address(drawn, "svg") not in page


def test_nobody_is_let_in_without_a_sign_in(reader: Visitor, visitor: VisitorFor) -> None:
    assert visitor("anonymous").get(address(PNG, "png")).status_code in (302, 401)


def test_a_drawing_opened_by_itself_runs_nothing(reader: Visitor) -> None:
    policy = reader.get(address(SVG, "svg")).headers["Content-Security-Policy"]

    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "allow" not in policy


@pytest.mark.parametrize(
    "path",
    [address(b"gone", "png"), address(PNG, "html"), address(PNG, "exe"), "/learn/media/x.png", "/learn/media/..%2f..%2fetc.png",
     f"/learn/media/{'a' * 64}.png", f"/learn/media/{'0' * 5000}.png", "/learn/media/.png"],
)  # fmt: skip
def test_what_is_not_in_the_library_is_not_there(reader: Visitor, path: str) -> None:
    assert reader.get(path).status_code == 404


@pytest.mark.parametrize("ext", ["svg", "mp4", "vtt"])
def test_a_picture_is_served_as_what_it_is_only(reader: Visitor, ext: str) -> None:
    assert reader.get(address(PNG, ext)).status_code == 404


def test_a_course_file_is_not_media(reader: Visitor) -> None:
    assert reader.get(address(samples.COURSE.encode(), "png")).status_code == 404


def test_before_anything_is_published_there_is_none(visitor: VisitorFor) -> None:
    assert visitor("trainee").get(address(PNG, "png")).status_code == 404
