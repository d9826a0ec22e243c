# SPDX-License-Identifier: GPL-3.0-or-later
"""What befalls a recording from outside: folders that go or cannot be written, a full disk, no descriptors left, ports taken, no IPv6,
a second writer, a stopped process, a clock that jumps, a file that changes under a reader. What was acknowledged is
there; the program says what happened and goes on."""
import glob, http.client, json, os, pathlib, re, resource, select, shutil, signal, socket, subprocess, sys, threading, time

from e2e_server import Server, arguments, check, equal, free_ports, held, need, run, shared, skip, stats, temporary

TRACE = "5b8efff798038103d269b633813fc60c"


unable = []  # what could not be tried here


def request(number, name="op"):
    span = {"traceId": TRACE, "spanId": "%016x" % number, "name": name, "startTimeUnixNano": "1700000000000000000", "endTimeUnixNano": "1700000000000000001"}
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]})


def post(address, number, connection=None, name="op"):
    host, port = address.rsplit(":", 1)
    connection = connection or http.client.HTTPConnection(host.strip("[]"), int(port), timeout=30)
    connection.request("POST", "/v1/traces", request(number, name), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    return answer.status


def inside_no_ipv6(program):
    """In a network of its own that has no IPv6."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for path in glob.glob("/proc/sys/net/ipv6/conf/*/disable_ipv6"):
        pathlib.Path(path).write_text("1")
    server = Server(program)
    equal([len(server.bound[key]) for key in ("grpc", "http")], [1, 1], "addresses without IPv6")
    equal(post(server.http, 1), 200, "answer without IPv6")
    equal(server.stop()["spans"], 1, "spans without IPv6")
    print("inside ok")


def inside_disk_full(program):
    """On a disk of its own, which fills up and is cleared again."""
    home = temporary()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "none", home], check=True)
    server = Server(program, home=home)
    filler = pathlib.Path(home, "filler")
    filler.write_bytes(bytes(3 << 20))
    sent = 0
    while sent < 60 and post(server.http, sent + 1, name="n" * 50000) == 200:
        sent += 1
    check(0 < sent < 60, "the disk never filled:", sent)
    for _ in range(3):
        equal(post(server.http, 1000, name="n" * 50000), 503, "answer while the disk is full")
    check("disk full: " + home in server.stderr(), "said:", server.stderr())
    filler.unlink()
    deadline = time.monotonic() + 30
    while post(server.http, 1000) != 200:
        check(time.monotonic() < deadline, "nothing is taken once there is room:", server.stderr())
        time.sleep(0.1)
    check("again" in server.stderr(), "said nothing of going on:", server.stderr())
    server.kill()
    spans, _ = held(program, glob.glob(home + "/sessions/2*/journal.spanreel")[0])
    equal([int(s.span, 16) for s in spans], [*range(1, sent + 1), 1000], "spans")
    subprocess.run(["umount", home], check=True)
    print("inside ok")


if sys.argv[1:2] in (["--inside-no-ipv6"], ["--inside-disk-full"]):
    (inside_no_ipv6 if sys.argv[1] == "--inside-no-ipv6" else inside_disk_full)(sys.argv[2])
    sys.exit(0)

args = arguments()
program = args.spanreel
need("cc")
if "san.so" in subprocess.run(["ldd", program], capture_output=True, text=True).stdout:
    skip("a sanitizer's runtime must be loaded first, so nothing can be loaded before it")


def preload(name, source):
    library = "%s/%s.so" % (temporary(), name)
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", library, str(source), "-ldl"], check=True, capture_output=True)
    return library


def with_environment(values, make):
    os.environ.update({key: str(value) for key, value in values.items()})
    try:
        return make()
    finally:
        for key in values:
            del os.environ[key]


def sessions(home):
    return sorted(glob.glob(home + "/sessions/2*"))


def folder_removed():
    home = temporary()
    server = Server(program, home=home)
    equal([post(server.http, n) for n in (1, 2)], [200, 200], "before")
    first = sessions(home)
    shutil.rmtree(first[0])
    equal([post(server.http, n) for n in (3, 4)], [200, 200], "after the folder was removed")
    second = sessions(home)
    check(len(second) == 1 and second != first, "a new folder:", second)
    check("was removed" in server.stderr() and second[0] in server.stderr(), "said:", server.stderr())
    server.kill()
    equal(stats(program, second[0] + "/journal.spanreel")["spans"], 4, "spans in the new folder")


def folder_unusable():
    faults = preload("faultio", shared("acceptance", "faultio.c"))
    environment = dict(os.environ, SPANREEL_HOME=temporary(), LD_PRELOAD=faults, FIO_MATCH="/sessions/", FIO_OP="open", FIO_ERRNO="30")
    done = subprocess.run([program, "serve", "--grpc", ":0", "--http", ":0"], env=environment, capture_output=True, text=True, timeout=60)
    equal((done.returncode, done.stdout), (3, ""), "serve where nothing can be written: " + done.stderr)
    check("Read-only file system" in done.stderr, "said:", done.stderr)


def with_descriptors(most, start):
    """What `start` returns, called where a process may have so many descriptors."""
    old = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, old[1]))
    try:
        return start()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, old)


def ends_without_descriptors():
    # The least that it listens with: then there is none left.
    for most in range(16, 64):
        start = [program, "serve", "--grpc", "localhost:0", "--http", "localhost:0"]
        server = with_descriptors(most, lambda: subprocess.Popen(start, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=dict(os.environ, SPANREEL_HOME=temporary())))
        listens = select.select([server.stdout], [], [], 20)[0] and server.stdout.readline()
        server.terminate()
        try:
            server.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()
            check(not listens, "did not end with", most, "descriptors")
        if listens:
            return
    check(False, "it never listened")


def no_descriptors_left():
    server = with_descriptors(64, lambda: Server(program))
    host, port = server.http.rsplit(":", 1)
    living = http.client.HTTPConnection(host, int(port), timeout=30)
    equal(post(server.http, 1, living), 200, "first")
    idle = [socket.create_connection((host, int(port)), timeout=10) for _ in range(100)]
    equal([post(server.http, n, living) for n in (2, 3)], [200, 200], "the connection that was there")
    for s in idle:
        s.close()
    equal(post(server.http, 4), 200, "a new connection once there is room")
    equal(server.stop()["spans"], 4, "spans")


def port_taken():
    base = free_ports(1)
    holder = socket.socket()
    holder.bind(("127.0.0.1", base))
    holder.listen()
    done = subprocess.run([program, "serve", "--grpc", ":0", "--http", "localhost:%d" % base], env=dict(os.environ, SPANREEL_HOME=temporary()), capture_output=True, text=True, timeout=60)
    equal((done.returncode, done.stdout), (3, ""), "serve on a taken port")
    check("127.0.0.1:%d is in use by" % base in done.stderr and "next free port" in done.stderr, "said:", done.stderr)
    holder.close()


def inside(namespace, which):
    """This file once more, in a network ("n") or among mounts ("m") of its own, where the system allows it."""
    if subprocess.run(["unshare", "-r" + namespace, "true"], capture_output=True).returncode != 0:
        unable.append(which)
        return
    done = subprocess.run(["unshare", "-r" + namespace, sys.executable, "-B", __file__, "--inside-" + which, program], capture_output=True, text=True, timeout=120)
    check("inside ok" in done.stdout, which, done.stdout, done.stderr)


def no_ipv6():
    inside("n", "no-ipv6")


def disk_full():
    inside("m", "disk-full")


def second_writer():
    journal = temporary() + "/journal"
    first = Server(program, record=journal)
    equal(post(first.http, 1), 200, "first")
    done = subprocess.run([program, "serve", "--grpc", ":0", "--http", ":0", "--record", journal], env=dict(os.environ, SPANREEL_HOME=temporary()), capture_output=True, text=True, timeout=60)
    equal(done.returncode, 3, "a second writer")
    check("in use by another program" in done.stderr, "said:", done.stderr)
    equal(post(first.http, 2), 200, "the first goes on")
    first.kill()  # and its lock goes with it
    second = Server(program, record=journal)
    equal(post(second.http, 3), 200, "another one after it")
    second.stop()
    equal(stats(program, journal)["spans"], 3, "spans")


def stopped_and_continued():
    journal = temporary() + "/journal"
    server = Server(program, record=journal)
    equal(post(server.http, 1), 200, "before")
    server.process.send_signal(signal.SIGSTOP)
    while any(open(path).read().rsplit(")", 1)[1].split()[0] != "T" for path in glob.glob("/proc/%d/task/*/stat" % server.process.pid)):
        time.sleep(0.01)
    answers = []
    threads = [threading.Thread(target=lambda n=n: answers.append(post(server.http, n))) for n in range(2, 10)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    equal(answers, [], "answers while it is stopped")
    server.process.send_signal(signal.SIGCONT)
    for thread in threads:
        thread.join()
    equal(answers, [200] * 8, "answers afterwards")
    server.kill()
    equal(stats(program, journal)["spans"], 9, "spans")


def memory_exhausted():
    """No more memory than a little beyond what it has: it says so, lives, and goes on once there is some."""
    journal = temporary() + "/journal"
    server = Server(program, record=journal)
    equal(post(server.http, 1), 200, "before")
    taken = next(int(line.split()[1]) for line in open("/proc/%d/status" % server.process.pid) if line.startswith("VmSize")) << 10
    resource.prlimit(server.process.pid, resource.RLIMIT_AS, (taken + (96 << 20), resource.RLIM_INFINITY))
    acknowledged, refused, number = {1}, 0, 1
    while refused < 3 and number < 400:
        number += 1
        status = post(server.http, number, name="%08d" % number + "n" * 1_000_000)
        check(status in (200, 503), "answer without memory", status)
        refused += status == 503
        if status == 200:
            acknowledged.add(number)
    equal(refused, 3, "refused; %d went in" % len(acknowledged))
    resource.prlimit(server.process.pid, resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    until = time.monotonic() + 30
    for number in range(1001, 1004):
        while post(server.http, number) != 200:
            check(time.monotonic() < until, "nothing is taken though there is memory again")
            time.sleep(0.1)
        acknowledged.add(number)
    server.stop()
    spans, _ = held(program, journal)
    check(acknowledged <= {int(s.span, 16) for s in spans}, "acknowledged spans are missing in the journal")


def clock_jumps():
    library = preload("clockshift", pathlib.Path(__file__).with_name("clockshift.c"))
    offset = pathlib.Path(temporary() + "/offset")
    journal = temporary() + "/journal"
    server = with_environment({"LD_PRELOAD": library, "CLOCKSHIFT": offset}, lambda: Server(program, record=journal))
    number = 0
    for jump in (0, -3600, 365 * 86400, -86400 * 400, 0):
        offset.write_text(str(jump))
        for _ in range(3):
            number += 1
            equal(post(server.http, number), 200, "answer with the clock off by %d s" % jump)
    server.stop()
    spans, _ = held(program, journal)
    equal([int(s.span, 16) for s in spans], list(range(1, number + 1)), "spans, in the order of arrival")
    data = pathlib.Path(journal).read_bytes()
    steady = [int.from_bytes(data[at + 40 : at + 48], "little") for at in (m.start() for m in re.finditer(b"\xa5SRF", data))]
    received = [int.from_bytes(data[at + 32 : at + 40], "little") for at in (m.start() for m in re.finditer(b"\xa5SRF", data))]
    equal(steady, sorted(steady), "the steady clock")
    check(received != sorted(received), "the wall clock did not jump: the test is blind")


def file_changes_while_read():
    path = temporary() + "/growing.jsonl"
    lines = [request(n) + "\n" for n in range(1, 40001)]
    pathlib.Path(path).write_text("".join(lines))
    for change in ("cut", "grow", "remove", "overwrite"):
        pathlib.Path(path).write_text("".join(lines))
        reader = subprocess.Popen([program, "stats", "--json", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ, SPANREEL_HOME=temporary()))
        time.sleep(0.02)
        if change == "cut":
            os.truncate(path, 1000)
        elif change == "grow":
            with open(path, "a") as file:
                file.writelines(lines[:1000])
        elif change == "remove":
            os.remove(path)
        else:
            with open(path, "r+") as file:
                file.write("x" * 100000)
        out, errors = reader.communicate(timeout=60)
        check(reader.returncode in (0, 1, 3), change, "ended with", reader.returncode, errors)
        got = json.loads(out)
        equal(got["read"], got["kept"] + got["skipped"], "counts of a file that was changed: " + change)


for test in (folder_removed, folder_unusable, disk_full, ends_without_descriptors, no_descriptors_left, port_taken, no_ipv6, second_writer, stopped_and_continued, memory_exhausted, clock_jumps, file_changes_while_read):
    test()
    print("ok", test.__name__)
if unable:
    skip("all else passed, but there are no namespaces of our own here, for %s" % ", ".join(unable))
