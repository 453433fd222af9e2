"""The reader: any form and state of a learner's file is data, and all that is wrong with it is found."""

import json
import os
import warnings
from pathlib import Path

import pytest

from compare.checking.reading import UnreadableError, gather, read, read_text
from compare.checking.source import Document, Place

DOCUMENTS = Path(__file__).parents[2] / "shared" / "documents"

GOOD = '''import numpy as np


class RNN:
    """A step."""

    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.cache = None

    def forward(self, x, h_prev):
        Wx, Wh, b = self.params
        h = np.tanh(x @ Wx + h_prev @ Wh + b)
        self.cache = (x, h_prev, h)
        return h

    def backward(self, dh):
        Wx, Wh, b = self.params
        x, h_prev, h = self.cache
        dt = dh * (1 - h**2)
        return dt @ Wx.T, dt @ Wh.T


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
'''


def of(text: str | bytes, name: str = "a.py") -> Document:
    """The document of a text, of which every unit compiles and has as many lines as what it was made of."""
    document = read_text(text, name)
    for unit in document.units:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(unit.text, unit.label, "exec", dont_inherit=True)
    if isinstance(text, str) and document.units and document.units[0].cell is None:
        assert document.units[0].text.count("\n") == text.replace("\r\n", "\n").count("\n")
    return document


def notebook(*cells: str | tuple[str, str], old: bool = False) -> str:
    """A notebook of code cells, and of others given with their type."""
    pairs = [cell if isinstance(cell, tuple) else ("code", cell) for cell in cells]
    if old:
        sheet = [{"cell_type": kind, "input" if kind == "code" else "source": source} for kind, source in pairs]
        return json.dumps({"nbformat": 3, "worksheets": [{"cells": sheet}]})
    listed = [{"cell_type": kind, "source": source.splitlines(keepends=True)} for kind, source in pairs]
    return json.dumps({"nbformat": 4, "cells": listed})


def code(document: Document) -> str:
    """What is left of the first unit, without blank lines."""
    return "\n".join(line.rstrip() for line in document.units[0].text.split("\n") if line.strip())


def said(document: Document, check: str = "syntax") -> list[tuple[str, str]]:
    """Where and in which definition there are problems of a kind."""
    return [(problem.place.text, problem.symbol) for problem in document.problems if problem.check == check]


def message(document: Document) -> str:
    (problem,) = document.problems
    return problem.message


def broken(document: Document) -> dict[str, tuple[str, ...]]:
    return {name: one.broken for name, one in document.definitions.items() if one.broken}


# --- what is right -----------------------------------------------------------------------------------------------


def test_a_file_without_faults_is_left_as_it_is() -> None:
    document = of(GOOD)
    assert document.problems == ()
    assert document.units[0].text == GOOD
    assert [(d.name, d.kind, d.place, d.broken, d.blank) for d in document.definitions.values()] == [
        ("RNN", "class", Place(None, 4, 0), (), ()),
        ("softmax", "function", Place(None, 24, 0), (), ()),
    ]
    assert list(document.definitions["RNN"].methods) == ["__init__", "forward", "backward"]
    assert document.path == "a.py"
    assert document.units[0].label == "a.py"


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "x = 1\n", '"""only words"""', "\f\n"])
def test_a_file_without_definitions_is_a_document_without_any(text: str) -> None:
    document = of(text)
    assert document.definitions == {}
    assert document.problems == ()


# --- forms -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("old", [False, True])
def test_a_notebook_has_a_unit_for_each_code_cell(old: bool) -> None:
    text = notebook(("markdown", "# Title"), GOOD, ("raw", "no code"), "x = 1\n\n\ndef f():\n    return x\n", old=old)
    document = of(text, "a.ipynb")
    assert [(unit.label, unit.cell) for unit in document.units] == [("<cell 1>", 1), ("<cell 3>", 3)]
    assert document.definitions["f"].place == Place(3, 4, 0)
    assert document.place("<cell 3>", 2) == Place(3, 2)
    assert document.units[1].text == "x = 1\n\n\ndef f():\n    return x\n"


def test_a_notebook_is_told_by_its_text() -> None:
    text = json.dumps({"cells": [{"cell_type": "code", "source": "def f():\n    return 1"}]})
    assert list(of(text, "-").definitions) == ["f"]
    assert list(of(text.encode(), "a.txt").definitions) == ["f"]


def test_cells_of_no_known_form_are_passed_over() -> None:
    cells: list[object] = [
        None,
        3,
        {},
        {"cell_type": "code"},
        {"cell_type": "code", "source": 5},
        {"cell_type": "code", "source": [1]},
    ]
    cells.append({"cell_type": "code", "source": ["def f():\n", None, "    return 1"]})
    assert list(of(json.dumps({"cells": cells}), "a.ipynb").definitions) == ["f"]


