"""Public rows of coverage, as the tick tells them."""


def owed(key, due):
    told = {"key": key, "kind": "period", "title": "", "from": due, "due": due}
    return told | {"provisional": False}


def settled(key, due, state, on, **more):
    told = {"key": key, "kind": "period", "title": "", "due": due, "state": state, "on": on}
    return told | {"item": "", "reason": "", "post": ""} | more


def row(*settled, owed=(), planned=""):
    return {"planned": planned, "open": list(owed), "settled": list(settled)}
