# SPDX-License-Identifier: GPL-3.0-or-later
"""`spanreel serve` itself: addresses, counts, recording, kill -9, refusals, a full disk."""
import http.client, json, os, re, resource, signal, socket, threading, time

from e2e_server import Server, arguments, check, counts, equal, held, run, stats, temporary

args = arguments()
program = args.spanreel


def span(number, trace="5b8efff798038103d269b633813fc60c", **more):
    return dict({"traceId": trace, "spanId": "%016x" % number, "name": "op", "kind": 2, "startTimeUnixNano": "1700000000000000000", "endTimeUnixNano": "1700000000001000000"}, **more)


def request(*spans):
    resource_ = {"attributes": [{"key": "service.name", "value": {"stringValue": "e2e"}}]}
    return json.dumps({"resourceSpans": [{"resource": resource_, "scopeSpans": [{"spans": list(spans)}]}]})


def post(address, body, path="/v1/traces", headers=None):
    host, port = address.rsplit(":", 1)
    connection = http.client.HTTPConnection(host.strip("[]"), int(port), timeout=20)
    connection.request("POST", path, body, dict({"Content-Type": "application/json"}, **(headers or {})))
    answer = connection.getresponse()
    return answer.status, dict((k.lower(), v) for k, v in answer.getheaders()), answer.read()


def addresses_and_counts():
    home = temporary()
    server = Server(program, home=home)
    for key in ("grpc", "http"):
        ports = {a.rsplit(":", 1)[1] for a in server.bound[key]}
        equal(len(ports), 1, "one port for all addresses of " + key)
        check(re.fullmatch(r"127\.0\.0\.1:\d+", server.bound[key][0]), server.bound)
        if len(server.bound[key]) > 1:
            check(re.fullmatch(r"\[::1\]:\d+", server.bound[key][1]), server.bound)
    equal(list(server.bound), ["grpc", "http"], "keys of the first line")
    for number, address in enumerate(server.bound["http"]):
        equal(post(address, request(span(number + 1)))[0], 200, "post to " + address)
    path = re.search(r"(\S+/sessions/\S+)", server.stderr())
    check(path and path[1].startswith(home), "the session folder is told on standard error:", server.stderr())
    equal(os.stat(path[1]).st_mode & 0o777, 0o600, "mode of the journal")
    equal(os.stat(os.path.dirname(path[1])).st_mode & 0o777, 0o700, "mode of the session folder")
    live = server.stop(signal.SIGINT)
    equal(live["spans"], len(server.bound["http"]), "spans")
    equal(live["read"], live["kept"] + live["skipped"], "read = kept + skipped")
    equal(counts(stats(program, path[1])), counts(live), "counts of the session's journal")


def kill_keeps_what_was_acknowledged():
    journal = temporary() + "/journal"
    acknowledged = set()
    sent = set()
    for round_ in range(3):
        server = Server(program, record=journal)
        stop = threading.Event()

        def send(lane):
            number = (round_ * 8 + lane + 1) << 32
            while not stop.is_set():
                number += 1
                sent.add("%016x" % number)
                try:
                    if post(server.http, request(span(number)))[0] == 200:
                        acknowledged.add("%016x" % number)
                except OSError:
                    return
                except http.client.HTTPException:
                    return

        threads = [threading.Thread(target=send, args=(lane,)) for lane in range(4)]
        for thread in threads:
            thread.start()
        goal = len(acknowledged) + 50 + 37 * round_
        while len(acknowledged) < goal:
            time.sleep(0.002)
        server.kill()
        stop.set()
        for thread in threads:
            thread.join()
    spans, _ = held(program, journal)
    kept = {s.span for s in spans}
    check(acknowledged <= kept, "acknowledged spans are missing:", len(acknowledged - kept))
    check(kept <= sent, "spans that nobody sent:", len(kept - sent))
    equal(len(spans), len(kept), "no span twice")
    # A torn last record: cut off when it goes on, read around when it does not. (The kill itself may have left one.)
    server = Server(program, record=journal)
    equal(post(server.http, request(span(6)))[0], 200, "post after the kill")
    server.stop()
    kept.add("%016x" % 6)
    whole = os.path.getsize(journal)
    with open(journal, "r+b") as file:
        file.truncate(whole - 5)
    equal(stats(program, journal)["spans"], len(kept) - 1, "spans of a torn journal")
    server = Server(program, record=journal)
    equal(post(server.http, request(span(7)))[0], 200, "post after the cut")
    equal(server.stop()["spans"], 1, "a session counts its own")
    equal(stats(program, journal)["spans"], len(kept), "spans of the continued journal")


def refusals():
    folder = temporary()
    other = folder + "/notes.txt"
    with open(other, "w") as file:
        file.write("not a journal")
    done = run(program, "serve", "--http", "localhost:0", "--grpc", "localhost:0", "--record", other, status=2)
    check("not a Spanreel journal" in done.stderr, done.stderr)
    equal(open(other).read(), "not a journal", "the other file is untouched")
    for wrong in (["--http", "localhost"], ["--grpc", "localhost:99999"], ["--nonsense"], ["file.json"], ["--http", "0.0.0.0:0"]):
        run(program, "serve", *wrong, status=2)
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen(1)
    port = taken.getsockname()[1]
    done = run(program, "serve", "--http", "127.0.0.1:%d" % port, "--grpc", "localhost:0", "--record", folder + "/journal", status=3)
    check("127.0.0.1:%d is in use by" % port in done.stderr and "pid %d" % os.getpid() in done.stderr, done.stderr)
    check("next free port" in done.stderr, done.stderr)
    server = Server(program, record=folder + "/journal")
    run(program, "serve", "--http", "localhost:0", "--grpc", "localhost:0", "--record", folder + "/journal", status=3)
    equal(post(server.http, request(span(1)), headers={"Host": "trace.example:1"})[0], 403, "a foreign Host")
    server.stop()
    server = Server(program, "--allow-host", "trace.example", "--allow-origin", "https://app.example")
    equal(post(server.http, request(span(1)), headers={"Host": "trace.example:1"})[0], 200, "an allowed Host")
    status, headers, _ = post(server.http, request(span(2)), headers={"Origin": "https://app.example"})
    equal((status, headers.get("access-control-allow-origin")), (200, "https://app.example"), "an allowed Origin")
    equal(server.stop()["spans"], 2, "spans")


def full_disk():
    """A file size limit stands for a full disk: 503 with Retry-After, nothing acknowledged is lost, viewing goes on."""
    journal = temporary() + "/journal"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20000, hard))
    try:
        server = Server(program, record=journal)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    kept = 0
    for number in range(1, 100):
        status, headers, body = post(server.http, request(span(number, attributes=[{"key": "pad", "value": {"stringValue": "x" * 1000}}])))
        if status == 200:
            kept += 1
            continue
        equal(status, 503, "status of a full disk")
        check(int(headers["retry-after"]) > 0, headers)
        check("disk full" in json.loads(body)["message"] and journal in json.loads(body)["message"], body)
        break
    else:
        check(False, "the disk never got full")
    check(kept > 3, "kept", kept)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (hard, hard))
    equal(post(server.http, request(span(5000)))[0], 200, "space again")
    equal(server.stop()["spans"], kept + 1, "what was refused is not held")
    equal(stats(program, journal)["spans"], kept + 1, "what was acknowledged is recorded")


for test in (addresses_and_counts, kill_keeps_what_was_acknowledged, refusals, full_disk):
    test()
    print("ok", test.__name__)