EXPORT = """## Layers

In [1]:
import numpy as np
%matplotlib inline

In [None]:
def f(x):
    return x

Out[1]:
array([1, 2]) and more
of it

Here we define the next layer, which takes
the ids of words.

In [ ]:
class A:
    def forward(self, x):
        return f(x)
"""


def test_a_text_export_is_told_by_its_marks_and_keeps_its_lines() -> None:
    for name in ("a.txt", "a.py", "-"):
        document = of(EXPORT, name)
        assert document.problems == ()
        assert {name: one.place.line for name, one in document.definitions.items()} == {"f": 8, "A": 19}
        assert document.units[0].cell is None


def test_an_interactive_session_is_an_export_too() -> None:
    text = "In [1]: import numpy as np\n\nIn [2]: def f(x):\n   ...:     return x\n   ...:\n\nIn [3]: f(2)\nOut[3]: 2\n"
    document = of(text)
    assert document.problems == ()
    assert code(document) == "import numpy as np\ndef f(x):\n    return x"


def test_marks_in_a_docstring_make_no_export() -> None:
    text = 'def f():\n    """Use it so:\n\nIn [1]: f()\nOut[1]: 2\n    """\n    return 2\n'
    assert of(text).units[0].text == text


def test_magics_are_blanked() -> None:
    cell = (
        "%matplotlib inline\n!pip install numpy \\\n  --quiet\n?np\nnp.dot?\nfiles = !ls (\nhere = %pwd\n"
        "pip install x\n"
        "import numpy as np\nif True:\n    %load_ext autoreload\n    import os\ndef f():\n    return 5 % 2 != 1\n"
    )
    document = of(notebook(cell), "a.ipynb")
    assert document.problems == ()
    wanted = "import numpy as np\nif True:\n    pass\n    import os\ndef f():\n    return 5 % 2 != 1"
    assert code(document) == wanted
    assert document.definitions["f"].place.line == 13


@pytest.mark.parametrize("magic", ["%%time", "%%timeit -n 1", "%%capture out", "%%check", "\n%%check --strict"])
def test_a_cell_magic_that_runs_python_keeps_the_cell(magic: str) -> None:
    assert list(of(notebook(f"{magic}\ndef f():\n    return 1\n"), "a.ipynb").definitions) == ["f"]


@pytest.mark.parametrize("magic", ["%%bash", "%%writefile f.py", "%%html", "%%javascript", "%%script python"])
def test_a_cell_of_another_language_is_blank(magic: str) -> None:
    document = of(notebook(f"{magic}\ndef f():\n    return 1\n", "x = 1"), "a.ipynb")
    assert document.definitions == {}
    assert document.problems == ()
    assert document.units[0].text == "\n\n\n"


def test_a_cell_may_be_indented_and_a_file_may_not() -> None:
    text = "    def f():\n        return 1\n\n    def g():\n        return 2\n"
    assert of(notebook(text), "a.ipynb").problems == ()
    document = of(text)
    assert list(document.definitions) == ["f", "g"]
    assert said(document) == [("line 1", "")]
    assert "left margin" in message(document)


# --- encodings ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("comment", "encoding"),
    [
        ("순환 신경망의 계층", "utf-8"),
        ("순환 신경망의 계층", "utf-8-sig"),
        ("순환 신경망의 계층", "utf-16"),
        ("순환 신경망의 계층", "cp949"),
        ("時系列データの順伝播をまとめて処理する", "shift_jis"),
        ("隐藏状态的梯度在时间上累加", "gb18030"),
        ("couche cachée, dérivée", "latin-1"),
    ],
)
def test_every_encoding_is_read(comment: str, encoding: str) -> None:
    text = f'# {comment}\ndef f():\n    return "{comment}"\n'
    document = read_text(text.encode(encoding), "a.py")
    assert document.problems == ()
    assert comment in document.units[0].text


def test_a_coding_comment_is_believed_if_it_can_be() -> None:
    text = "#!/usr/bin/python\n# -*- coding: {} -*-\nNAME = 'é'\ndef f():\n    return NAME\n"
    assert "é" in of(text.format("cp1252").encode("cp1252")).units[0].text
    for lie in ("no-such-thing", "base64", "ascii", "utf-16"):
        assert "é" in of(text.format(lie).encode()).units[0].text


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_are_of_one_kind(end: str) -> None:
    document = read_text(GOOD.replace("\n", end).encode(), "a.py")
    assert document.units[0].text == GOOD
    assert document.problems == ()


def test_tabs_form_feeds_and_half_a_letter_are_read() -> None:
    assert of("class A:\n\tdef forward(self):\n\t\treturn 1\n\f\ndef f():\n\treturn 2\n").problems == ()
    assert list(of("def f():\n    return '\ud800'\n").definitions) == ["f"]
    assert list(of('{"cells": [{"cell_type": "code", "source": "def f(): return \'\\ud800\'"}]}').definitions) == ["f"]


