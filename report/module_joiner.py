"""Join the page's JavaScript modules into one script: browsers do not load modules from file:// addresses.

Each module becomes a function that is called once, after the modules it imports; its names stay its own. Of the syntax
of modules the files may use `import {name, …} from "./file.js";`, and `export` before a const, a function or a class.
"""

from __future__ import annotations

import os.path
import re
from dataclasses import dataclass, field
from pathlib import Path

_IMPORT = re.compile(r'^import \{([^{}]*)\} from "(\.[^"]*)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|class|function|async function) (\w+))", re.MULTILINE)
_NOT_UNDERSTOOD = re.compile(r"^\s*(?:import|export)\b.*", re.MULTILINE)


@dataclass(frozen=True)
class _Module:
    """A module as a function of a script, and the names it exports."""

    text: str
    exported: list[str]


def join_modules(entry: Path) -> str:
    """Give one script that runs the module at entry, and all it imports before it.

    Raises ValueError for syntax other than the above, for a name that is imported but not exported, and for modules
    that import each other in a circle.
    """
    joiner = _Joiner(entry.parent)
    joiner.add(entry.name)
    return "\n".join(['"use strict";', "const modules = {};", *(module.text for module in joiner.modules.values())])


@dataclass
class _Joiner:
    """The modules joined so far by their path below root, and those whose imports are being joined."""

    root: Path
    modules: dict[str, _Module] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)

    def add(self, name: str) -> None:
        if name in self.modules:
            return
        if name in self.waiting:
            raise ValueError(f"{name} imports itself by way of {', '.join(self.waiting[self.waiting.index(name) :])}")
        self.waiting.append(name)
        text = (self.root / name).read_text(encoding="utf-8")
        text = _IMPORT.sub(lambda found: self._import(name, found[1], found[2]), text)
        exported: list[str] = _EXPORT.findall(text)
        text = _EXPORT.sub("", text)
        if rest := _NOT_UNDERSTOOD.search(text):
            raise ValueError(f"{name}: not understood: {rest[0].strip()}")
        wrapped = f'modules["{name}"] = (() => {{\n{text}\nreturn {{{", ".join(exported)}}};\n}})();'
        self.modules[name] = _Module(wrapped, exported)
        self.waiting.pop()

    def _import(self, importer: str, names: str, address: str) -> str:
        name = os.path.normpath(os.path.join(os.path.dirname(importer), address))
        self.add(name)
        wanted = [wanted.strip() for wanted in names.split(",") if wanted.strip()]
        if missing := [wanted for wanted in wanted if wanted not in self.modules[name].exported]:
            raise ValueError(f"{importer}: {name} does not export {', '.join(missing)}")
        return f'const {{{names}}} = modules["{name}"];'
