"""What an instructor gets: plans, votes, poll sheet, catch-up cells, slides."""

import itertools
import re
import time

import nbformat
import numpy as np
import pytest

from course import catch_up, make, paths, poll_sheet, slides, source, workshop_guide
from course.workshop_board import BOARDS
from course.workshop_plans import CUTS, FULL, LENGTHS, PLANS, VOTES, lettered, question, timetable, votes
from course.workshop_steps import STEPS
from momentum_lab import contents, plots
from momentum_lab.contents import lesson
from momentum_lab.explorers import dots_race

ROOT = source.ROOT
SOURCES = {source.key(path): path for path in source.sources()}
LESSONS = list(paths.PATHS[-1].sections)
NOTEBOOKS = {key: make.lesson(SOURCES[key]) for key in LESSONS}
HEADINGS = {key: [h for under in paths.headings(source.read(SOURCES[key])) for h in under] for key in LESSONS}
GUIDE = (ROOT / "workshop" / "guide.md").read_text("utf-8")
SECTIONS = [(key, heading) for key in LESSONS for heading in paths.PATHS[-1].sections[key]]
EVERY_PLAN = pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.tag)
EVERY_VOTE = pytest.mark.parametrize("vote", VOTES, ids=lambda vote: vote.id)
EVERY_LESSON = pytest.mark.parametrize("key", LESSONS)


# ------------------------------------------------------------------ the plans


@EVERY_PLAN
def test_the_minutes_of_a_plan_make_its_length_without_gap(plan):
    now = 0
    for start, minutes, _, _ in timetable(plan):
        assert start == now and minutes > 0
        now += minutes
    assert now == plan.total == LENGTHS[plan.tag]


@EVERY_PLAN
def test_sections_are_in_the_lessons_in_their_order_and_have_something_to_do(plan):
    for key, sections in plan.sections.items():
        order = [HEADINGS[key].index(heading) for heading in sections]
        assert order == sorted(order), key
        assert all(STEPS[key][heading] for heading in sections)


def test_a_day_gives_each_lesson_the_minutes_that_it_takes_alone():
    day = PLANS[-1]
    assert {key: day.minutes(key) for key in day.sections} == {key: lesson(key).minutes for key in day.sections}


def test_nobody_sits_for_more_than_two_hours():
    for plan in PLANS:
        sitting = 0
        for _, minutes, _, heading in timetable(plan):
            sitting = sitting + minutes if heading else 0
            assert sitting <= 120, plan.tag


def test_no_step_belongs_to_a_section_that_no_plan_has():
    planned = {(key, heading) for plan in PLANS for _, _, key, heading in timetable(plan) if heading}
    assert {(key, heading) for key, steps in STEPS.items() for heading in steps} == planned
    assert set(CUTS) <= planned


def test_what_can_be_left_out_makes_up_for_a_quarter_of_an_hour():
    full = {(vote.lesson, vote.section) for vote in VOTES if vote.minutes == FULL}
    assert not full & set(CUTS)
    for plan in PLANS[1:]:
        assert sum(minutes for _, minutes, key, heading in timetable(plan) if (key, heading) in CUTS) >= 30
    late = [
        minutes for start, minutes, key, h in timetable(PLANS[1]) if start >= 135 and (h is None or (key, h) in CUTS)
    ]
    assert sum(late) - 5 >= 15  # from 2:15 on, five minutes of the break being left


# ------------------------------------------------------------------ the votes


@EVERY_VOTE
def test_a_vote_is_asked_in_every_plan_that_has_its_section_and_fits_into_it(vote):
    having = [plan for plan in PLANS if vote.section in plan.sections.get(vote.lesson, {})]
    assert len(having) >= 2
    for plan in having:
        assert vote in votes(plan) and vote.minutes <= plan.sections[vote.lesson][vote.section]