# --- what is refused ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "raw", "why"),
    [
        ("a.ipynb", b"", "is not JSON"),
        ("a.ipynb", b'{"cells": [', "is not JSON"),
        ("a.ipynb", b"[" * 100_000, "is not JSON"),
        ("a.ipynb", b"[1, 2]", "has no cells"),
        ("a.ipynb", b'{"cells": []}', "has no cells"),
        ("a.ipynb", b'{"cells": 3, "worksheets": 5}', "has no cells"),
        ("a.ipynb", b"def f(): pass", "rename"),
        ("a.py", b"\x00\x01\x02", "binary"),
        ("a.py", b"\x89PNG\r\n\x1a\n\x00", "binary"),
        ("a.py", bytes(range(1, 9)) * 50, "binary"),
        ("-", b'{"cells": [{"cell_type": "co', "is not JSON"),
        ("a.py", b"x" * 20_000_001, "20 MB"),
        ("a.py", b"x = 1\n" * 200_000, "letters of code"),
    ],
)
def test_what_is_no_code_is_refused_with_a_sentence(name: str, raw: bytes, why: str) -> None:
    with pytest.raises(UnreadableError, match=why) as refusal:
        read_text(raw, name)
    assert str(refusal.value).startswith(name)
    assert "wanted" in str(refusal.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for path, why in ((tmp_path / "no.py", "no file"), (tmp_path, "folder"), (tmp_path / "a\0b", "no name of a file")):
        with pytest.raises(UnreadableError, match=why):
            read(path)
    with pytest.raises(UnreadableError, match="no file"):
        gather(tmp_path / "no.py")
    with pytest.raises(UnreadableError, match="no file"):
        gather(tmp_path / "a\0b")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes among the files here")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.py")
    with pytest.raises(UnreadableError, match="pipe"):
        read(tmp_path / "a.py")


def test_an_unreadable_file_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(GOOD)
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    with pytest.raises(UnreadableError, match=r"cannot read .*permission denied"):
        read(path)


# --- folders -----------------------------------------------------------------------------------------------------


def test_a_folder_gives_the_files_with_code_in_it(tmp_path: Path) -> None:
    wanted = ["a.py", "b/c.ipynb", "b/d.txt", "z.PY"]
    others = ["data.txt", "x.md", ".git/h.py", "__pycache__/a.py", "b/.ipynb_checkpoints/c.ipynb", "venv/v.py"]
    for name in (*wanted, *others, "other/lib/e.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("In [1]:\nx = 1\n" if name == "b/d.txt" else "words of a text\n")
    (tmp_path / "other" / "pyvenv.cfg").write_text("")
    (tmp_path / "b" / "loop").symlink_to(tmp_path)
    (tmp_path / "gone.py").symlink_to(tmp_path / "nowhere")
    assert gather(tmp_path) == tuple(sorted(tmp_path / name for name in wanted))
    assert gather(tmp_path / "data.txt") == (tmp_path / "data.txt",)


# --- what is kept ------------------------------------------------------------------------------------------------


def test_what_trains_plots_and_prints_is_blanked() -> None:
    text = (
        "import numpy as np\nnp.random.seed(0)\nx = np.ones(3)\nprint(x); y = 2\nassert x.any()\n"
        "for i in range(3):\n    x += 1\nwith open('f') as f:\n    z = f.read()\n\n"
        "def f():\n    x = 1\n    return [y for y in range(x)]\n\n"
        "if __name__ == '__main__':\n    f()\n    def g(): pass\n"
    )
    document = of(text)
    assert code(document) == "import numpy as np\ndef f():\n    x = 1\n    return [y for y in range(x)]"
    assert list(document.definitions) == ["f"]


def test_values_that_definitions_need_are_kept_with_what_these_need() -> None:
    text = (
        "import numpy as np\nfrom collections import namedtuple\nZERO = 0\nhalf = lambda x: x / TWO\nTWO = 2\n"
        "unused = 3\nArray = np.ndarray\nState = namedtuple('State', 'h c')\nN, (D, H) = 1, (2, 3)\nBase = object\n"
        "wrap = lambda f: f\nWIDTH: int = 4\ncount = 1\ncount += 1\na = b = 5\n"
        "@wrap\ndef f(x: Array, at=ZERO, *, to=WIDTH):\n    return half(x) + N + count + a\n"
        "class A(Base):\n    def forward(self):\n        def inner():\n            return State\n        return inner\n"
    )
    assert code(of(text)) == text.replace("unused = 3\n", "").rstrip()


def test_a_value_in_another_cell_is_found() -> None:
    document = of(notebook("eps = 1e-7\nlr = 0.1", "def f(x):\n    return x + eps"), "a.ipynb")
    assert document.units[0].text.rstrip() == "eps = 1e-7"


def test_the_choice_of_a_backend_is_kept_whole() -> None:
    text = (
        "GPU = False\ntry:\n    import cupy\nexcept ImportError:\n    cupy = None\n    print('none')\n"
        "if GPU:\n    import cupy as np\n    print('on'); train()\nelif cupy:\n    np = cupy\nelse:\n"
        "    import numpy as np\n    x = np.ones(3)\n\ndef f(x):\n    return np.exp(x)\n"
    )
    document = of(text)
    kept = code(document)
    assert "import cupy as np" in kept
    assert "GPU = False" in kept
    assert "np = cupy" in kept
    assert "print" not in kept
    assert "train" not in kept
    assert "np.ones" not in kept
    assert list(document.definitions) == ["f"]


def test_definitions_in_a_choice_are_found() -> None:
    text = "fast = True\nif fast:\n    def f(x):\n        return x\nelse:\n    def f(x):\n        return -x\n"
    document = of(text)
    assert document.problems == ()
    assert document.definitions["f"].place == Place(None, 6, 4)


def test_a_method_that_is_given_to_a_class_later_is_kept() -> None:
    text = "class A:\n    pass\ndef forward(self):\n    return 1\nA.forward = forward\nmodel = A()\nmodel.x = 3\n"
    assert code(of(text)) == text.replace("model = A()\nmodel.x = 3\n", "").rstrip()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("print(1); eps = 2; print(3)", "pass    ; eps = 2; pass"),
        ("f(); eps = 2;", "0  ; eps = 2;"),
        ("'é'; eps = 'é'; g()", "0  ; eps = 'é'; 0"),
        ("eps = 2; plot(\n    1,\n)", "eps = 2; pass"),
        ("plot();", ""),
        ("plot(); \\\n show()", ""),
    ],
)
def test_statements_that_share_a_line_are_told_apart(text: str, kept: str) -> None:
    document = of(f"{text}\ndef f():\n    return eps\n")
    assert code(document).removesuffix("def f():\n    return eps").rstrip() == kept


