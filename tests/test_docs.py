"""What the documents say is so: every setting, command and dependency stands there, and no others."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from typer import Context
from typer.main import get_command
from typer.testing import CliRunner

from swapboard.accounts.company import Company
from swapboard.cli.app import app
from swapboard.moving.call_settings import CallSettings
from swapboard.moving.house_settings import changed_company
from swapboard.moving.setup import AutoScaleSetup, NumberSetup, PoolSetup, RuleSetup, Setup, TargetSetup
from swapboard.moving.toml_text import BadSetup
from swapboard.settings import Settings

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


def test_every_setting_is_documented_and_no_other() -> None:
    documented = set(re.findall(r"`SWAPBOARD_([A-Z_]+)`", (ROOT / "docs/settings.md").read_text()))

    assert documented == {field.name.upper() for field in fields(Settings)}


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    table = (ROOT / "docs/dependencies.md").read_text()
    names = {re.split(r"[\[<>=; ]", line)[0] for line in project["dependencies"]}

    assert {name for name in names if name not in table} == set()


def test_the_map_of_the_switchboard_has_each_module_once() -> None:
    page = (ROOT / "docs/architecture.md").read_text()
    table = page.partition("## The switchboard")[2].partition("|---|---|")[2].partition("\n## ")[0]
    modules = {path.stem for path in (ROOT / "src/swapboard/switchboard").glob("*.py")} - {"__init__"}

    assert sorted(re.findall(r"`(\w+)\.py`", table)) == sorted(modules)


def test_every_name_of_a_set_up_is_documented() -> None:
    table = (ROOT / "docs/moving.md").read_text()
    parts = (Setup, TargetSetup, PoolSetup, AutoScaleSetup, NumberSetup, RuleSetup, CallSettings)
    names = {name for part in parts for name in part.model_fields} | set(settings_names())

    assert {name for name in names if not re.search(rf"\b{name}\b", table)} == set()


def settings_names() -> Iterator[str]:
    with pytest.raises(BadSetup) as refused:
        changed_company(Company("", "", "", "UTC", "US", None, 1800, 30, 0), {"mood": "blue"})
    yield from str(refused.value).partition("there are ")[2].rstrip(".").split(", ")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_in_the_documents_exists(document: Path) -> None:
    for line in re.findall(r"^ *(?:\S+=\S+ )*(?:\.venv/bin/)?swapboard .*$", document.read_text(), re.MULTILINE):
        words = line.partition("swapboard ")[2].split()
        group = words[:2] if words[0] in {"user", "key", "keywords"} else words[:1]
        given = {word.split("=")[0] for word in words if word.startswith("--")}
        shown = CliRunner(env={"COLUMNS": "300", "NO_COLOR": "1", "TERM": "dumb"}).invoke(app, [*group, "--help"])
        assert shown.exit_code == 0, line
        assert {option for option in given if option not in shown.output} == set(), line


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text()):
        assert (document.parent / target).exists(), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_to_headings_lead_to_one(document: Path) -> None:
    for file, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#([^)]+)\)", document.read_text()):
        there = document.parent / file if file else document
        if there.suffix == ".md":
            assert anchor in anchors(there.read_text()), f"{file}#{anchor}"


def anchors(text: str) -> set[str]:
    """What links call the headings of a document."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_make_targets_in_the_documents_exist(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    for target in re.findall(r"(?:^|`)make ([a-z-]+)", document.read_text(), re.MULTILINE):
        assert target in targets


def test_every_command_helps_with_an_example() -> None:
    group = get_command(app)
    context = Context(group)
    commands = [
        [name, *rest]
        for name in group.list_commands(context)  # type: ignore[attr-defined]
        for each in [group.get_command(context, name)]  # type: ignore[attr-defined]
        for rest in ([], *([sub] for sub in getattr(each, "commands", {})))
    ]

    for words in commands:
        shown = CliRunner().invoke(app, [*words, "--help"])
        assert shown.exit_code == 0, words
        assert "Example: " in shown.output, words
