"""/openapi/v2 out of the table in schema.py, as the protobuf that kubectl insists on (gnostic openapi.v2.Document).

`kubectl apply` needs it for its client-side validation and to see which kinds know dryRun.
"""


from .objects import VERSION
from .resources import RES, WRITABLE
from .schema import FIELDS


def pb(field, data):
    def varint(n):
        out = b""
        while n > 127:
            out += bytes([n & 127 | 128])
            n >>= 7
        return out + bytes([n])

    if isinstance(data, str):
        data = data.encode()
    return varint(field << 3 | 2) + varint(len(data)) + data


DEFNAME = (
    lambda t: ("io.k8s.api.apps.v1." if t in ("Deployment", "ReplicaSet") else "io.k8s.minicluster.v1.") + t
)


def openapi_pb():
    def ext(name, yaml):
        return pb(31, pb(1, name) + pb(2, pb(2, yaml)))

    def schema(typ):
        m = typ.split("!")
        e = (
            ext("x-kubernetes-patch-merge-key", m[1] + "\n") + ext("x-kubernetes-patch-strategy", "merge\n")
            if len(m) > 1
            else b""
        )
        typ = m[0]
        if typ in ("s", "t"):
            return pb(22, pb(1, "string"))
        if typ == "i":
            return pb(2, "int32") + pb(22, pb(1, "integer"))
        if typ == "b":
            return pb(22, pb(1, "boolean"))
        if typ == "q":
            return pb(2, "int-or-string") + pb(22, pb(1, "string"))
        if typ == "any":
            return pb(22, pb(1, "object"))
        if typ[0] == "{":
            return pb(21, pb(1, schema(typ[1:]))) + pb(22, pb(1, "object"))
        if typ[0] == "[":
            return pb(22, pb(1, "array")) + pb(23, pb(1, schema(typ[1:]))) + e
        return pb(1, "#/definitions/" + DEFNAME(typ))

    defs = b""
    for t, fs in FIELDS.items():
        props = b"".join(pb(1, pb(1, f) + pb(2, schema(ft))) for f, (ft, _) in fs.items())
        req = {
            "DeploymentSpec": ["selector", "template"],
            "PodSpec": ["containers"],
            "Container": ["name"],
        }.get(t, [])
        s = b"".join(pb(19, r) for r in req) + pb(22, pb(1, "object")) + pb(25, props)
        for r in RES.values():
            if r["kind"] == t:
                s += ext(
                    "x-kubernetes-group-version-kind",
                    f'- group: "{r["group"]}"\n  kind: {t}\n  version: v1\n',
                )
        defs += pb(1, pb(1, DEFNAME(t)) + pb(2, s))
    paths = b""  # kubectl looks here whether PATCH of a kind knows dryRun / fieldValidation
    for r in WRITABLE:
        i = RES[r]
        params = b"".join(
            pb(8, pb(1, pb(2, pb(3, pb(2, "query") + pb(4, n) + pb(6, "string")))))
            for n in ("dryRun", "fieldManager", "fieldValidation")
        )
        op = params + pb(
            13,
            pb(1, "x-kubernetes-group-version-kind")
            + pb(2, pb(2, f'group: "{i["group"]}"\nkind: {i["kind"]}\nversion: v1\n')),
        )
        paths += pb(
            2,
            pb(1, f'/{"apis/apps" if i["group"] else "api"}/v1/namespaces/{{namespace}}/{r}/{{name}}')
            + pb(2, pb(8, op)),
        )
    return (
        pb(1, "2.0")
        + pb(2, pb(1, "minicluster (not Kubernetes)") + pb(2, VERSION))
        + pb(8, paths)
        + pb(9, defs)
    )
