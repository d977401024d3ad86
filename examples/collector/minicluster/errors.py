"""Errors as a Kubernetes API server says them: a Status object with code, reason and message."""


from .resources import RES


class ApiError(Exception):
    def __init__(self, code, reason, message, details=None):
        super().__init__(message)
        self.code, self.reason, self.message, self.details = code, reason, message, details

    def status(self):
        s = {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": self.message,
            "reason": self.reason,
            "code": self.code,
        }
        if self.details:
            s["details"] = self.details
        return s


def qual(res):
    return res + ("." + RES[res]["group"] if RES[res]["group"] else "")


def not_found(res, name):
    return ApiError(
        404,
        "NotFound",
        f'{qual(res)} "{name}" not found',
        {"name": name, "group": RES[res]["group"], "kind": res},
    )


def invalid(res, name, causes):
    msgs = [f"{f}: {m}" for f, m in causes]
    text = msgs[0] if len(msgs) == 1 else "[" + ", ".join(msgs) + "]"
    return ApiError(
        422,
        "Invalid",
        f'{RES[res]["kind"]}{"." + RES[res]["group"] if RES[res]["group"] else ""} "{name}" is invalid: {text}',
        {
            "name": name,
            "group": RES[res]["group"],
            "kind": RES[res]["kind"],
            "causes": [{"reason": "FieldValueInvalid", "message": m, "field": f} for f, m in causes],
        },
    )
