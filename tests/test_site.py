"""The site to read: built once, without a warning; no link leads nowhere, nothing is asked of another machine."""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from barriers import serious
from conftest import ROOT
from lab import browser
from published import PUBLISHED

from course import links
from momentum_lab.contents import LESSONS
from workshop.build_site import build

pytestmark = pytest.mark.filterwarnings("default")  # the theme's and the parser's own


def built(folder, table):
    """The site, built from this checkout, with a table of addresses."""
    pytest.importorskip("myst_nb", reason="The site needs the packages of the `site` extra.")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(links, "links", lambda: table)
        assert build(folder) == 0
    return folder


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site as long as the course is published nowhere."""
    return built(tmp_path_factory.mktemp("site"), {})


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """The site of a course that is published."""
    return built(tmp_path_factory.mktemp("published"), PUBLISHED)


class Page(HTMLParser):
    """What a page links to, shows, and loads."""

    def __init__(self, file):
        super().__init__()
        self.links, self.anchors, self.pictures, self.loads = [], set(), [], []
        self.feed(file.read_text("utf-8"))

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.anchors |= {found[name] for name in ("id", "name") if found.get(name)}
        if found.get("class") == "toggler":
            return  # a sign of the index that has nothing to say
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        elif tag == "img":
            self.pictures.append(found)
        if tag in ("script", "img", "iframe", "source", "video"):
            self.loads.append(found.get("src") or "")
        elif tag == "link":
            self.loads.append(found.get("href") or "")


@pytest.fixture(scope="module")
def pages(site):
    """Every page of the site, by its address in it."""
    return {file.relative_to(site).as_posix(): Page(file) for file in site.rglob("*.html")}


def test_every_lesson_and_every_page_is_there(site, pages):
    wanted = {f"notebooks/{Path(lesson.file).stem}.html" for lesson in LESSONS}
    wanted |= {f"docs/{file.stem}.html" for file in (ROOT / "docs").glob("*.md")}
    assert wanted <= pages.keys()
    front = set(pages["index.html"].links)
    assert wanted - {link.split("#")[0] for link in front} == set(), "a page that the first page does not link to"


def test_a_lesson_shows_what_the_notebook_has_stored(site):
    text = (site / "notebooks" / "02_what_it_remembers.html").read_text("utf-8")
    assert "With beta 0.9 the newest 10 gradients carry 65.1 % of the weight" in text
    assert "<math" in text and "$$" not in text and "get_ipython" not in text


def test_no_link_leads_nowhere(site, pages):
    for address, page in pages.items():
        for link in page.links:
            if urlsplit(link).scheme or link == "#":
                continue
            path, anchor = urldefrag(link)
            target = (site / address).parent / unquote(path) if path else site / address
            name = target.resolve().relative_to(site.resolve()).as_posix()
            assert target.exists(), f"{address} links to {link}"
            if anchor and name in pages:
                assert unquote(anchor) in pages[name].anchors, f"{address} links to {link}"


def test_every_picture_has_words(pages):
    pictures = [(address, picture) for address, page in pages.items() for picture in page.pictures]
    assert len(pictures) > 30
    for address, picture in pictures:
        assert len(picture.get("alt") or "") >= 20, f"{address}: {picture.get('src', '')[:60]}"


def test_nothing_is_asked_of_another_machine(site, pages):
    for address, page in pages.items():
        for source in page.loads:
            assert not urlsplit(source).netloc, f"{address} loads {source}"
    for file in site.rglob("*.css"):
        found = re.findall(r"url\(\s*['\"]?((?:https?:)?//[^)'\"]+)|@import\s+['\"]((?:https?:)?//[^'\"]+)",
                           file.read_text("utf-8"))  # fmt: skip
        assert not found, f"{file.name}: {found}"


def outside(file):
    """Where a page leads outside the site; papers are not counted."""
    return [link for link in Page(file).links if link.startswith("https://example.org/")]


def test_the_site_leads_to_where_the_course_runs_once_there_is_such_a_place(site, published):
    for lesson in LESSONS:
        name = f"notebooks/{Path(lesson.file).stem}"
        page = published / f"{name}.html"
        assert f"{PUBLISHED['Browser edition']}/lab/index.html?path={name}.ipynb" in outside(page)
        assert f"{PUBLISHED['Binder']}?urlpath=lab/tree/{name}.ipynb" in outside(page)
        text = page.read_text("utf-8").partition("<article")[2]
        assert text.index("</h1>") < text.index("Here nothing moves.") < text.index("<h2>")
        assert "Here nothing moves" not in (site / f"{name}.html").read_text("utf-8")
    start = "lab/index.html?path=notebooks/00_start.ipynb"
    assert f"{PUBLISHED['Browser edition']}/{start}" in outside(published / "index.html")
    everywhere = {PUBLISHED[name] for name in ("Browser edition", "Binder", "Repository", "Issues")}
    for file in published.rglob("docs/*.html"):
        assert everywhere <= set(outside(file)), file.name
    for file in site.rglob("*.html"):
        assert outside(file) == [], file.name


@pytest.mark.browser
def test_the_way_to_a_live_lesson_is_seen_and_read_aloud_but_not_printed(published):
    with browser() as context:
        page = context.new_page()
        page.set_viewport_size({"width": 390, "height": 800})
        page.goto((published / "notebooks" / "04_two_springs.html").as_uri())
        assert page.get_by_role("link", name="in your browser").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.set_viewport_size({"width": 1280, "height": 800})
        assert page.locator(".navbar-icon-links a").all_inner_texts() == list(ICONS)
        assert serious(page) == []
        page.emulate_media(media="print")
        assert not page.get_by_role("link", name="in your browser").is_visible()


ICONS = ("Repository", "Issues", "Browser edition", "Binder")
LOOKED_AT = ("index.html", "notebooks/04_two_springs.html", "docs/cheat_sheet.html", "docs/gallery.html",
             "reference/momentum_lab.optimizers.html")  # fmt: skip


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_browser_finds_no_serious_barrier(site, scheme):
    with browser(color_scheme=scheme) as context:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        for address in LOOKED_AT:
            asked = []
            page.goto((site / address).as_uri())
            assert serious(page) == [], address
            assert asked and all(url.startswith(("file:", "data:")) for url in asked)


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_comes_out_of_a_cell_stands_on_the_page_itself(site, scheme):
    """So it is told from what goes in; and formulas have a font that was made for them, where there is one."""
    with browser(color_scheme=scheme) as context:
        page = context.new_page()
        page.goto((site / "notebooks" / "04_two_springs.html").as_uri())
        grounds = page.evaluate(
            """() => ["input", "output"].map(kind => [...new Set([...document.querySelectorAll(`div.cell_${kind} pre`)]
            .flatMap(pre => [pre, pre.parentElement]).map(part => getComputedStyle(part).backgroundColor))])"""
        )
        assert grounds[1] == ["rgba(0, 0, 0, 0)"] != grounds[0]
        assert "Cambria Math" in page.evaluate("getComputedStyle(document.querySelector('math')).fontFamily")


@pytest.mark.browser
def test_a_phone_does_not_scroll_sideways(site):
    with browser() as context:
        page = context.new_page()
        page.set_viewport_size({"width": 390, "height": 800})
        for address in LOOKED_AT:
            page.goto((site / address).as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, address


@pytest.mark.browser
def test_on_paper_nothing_is_cut_and_the_ground_is_white(site):
    """Also from a dark screen; and the list of what stands on the page takes no paper."""
    with browser(color_scheme="dark") as context:
        page = context.new_page()
        for address in LOOKED_AT:
            page.set_viewport_size({"width": 700, "height": 1000})  # about the width of a sheet
            page.goto((site / address).as_uri())
            assert page.evaluate("document.documentElement.dataset.theme") == "dark"
            page.evaluate("dispatchEvent(new Event('beforeprint'))")
            page.emulate_media(media="print")
            assert page.evaluate("document.documentElement.dataset.theme") == "light"
            assert page.evaluate(CUT) == [], address
            assert not page.locator("#jb-print-toc").is_visible()
            page.emulate_media(media="screen")
            page.evaluate("dispatchEvent(new Event('afterprint'))")
            assert page.evaluate("document.documentElement.dataset.theme") == "dark"


CUT = """() => [...document.querySelectorAll("article pre, article img, article table, article div")]
    .filter(part => part.scrollWidth > part.clientWidth + 1 && part.clientWidth)
    .map(part => part.outerHTML.slice(0, 200))"""


@pytest.mark.browser
def test_a_word_is_found_without_a_server(site):
    with browser() as context:
        page = context.new_page()
        page.goto((site / "index.html").as_uri())
        page.keyboard.press("Control+k")
        page.keyboard.type("warm-up")
        page.keyboard.press("Enter")
        page.locator("#search-results a", has_text="Cheat sheet").first.click()
        assert "cheat_sheet.html" in page.url


def test_the_reference_leaves_out_what_says_nothing(site):
    text = (site / "reference" / "momentum_lab.theory.html").read_text("utf-8")
    assert "Five lengths of the memory" in text and "Alias for field number" not in text


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path):
    mine = tmp_path / "thesis.txt"
    mine.write_text("mine", "utf-8")
    with pytest.raises(SystemExit, match="Name a folder that is empty"):
        build(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"] and "sphinx.cmd" not in sys.argv
