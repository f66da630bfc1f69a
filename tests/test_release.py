"""What a release stands on: one version, one table of addresses, metadata, a changelog, a workflow that fits."""

import importlib.util
import re
import shlex
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest
import yaml
from published import PUBLISHED

from course import errata, front, links
from momentum_lab import __version__, cli
from momentum_lab.claims import CLAIMS

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
WORKFLOW = yaml.safe_load((ROOT / ".github" / "workflows" / "tests.yml").read_text("utf-8"))

# --------------------------------------------------------------------------------------------- the version


def test_the_version_stands_in_one_place():
    """What repeats it is held here; nothing else may."""
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)
    assert PROJECT["dynamic"] == ["version"] and "version" not in PROJECT
    assert CITATION["version"] == __version__
    written = [
        file.name
        for folder in ("momentum_lab", "course", "workshop")
        for file in (ROOT / folder).rglob("*.py")
        if re.search(rf'["\']{re.escape(__version__)}["\']', file.read_text("utf-8"))
    ]
    assert written == ["__init__.py"]


def test_the_citation_is_whole():
    assert CITATION["cff-version"] == "1.2.0" and CITATION["type"] == "software" and CITATION["message"]
    assert CITATION["license"] == PROJECT["license"].split(" AND ")
    assert [author["name"] for author in CITATION["authors"]] == [author["name"] for author in PROJECT["authors"]]
    assert {"repository-code": CITATION.get("repository-code"), "url": CITATION.get("url")} == {
        "repository-code": links.links().get("Repository"),
        "url": links.links().get("Documentation"),
    }


def test_the_changelog_has_its_form():
    """Versions from new to old, each with a day or "not yet released", and with kinds of change we know."""
    heads = re.findall(r"^## (.*)$", CHANGELOG, flags=re.MULTILINE)
    found = [re.fullmatch(r"(\d+)\.(\d+)\.(\d+), (not yet released|\d{4}-\d\d-\d\d)", head) for head in heads]
    assert heads and all(found), heads
    versions = [tuple(map(int, one.groups()[:3])) for one in found]
    days = [one[4] for one in found]
    assert ".".join(map(str, versions[0])) == __version__
    assert versions == sorted(set(versions), reverse=True)
    assert "not yet released" not in days[1:]
    released = [date.fromisoformat(day) for day in days if day != "not yet released"]
    assert released == sorted(released, reverse=True)
    assert CITATION.get("date-released") == (released[0] if days[0] != "not yet released" else None)
    kinds = re.findall(r"^### (.*)$", CHANGELOG, flags=re.MULTILINE)
    assert kinds and set(kinds) <= {"Added", "Changed", "Removed", "Mended"}


def test_every_python_that_is_named_is_one_that_the_workflow_tries():
    named = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
    tried = WORKFLOW["jobs"]["locked"]["strategy"]["matrix"]["python"]
    assert PROJECT["requires-python"] == f">={named[0]}"
    assert named[0] in tried and named[-1] in tried
    assert PROJECT["classifiers"] == sorted(PROJECT["classifiers"])


# --------------------------------------------------------------------------------------------- addresses


def test_only_names_that_pages_know_are_in_the_table():
    assert set(links.links()) <= set(links.NAMES)
    assert all(re.match(r"https://\S+$", address) for address in links.links().values())
    assert "?" not in links.links().get("Binder", ""), "pages add the notebook that is to be opened"


def test_a_sentence_is_left_out_while_its_entry_is_missing():
    assert links.sentence("Issues", "Look at {}.", PUBLISHED) == "Look at https://example.org/issues."
    assert links.sentence("Issues", "Look at {}.", {}) == ""
    assert links.links('[project]\nname = "x"\n') == {}
    assert links.links('[project.urls]\nIssues = "https://example.org"\n') == {"Issues": "https://example.org"}
    with pytest.raises(KeyError, match="Homepage is none of"):
        links.sentence("Homepage", "{}")


