"""Reading the policy's own files, strictly: no key twice, no key unknown, every value of its type."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from models.policy.contradiction import PolicyContradiction

T = TypeVar("T")


def read_yaml(path: Path) -> Any:
    """The file's content. Raises PolicyContradiction where it is missing, is no YAML or names a key twice."""
    try:
        loader = yaml.CSafeLoader(path.read_bytes())
    except OSError as fault:
        raise PolicyContradiction([f"{path.name} cannot be read: {fault.strerror}."]) from fault
    try:
        node = loader.get_single_node()
        twice = list(_keys_named_twice(node))
        if twice:
            raise PolicyContradiction(f"{path.name} names '{key}' twice (line {line})." for key, line in twice)
        return loader.construct_document(node)
    except yaml.YAMLError as fault:
        raise PolicyContradiction([f"{path.name} is not YAML: {' '.join(str(fault).split())}."]) from fault
    finally:
        loader.dispose()


def _keys_named_twice(node: Any) -> Iterable[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                yield key.value, key.start_mark.line + 1
            seen.add(key.value)
            yield from _keys_named_twice(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _keys_named_twice(item)


def shaped(value: Any, into: type[T], where: str) -> T:
    """``value`` as ``into``; ``where`` begins the sentence when it is not."""
    try:
        return msgspec.convert(value, into)
    except msgspec.ValidationError as fault:
        raise PolicyContradiction([f"{where}: {fault}."]) from fault


def lines(value: Any, into: type[T], where: str) -> dict[str, T]:
    """A mapping of names to lines of one kind, each told its ``name``. All malformed lines are refused together."""
    found: dict[str, T] = {}
    troubles: list[str] = []
    for name, line in shaped(value, dict[str, dict[str, Any]], where).items():
        try:
            found[name] = shaped({**line, "name": name}, into, f"{where}, {name}")
        except PolicyContradiction as trouble:
            troubles += trouble.sentences
    if troubles:
        raise PolicyContradiction(troubles)
    return found


def known(value: Any, keys: Iterable[str], where: str) -> Mapping[str, Any]:
    """A mapping that has exactly these keys."""
    mapping = shaped(value, dict[str, Any], where)
    wanted = set(keys)
    troubles = [f"{where}: '{key}' is missing." for key in sorted(wanted - mapping.keys())]
    troubles += [f"{where}: '{key}' is unknown." for key in sorted(mapping.keys() - wanted)]
    if troubles:
        raise PolicyContradiction(troubles)
    return mapping


def file_sha256(file: Path) -> str:
    """The file's SHA-256 in hex."""
    return hashlib.sha256(file.read_bytes()).hexdigest()
