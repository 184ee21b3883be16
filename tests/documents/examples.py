"""What the documents show to be typed, saved or run: their blocks of code, and the commands in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.program import ROOT

# In this order their commands can be run: a score and a poll before what needs one, probes before what is made of them.
_FIRST = ("docs/spotlake.md", "docs/local-aws.md", "README.md", "docs/operations.md", "docs/probing.md")
FOR_USERS = (
    *_FIRST,
    *sorted({str(path.relative_to(ROOT)) for path in ROOT.glob("docs/*.md")} - set(_FIRST)),
    "SECURITY.md",
)
"""Documents for those who use the programs; a path below the root each."""

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """A block of code in a document; the language is what stands behind its fence."""

    document: str
    language: str
    text: str


def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def examples(language: str, *documents: str) -> list[Example]:
    """Give the blocks of a language, of all documents for users or of those named."""
    return [example for example in all_examples(*documents) if example.language == language]


def all_examples(*documents: str) -> Iterator[Example]:
    for document in documents or FOR_USERS:
        for language, text in _BLOCK.findall(text_of(document)):
            yield Example(document, language, text)


def commands(*documents: str) -> list[str]:
    """Give the lines of all blocks to be typed, without comments; what stands in several places once."""
    lines = [line for example in examples("sh", *documents) for line in example.text.splitlines()]
    bare = [re.sub(r"(^|\s+)#.*", "", line).strip() for line in lines]
    return list(dict.fromkeys(line for line in bare if line))
