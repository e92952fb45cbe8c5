"""What the drill's next question costs: `python -m bench.drilling`. Goal: under 5 ms, with the longest history that is read."""

from __future__ import annotations

import random
import sys
from time import perf_counter_ns

from bench.servers import ROOT
from kamtrain.content.library import parse
from kamtrain.core import drill
from kamtrain.core.drill import Said
from kamtrain.services.publishing import files_on_disk
from kamtrain.store.drills import LONGEST

GOAL = 5.0  # milliseconds
ROUNDS = 200


def main() -> int:
    value = parse(files_on_disk(ROOT)).library.drill("ppl-styles", "en")
    answers, rng = [answer.id for answer in value.answers], random.Random(2026)
    history: list[Said] = []
    for _ in range(LONGEST):
        id = drill.next_question(answers, value.keys, history, "bench")
        history.append(Said(id, value.keys[id].right, rng.choice(answers), rng.random() < 0.5))
    took = []
    for place in range(ROUNDS):
        before = perf_counter_ns()
        drill.next_question(answers, value.keys, history, place)
        drill.matrix(answers, history)
        took.append((perf_counter_ns() - before) / 1e6)
    took.sort()
    middle, slow = took[ROUNDS // 2], took[-ROUNDS // 100]
    print(
        f"next question and matrix, {len(value.keys)} questions, {LONGEST} answers: {middle:.2f} ms, 99th {slow:.2f} ms"
    )
    return 0 if middle < GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
