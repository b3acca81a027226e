#!/usr/bin/env python3
"""Check the proof of a packet's ledger offline, with nothing of ours: verify.py PROOF [DOCUMENT] [--key PEM].

Needs Python 3.10 or newer and the package `cryptography`. PROOF is the JSON that the portal gives out beside a
packet's ledger (下载证明). DOCUMENT is a file that the city issued: the ledger must name this very file. --key is
the city's public key, as the city publishes it; without it the proof's own is taken, and its fingerprint is printed.

Exit code 0: everything holds. 1: something does not, and it is said what. docs/ledger.md explains the format.
"""

import argparse
import base64
import hashlib
import json
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

DER = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def canonical(value):
    """The JSON text that is hashed and signed: names in order, no blanks, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def need(holds, zh, en):
    if not holds:
        raise SystemExit(f"不成立：{zh}\nDoes not hold: {en}")


def check_chain(entries):
    """Each entry's hash covers its content and the hash of the entry before."""
    previous = "0" * 64
    for number, entry in enumerate(entries, start=1):
        content = canonical({name: entry[name] for name in ("seq", "at", "events", "previous")})
        need(entry["seq"] == number, f"第 {number} 条缺失或错位", f"entry {number} is missing or out of place")
        need(entry["hash"] == sha256(content), f"第 {number} 条被改动", f"entry {number} was changed")
        need(entry["previous"] == previous, f"第 {number} 条与上一条不相连", f"entry {number} does not follow")
        previous = entry["hash"]


def check_place(packet, entries, place, root):
    """The anchor's root covers the packet's head: RFC 6962, leaves behind a zero byte, nodes behind a one."""
    seq, head = place["seq"], place["hash"]
    need(place["packet"] == packet, "位置属于另一份申请", "the place is another packet's")
    need(1 <= seq <= len(entries), "末尾的记录缺失", "entries at the end are missing")
    need(entries[seq - 1]["hash"] == head, f"第 {seq} 条不是签名留存的那条", f"entry {seq} is not the anchored one")
    found = hashlib.sha256(b"\0" + canonical({"packet": packet, "seq": seq, "hash": head})).digest()
    for side, beside in place["path"]:
        pair = bytes.fromhex(beside) + found if side == "left" else found + bytes.fromhex(beside)
        found = hashlib.sha256(b"\1" + pair).digest()
    need(found.hex() == root, "路径不通向签名留存的根", "the path does not lead to the anchor's root")


def check_signature(proof, pinned):
    """The city's key signed the anchor. Returns the key's fingerprint."""
    key = serialization.load_der_public_key(base64.b64decode(proof["public_key"]))
    own = key.public_bytes(*DER)
    need(pinned in (None, own), "签名密钥不是本市公布的那一把", "the key is not the one that the city publishes")
    try:
        key.verify(base64.b64decode(proof["signature"]), canonical(proof["anchor"]), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        need(False, "签名留存的签名不成立", "the anchor's signature does not hold")
    return sha256(own)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("proof", type=Path)
    parser.add_argument("document", type=Path, nargs="?")
    parser.add_argument("--key", type=Path)
    given = parser.parse_args()
    proof = json.loads(given.proof.read_bytes())
    need(proof["schema"] == "kaigong/proof/1", "不认识的格式", "an unknown format")
    entries, anchor = proof["entries"], proof["anchor"]
    check_chain(entries)
    need(
        anchor is not None, "还没有签名留存，请在次日重新下载", "there is no anchor yet; fetch the proof again tomorrow"
    )
    check_place(proof["packet"], entries, proof["place"], anchor["root"])
    pinned = serialization.load_pem_public_key(given.key.read_bytes()).public_bytes(*DER) if given.key else None
    mark = check_signature(proof, pinned)
    covered = proof["place"]["seq"]
    if given.document:
        issued = [
            e for e in entries for event in e["events"] if event.get("sha256") == sha256(given.document.read_bytes())
        ]
        need(issued, "记录中没有签发过这份文件", "the ledger does not say that this file was issued")
        need(issued[0]["seq"] <= covered, "签发这份文件的记录尚未签名留存", "its issuing is not anchored yet")
        print(f"文件由本市签发 / issued: {given.document} ({issued[0]['at']})")
    print(f"成立 / holds: {proof['packet']}, {covered} / {len(entries)} 条记录 entries")
    print(f"  签名留存 anchor {anchor['number']}, {anchor['until']}, 密钥指纹 key SHA-256 {mark}")


if __name__ == "__main__":
    try:
        main()
    except (KeyError, TypeError, ValueError, OSError) as error:
        sys.exit(f"不是完整的证明 / not a whole proof: {error!r}")
