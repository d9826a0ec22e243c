# SPDX-License-Identifier: GPL-3.0-or-later
"""`spanreel serve` killed with -9 at a random moment, again and again: every span it acknowledged is there afterwards, sent
over HTTP by four at once, or over HTTP or gRPC by one alone, whose requests are handled in another way.
SPANREEL_KILL_ROUNDS and SPANREEL_KILL_SEED choose how often and which moments."""
import os, random, socket, subprocess, sys, tempfile, threading, time

from e2e_server import Server, arguments, check, held, stats, temporary
from raw_grpc import RawGrpc

args = arguments()
rounds = int(os.environ.get("SPANREEL_KILL_ROUNDS", "10"))
seed = int(os.environ.get("SPANREEL_KILL_SEED", "20240607"))
LANES = 4
LONG = bytes(range(48, 58)) * 200_000
TRACE = bytes.fromhex("5b8efff798038103d269b633813fc60c")


def field(number, payload):
    """A length-delimited protobuf field."""
    length, size = len(payload), b""
    while length >= 128:
        size, length = size + bytes([length & 127 | 128]), length >> 7
    return bytes([number << 3 | 2]) + size + bytes([length]) + payload


def export(first, count, name):
    """An ExportTraceServiceRequest with `count` spans, ids from `first` on."""
    spans = b"".join(field(2, field(1, TRACE) + field(2, (first + i).to_bytes(8, "big")) + field(5, name) + b"\x39" + (1700000000000000000).to_bytes(8, "little") + b"\x41" + (1700000000000000001).to_bytes(8, "little"))
                     for i in range(count))
    return field(1, field(2, spans))


class Http:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)

    def call(self, body):
        self.socket.sendall(b"POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        answer = b""
        while b"\r\n\r\n" not in answer:
            got = self.socket.recv(4096)
            if not got:
                raise ConnectionResetError
            answer += got
        return answer.startswith(b"HTTP/1.1 200")

    def close(self):
        self.socket.close()


class Grpc(RawGrpc):
    def __init__(self, port):
        super().__init__(port, b"/opentelemetry.proto.collector.trace.v1.TraceService/Export")


def lane(transport, port, first, acknowledged, sent, generator):
    """Sends without pause on one connection until it breaks; logs what was acknowledged."""
    connection, number = None, first
    try:
        connection = transport(port)
        while True:
            count = generator.choice((1, 1, 3, 20, 60))
            # Some so large that they are written in another way where others come meanwhile.
            body = export(number, count, LONG[: generator.randrange(1_100_000, 2_000_000)] if count == 3 else b"op")
            sent.append((number, count))
            if connection.call(body):
                acknowledged.append((number, count))
            number += count
    except OSError:
        pass
    finally:
        if connection:
            connection.close()


SENDERS = ([Http] * LANES, [Http], [Grpc], [Http, Grpc])


def ids_of(pairs):
    return {number + i for number, count in pairs for i in range(count)}


moments = random.Random(seed)
journal = acknowledged_all = None
total = torn = 0
taken = {}  # acknowledged, by kind of sender
began = time.monotonic()
for round_ in range(rounds):
    if round_ % 3 == 0:  # a new journal, killed three times over
        journal, acknowledged_all, sent_all = temporary() + "/journal", set(), set()
    durable = round_ % 2 == 1
    server = Server(args.spanreel, *(["--durable"] if durable else []), record=journal)
    torn += "cut an unfinished record" in server.stderr()
    acknowledged, sent = [], []
    ports = {Http: int(server.http.rsplit(":", 1)[1]), Grpc: int(server.grpc.rsplit(":", 1)[1])}
    kind = round_ // 2 % len(SENDERS)
    senders = SENDERS[kind]
    threads = [threading.Thread(target=lane, args=(t, ports[t], (round_ * LANES + i + 1) << 32, acknowledged, sent, random.Random(seed + round_ * LANES + i))) for i, t in enumerate(senders)]
    for thread in threads:
        thread.start()
    time.sleep(moments.uniform(0, 0.12 if len(senders) > 1 else 0.3))  # one alone is slower, and nothing may be acknowledged at first
    server.kill()
    for thread in threads:
        thread.join()
    acknowledged_all |= ids_of(acknowledged)
    sent_all |= ids_of(sent)
    now = sum(count for _, count in acknowledged)
    total += now
    taken[kind] = taken.get(kind, 0) + now
    if round_ % 3 == 2 or round_ == rounds - 1:
        spans, _ = held(args.spanreel, journal)
        there = [int(s.span, 16) for s in spans]
        lost = acknowledged_all - set(there)
        check(not lost, "round %d of seed %d lost %d acknowledged spans of %d in %s" % (round_, seed, len(lost), len(acknowledged_all), journal))
        check(len(there) == len(set(there)), "round %d: spans are there twice" % round_)
        check(set(there) <= sent_all, "round %d: spans nobody sent" % round_)
        got = stats(args.spanreel, journal)
        check(got["skipped"] == 0 and got["read"] == got["kept"] == len(there), "round %d: counts" % round_, got)
check(total > rounds and (rounds < 2 * len(SENDERS) or all(taken.values())), "hardly anything was acknowledged:", total, taken)
print("ok %d kills, %d acknowledged spans, %d torn records cut, seed %d, %.1f s" % (rounds, total, torn, seed, time.monotonic() - began))