def test_the_table_is_read_with_nothing_installed():
    """The browser edition is built in an environment that has none of the author's tools."""
    command = [sys.executable, "-S", "-c", "from course import links; links.runs('notebooks/00_start.ipynb')"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_errata_have_an_address_only_where_there_is_one():
    assert "Open an issue at <https://example.org/issues>." in errata.page(PUBLISHED)
    assert "http" not in errata.page({}) and "Tell whoever gave you the course." in errata.page({})
    assert (ROOT / errata.PAGE).read_text("utf-8") == errata.page()


def test_a_notebook_runs_where_the_table_says():
    file = "notebooks/02_what_it_remembers.ipynb"
    both = links.runs(file, PUBLISHED)
    assert both == (
        f"[in your browser](https://example.org/browser-edition/lab/index.html?path={file})"
        f" or [on Binder](https://example.org/binder?urlpath=lab/tree/{file})"
    )
    slash = {"Browser edition": PUBLISHED["Browser edition"] + "/"}
    assert links.runs(file, slash) == both.partition(" or ")[0]
    assert links.runs(file, {"Issues": "https://example.org"}) == ""


def test_readme_and_citation_have_addresses_only_where_there_are_some():
    for name, page in front.PAGES.items():
        assert (ROOT / name).read_text("utf-8") == page(), "run the build"
        assert "://" not in page({})
    readme, citation = front.readme(PUBLISHED), front.citation(PUBLISHED)
    begin = readme.index("## Start")
    for name in ("Browser edition", "Binder", "Documentation", "Issues"):
        assert begin < readme.index(f"({PUBLISHED[name]}") < readme.index("python start.py")
    assert yaml.safe_load(citation) == {
        **yaml.safe_load(front.citation({})),
        "repository-code": PUBLISHED["Repository"],
        "url": PUBLISHED["Documentation"],
    }


def test_errata_list_every_sentence_that_does_not_hold():
    page = errata.page({})
    listed = [int(number) for number in re.findall(r"^\*\*(\d+)\. “", page, flags=re.MULTILINE)]
    wanted = [claim.id for verdict in errata.LISTED for claim in CLAIMS if claim.verdict == verdict]
    assert listed == wanted and len(listed) > 20
    assert "[glossary]" not in page and "None is known." in page


def test_an_error_of_the_course_gets_its_row(monkeypatch):
    row = ("0.1.0", "lesson 02 says 10", "11", "0.2.0")
    monkeypatch.setattr(errata, "OF_THE_COURSE", (row,))
    page = errata.page({})
    assert "| 0.1.0 | lesson 02 says 10 | 11 | 0.2.0 |" in page and "None is known." not in page


# --------------------------------------------------------------------------------------------- the workflow


def commands():
    steps = [step for job in WORKFLOW["jobs"].values() for step in job["steps"]]
    return [shlex.split(line) for step in steps for line in step.get("run", "").splitlines()]


def test_the_workflow_covers_three_systems_and_both_ends_of_the_ranges():
    jobs = WORKFLOW["jobs"]
    systems = jobs["locked"]["strategy"]["matrix"]["os"]
    assert {system.partition("-")[0] for system in systems} == {"ubuntu", "macos", "windows"}
    assert jobs["ranges"]["strategy"]["matrix"]["resolution"] == ["lowest-direct", "highest"]
    assert WORKFLOW["permissions"] == {"contents": "read"}


def test_bubblewrap_may_run_where_the_workflow_needs_it():
    """Ubuntu's AppArmor forbids it from 23.10 on, and MOMENTUM_LAB_REQUIRE makes a test that needs it fail."""
    assert ["sudo", "sysctl", "-w", "kernel.apparmor_restrict_unprivileged_userns=0"] in commands()


def test_a_checkout_has_the_same_bytes_on_every_system():
    """The builds compare bytes; git on Windows would otherwise change the end of every line."""
    assert "* text=auto eol=lf" in (ROOT / ".gitattributes").read_text("utf-8").splitlines()
    assert b"\r\n" not in (ROOT / "binder" / "postBuild").read_bytes()


def test_every_command_of_the_workflow_is_one_that_there_is():
    spec = importlib.util.spec_from_file_location("start_of_the_workflow", ROOT / "start.py")
    start = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(start)
    verbs, files = [], []
    for command in commands():
        if command[:2] == ["python", "start.py"]:
            verbs.append(start.read(command[2:])[0])
        elif command[0] == "momentum-lab":
            verbs.append(cli.read(command[1:]).run.__name__)
        elif command[:3] == ["python", "-m", "pytest"]:
            files += [word for word in command[3:] if word.startswith("tests/")]
    assert verbs == ["test", "doctor", "start", "update"]
    assert files and all((ROOT / file).exists() for file in files)
