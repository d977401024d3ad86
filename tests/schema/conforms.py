"""Holds documents against a JSON Schema, as an editor would.

conforms.py SCHEMA FILE...    YAML files; of a .jsonl file each line is one document.
Prints a line "FILE: PATH: what is wrong" for each document that does not conform, and at the end how many do.
Examples and defaults within the schema are held against their own part of it, as FILE `SCHEMA`.
"""
import json
import re
import sys

import jsonschema
import yaml


class Core(yaml.SafeLoader):
    """YAML 1.2's core schema: `no` and 2026-11-26 are texts, as for the engine and for yaml-language-server."""

    yaml_implicit_resolvers = {}


for tag, pattern, first in [
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
]:
    Core.add_implicit_resolver("tag:yaml.org,2002:" + tag, re.compile("^(?:%s)$" % pattern), first)
Core.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(loader.construct_scalar(node)))


def documents(path):
    with open(path, encoding="utf-8") as file:
        if path.endswith(".jsonl"):
            return [json.loads(line) for line in file if line.strip()]
        return [yaml.load(file, Core)]


def deepest(error):
    while error.context:
        error = max(error.context, key=lambda one: len(one.absolute_path))
    return error


def annotations(schema):
    if isinstance(schema, list):
        for part in schema:
            yield from annotations(part)
    if not isinstance(schema, dict):
        return
    for value in schema.get("examples", []) + ([schema["default"]] if "default" in schema else []):
        yield schema, value
    for key, part in schema.items():
        if key in ("properties", "definitions"):
            part = list(part.values())
        yield from annotations(part)


def main(schema_path, paths):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    conforming = 0

    def hold(path, document, part=None):
        nonlocal conforming
        one = validator if part is None else validator.evolve(schema=part)
        errors = sorted(one.iter_errors(document), key=lambda error: list(map(str, error.absolute_path)))
        for error in map(deepest, errors[:1]):
            where = "/".join(map(str, error.absolute_path))
            print("%s: %s: %s" % (path, where or ".", error.message.replace("\n", " ")[:300]))
        conforming += not errors

    for part, value in annotations(schema):
        hold(schema_path, value, part)
    conforming = 0
    for path in paths:
        for document in documents(path):
            hold(path, document)
    print("%d conform" % conforming)


main(sys.argv[1], sys.argv[2:])
