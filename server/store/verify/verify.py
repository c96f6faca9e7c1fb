#!/usr/bin/env python3
"""Checks an audit export with Python's standard library alone, written from the formats and not from the Rust code:
RFC 6962 (tree), RFC 8032 (Ed25519), C2SP signed-note and tlog-checkpoint.

    verify.py EXPORT-FOLDER CHECKPOINT-FILE PUBLIC-KEY

PUBLIC-KEY is the text name+hash+key. Exit 0: everything up to the checkpoint is what was signed. Exit 1: it is not.
"""

import base64
import hashlib
import json
import os
import re
import sys

LINE = re.compile(
    rb'\{"event":(.*),"hash":"([0-9a-f]{64})","prev":"([0-9a-f]{64})","seq":([1-9][0-9]*)\}\n', re.DOTALL)
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
LONGEST = (1 << 20) + 256


class Wrong(Exception):
    """Something that an honest export does not have."""


def need(holds, what):
    if not holds:
        raise Wrong(what)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def unbase64(text):
    raw = base64.b64decode(text, validate=True)
    need(base64.b64encode(raw).decode() == text, "base64 in another form")
    return raw


# Ed25519, RFC 8032 section 5.1.7, with extended coordinates

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(a, b):
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(n, point):
    total = (0, 1, 1, 0)
    while n:
        if n & 1:
            total = add(total, point)
        point, n = add(point, point), n >> 1
    return total


def point_of(raw):
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    need(y < P, "not a point")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * ROOT % P
    need((x * x - square) % P == 0 and (x or not sign), "not a point")
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(key, message, signature):
    if len(signature) != 64:
        return False
    r, s = point_of(signature[:32]), int.from_bytes(signature[32:], "little")
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = times(s, BASE), add(r, times(h, point_of(key)))
    same = (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0
    return s < L and same


class Tree:
    """Roots of complete subtrees, the largest first."""

    def __init__(self):
        self.size, self.roots = 0, []

    def push(self, leaf):
        n, self.size = self.size, self.size + 1
        while n & 1:
            leaf, n = sha256(b"\x01", self.roots.pop(), leaf), n >> 1
        self.roots.append(leaf)

    def root(self):
        if not self.roots:
            return sha256()
        node = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            node = sha256(b"\x01", left, node)
        return node


def read_key(text):
    name, digest, key = text.strip().split("+", 2)
    raw = unbase64(key)
    need(len(raw) == 33 and raw[0] == 1, "not an Ed25519 key")
    need(sha256(name.encode(), b"\n", raw)[:4].hex() == digest, "the key does not fit its name")
    return name, raw


def read_checkpoint(note, key):
    name, raw = key
    body, signatures = note.split("\n\n", 1)
    body += "\n"
    log, size, root = body.removesuffix("\n").split("\n")
    need(log == name, "a checkpoint of another log")
    need(size == str(int(size)) and int(size) >= 0 and signatures.endswith("\n"), "not a checkpoint")
    own = 0
    for line in signatures.removesuffix("\n").split("\n"):
        need(line.startswith("\u2014 "), "not a signature line")
        signer, value = line[2:].split(" ")
        value = unbase64(value)
        need(signer and len(value) > 4, "not a signature line")
        if signer == name and value[:4] == sha256(name.encode(), b"\n", raw)[:4]:
            need(signed(raw[1:], body.encode(), value[4:]), "the signature is wrong")
            own += 1
    need(own == 1, "no signature of this key, or several")
    digest = unbase64(root)
    need(len(digest) == 32, "not a root")
    return int(size), digest


def lines(path, longest):
    with open(path, "rb") as file:
        while line := file.readline(longest + 1):
            need(line.endswith(b"\n") and line != b"\n", f"{path}: a line without an end, or empty")
            yield line


def verify(folder, note, key_text):
    key = read_key(key_text)
    checkpoints = [read_checkpoint(note, key)]
    with open(os.path.join(folder, "meta.json"), "rb") as file:
        raw = file.read()
    meta = json.loads(raw)
    plain = json.dumps(meta, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
    need(plain == raw and meta["$schema"] == "xueji.audit-export/1" and meta["log"] == key[0], "meta.json")
    need(set(meta) == {"$schema", "bulk", "checkpoints", "events", "head", "log"}, "meta.json")
    need(set(os.listdir(folder)) == {"events.jsonl", "meta.json", "leaves", "checkpoints"}, "a file too many or few")
    names = [f"{size:012}.txt" for size in meta["checkpoints"]]
    need(sorted(names) == sorted(os.listdir(os.path.join(folder, "checkpoints"))), "checkpoints")
    for size, name in zip(meta["checkpoints"], names):
        with open(os.path.join(folder, "checkpoints", name), encoding="utf-8", newline="") as file:
            found = read_checkpoint(file.read(), key)
        need(found[0] == size, "a checkpoint of another size")
        checkpoints.append(found)
    expected = {}
    for size, root in checkpoints:
        need(expected.setdefault(size, root) == root, "two checkpoints contradict each other")

    tenant = int(key[0].rsplit("/tenant/", 1)[1])
    prev, tree, bulk = bytes(32), Tree(), set()
    need(expected.pop(0, tree.root()) == tree.root(), "the empty tree")
    for line in lines(os.path.join(folder, "events.jsonl"), LONGEST):
        match = LINE.fullmatch(line)
        need(match, "not a line of an export")
        text, digest, before, seq = match.groups()
        event = json.loads(text)
        number = tree.size + 1
        need(int(seq) == number == event["seq"], f"event {number} is missing")
        need(event["tenant"] == tenant and event["$schema"] == "xueji.audit/1", f"event {number}: not of this log")
        need(TIME.fullmatch(event["act"]["at"]), f"event {number}: no time")
        need(before.decode() == prev.hex(), f"event {number}: not linked")
        prev = sha256(b"\x00", prev, text)
        need(digest.decode() == prev.hex(), f"event {number}: changed")
        if "leaves" in event["act"]:
            name, rows = f"{number:012}.jsonl", Tree()
            for row in lines(os.path.join(folder, "leaves", name), LONGEST):
                rows.push(sha256(b"\x00", row[:-1]))
            told = event["act"]["leaves"]
            need((rows.size, rows.root().hex()) == (told["count"], told["root"]), f"event {number}: rows changed")
            bulk.add(name)
        tree.push(prev)
        need(expected.pop(tree.size, None) in (None, tree.root()), f"the first {tree.size} events were not signed")
    need(not expected, "the end was cut off")
    need(bulk == set(os.listdir(os.path.join(folder, "leaves"))), "rows that belong to no event")
    need((meta["events"], meta["head"], meta["bulk"]) == (tree.size, prev.hex(), len(bulk)), "meta.json")
    return max(size for size, _ in checkpoints), tree.size


def main():
    folder, checkpoint, key = sys.argv[1:]
    try:
        with open(checkpoint, encoding="utf-8", newline="") as file:
            proven, events = verify(folder, file.read(), key)
    except (Wrong, OSError, ValueError, KeyError, TypeError) as fault:
        print(f"NOT PROVEN: {fault}")
        return 1
    print(f"proven: {proven} of {events} events")
    return 0


if __name__ == "__main__":
    sys.exit(main())
