#!/usr/bin/env python3
"""Checks a checkpoint as a stranger would: from the texts of C2SP signed-note, tlog-checkpoint and tlog-cosignature and RFC 8032 alone, with nothing of ours.

    checkpoint.py <verifier key> [<verifier key> ...] < note

Prints origin, size, root and who signed; ends with 0. Ends with 1 and a reason unless every key given has a good signature on the note.
"""
import base64
import hashlib
import struct
import sys

# Curve edwards25519 (RFC 8032 section 5.1): the field, the curve's constant, the order of the base point.
P = 2**255 - 19
D = -121665 * pow(121666, P - 2, P) % P
ORDER = 2**252 + 27742317777372353535851937790883648493
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def decompress(raw):
    """A point (x, y) from 32 bytes, None when there is none (RFC 8032 section 5.1.3)."""
    number = int.from_bytes(raw, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    return (P - x if x & 1 != sign else x), y


def plus(one, other):
    (x1, y1), (x2, y2) = one, other
    product = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + product, P - 2, P) % P
    y = (y1 * y2 + x1 * x2) * pow(1 - product, P - 2, P) % P
    return x, y


def times(factor, point):
    total = (0, 1)
    while factor:
        if factor & 1:
            total = plus(total, point)
        point, factor = plus(point, point), factor >> 1
    return total


BASE = decompress((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def good(public, message, signature):
    """RFC 8032 section 5.1.7, without the cofactor."""
    a, r = decompress(public), decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or len(signature) != 64 or s >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    return times(s, BASE) == plus(r, times(challenge, a))


def read_key(text):
    """<name>+<8 hex digits>+<base64(type, key)> (C2SP signed-note, "Verifier keys")."""
    name, key_id, encoded = text.split("+", 2)
    raw = base64.b64decode(encoded, validate=True)
    expected = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if expected.hex() != key_id or len(raw) != 33 or raw[0] not in (1, 4):
        raise ValueError(f"{name}: not a verifier key")
    return name, expected, raw[0], raw[1:]


def signed_by(key, text, lines):
    """The time of a cosignature, 0 for a plain signature, None without a good one."""
    name, key_id, kind, public = key
    for line in lines:
        dash, signer, encoded = line.split(" ")
        raw = base64.b64decode(encoded, validate=True)
        if dash != "\u2014" or signer != name or raw[:4] != key_id:
            continue
        if kind == 1:
            return 0 if good(public, text.encode(), raw[4:]) else None
        (seconds,) = struct.unpack(">Q", raw[4:12])
        message = f"cosignature/v1\ntime {seconds}\n{text}".encode()
        return seconds if good(public, message, raw[12:]) else None
    return None


def main(arguments):
    if not arguments:
        raise ValueError("name at least one verifier key")
    body, separator, tail = sys.stdin.buffer.read().decode().rpartition("\n\n")
    if not separator or not tail.endswith("\n"):
        raise ValueError("not a signed note")
    text = body + "\n"
    origin, size, root = text.split("\n")[:3]
    if not size.isdigit() or str(int(size)) != size or len(base64.b64decode(root, validate=True)) != 32:
        raise ValueError("not a checkpoint")
    print(f"origin {origin}\nsize {size}\nroot {root}")
    for argument in arguments:
        key = read_key(argument)
        seconds = signed_by(key, text, tail.splitlines())
        if seconds is None:
            raise ValueError(f"{key[0]} has not signed this")
        print(f"signed by {key[0]}" + (f" at {seconds}" if seconds else ""))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except ValueError as error:
        print(f"refused: {error}", file=sys.stderr)
        sys.exit(1)
