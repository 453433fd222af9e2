"""One run of `generate`, from the options to the text."""

import json
from dataclasses import dataclass
from pathlib import Path

from compare.errors import RefusedError
from compare.files import check_distinct, check_output
from compare.training import checkpoint
from compare.training.output import write_json
from compare.training.sample import DEFAULT_LENGTH, sample
from compare.training.text import JOINED_BY, tokenise
from compare.training.view import View


@dataclass(frozen=True)
class Options:
    """The options of `generate` by name; None: not given."""

    model: Path
    length: int | None
    temperature: float
    top_k: int | None
    prompt: str | None
    seed: int
    json: Path | None


def run(options: Options) -> int:
    """Write the prompt and what the model makes of it; returns the exit status.

    Raises RefusedError for a file that holds no model, a prompt that it cannot read and a file that cannot be
    written, DivergedError for parameters that give no finite scores.
    """
    to_stdout = str(options.json) == "-"
    if options.json and not to_stdout:
        check_distinct({"MODEL": options.model, "--json": options.json})
        check_output("--json", options.json)
    model = checkpoint.load(options.model, "MODEL")
    # cut as the text of the training was
    prompt = tokenise(options.prompt or "", model.kind)
    if options.prompt is not None and not prompt:
        raise RefusedError(
            f"--prompt: got {options.prompt!r}, which holds no {model.kind}; wanted some, or no --prompt"
        )
    ids = model.vocabulary.encode(prompt, "--prompt").tolist() or [0]
    length = options.length or DEFAULT_LENGTH[model.kind]
    text = sample(model, length, options.temperature, options.seed, ids, options.top_k)
    View(stderr=to_stdout).line(JOINED_BY[model.kind].join([*prompt, text]))
    if options.json:
        about = {"ok": True, "model": model.architecture.name, "tokens": model.kind, "prompt": options.prompt}
        drawn = {"length": length, "temperature": options.temperature, "top_k": options.top_k, "seed": options.seed}
        write_json(options.json, json.dumps({**about, **drawn, "text": text}))
    return 0
