"""Reads which of our modules import which, from the source alone."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Import:
    """One import of one of our modules by another."""

    importer: str
    imported: str
    line: int
    in_function: bool

    def __str__(self) -> str:
        return f"{self.importer}:{self.line} imports {self.imported}"


def python_files(root: Path, folders: tuple[str, ...]) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(path for path in (root / folder).rglob("*.py") if "migrations" not in path.parts)


def module_name(root: Path, path: Path) -> str:
    """confluences/models/__init__.py gives confluences.models."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def own_imports(root: Path, folders: tuple[str, ...]) -> list[Import]:
    """Every import between modules of these folders, those inside functions included."""
    files = {module_name(root, path): path for path in python_files(root, folders)}
    found = [
        Import(importer, imported, node.lineno, in_function)
        for importer, path in files.items()
        for node, in_function in import_nodes(ast.parse(path.read_text()))
        for imported in imported_modules(node, importer, is_package=path.name == "__init__.py")
        for imported in [longest_module(imported, files)]
        if imported and imported != importer
    ]
    return list(dict.fromkeys(found))


def import_nodes(
    node: ast.AST, in_function: bool = False
) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, in_function
        inside = in_function or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        yield from import_nodes(child, inside)


def imported_modules(node: ast.Import | ast.ImportFrom, importer: str, *, is_package: bool) -> list[str]:
    """The dotted names an import may mean: “from a import b” means a.b where that is a module, else a."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    base = node.module or ""
    if node.level:
        parents = importer.split(".")[
            : None if is_package and node.level == 1 else -(node.level - is_package)
        ]
        base = ".".join([*parents, *base.split(".")]).rstrip(".")
    return [f"{base}.{alias.name}" for alias in node.names]


def longest_module(name: str, modules: dict[str, Path]) -> str | None:
    """The module that a dotted name lies in, or None where it is not one of ours."""
    while name and name not in modules:
        name = name.rpartition(".")[0]
    return name or None
