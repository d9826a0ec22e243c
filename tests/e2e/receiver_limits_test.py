# SPDX-License-Identifier: GPL-3.0-or-later
"""What a receiver runs out of, and how it is started: descriptors, room for large bodies, closed outputs, signals that are ignored."""
import http.client, json, os, signal, socket, subprocess, threading, time

from e2e_server import Server, arguments, check, equal, stats, temporary
from raw_grpc import RawGrpc

args = arguments()
TRACES = b"/opentelemetry.proto.collector.trace.v1.TraceService/Export"
SPAN = '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"%032x","spanId":"%016x","name":"n"}]}]}]}'


def wrapped(line):
    """A program that does `line` in a shell and then becomes the one under test."""
    path = temporary() + "/wrapped.sh"
    with open(path, "w") as file:
        file.write('#!/bin/sh\n%s\nexec "%s" "$@"\n' % (line, args.spanreel))
    os.chmod(path, 0o755)
    return path


def post(address, body, kind="application/json"):
    connection = http.client.HTTPConnection(address, timeout=60)
    connection.request("POST", "/v1/traces", body, {"Content-Type": kind})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def wait_for(holds, what):
    for attempt in range(200):
        if holds():
            return
        time.sleep(0.1)
    check(False, what)


def descriptors_come_back():
    server = Server(wrapped("ulimit -n 64"))
    port = int(server.grpc.rsplit(":", 1)[1])
    first = RawGrpc(port, TRACES)
    check(first.call(b""), "a call while there are descriptors")
    idle = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(100)]
    wait_for(lambda: "OTLP/gRPC does not listen: too many open files" in server.stderr(), "a word of it")
    for s in idle:
        s.close()
    for attempt in range(100):
        try:
            if RawGrpc(port, TRACES).call(b""):
                break
        except OSError:
            pass
        time.sleep(0.2)
    else:
        check(False, "no new gRPC connection is served once there are descriptors again")
    wait_for(lambda: "OTLP/gRPC listens again" in server.stderr(), "a word of its end")
    server.stop()


def large_bodies_end():
    server = Server(args.spanreel, "--memory-budget", "64M")
    body = b"\x00" * (50 << 20)  # no request, but it has to come whole to be judged
    statuses = []

    def send():
        for attempt in range(40):
            try:
                status = post(server.http, body, "application/x-protobuf")
            except OSError:
                continue
            if status != 503:
                statuses.append(status)
                return
            time.sleep(0.5)

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    equal(statuses, [400] * 4, "answers to four large bodies at a time")
    server.stop()
    check("OTLP/HTTP refused" in server.stderr() and "malformed protobuf" in server.stderr(), "refusals are told:", server.stderr())


def outputs_closed():
    home = temporary()
    record = home + "/record.spanreel"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = 'exec "%s" serve --grpc 127.0.0.1:0 --http 127.0.0.1:%d --record "%s" >&- 2>&- <&-' % (args.spanreel, port, record)
    process = subprocess.Popen(["/bin/sh", "-c", command], env=dict(os.environ, SPANREEL_HOME=home))
    try:
        for attempt in range(100):
            try:
                equal(post("127.0.0.1:%d" % port, SPAN % (1, 1)), 200, "status")
                break
            except OSError:
                time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    finally:
        process.kill()
        process.wait()
    equal([name for name in os.listdir(home) if name.startswith("record")], ["record.spanreel"], "files of the recording")
    equal(stats(args.spanreel, record)["spans"], 1, "spans in it")


def hangup_ignored():
    # What a script starts with & has SIGINT ignored, and is to be ended by it.
    for number, line, survives in ((signal.SIGHUP, "trap '' HUP", True), (signal.SIGHUP, ":", False), (signal.SIGINT, "trap '' INT", False)):
        server = Server(wrapped(line))
        server.process.send_signal(number)
        try:
            server.process.wait(2)
            ended = True
        except subprocess.TimeoutExpired:
            ended = False
        equal(ended, not survives, "ended by %s after %s" % (number.name, line))
        if survives:
            server.stop()


# Sanitizers need descriptors themselves.
for test in (*(() if "ASAN_OPTIONS" in os.environ else (descriptors_come_back,)), large_bodies_end, outputs_closed, hangup_ignored):
    test()
print("passed")