@EVERY_VOTE
def test_guide_and_poll_sheet_have_the_question_with_the_options_of_its_author(vote):
    one, entry = question(vote), _section(GUIDE, f"### {vote.id}")
    sheet = poll_sheet.page().partition(f'<section id="q{vote.id}">')[2].partition("</section>")[0]
    assert one.text in entry and poll_sheet.marked(one.text) in sheet
    rows = re.findall(r"^\| ([A-F]) \| (.+?) \| (.+?) \| (.+) \|$", entry, re.M)
    told = {option.text: "**right**" if option.belief is None else option.belief for option in one.options}
    assert {text: belief for _, text, belief, _ in rows} == told and len(rows) == len(one.options)
    printed = re.findall(r'<td class="letter">([A-F])</td><td>(.+?)</td>', sheet)
    assert printed == [(letter, poll_sheet.marked(text)) for letter, text, _, _ in rows]


def test_the_right_letter_gives_nothing_away():
    right = ["".join(letter for letter, o in lettered(question(vote)) if o.belief is None) for vote in VOTES]
    assert len(set(right)) == 4 and max(map(right.count, right)) <= len(VOTES) / 2
    assert not any(word in poll_sheet.page().lower() for word in ("right", "belief", "wrong"))


@pytest.mark.browser
@pytest.mark.filterwarnings("default")
def test_the_poll_sheet_prints_one_page_a_question():
    from lab import browser

    with browser() as context:
        page = context.new_page()
        page.goto((ROOT / "workshop" / "poll_sheet.html").as_uri())
        pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == len(VOTES)


# ------------------------------------------------------------------ the pages


def test_every_link_of_the_guide_leads_somewhere():
    found = re.findall(r"\]\(([^)\s]+)\)", GUIDE + (ROOT / "workshop" / "catch_up.md").read_text("utf-8"))
    assert len(found) > 100
    for link in found:
        file, _, anchor = link.partition("#")
        target = ROOT / "workshop" / file if file else ROOT / "workshop" / "guide.md"
        assert target.exists(), link
        if anchor and target.suffix == ".md":
            headings = re.findall(r"^#+ (.+)", target.read_text("utf-8"), re.M)
            assert anchor in map(contents.anchor_in_page, headings), link
        elif anchor:
            key = next(key for key in LESSONS if lesson(key).file == target.name)
            assert anchor in map(contents.anchor, HEADINGS[key]), link


def test_nothing_of_the_template_is_left():
    assert not re.search(r"<!--|\{[A-Z]+\}", GUIDE)
    assert "<!-- plan day -->" in workshop_guide.WORDS.read_text("utf-8")


def test_the_guide_has_the_exercises_of_the_paths_with_every_known_mistake():
    found = re.findall(r"^### (\d\w+\.\w+)\n\nIn \[Exercise", GUIDE, re.M)
    assert found == ["01.one_more_line", "02.alternating"]
    for name in found:
        (item,) = (item for item in source.items(SOURCES[name[:2]]) if item.id == name)
        assert item.mistakes and all(wrong.says in _section(GUIDE, f"### {name}") for wrong in item.mistakes)


def test_a_board_fits_a_board():
    for _, key, says, drawing in BOARDS:
        lines = drawing.strip("\n").splitlines()
        assert key in LESSONS and says and len(lines) <= 12 and max(map(len, lines)) <= 90
        assert drawing.strip("\n") in GUIDE


def _section(text, heading):
    """The part of a page from a heading to the next one."""
    return text.partition(f"{heading}\n")[2].partition("\n#")[0]


# ------------------------------------------------------------------ catch-up cells


@pytest.mark.parametrize(("key", "heading"), SECTIONS, ids=[f"{key} {heading}" for key, heading in SECTIONS])
def test_a_catch_up_cell_is_all_that_a_section_needs(key, heading):
    cells, space = catch_up.read(key), {"np": np, "display": print}
    begun = time.monotonic()
    exec(catch_up.needed(cells, heading), space)
    assert time.monotonic() - begun < 10
    for text, under in cells:
        if heading in under:
            exec(text, space)


def test_without_it_the_sections_named_in_the_plans_fail_and_no_others():
    for plan in paths.PATHS:
        for key, sections in plan.sections.items():
            space, failed = {"np": np}, []
            for text, under in catch_up.read(key):
                if set(under) & set(sections):
                    try:
                        exec(text, space)
                    except NameError:
                        failed.append(under[-1])
                        exec(catch_up.needed(catch_up.read(key), under[-1]), space)
                        exec(text, space)
            assert failed == catch_up.lost(key, sections), key