# --- left blank, and shadowed ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "pass",
        "...",
        '"""What to do."""',
        "raise NotImplementedError",
        "raise NotImplementedError('do it')",
        "return",
        "return None",
        "return None, None",
        "next_h, cache = None, None\n    pass\n    return next_h, cache",
        '"""Doc."""\n    dx = dw = None\n    return dx, dw',
    ],
)
def test_an_exercise_left_blank_is_seen(body: str) -> None:
    assert of(f"def rnn_step_forward(x):\n    {body}\n").definitions["rnn_step_forward"].blank == ("rnn_step_forward",)
    method = body.replace("\n", "\n    ")
    text = f"class A:\n    def __init__(self):\n        self.x = 1\n    def forward(self, x):\n        {method}\n"
    assert of(f"{text}    def backward(self, d):\n        return d\n").definitions["A"].blank == ("forward",)


@pytest.mark.parametrize(
    "body", ["return 0", "x = []\n    return x", "return x", "self.x = None", "x = f(None)", "raise E"]
)
def test_what_does_something_is_not_blank(body: str) -> None:
    assert of(f"def f(x):\n    {body}\n").definitions["f"].blank == ()


def test_a_constructor_is_blank_only_if_something_is_expected_of_it() -> None:
    text = "class A:\n    def __init__(self, W):\n        pass\n    def forward(self, x):\n        return {}\n"
    assert of(text.format("x @ self.W")).definitions["A"].blank == ("__init__",)
    assert of(text.format("x")).definitions["A"].blank == ()
    assert of("class A:\n    def reset_state(self):\n        pass\n").definitions["A"].blank == ()


def problems(document: Document) -> list[tuple[str, str, str]]:
    return [(problem.place.text, problem.severity, problem.symbol) for problem in document.problems]


BLANK, WHOLE = "def f(x):\n    pass\n", "def f(x):\n    return x\n"


@pytest.mark.parametrize(
    ("parts", "in_file", "in_notebook"),
    [
        ([WHOLE, BLANK], "error", "error"),
        ([WHOLE, BLANK, BLANK], "error", "error"),
        ([WHOLE, WHOLE], "note", ""),
        ([BLANK, WHOLE], "note", ""),
        ([BLANK, BLANK], "", ""),
        ([WHOLE], "", ""),
    ],
)
def test_a_definition_that_is_shadowed_is_told(parts: list[str], in_file: str, in_notebook: str) -> None:
    document = of("".join(parts))
    assert [problem.severity for problem in document.problems] == [in_file] * bool(in_file)
    assert document.definitions["f"].place.line == 1 + 2 * (len(parts) - 1)
    document = of(notebook(*parts), "a.ipynb")
    assert problems(document) == [(f"cell {len(parts) - 1}, line 1", in_notebook, "f")] * bool(in_notebook)
    if in_notebook:
        assert "cell 0, line 1" in message(document)


