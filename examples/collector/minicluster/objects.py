"""Words and small forms every part shares: well-known annotations, times, hashes, conditions."""
import json
import secrets
import time
from datetime import datetime, timezone


VERSION = "v1.20.2-minicluster.1"  # shown by `kubectl version`: says what it is
NODE = "minicluster-node"
REV, REVHIST = "deployment.kubernetes.io/revision", "deployment.kubernetes.io/revision-history"
DESIRED, MAXREP = "deployment.kubernetes.io/desired-replicas", "deployment.kubernetes.io/max-replicas"
HASH, LASTAPPLIED = "pod-template-hash", "kubectl.kubernetes.io/last-applied-configuration"


def rfc3339(t=None):
    return datetime.fromtimestamp(time.time() if t is None else t, timezone.utc).strftime(
        "%Y-%m-%dT%H:%M:%SZ"
    )


def parse_time(s):
    return datetime.strptime(s[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc).timestamp()


def canon(o):
    return json.dumps(o, sort_keys=True, separators=(",", ":"))


ALNUM = "bcdfghjklmnpqrstvwxz2456789"  # k8s.io/apimachinery/pkg/util/rand's alphabet


def rand_suffix(n=5):
    return "".join(secrets.choice(ALNUM) for _ in range(n))


def template_hash(tpl):
    """FNV-1a/32 like Kubernetes, but of our canonical JSON: same form, other value than a real cluster's."""
    h = 0x811C9DC5
    for b in canon(tpl).encode():
        h = ((h ^ b) * 0x01000193) & 0xFFFFFFFF
    return "".join(ALNUM[ord(c) % len(ALNUM)] for c in str(h))


def int_or_percent(v, total, up):
    if isinstance(v, str):
        p = int(v.rstrip("%"))
        return -(-p * total // 100) if up else p * total // 100
    return v


def age(ts):
    if not ts:
        return "<unknown>"
    s = max(0, int(time.time() - parse_time(ts)))
    if s < 120:
        return f"{s}s"
    m = s // 60
    if m < 10:
        return f"{m}m{s % 60}s" if s % 60 else f"{m}m"
    if m < 180:
        return f"{m}m"
    h = m // 60
    if h < 8:
        return f"{h}h{m % 60}m" if m % 60 else f"{h}h"
    return f"{h}h" if h < 48 else f"{h // 24}d"


def cond_get(conds, typ):
    return next((c for c in conds or [] if c["type"] == typ), None)
