"""A blank definition that stands in the way of a complete one, taken out."""

import ast

from compare.checking.source import Problem
from compare.mending.edit import Edit, Proposal
from compare.mending.manuscript import Manuscript


def unhidden(manuscript: Manuscript, problem: Problem) -> Proposal | None:
    """The edit that takes the blank definition out at which a problem is; None where it is not there any more."""
    if problem.severity != "error":
        return None
    label = manuscript.label(problem.place.cell)
    unit = next((u for u in manuscript.document.units if u.label == label), None)
    for node in ast.walk(ast.parse(unit.text)) if unit else ():
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.lineno == problem.place.line:
            lines = manuscript.texts[label].split("\n")
            last = node.end_lineno or node.lineno
            # and the empty lines behind it, as many as there are before it too
            while last < len(lines) and not lines[last].strip() and not lines[node.lineno - 2].strip():
                last += 1
            said = f"{node.name} is defined once more here, and blank: Python takes the last definition of a name."
            return Proposal((Edit(label, node.lineno, last, ()),), 0.5, "extra", said)
    return None