def test_a_method_that_is_shadowed_is_told() -> None:
    text = "class A:\n    def forward(self):\n        return 1\n    def forward(self):\n        pass\n"
    assert problems(of(text)) == [("line 4", "error", "A")]
    setter = "class A:\n    @property\n    def h(self):\n        return 1\n"
    setter += "    @h.setter\n    def h(self, h):\n        self.g = h\n"
    assert of(setter).problems == ()


# --- what does not parse -----------------------------------------------------------------------------------------


def lines(*parts: str) -> str:
    return "\n".join(parts) + "\n"


THREE = lines(
    "class A:",
    "    def __init__(self, W)",
    "        self.W = W",
    "    def forward(self, xs):",
    "        h = xs(:, 0, :)",
    "        for t in range(3)",
    "            h = np.dot(h, self.W",
    "        return h",
    "    def backward(self, d):",
    "        return d",
    "def f(x:",
    "    return x",
    "class B(A):",
    "    pass",
)


def test_every_syntax_error_is_told_with_its_line_and_the_rest_is_kept() -> None:
    document = of(THREE)
    at = [("line 2", "A"), ("line 5", "A"), ("line 6", "A"), ("line 7", "A"), ("line 11", "f")]
    assert said(document) == at
    assert broken(document) == {"A": ("__init__", "forward"), "f": ("f",)}
    assert list(document.definitions) == ["A", "f", "B"]
    assert list(document.definitions["A"].methods) == ["backward"]
    assert "forward" not in document.units[0].text
    assert "def backward" in document.units[0].text
    assert "def f" not in document.units[0].text


def test_a_broken_function_is_still_a_definition() -> None:
    document = of(lines("@wrap", "def f(x, y=2):", "    return x +", "", "def g(x):", "    return x"))
    one = document.definitions["f"]
    assert (one.kind, one.broken, one.place) == ("function", ("f",), Place(None, 2, 0))
    assert [argument.arg for argument in one.methods["f"].args.args] == ["x", "y"]
    assert [type(node).__name__ for node in one.node.body] == ["Pass"]
    assert list(document.definitions) == ["f", "g"]


def test_a_class_of_which_nothing_parses_is_still_a_definition() -> None:
    document = of(
        lines("class A:", "    def forward(self):", "        return (", "    def backward(self):", "        x = )")
    )
    assert broken(document) == {"A": ("forward", "backward")}
    assert document.definitions["A"].methods == {}


@pytest.mark.parametrize(
    ("statement", "hint"),
    [
        ("h = self.layer.forward(xs(:, t, :), h)", "round brackets where square ones are meant: xs[:, t, :]"),
        ("for t in range(3)", "a colon is missing"),
        ("h = f(a b)", "a comma is missing before b"),
        ("if x = 3: pass", "= where == is meant"),
        ("h = (1 +", "never closed"),
        ('"""Words without an end', "never closed"),
        ("h = 1)", ""),
        ("h = 'a", ""),
        ("h = = 1", ""),
        ("class = 2", ""),
        ("h = “a”", ""),
        ("break", ""),
        ("nonlocal never", ""),
        ("await h", ""),
        ("h = 1 2 3", ""),
        ("else:", ""),
        ("import", ""),
        ("def (x): pass", ""),
        ("try:", "neither"),
        ("f() = 1", ""),
        ("@ 3 4", ""),
    ],
)
def test_one_error_is_told_once(statement: str, hint: str) -> None:
    text = lines("class A:", "    def forward(self, x):", "        y = x", "{}", "        return y", "    def g(self):")
    text += lines("        return 1", "", "def after(x):", '    """Words."""', "    return x")
    block = "        " + statement
    if statement == "for t in range(3)":
        block += "\n            y = t"
    if statement == "try:":
        block += "\n            y = 1"
    document = of(text.format(block))
    assert said(document) == [("line 4", "A")]
    assert hint in message(document)
    assert broken(document) == {"A": ("forward",)}
    assert list(document.definitions["A"].methods) == ["g"]
    assert list(document.definitions) == ["A", "after"]


@pytest.mark.parametrize(
    ("text", "at", "lost"),
    [
        (lines("def f(a, a):", "    return a"), "line 1", {"f": ("f",)}),
        (lines("class A:", "    def f(self):", "        x = 1", "        global x"), "line 4", {"A": ("f",)}),
        (lines("def f():", "    return 1", "return 2"), "line 3", {"f": ("f",)}),
        (lines("return 2", "def f():", "    return 1"), "line 1", {}),
        (lines("x = 1", "from __future__ import division", "def f():", "    return 1"), "line 2", {}),
    ],
)
def test_what_only_the_compiler_sees_is_found(text: str, at: str, lost: dict[str, tuple[str, ...]]) -> None:
    document = of(text)
    assert [place for place, _ in said(document)] == [at]
    assert broken(document) == lost


STRAY = lines(
    "class A:",
    "    def __init__(self):",
    "      self.h = None",
    "    def forward(self, xs):",
    "      out = []",
    "    for x in xs:",
    "      self.h = x",
    "      out.append(x)",
    "    {}",
    "    def backward(self, d):",
    "        return d",
)


