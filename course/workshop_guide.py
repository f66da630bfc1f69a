"""The guide for whoever gives a workshop: the words of `workshop_guide.md`, and tables of what the course knows."""

from course import catch_up, source
from course.paths import PATHS
from course.workshop_board import BOARDS
from course.workshop_plans import CUTS, FULL, PLANS, QUICK, clock, lettered, question, timetable, votes
from course.workshop_steps import STEPS
from momentum_lab.contents import anchor, anchor_in_page, lesson

PAGE = "workshop/guide.md"
WORDS = source.ROOT / "course" / "workshop_guide.md"
LONG = PATHS[-1]


def page():
    """Return the guide as Markdown."""
    text = WORDS.read_text("utf-8")
    parts = {f"plan {plan.tag}": _plan(plan) for plan in PLANS}
    parts |= {"cuts": _cuts(), "votes": _votes(), "exercises": _exercises(), "boards": _boards()}
    for name, part in parts.items():
        text = text.replace(f"<!-- {name} -->", part)
    sections = [(key, heading) for key, headings in LONG.sections.items() for heading in headings]
    free = sum(not catch_up.needed(catch_up.read(key), heading) for key, heading in sections)
    numbers = {"FULL": FULL, "QUICK": QUICK, "NOTHING": free, "SECTIONS": len(sections)}
    for name, number in numbers.items():
        text = text.replace(f"{{{name}}}", str(number))
    return text


def _plan(plan):
    """Return the minute-by-minute table of a plan: what begins when, and what you do."""
    taken = {(vote.lesson, vote.section): vote for vote in votes(plan)}
    short = plan.sections if plan in PATHS else {}  # on the day everybody runs whole lessons
    lost = {(key, heading) for key in short for heading in catch_up.lost(key, short[key])}
    rows, last = [], None
    for start, minutes, key, heading in timetable(plan):
        if heading is None:
            rows.append((f"**{clock(start)}**", minutes, "*break*" if minutes < 30 else "*lunch*", ""))
            continue
        if key != last:
            rows.append(
                ("", f"**{plan.minutes(key)}**", f"**{key} · {lesson(key).title}**", f"*{lesson(key).question}*")
            )
        rows.append(
            (
                clock(start),
                minutes,
                _link(key, heading),
                _what(key, heading, taken.get((key, heading)), (key, heading) in lost),
            )
        )
        last = key
    rows.append((f"**{clock(plan.total)}**", f"**{plan.total}**", "*the end*", ""))
    return f"{plan.about}\n\n" + _table(("from", "minutes", "section", "what you do"), rows)


def _what(key, heading, vote, is_lost):
    """Return what is done in a section, with the vote in it, whose minutes are part of the section's."""
    said = STEPS[key][heading]
    if is_lost:
        said = f"{_catch_up(key).replace('catch', 'Catch', 1)} first. {said}"
    if vote:
        said += f" **Vote [{vote.id}](#{anchor_in_page(vote.id)}), {vote.minutes} minutes of these.**"
    return said


def _cuts():
    """Return for each plan what can be left out, when it would begin, and what is still to be won from there."""
    parts = []
    for plan in PLANS:
        left = [
            (start, minutes, key, heading) for start, minutes, key, heading in timetable(plan) if (key, heading) in CUTS
        ]
        rows = [
            (
                clock(start),
                _link(key, heading),
                minutes,
                _instead(plan, key, heading),
                sum(row[1] for row in left[number:]),
            )
            for number, (start, minutes, key, heading) in enumerate(left)
        ]
        heads = ("planned at", "leave out", "minutes won", "say instead", "from here on")
        parts.append(f"**{plan.title}**\n\n" + _table(heads, rows))
    return "\n\n".join(parts)


def _instead(plan, key, heading):
    """Return what is said in the place of a section, and which later ones need a cell because it was not run."""
    missed = after_cut(plan.sections[key], key, heading) if plan in PATHS else []
    cells = [f" Then the {_catch_up(key)} before *{later}*." for later in missed]
    return CUTS[key, heading] + "".join(cells)


def after_cut(sections, key, heading):
    """Return the sections of a lesson on a path that fail only if one of them is left out."""
    rest = [other for other in sections if other != heading]
    return [later for later in catch_up.lost(key, rest) if later not in catch_up.lost(key, sections)]


def _catch_up(key):
    """Return a link to the catch-up cells of a lesson."""
    return f"[catch-up cell](catch_up.md#{anchor_in_page(f'{lesson(key).key} · {lesson(key).title}')})"


def _votes():
    """Return every question with its options, the belief behind each wrong one, and where the answer is seen."""
    return "\n\n".join(_vote(vote) for vote in votes(PLANS[-1]))


def _vote(vote):
    one = question(vote)
    rows = [
        (letter, option.text, "**right**" if option.belief is None else option.belief, option.says)
        for letter, option in lettered(one)
    ]
    plans = ", ".join(plan.title.lower() for plan in PLANS if vote in votes(plan))
    kind = "full" if vote.minutes == FULL else "quick"
    where = f"{_link(vote.lesson, vote.section)} of lesson {vote.lesson}"
    return (
        f"### {vote.id}\n\n**{one.text}**\n\n"
        f"*A {kind} vote, {vote.minutes} minutes, in {where}; plans: {plans}.*\n\n"
        + _table(("", "answer", "the belief behind it", "what to say, or where to look"), rows)
        + f"\n\n**Show it:** {vote.show}"
    )


def _exercises():
    """Return the known mistakes in the exercises of the paths, in the words of the check."""
    parts = []
    for key, headings in LONG.sections.items():
        (path,) = (path for path in source.sources() if source.key(path) == key)
        under = {
            cell.metadata["item"]: heading
            for cell in source.read(path)
            for heading in headings
            if cell.source.startswith(f"## {heading}\n") and cell.metadata.get("role") == "prompt"
        }
        for item in source.items(path):
            if item.id in under:
                rows = [(wrong.name, wrong.says) for wrong in item.mistakes]
                table = _table(("mistake", "what the check says"), rows)
                parts.append(f"### {item.id}\n\nIn {_link(key, under[item.id])}: {item.title}.\n\n{table}")
    return "\n\n".join(parts)


def _boards():
    """Return the drawings, each with the sentence that it stands for."""
    return "\n\n".join(
        f"### Board {number}: {title}\n\nLesson {key}. {says}\n\n```text\n{drawing.strip(chr(10))}\n```"
        for number, (title, key, says, drawing) in enumerate(BOARDS, 1)
    )


def _link(key, heading):
    return f"[{heading}](../notebooks/{lesson(key).file}#{anchor(heading)})"


def _table(heads, rows):
    return "\n".join(
        [
            "| " + " | ".join(str(cell).replace("\n", " ") for cell in row) + " |"
            for row in (heads, ["---"] * len(heads), *rows)
        ]
    )
