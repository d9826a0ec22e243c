# SPDX-License-Identifier: GPL-3.0-or-later
"""`spanreel serve` with failing writes: what it acknowledged is in the journal, what it did not it said so."""
import glob, http.client, json, os, subprocess, time

from e2e_server import Server, arguments, check, equal, need, shared, skip, stats, temporary

args = arguments()
need("cc")
if "san.so" in subprocess.run(["ldd", args.spanreel], capture_output=True, text=True).stdout:
    skip("a sanitizer's runtime must be loaded first, so nothing can be loaded before it")
library = temporary() + "/faultio.so"
subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", library, str(shared("acceptance", "faultio.c")), "-ldl"], check=True, capture_output=True)


def serve(journal, *extra, **faults):
    os.environ.update(LD_PRELOAD=library, FIO_MATCH="journal-under-test", **{key: str(value) for key, value in faults.items()})
    try:
        return Server(args.spanreel, *extra, record=journal)
    finally:
        for key in ("LD_PRELOAD", "FIO_MATCH", *faults):
            del os.environ[key]


def post(address, number):
    host, port = address.rsplit(":", 1)
    connection = http.client.HTTPConnection(host, int(port), timeout=20)
    span = {"traceId": "5b8efff798038103d269b633813fc60c", "spanId": "%016x" % number, "name": "op", "startTimeUnixNano": "1700000000000000000", "endTimeUnixNano": "1700000000000000001"}
    connection.request("POST", "/v1/traces", json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    return answer.status


journal = temporary() + "/journal-under-test"
acknowledged = number = 0
for after in range(1, 24, 2):  # killed in the middle of a write, again and again, on one journal
    server = serve(journal, FIO_OP="kill", FIO_AFTER=after)
    try:
        while number < 100000:
            number += 1
            acknowledged += post(server.http, number) == 200
    except (OSError, http.client.HTTPException):
        pass
    equal(server.process.wait(timeout=30), -9, "the fault ended it")
got = stats(args.spanreel, journal)
equal((got["spans"], got["skipped"]), (acknowledged, 0), "acknowledged spans after kills in mid-write")
print("ok kill in write", acknowledged, "spans")

journal = temporary() + "/journal-under-test"
server = serve(journal, FIO_OP="short", FIO_AFTER=3, FIO_COUNT=3)
equal([post(server.http, n) for n in range(1, 13)], [200] * 12, "answers with short writes")
server.stop()
equal(stats(args.spanreel, journal)["spans"], 12, "spans with short writes")
print("ok short writes")

journal = temporary() + "/journal-under-test"
server = serve(journal, FIO_OP="write", FIO_ERRNO=5, FIO_AFTER=4, FIO_COUNT=3)
equal([post(server.http, n) for n in range(1, 11)], [200] * 3 + [503] * 3 + [200] * 4, "answers with failing writes")
equal(server.stop()["spans"], 7, "spans held with failing writes")
equal((server.stderr().count("cannot record"), server.stderr().count("again")), (1, 1), "said once that writing failed, and that it goes on: " + server.stderr())
equal(stats(args.spanreel, journal)["spans"], 7, "spans recorded with failing writes")
print("ok failing writes")

# A failed fsync: durable answers 503 and what it refused is nowhere; the file takes nothing more, the next one does.
journal = temporary() + "/journal-under-test"
server = serve(journal, "--durable", FIO_OP="fsync", FIO_ERRNO=5, FIO_AFTER=4, FIO_COUNT=1)
answers = [post(server.http, n) for n in range(1, 13)]
equal((answers.count(200), answers.count(503)), (11, 1), "answers with one failed fsync")
equal(server.stop()["spans"], 11, "spans held with a failed fsync")
check("did not take" in server.stderr() and journal + ".2" in server.stderr(), "said:", server.stderr())
got = [stats(args.spanreel, path)["spans"] for path in sorted(glob.glob(journal + "*"))]
equal((len(got), sum(got), got[0]), (2, 11, answers.index(503)), "spans in the files")
print("ok failed fsync, durable")

# Every fsync fails: nothing is acknowledged, no file is left behind, and it goes on saying so.
journal = temporary() + "/journal-under-test"
server = serve(journal, "--durable", FIO_OP="fsync", FIO_ERRNO=5, FIO_AFTER=2)
answers = [post(server.http, n) for n in range(1, 13)]
good = answers.count(200)
equal(answers, [200] * good + [503] * (12 - good), "answers when the disk takes nothing more")
check(good < 4, "acknowledged", good)
server.kill()
equal(stats(args.spanreel, journal)["spans"] if good else 0, good, "spans when the disk takes nothing more")
equal(glob.glob(journal + ".*"), [], "files left behind")
check("come back" in server.stderr(), "said:", server.stderr())
print("ok the disk takes nothing more, durable")

# Not durable: what had been acknowledged when the sync in the background failed is in the next file.
journal = temporary() + "/journal-under-test"
server = serve(journal, FIO_OP="fsync", FIO_ERRNO=5, FIO_AFTER=0, FIO_COUNT=1)
equal([post(server.http, n) for n in range(1, 6)], [200] * 5, "answers before the sync")
deadline = time.monotonic() + 30
while "did not take" not in server.stderr() and time.monotonic() < deadline:
    time.sleep(0.05)  # nothing more is sent: the background notices by itself
check("did not take" in server.stderr(), "said nothing:", server.stderr())
equal([post(server.http, n) for n in range(6, 9)], [200] * 3, "answers after the sync")
server.kill()  # -9
got = [stats(args.spanreel, path) for path in sorted(glob.glob(journal + "*"))]
equal((len(got), sum(g["spans"] for g in got), sum(g["duplicates"] for g in got)), (2, 8, 0), "spans in the files")
print("ok failed fsync in the background")

# A journal that is continued on a disk that takes nothing at first: what an earlier run had acknowledged stays.
for durable in (["--durable"], []):
    journal = temporary() + "/journal-under-test"
    server = serve(journal, *durable)
    equal([post(server.http, n) for n in range(1, 6)], [200] * 5, "answers of the first run")
    server.stop()
    server = serve(journal, *durable, FIO_OP="fsync", FIO_ERRNO=5, FIO_AFTER=0, FIO_COUNT=2)
    answers = [post(server.http, n) for n in range(6, 12)]
    server.kill()
    got = [stats(args.spanreel, path)["spans"] for path in sorted(glob.glob(journal + "*"))]
    equal(sum(got), 5 + answers.count(200), "spans of both runs, in the files: %r" % got)
    check(answers[-1] == 200 and got[0] >= 5, "answers", answers, "spans in the files", got)
print("ok continued on a disk that fails")