@pytest.mark.parametrize(("end", "line"), [("return out", "line 9"), ("self.out = out", "line 6")])
def test_a_method_cut_by_its_indentation_is_broken(end: str, line: str) -> None:
    document = of(STRAY.format(end))
    assert said(document) == [(line, "A")]
    assert "lines 6 to 9 stand outside of forward" in message(document)
    assert broken(document) == {"A": ("forward",)}
    assert list(document.definitions["A"].methods) == ["__init__", "backward"]


def test_what_belongs_to_a_class_is_no_stray() -> None:
    text = lines(
        "class A:",
        "    size = 3",
        "    def get(self):",
        "        name = 1",
        "        return name",
        "    name = property(lambda self: self.h)",
        "    twice = 2 * size",
        "    for size in (1, 2):",
        "        pass",
        "    print('made')",
    )
    assert of(text).problems == ()


@pytest.mark.parametrize(
    ("text", "at", "lost"),
    [
        (["class A:", "    def f(self):", "        x = 1", "       y = 2", "        z = 3"], "line 4", ["f"]),
        (["class A:", "    def f(self):", "        x = 1", "          y = 2", "        z = 3"], "line 4", ["f"]),
        (["class A:", "    def e(self):", "        pass", "  def f(self):", "        x = 1"], "line 4", ["f"]),
        (["class A:", "    def e(self):", "        pass", "      def f(self):", "        x = 1"], "line 4", ["f"]),
        (["class A:", "    def f(self):", "    # nothing", "    def g(self):", "        pass"], "line 2", ["f"]),
        (["class A:", "    def f(self):", "    x = 1", "        return x"], "line 3", ["f"]),
        (["class A:", "      x = 1", "    def f(self):", "        x = 1", "    def g(self): return 1"], "line 2", []),
    ],
)
def test_wrong_indentation_is_found_where_it_is(text: list[str], at: str, lost: list[str]) -> None:
    document = of(lines(*text, "def after():", "    return 1"))
    assert said(document) == [(at, "A")]
    assert broken(document) == ({"A": tuple(lost)} if lost else {})
    assert "after" in document.definitions


def test_mixed_tabs_and_spaces_are_told_and_the_rest_is_kept() -> None:
    text = lines("class A:", "    def f(self):", "\treturn 1", "    def g(self):", "        return 2")
    assert of(text).problems == () or broken(of(text)) == {"A": ("f",)}
    text = lines("class A:", "    def f(self):", "        x = 1", "\treturn x", "    def g(self):", "        return 2")
    document = of(text)
    assert said(document) == [("line 4", "A")]
    assert "tabs and spaces" in message(document)
    assert broken(document) == {"A": ("f",)}
    text = lines("class A:", "    def f(self):", "        return 1", "\tdef g(self):", "\t\treturn 2")
    assert broken(of(text)) == {"A": ("g",)}


@pytest.mark.parametrize("fence", ["```python", "```", "~~~", "```{python}"])
def test_a_markdown_fence_is_told_and_the_code_is_read(fence: str) -> None:
    document = of(lines("Here is the layer you asked for:", fence, GOOD, "```", "It works for every shape."))
    assert said(document) == [("line 2", "")]
    assert list(document.definitions) == ["RNN", "softmax"]
    assert broken(document) == {}
    assert (
        of(lines("def f():", '    """Doc', "", "    ```", "    f()", "    ```", '    """', "    return 1")).problems
        == ()
    )


def test_letters_that_nobody_sees_are_told_and_read_as_spaces() -> None:
    document = of(lines("def f(x):", "\xa0\xa0\xa0 y = x", "    return\u3000y # \u3000", "s = '\xa0'"))
    assert said(document) == [("line 2", "")]
    assert "U+00A0" in message(document)
    assert broken(document) == {}


def test_a_string_without_an_end_does_not_swallow_the_file() -> None:
    text = lines(
        "class A:", "    def f(self):", '        """First', "        words here", "        x = 1", "        return x"
    )
    document = of(
        text + lines("    def g(self):", '        """Second."""', "        return 2", "", "def h():", "    return 3")
    )
    assert said(document) == [("line 3", "A")]
    assert broken(document) == {"A": ("f",)}
    assert list(document.definitions) == ["A", "h"]


def test_code_put_out_of_action_in_a_string_stays_there() -> None:
    text = lines("def f(x)", "    return x", '"""', "def g(x):", "    return", '"""', "def h(x):", "    return x")
    document = of(text)
    assert said(document) == [("line 1", "f")]
    assert list(document.definitions) == ["f", "h"]


def test_an_error_in_one_cell_is_no_matter_of_the_others() -> None:
    document = of(notebook("def f(x):\n    return x(", "def g(x):\n    return x"), "a.ipynb")
    assert said(document) == [("cell 0, line 2", "f")]
    assert [(d.name, d.broken) for d in document.definitions.values()] == [("f", ("f",)), ("g", ())]


