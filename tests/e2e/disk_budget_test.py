# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording past its disk budget: the service that sends most pays, the quiet one keeps all, and it is told what went."""
import glob, http.client, json, os, socket, subprocess, time

from e2e_server import Server, arguments, check, equal, held, stats, temporary

args = arguments()
PAD = "p" * 100_000


def request(service, number, pad):
    span = {"traceId": "%032x" % (number + 1), "spanId": "%016x" % (number + 1), "name": service, "startTimeUnixNano": "1700000000000000000", "endTimeUnixNano": "1700000000000000001",
            "attributes": [{"key": "pad", "value": {"stringValue": pad}}]}
    return json.dumps({"resourceSpans": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]}, "scopeSpans": [{"spans": [span]}]}]})


def send(server, bodies):
    connection = http.client.HTTPConnection(server.http, timeout=60)
    for body in bodies:
        connection.request("POST", "/v1/traces", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        while answer.status == 503:  # faster than what is oldest can go
            time.sleep(0.05)
            connection.request("POST", "/v1/traces", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
        equal(answer.status, 200, "status")
    connection.close()


def wait_until(condition, what):
    until = time.monotonic() + 120
    while not condition():
        check(time.monotonic() < until, "never:", what)
        time.sleep(0.1)


def journals(home):
    return sorted(glob.glob(home + "/sessions/*/journal*.spanreel"), key=lambda path: ("-" in os.path.basename(path), path))


QUIET, CHATTY = 50, 400  # 40 MB of the chatty one

server = Server(args.spanreel, "--disk-budget", "16M")
send(server, (request("quiet", i, "") for i in range(QUIET)))  # the oldest of all
send(server, (request("chatty", 1000 + i, PAD) for i in range(CHATTY)))
wait_until(lambda: sum(map(os.path.getsize, journals(server.home))) <= 16 << 20, "within the budget")
counts = server.stop()
equal(counts["spans"], QUIET + CHATTY, "spans received")
check("disk budget" in server.stderr() and "of chatty (" in server.stderr() and "quiet (" not in server.stderr(), server.stderr())
files = journals(server.home)
spans = [span for path in files for span in held(args.spanreel, path)[0]]
equal(sum(span.service == "quiet" for span in spans), QUIET, "spans of the quiet service on disk")
kept = [int(span.span, 16) - 1001 for span in spans if span.service == "chatty"]
check(20 < len(kept) < 200, "spans of the chatty one on disk:", len(kept))
equal(sorted(kept), list(range(CHATTY - len(kept), CHATTY)), "the newest of them")
check(not glob.glob(server.home + "/sessions/*/*.new"), "a file half written is left")
with open(server.home + "/sessions/removed.log") as log:
    check("no room for them" in log.read(), "removed.log")
state = dict(line.strip().split("=", 1) for line in open(os.path.dirname(files[0]) + "/state"))
equal(int(state["spans"]), len(spans), "spans the session says it has")

# A session that is pinned stays whole.
server = Server(args.spanreel, "--disk-budget", "16M")
send(server, [request("quiet", 0, "")])
with open(os.path.dirname(journals(server.home)[0]) + "/label", "w") as label:
    label.write("pinned=1\n")
send(server, (request("chatty", 1000 + i, PAD) for i in range(200)))
wait_until(lambda: "pinned" in server.stderr(), "told that it is pinned")
server.stop()
equal(sum(stats(args.spanreel, path)["spans"] for path in journals(server.home)), 201, "spans of a pinned session")

# Sessions of before go first, by what the window was last told to keep.
server = Server(args.spanreel)
home = server.home
send(server, [request("earlier", 0, "")])
server.stop()
earlier = os.path.dirname(journals(home)[0])
with open(home + "/sessions/swept", "w") as swept:
    swept.write("mostBytes=1\n")
server = Server(args.spanreel, home=home)
wait_until(lambda: "old sessions were removed" in server.stderr(), "told that old sessions went")
check(not os.path.exists(earlier), "the earlier session is still there")
server.stop()

# Who cannot start leaves no session behind.
with socket.socket() as taken:
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    home = temporary()
    refused = subprocess.run([args.spanreel, "serve", "--grpc", ":0", "--http", "127.0.0.1:%d" % taken.getsockname()[1]], env=dict(os.environ, SPANREEL_HOME=home), capture_output=True, timeout=60)
    check(refused.returncode != 0, "started on a port that is taken")
    equal(glob.glob(home + "/sessions/*/"), [], "sessions of a start that failed")

# Who names a file wants all of it.
journal = temporary() + "/journal.spanreel"
server = Server(args.spanreel, record=journal)
send(server, (request("chatty", i, PAD) for i in range(200)))
server.stop()
equal(stats(args.spanreel, journal)["spans"], 200, "spans recorded to a file")

# Output that cannot be written is told.
with open("/dev/full", "w") as full:
    done = subprocess.run([args.spanreel, "stats", journal], stdout=full, stderr=subprocess.PIPE, timeout=60, text=True)
check(done.returncode == 1 and "could not be written" in done.stderr, done)

# A budget that is smaller than what is there counts at once.
recorded = lambda: sum(map(os.path.getsize, glob.glob(os.path.dirname(journal) + "/journal*.spanreel")))
check(recorded() > 16 << 20, "room already:", recorded())
server = Server(args.spanreel, "--disk-budget", "16M", record=journal)
wait_until(lambda: recorded() <= 16 << 20, "within the budget without a request")
server.stop()
print("passed")
