"""Plants as files, each with what is wanted of it beside: for whoever works on the half that may be looked at."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.repairs.plants import Plant


def write(plants: Sequence[Plant], folder: Path) -> None:
    """Every plant as `<id>.py`, its faults as `<id>.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    for plant in plants:
        (folder / f"{plant.id}.py").write_bytes(plant.text.encode())
        (folder / f"{plant.id}.json").write_text(json.dumps(wanted(plant), indent=1) + "\n", encoding="utf-8")


def wanted(plant: Plant) -> dict[str, Any]:
    """What is wanted of a plant; of a single fault, its fields stand at the top."""
    faults = [
        {
            "layer": fault.layer,
            "operator": fault.operator,
            "definition": fault.definition,
            "line": sorted(fault.lines),
            "kinds": sorted(fault.kinds),
        }
        for fault in plant.faults
    ]
    of_file = {"protocol": plant.protocol, "source": str(plant.source.path.name), "fragile": plant.fragile}
    return {**of_file, **(faults[0] if len(faults) == 1 else {}), "faults": faults}