@pytest.mark.parametrize(
    "deep", ["(" * 500, "-" * 100_000 + "1", "f" + "()" * 20_000, "1" + "+1" * 20_000, "[" * 99 + "]" * 99]
)
def test_nothing_is_nested_too_deeply(deep: str) -> None:
    document = of(
        lines(f"x = {deep}", "def f():", "    return 1", "class A:", "    def g(self):", f"        return {deep}")
    )
    assert "f" in document.definitions


def test_blocks_in_blocks_have_an_end() -> None:
    nested = lines(*(" " * i + "if x:" for i in range(150)), " " * 150 + "y = 1")
    assert "f" in of(nested + WHOLE).definitions
    chain = lines("if x == 0:", "    y = 0", *(f"elif x == {i}:\n    y = {i}" for i in range(1500)))
    assert "f" in of(chain + WHOLE).definitions


def test_what_is_no_python_at_all_has_an_end() -> None:
    document = of("the cat sat (on the mat\n" * 2000)
    assert 0 < len(document.problems) <= 201


def test_a_file_that_warns_does_so_to_nobody() -> None:
    assert of("def f(x):\n    return x is 1 or '\\d' or 1 if x else 2\n").problems == ()


# --- Python 2 ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("print x", "print(x)"),
        ("print 'a (', x # why", "print('a (', x) # why"),
        ("print 'a %d' % \\\n        x", "print('a %d' % \\\n        x)"),
        ("print >>log, x, 'y'; print x", "print(x, 'y', file=log); print(x)"),
        ("if x: print x; print -x", "if x: print(x); print(-x)"),
        ("raise ValueError, 'bad'", "raise ValueError('bad')"),
        ("exec 'x = 1' in {}", "exec('x = 1', {})"),
        ("x = 0777 + 10L", "x = 0o777 + 10 "),
        ("x = ur'a\\d' <> `x`", "x =  r'a\\d' != repr(x)"),
    ],
)
def test_python_2_is_read_as_python_3(old: str, new: str) -> None:
    document = of(f"def f(x):\n    {old}\n    return x\n")
    assert f"    {new}\n" in document.units[0].text
    assert problems(document) == [("line 2", "note", "")]
    assert said(document, "python 2") == [("line 2", "")]


def test_python_2_is_told_once_a_file() -> None:
    text = lines("def f(x):", "    try:", "        print x", "    except (A, B), e:", "        print e", "    return x")
    document = of(text)
    assert "3 lines" in message(document)
    assert "line 3" in message(document)
    assert "except (A, B) as e:" in document.units[0].text
    assert of("def f(x):\n    print (x)\n    print(x, 2)\n    return print\n").problems == ()


