"""Label and field selectors, as text of a query or as an object of a spec."""
import re

from .errors import ApiError


def parse_label_selector(s):
    reqs = []
    for part in re.findall(r"(?:[^,(]|\([^)]*\))+", s or ""):
        part = part.strip()
        if not part:
            continue
        if m := re.fullmatch(r"([\w./-]+)\s+(in|notin)\s+\(([^)]*)\)", part):
            reqs.append((m[1], "In" if m[2] == "in" else "NotIn", [x.strip() for x in m[3].split(",")]))
        elif m := re.fullmatch(r"([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)", part):
            reqs.append((m[1], "NotIn" if m[2] == "!=" else "In", [m[3]]))
        elif m := re.fullmatch(r"(!?)([\w./-]+)", part):
            reqs.append((m[2], "DoesNotExist" if m[1] else "Exists", []))
        else:
            raise ApiError(400, "BadRequest", f"unable to parse requirement: {part!r}")
    return reqs


def selector_reqs(sel):
    return [(k, "In", [v]) for k, v in (sel.get("matchLabels") or {}).items()] + [
        (e["key"], e["operator"], e.get("values") or []) for e in sel.get("matchExpressions") or []
    ]


def labels_match(reqs, labels):
    labels = labels or {}
    for k, op, vals in reqs:
        ok = {
            "In": labels.get(k) in vals,
            "NotIn": labels.get(k) not in vals,
            "Exists": k in labels,
            "DoesNotExist": k not in labels,
        }.get(op)
        if not ok:
            return False
    return True


def fields_match(sel, obj):
    for part in filter(None, (sel or "").split(",")):
        m = re.fullmatch(r"([\w.]+)(==|=|!=)(.*)", part)
        if not m:
            raise ApiError(400, "BadRequest", f"invalid field selector {part!r}")
        v = obj
        for p in m[1].split("."):
            v = (v or {}).get(p) if isinstance(v, dict) else None
        if (str(v if v is not None else "") == m[3]) == (m[2] == "!="):
            return False
    return True
