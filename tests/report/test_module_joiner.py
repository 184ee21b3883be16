"""Modules become one script in which each runs once, after those it imports, with its names its own."""

from pathlib import Path

import pytest

from report.module_joiner import join_modules


def joined(folder: Path, **modules: str) -> str:
    """Write modules by name, with `__` for the folder's slash, and join them from main on."""
    for name, text in modules.items():
        path = folder / (name.replace("__", "/") + ".js")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return join_modules(folder / "main.js")


def test_a_module_comes_after_those_it_imports_and_only_once(tmp_path: Path) -> None:
    script = joined(
        tmp_path,
        main='import {b} from "./parts/b.js";\nimport {a} from "./a.js";\nuse(a, b);\n',
        a="export const a = 1;\n",
        parts__b='import {a} from "../a.js";\nexport const b = a + 1;\n',
    )
    places = [script.index(f'modules["{name}"] = ') for name in ("a.js", "parts/b.js", "main.js")]
    assert places == sorted(places)
    assert script.count("const a = 1;") == 1


def test_names_stay_within_their_module_but_for_those_exported(tmp_path: Path) -> None:
    script = joined(
        tmp_path,
        main='import {\n  add,\n  SUM,\n} from "./a.js";\nconst hidden = add(SUM);\n',
        a="const hidden = 1;\nexport const SUM = 2;\nexport async function add(value) { return value + hidden; }\n",
    )
    assert "export" not in script
    assert "return {SUM, add};" in script
    assert 'const {\n  add,\n  SUM,\n} = modules["a.js"];' in script


def test_words_in_comments_and_texts_are_left_alone(tmp_path: Path) -> None:
    text = '// import what you like\nconst said = "export const x";\n/** @import {A} from "./a" */\n'
    assert text in joined(tmp_path, main=text)


@pytest.mark.parametrize(
    "line",
    [
        'import a from "./a.js";',
        'import * as a from "./a.js";',
        'import "./a.js";',
        "export default 1;",
        "export let a = 1;",
        "export {a};",
    ],
)
def test_syntax_that_it_does_not_know_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(ValueError, match=r"main\.js: not understood: "):
        joined(tmp_path, main=f"{line}\n", a="export const a = 1;\n")


@pytest.mark.parametrize("names", ["b", "a, b", "a as b"])
def test_a_name_that_is_not_exported_is_refused(tmp_path: Path, names: str) -> None:
    with pytest.raises(ValueError, match=r"main\.js: a\.js does not export "):
        joined(tmp_path, main=f'import {{{names}}} from "./a.js";\n', a="export const a = 1;\nconst b = 2;\n")


def test_modules_that_import_each_other_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"a\.js imports itself by way of a\.js, b\.js"):
        joined(
            tmp_path,
            main='import {a} from "./a.js";\n',
            a='import {b} from "./b.js";\nexport const a = 1;\n',
            b='import {a} from "./a.js";\nexport const b = 1;\n',
        )