# --- neighbours --------------------------------------------------------------------------------------------------


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository as in the book: common/ beside ch05/, where a file is checked."""
    files = {
        "common/np.py": "from common.config import GPU\n"
        "if GPU:\n    import cupy as np\nelse:\n    import numpy as np\n",
        "common/config.py": "GPU = False\nEPS = 1e-7\nscore = train()\nseed = make_seed()\n",
        "common/layers.py": "from common.np import *\nfrom . import functions as F\nprint(1)\n"
        "class Affine:\n    pass\n",
        "common/functions.py": "import common.layers\ndef sigmoid(x):\n    return x\nlogistic = sigmoid\n",
        "common/unused.py": "x = 1\n",
        "ch05/helper.py": "def h(x)\n    return x\ndef k(x):\n    return x\n",
        "pack/__init__.py": "from .inner import A\n",
        "pack/inner.py": "class A:\n    pass\n",
        "common/numpy.py": "never = 1\n",
        "compare.py": "never = 1\n",
    }
    root = tmp_path / "outer" / "root"
    (root / ".git").mkdir(parents=True)
    (tmp_path / "outer" / "beyond.py").write_text("x = 1\n")
    for name, text in files.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    (root / "ch05" / "linked.py").symlink_to(tmp_path / "outer" / "beyond.py")
    return root


def test_neighbours_are_read_and_theirs_as_well(repository: Path) -> None:
    text = (
        "import sys, numpy, torch, compare, beyond, linked\nsys.path.append('..')\nfrom common.layers import *\n"
        "from common.config import seed\nimport pack\nimport nowhere.at.all\n"
    )
    document = read_text(text, "a.py", repository / "ch05")
    assert sorted(document.modules) == [
        *("common", "common.config", "common.functions", "common.layers", "common.np", "pack", "pack.inner")
    ]
    assert document.modules["common"] == ()
    (config,) = document.modules["common.config"]
    assert config.text == "GPU = False\nEPS = 1e-7\n\nseed = make_seed()\n"
    assert config.label == "common/config.py"
    assert "print" not in document.modules["common.layers"][0].text
    assert "logistic = sigmoid" in document.modules["common.functions"][0].text
    assert document.problems == ()


def test_a_file_among_its_neighbours_may_name_them_in_relation_to_itself(repository: Path) -> None:
    path = repository / "common" / "rnn.py"
    path.write_text("from .layers import Affine\nfrom ..common.np import *\nfrom . import functions\n")
    document = read(path)
    assert {"layers", "common.np", "functions"} <= set(document.modules)
    assert document.units[0].text == path.read_text()


def test_a_neighbour_that_does_not_parse_is_told(repository: Path) -> None:
    document = read_text("x = 1\nfrom helper import k\n", "a.py", repository / "ch05")
    assert problems(document) == [("line 2", "warning", "")]
    assert said(document, "neighbour") == [("line 2", "")]
    assert "helper.py" in message(document)
    assert "line 1" in message(document)
    assert "def k" in document.modules["helper"][0].text


def test_neighbours_are_few_and_readable(repository: Path) -> None:
    folder = repository / "ch05"
    for i in range(60):
        (folder / f"m{i}.py").write_text(f"import m{i + 1}\n")
    (folder / "binary.py").write_bytes(b"\0")
    (folder / "large.py").write_text("x = 1\n" * 200_000)
    document = read_text("import binary\nimport large\nimport m0\n", "a.py", folder)
    assert len(document.modules) == 50
    assert "large" not in document.modules


def test_without_a_folder_there_are_no_neighbours(repository: Path) -> None:
    assert read_text("from common.layers import *\n", "-").modules == {}
    assert read_text("from common.layers import *\n", "a.py", repository / "gone" / "away").modules != {}
    assert read_text("from common.layers import *\n", "a.py", Path("/")).modules == {}


# --- the documents -----------------------------------------------------------------------------------------------


@pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="the documents are not part of the repository")
@pytest.mark.parametrize("path", sorted(DOCUMENTS.glob("*")), ids=lambda path: path.suffix)
def test_the_documents_are_read(path: Path) -> None:
    document = read(path)
    assert [(problem.check, problem.symbol) for problem in document.problems] == [
        ("syntax", "TimeRNN"),
        ("syntax", "TimeEmbedding"),
    ]
    brackets, stray = document.problems
    assert "xs[:, t, :]" in brackets.message
    assert "outside of forward" in stray.message
    assert {brackets.place.text, stray.place.text} in ({"line 62", "line 119"}, {"cell 2, line 24", "cell 4, line 20"})
    assert broken(document) == {"TimeRNN": ("forward",), "TimeEmbedding": ("forward",)}
    names = ["RNN", "TimeRNN", "TimeEmbedding", "TimeAffine", "TimeSoftmaxWithLoss"]
    assert list(document.definitions) == names
    assert list(document.definitions["TimeEmbedding"].methods) == ["__init__", "backward"]


def test_a_merge_that_was_not_finished_spoils_the_method_it_is_in() -> None:
    text = (
        "class Affine:\n"
        "    def forward(self, x):\n"
        "        return x @ self.W\n"
        "\n"
        "    def backward(self, dout):\n"
        "        dW = self.x.T @ dout\n"
        "<<<<<<< mine\n"
        "        return dout @ self.W.T\n"
        "=======\n"
        "        return dout @ self.W\n"
        ">>>>>>> theirs\n"
        "\n"
        "class Other:\n"
        "    pass\n"
    )
    document = read_text(text, "layers.py")
    assert document.definitions["Affine"].broken == ("backward",)
    assert set(document.definitions["Affine"].methods) == {"forward"}
    assert document.definitions["Other"].broken == ()
    assert "Affine" in {problem.symbol for problem in document.problems}
    assert {problem.place.line for problem in document.problems} >= {7}


@pytest.mark.parametrize(
    ("definition", "kept"),
    [
        ("def f():\n    return a", {"a"}),
        ("@a\ndef f():\n    return b", {"a", "b"}),
        ("def f(): return a; c = 1", {"a"}),
        ("def f(): return a  # b", {"a"}),
        ("é = 1\ndef f(): return 'é' + a  # é; b", {"a"}),
    ],
)
def test_what_a_definition_looks_up_is_kept_however_often_it_is_read(definition: str, kept: set[str]) -> None:
    for values in ("a = 1\nb = 2\n", "\n\na = 1\nb = 2\n", "b = 2\n\na = 1\n"):
        (unit,) = read_text(values + definition + "\n", "layers.py").units
        assert {name for name in ("a", "b") if f"\n{name} =" in f"\n{unit.text}"} == kept


def test_a_definition_whose_own_text_has_changed_is_looked_at_again() -> None:
    for name, other in (("a", "b"), ("b", "a")):
        (unit,) = read_text(f"a = 1\nb = 2\ndef f():\n    return {name}\n", "layers.py").units
        assert f"\n{name} =" in f"\n{unit.text}"
        assert f"\n{other} =" not in f"\n{unit.text}"
