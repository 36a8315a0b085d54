def damaged(content, chance):
    """Return a file with some of its bytes cut, changed, doubled or put in."""
    data = bytearray(content)
    for _time in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + chance.randint(1, 200))
        kind = chance.choice(("cut", "change", "double", "insert", "truncate"))
        if kind == "cut":
            del data[at:end]
        elif kind == "change" and at < len(data):
            data[at] = chance.randrange(256)
        elif kind == "double":
            data[at:at] = data[at:end]
        elif kind == "insert":
            data[at:at] = chance.choice((b"\x00", b'"', b";", b"\n", b"=", b"\xff"))
        elif kind == "truncate" and len(data) > 20:
            del data[chance.randint(10, len(data)) :]
    return bytes(data)
