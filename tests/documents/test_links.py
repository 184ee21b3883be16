"""Every pointer leads somewhere: between documents, and from what programs print and comments say to documents."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.program import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "benchmarks" / "README.md"])


def _without_code(text: str) -> str:
    return re.sub(r"^```.*?^```|`[^`]*`", "", text, flags=re.MULTILINE | re.DOTALL)


def _anchors(document: Path) -> set[str]:
    """Give the anchors that a hosting site makes of a document's headings."""
    text = re.sub(r"^```.*?^```", "", document.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_between_documents_leads_somewhere(document: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", _without_code(document.read_text(encoding="utf-8"))):
        if re.match(r"https?:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (document.parent / file).resolve() if file else document
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_program_file_that_a_document_names_is_there(document: Path) -> None:
    for path in re.findall(r"`(?:[^`\n]* )?([\w-]+/[\w./-]+\.py)", document.read_text(encoding="utf-8")):
        assert (ROOT / path).exists(), path


# A path of a document, and perhaps one of its headings; not the end of an address.
POINTER = re.compile(r"(?<![\w/.:-])((?:docs|benchmarks)/[\w/.-]+\.md|[A-Z]{4,}\.md)(?:#([\w-]+))?")


@cache
def _pointers() -> dict[str, set[tuple[str, str]]]:
    """Give for each of our files that is no document the documents that it points to, and their headings."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = {}
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if path.suffix in (".py", ".txt", ".toml", ".js", ".html", ".j2", ".service", ".timer", "") and path.is_file():
            found[name] = set(POINTER.findall(path.read_text(encoding="utf-8")))
    return found


def test_every_document_that_a_program_or_a_comment_points_to_is_there_and_has_that_heading() -> None:
    pointers = [(name, file, anchor) for name, found in _pointers().items() for file, anchor in found]
    assert any(anchor for _, _, anchor in pointers)
    for name, file, anchor in pointers:
        assert (ROOT / file).exists(), f"{name} points to {file}"
        assert not anchor or anchor in _anchors(ROOT / file), f"{name} points to {file}#{anchor}"


def test_nothing_points_to_a_document_in_other_words_that_no_test_can_follow() -> None:
    for name in (name for name in _pointers() if not name.startswith("tests/")):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"""\(README, |\b(?:see|in) the README\b|README, ['"]""", text), name


def test_the_readme_is_short_and_leads_to_every_page() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(readme.splitlines()) < 200
    _, _, index = readme.partition("\n## Documents\n")
    linked = {file.partition("#")[0] for file in re.findall(r"\]\(([^)]+)\)", index)}
    pages = {str(path.relative_to(ROOT)) for path in DOCUMENTS if path.parent != ROOT / "docs" / "decisions"}
    assert pages - {"README.md"} <= linked | {"docs/decisions/README.md"}
