"""Content on disk, looked at before it is published: which files a path means, and mending them where they lie."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kamtrain.content.library import parse, written_locks
from kamtrain.content.mend import mended
from kamtrain.core.problems import Problem
from kamtrain.services.publishing import files_on_disk

TOPS = ("courses", "quizzes")


@dataclass(frozen=True)
class Shelf:
    """The library around some files: `files` is all of it, `asked` leads from the paths asked about to where they lie."""

    files: Mapping[str, bytes]  # library path -> data
    asked: Mapping[str, Path]  # library path -> file on disk
    root: Path  # folder of `courses/` and `quizzes/`


def shelves(paths: Sequence[Path], bundled: Path) -> tuple[Shelf, ...]:
    """What to look at for `paths`; for none, the bundled library. Each file is read within the library it lies in.

    A file that lies in no library is read as if it lay in the bundled one. Raises OSError for what cannot be read.
    """
    if not paths:
        return (_whole(bundled),)
    return tuple(_shelf(path.resolve(), bundled) for path in paths)


def _whole(root: Path) -> Shelf:
    files = files_on_disk(root)
    return Shelf(files, {path: root / path for path in files}, root)


def _shelf(path: Path, bundled: Path) -> Shelf:
    if any((path / top).is_dir() for top in TOPS):
        return _whole(path)
    root = next((parent.parent for parent in (path, *path.parents) if parent.name in TOPS), None)
    if root is not None:
        whole = _whole(root)
        asked = {name: file for name, file in whole.asked.items() if file == path or path in file.parents}
        if asked or path.is_dir():
            return Shelf(whole.files, asked, root)
    strays = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
    placed = {_place(file): file for file in strays}
    return Shelf(
        {**files_on_disk(bundled), **{name: file.read_bytes() for name, file in placed.items()}}, placed, bundled
    )


def _place(file: Path) -> str:
    """Where a file that lies in no library would lie: what names its kind is no lesson."""
    if file.name == "course.yaml":
        return f"courses/{file.parent.name}/course.yaml"
    if file.suffix == ".md" and any(line.startswith(b"kind:") for line in file.read_bytes()[:10_000].splitlines()):
        return f"quizzes/{file.name}"
    return f"courses/{file.parent.name}/{file.name}"


def problems(shelf: Shelf) -> tuple[Problem, ...]:
    """Every problem of the files asked about, in order."""
    return tuple(problem for problem in parse(shelf.files).problems if problem.path in shelf.asked)


def mend(shelf: Shelf) -> tuple[Path, ...]:
    """Mends what a program can mend, in place; the files that changed. Each is replaced whole or not at all."""
    found = parse(shelf.files).problems
    changed: list[Path] = []
    for name in dict.fromkeys(
        problem.path for problem in found if problem.fix is not None and problem.path in shelf.asked
    ):

        def looked_at(data: bytes, name: str = name) -> Iterable[Problem]:
            return (problem for problem in parse({**shelf.files, name: data}).problems if problem.path == name)

        after = mended(shelf.files[name], looked_at)
        if after != shelf.files[name]:
            _replace(shelf.asked[name], after)
            changed.append(shelf.asked[name])
    return tuple(changed)


def lock(shelf: Shelf, confirmed: Iterable[Path]) -> tuple[Path, ...]:
    """Writes the `translations.lock` files anew; those that changed."""
    paths = {file.resolve() for file in confirmed}
    names = [name for name, file in shelf.asked.items() if file.resolve() in paths]
    changed = []
    for name, data in written_locks(shelf.files, names).items():
        _replace(shelf.root / name, data)
        changed.append(shelf.root / name)
    return tuple(changed)


def _replace(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    if path.exists():
        Path(name).chmod(path.stat().st_mode)
    else:
        Path(name).chmod(0o644)
    Path(name).replace(path)