@pytest.mark.parametrize("plan", paths.PATHS, ids=lambda plan: plan.tag)
def test_whatever_is_left_out_later_sections_need_only_the_cells_that_the_guide_names(plan):
    cuts = _section(GUIDE.partition("## When it is late")[2], f"**{plan.title}**")
    for key, sections in plan.sections.items():
        can_go = [heading for heading in sections if (key, heading) in CUTS]
        for number in range(1, len(can_go) + 1):
            for gone in itertools.combinations(can_go, number):
                named = {later for heading in gone for later in workshop_guide.after_cut(sections, key, heading)}
                left = [heading for heading in sections if heading not in gone]
                assert set(catch_up.lost(key, left)) <= named | set(catch_up.lost(key, sections)), (key, gone)
                assert all(f"before *{later}*" in cuts for later in named)


def test_the_last_section_of_the_workshop_runs_without_the_one_that_may_be_left_out():
    cells, space = catch_up.read("07"), {"np": np, "display": print}
    left = [h for h in paths.PATHS[-1].sections["07"] if h != "Is it the same momentum?"]
    assert workshop_guide.after_cut(paths.PATHS[-1].sections["07"], "07", "Is it the same momentum?") == [left[-1]]
    for heading in left:
        if heading == left[-1]:
            exec(catch_up.needed(cells, heading), space)
        for text, under in cells:
            if heading in under:
                exec(text, space)


# ------------------------------------------------------------------ slides


def presented(notebook):
    """The slides of a notebook, each a list of its cells; notes and what is skipped are not on any."""
    found = []
    for cell in notebook.cells:
        kind = cell.metadata["slideshow"]["slide_type"]
        if kind in ("slide", "subslide"):
            found.append([cell])
        elif kind == "-":
            found[-1].append(cell)
    return found


@EVERY_LESSON
def test_a_lesson_of_the_workshop_has_slides_of_a_size_that_can_be_read(key):
    found = presented(NOTEBOOKS[key])
    assert len(found) >= 4
    for slide in found:
        words = sum(len(cell.source.split()) for cell in slide if cell.cell_type == "markdown")
        codes = [cell for cell in slide if cell.cell_type == "code"]
        assert words <= slides.MOST_WORDS and len(codes) <= slides.MOST_CODE, slide[0].id
        assert not (codes and words > slides.SHORT), slide[0].id


@EVERY_LESSON
def test_headings_begin_slides_and_explorers_stand_alone(key):
    on = {cell.id: slide for slide in presented(NOTEBOOKS[key]) for cell in slide}
    sections = paths.PATHS[-1].sections[key]
    begun = [c.source.split("\n")[0][3:] for c in NOTEBOOKS[key].cells
             if c.source.startswith("## ") and c.metadata["slideshow"]["slide_type"] == "slide"]  # fmt: skip
    assert begun == list(sections)
    explorers = [cell for cell in NOTEBOOKS[key].cells if cell.id in on and slides.is_explorer(cell)]
    assert explorers and all(len(on[cell.id]) == 1 for cell in explorers)


def test_other_notebooks_say_nothing_of_slides():
    for path in source.sources():
        for notebook in (make.exercises(path), *(() if source.key(path) in LESSONS else (make.lesson(path),))):
            assert not any("slideshow" in cell.metadata for cell in notebook.cells)


def test_nbconvert_finds_the_slides():
    from nbconvert import SlidesExporter

    file = ROOT / "notebooks" / lesson("02").file
    body, _ = SlidesExporter().from_notebook_node(nbformat.read(file, as_version=4))
    assert body.count("<section>") >= len(presented(NOTEBOOKS["02"]))


# ------------------------------------------------------------------ large type


def test_one_line_makes_pictures_and_sentences_twice_as_large():
    (line,) = re.findall(r"^plots\.use_theme\(.*\)$", _section(GUIDE, "## Large enough for the last row"), re.M)
    small = dots_race().show()[0]
    try:
        exec(line, {"plots": plots})
        large, view = dots_race().show()[0], plots.theme().magnification
    finally:
        plots.use_theme("light")
    assert view == 2 and _size(large) == tuple(2 * side for side in _size(small))


def _size(png):
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
