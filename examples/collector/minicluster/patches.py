"""The three PATCH formats kubectl sends: JSON patch, merge patch, strategic merge patch."""
import copy

from .errors import ApiError
from .schema import FIELDS


def merge_patch(cur, patch):
    if not isinstance(patch, dict):
        return patch
    out = dict(cur) if isinstance(cur, dict) else {}
    for k, v in patch.items():
        if v is None:
            out.pop(k, None)
        else:
            out[k] = merge_patch(out.get(k), v)
    return out


def json_patch(doc, ops):
    doc = copy.deepcopy(doc)

    def walk(ptr):
        parts = [p.replace("~1", "/").replace("~0", "~") for p in ptr.split("/")[1:]]
        node = doc
        for p in parts[:-1]:
            node = node[int(p)] if isinstance(node, list) else node[p]
        return node, parts[-1]

    def get(ptr):
        n, k = walk(ptr)
        return n[int(k)] if isinstance(n, list) else n[k]

    def add(ptr, v):
        n, k = walk(ptr)
        if isinstance(n, list):
            n.insert(len(n) if k == "-" else int(k), v)
        else:
            n[k] = v

    def remove(ptr):
        n, k = walk(ptr)
        del n[int(k) if isinstance(n, list) else k]

    if not isinstance(ops, list) or not all(isinstance(o, dict) for o in ops):
        raise ApiError(400, "BadRequest", "a JSON patch is a list of operations")
    for op in ops:
        try:
            o = op["op"]
            if o == "add":
                add(op["path"], op.get("value"))
            elif o == "remove":
                remove(op["path"])
            elif o == "replace":
                get(op["path"])
                n, k = walk(op["path"])
                n[int(k) if isinstance(n, list) else k] = op.get("value")
            elif o == "test":
                if get(op["path"]) != op.get("value"):
                    raise ApiError(422, "Invalid", f"testing value {op['path']} failed")
            elif o == "move":
                v = get(op["from"])
                remove(op["from"])
                add(op["path"], v)
            elif o == "copy":
                add(op["path"], copy.deepcopy(get(op["from"])))
            else:
                raise ApiError(400, "BadRequest", f"unknown JSON patch op {o!r}")
        except (KeyError, IndexError, ValueError, TypeError):
            raise ApiError(
                422,
                "Invalid",
                f"the server rejected our request due to an error in our request: JSON patch {op.get('op')} {op.get('path')}: no such path",
            )
    return doc


def strategic_merge(cur, patch, typ):
    if not isinstance(patch, dict):
        return patch
    if patch.get("$patch") == "replace":
        return {k: v for k, v in patch.items() if k != "$patch"}
    out = dict(cur) if isinstance(cur, dict) else {}
    orders = {k.split("/", 1)[1]: v for k, v in patch.items() if k.startswith("$setElementOrder/")}
    ftype = lambda k: (typ[1:] if typ[0] == "{" else FIELDS.get(typ, {}).get(k, ("any",))[0])
    for k, v in patch.items():
        if k.startswith("$deleteFromPrimitiveList/"):
            f = k.split("/", 1)[1]
            out[f] = [x for x in out.get(f) or [] if x not in v]
        elif k.startswith("$"):
            continue
        elif v is None:
            out.pop(k, None)
        elif isinstance(v, list):
            ft = ftype(k)
            if "!" in ft:
                out[k] = merge_list(out.get(k) or [], v, ft[1:].split("!")[0], ft.split("!")[1])
            else:
                out[k] = v
        elif isinstance(v, dict):
            if v.get("$patch") == "delete":
                out.pop(k, None)
            else:
                out[k] = strategic_merge(out.get(k), v, ftype(k))
        else:
            out[k] = v
    for f, order in orders.items():
        ft = ftype(f)
        if f in out and "!" in ft:
            key = ft.split("!")[1]
            want = [o.get(key) for o in order]
            out[f] = sorted(
                out[f], key=lambda it: want.index(it.get(key)) if it.get(key) in want else len(want)
            )
    if "$retainKeys" in patch:
        out = {k: v for k, v in out.items() if k in patch["$retainKeys"]}
    return out


def merge_list(cur, patch, typ, key):
    if any(isinstance(p, dict) and p.get("$patch") == "replace" for p in patch):
        return [p for p in patch if p.get("$patch") != "replace"]
    out = list(cur)
    for p in patch:
        if key not in p:
            raise ApiError(400, "BadRequest", f"map: {p} does not contain declared merge key: {key}")
        at = next((n for n, o in enumerate(out) if o.get(key) == p[key]), None)
        if p.get("$patch") == "delete":
            if at is not None:
                del out[at]
        elif at is None:
            out.append(strategic_merge({}, p, typ))
        else:
            out[at] = strategic_merge(out[at], p, typ)
    return out


PATCHES = {
    "application/json-patch+json": lambda cur, p, t: json_patch(cur, p),
    "application/merge-patch+json": lambda cur, p, t: merge_patch(cur, p),
    "application/strategic-merge-patch+json": strategic_merge,
}
