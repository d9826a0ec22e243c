# SPDX-License-Identifier: GPL-3.0-or-later
"""The studio itself, without a screen: one window a user, sessions that survive a kill, a clean end on SIGTERM."""
import glob, http.client, json, os, signal, subprocess, time

from e2e_server import arguments, atexit, check, equal, free_ports, stats, temporary

args = arguments()
program = args.spanreel


def request(number):
    span = {"traceId": "5b8efff798038103d269b633813fc60c", "spanId": "%016x" % number, "name": "op", "startTimeUnixNano": "1700000000000000000", "endTimeUnixNano": "1700000000000000001"}
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]})


class Window:
    """A studio on two free ports."""

    def __init__(self, home, *extra, files=(), stdin=None):
        ports = free_ports(2)
        self.http = ports + 1
        self.home = home
        self.errors = open(temporary() + "/errors", "w+")
        self.process = subprocess.Popen([program, "--grpc-port", str(ports), "--http-port", str(self.http), *extra, *files], env=environment(home), stderr=self.errors, stdin=stdin)
        atexit.register(self.kill)

    def post(self, number):
        """The answer, once the window listens."""
        deadline = time.monotonic() + 60
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.http, timeout=30)
                connection.request("POST", "/v1/traces", request(number), {"Content-Type": "application/json"})
                answer = connection.getresponse()
                answer.read()
                return answer.status
            except ConnectionRefusedError:
                check(self.process.poll() is None, "the window ended:", self.said())
                check(time.monotonic() < deadline, "the window does not listen:", self.said())
                time.sleep(0.05)

    def said(self):
        self.errors.seek(0)
        return self.errors.read()

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def environment(home):
    return dict(os.environ, SPANREEL_HOME=home, QT_QPA_PLATFORM="offscreen")


def eventually(what, test):
    deadline = time.monotonic() + 60
    while not test():
        check(time.monotonic() < deadline, "never happened:", what)
        time.sleep(0.05)


def started(home, *words):
    """A second start that is to end by itself."""
    return subprocess.run([program, *words], env=environment(home), capture_output=True, text=True, timeout=60)


def sessions(home):
    return sorted(glob.glob(home + "/sessions/2*"))


def recent(home):
    try:
        return open(home + "/settings.ini", encoding="utf-8").read()
    except OSError:
        return ""


def killed_and_ended():
    home = temporary()
    window = Window(home)
    equal([window.post(n) for n in range(1, 21)], [200] * 20, "answers")
    window.process.send_signal(signal.SIGKILL)
    window.process.wait()
    folder = sessions(home)[0]
    equal(stats(program, folder + "/journal.spanreel")["spans"], 20, "spans after kill -9")
    check("ended=" not in open(folder + "/state").read(), "a killed session is not an ended one")
    for name in ("", "/journal.spanreel", "/state", "/lock"):
        equal(os.stat(folder + name).st_mode & 0o777, 0o600 if name else 0o700, "mode of " + (name or "the folder"))

    window = Window(home)  # the lock and the socket of the killed one are in nobody's way
    equal(window.post(21), 200, "answer of the next window")
    window.process.send_signal(signal.SIGTERM)
    equal(window.process.wait(timeout=60), 0, "exit status after SIGTERM: " + window.said())
    state = open(next(other for other in sessions(home) if other != folder) + "/state").read()
    check("ended=" in state and "spans=1\n" in state, "ended as it should:", state)
    equal(os.path.exists(home + "/instance"), False, "the socket goes with the window")


def one_window_a_user():
    home = temporary()
    window = Window(home)
    equal(window.post(1), 200, "answer")
    folder = temporary()
    path = folder + "/two words.json"
    open(path, "w").write(request(7))
    done = subprocess.run([program, "two words.json"], env=environment(home), capture_output=True, text=True, timeout=60, cwd=folder)
    equal((done.returncode, done.stdout), (0, ""), "the second start: " + done.stderr)
    eventually("the first window opens the file", lambda: path in recent(home))
    equal(started(home).returncode, 0, "a second start without files")
    told = started(home, "--no-session")
    check(told.returncode == 0 and "--new-window" in told.stderr, "an option that has no effect is told:", told.stderr)
    equal(stats(program, path)["spans"], 1, "commands do not knock")
    equal(len(sessions(home)), 1, "sessions")

    other = Window(home, "--new-window")
    equal(other.post(2), 200, "answer of the other window")
    equal(len(sessions(home)), 2, "sessions of two windows")
    other.process.send_signal(signal.SIGTERM)
    equal(other.process.wait(timeout=60), 0, "its end")

    window.process.send_signal(signal.SIGSTOP)  # it does not answer: nobody waits for ever
    third = Window(home)
    equal(third.post(3), 200, "answer of a window beside one that hangs")
    check("does not answer" in third.said(), "said:", third.said())
    window.process.send_signal(signal.SIGCONT)
    third.kill()
    window.process.send_signal(signal.SIGTERM)
    equal(window.process.wait(timeout=60), 0, "the end of the first")


def nothing_kept():
    home = temporary()
    window = Window(home, "--no-session")
    equal(window.post(1), 200, "answer")
    window.process.send_signal(signal.SIGTERM)
    equal(window.process.wait(timeout=60), 0, "exit status")
    equal(sessions(home), [], "sessions")


def what_only_one_process_has():
    home = temporary()
    window = Window(home)
    equal(window.post(1), 200, "answer")
    # A file by the name of a descriptor has a name of its own, and goes to the window that is open.
    path = temporary() + "/redirected.json"
    open(path, "w").write(request(7))
    done = subprocess.run([program, "/dev/stdin"], env=environment(home), stdin=open(path), capture_output=True, text=True, timeout=60)
    equal(done.returncode, 0, "a second start with a file: " + done.stderr)
    eventually("the first window opens the file", lambda: path in recent(home))
    # A pipe does not: it gets a window, which ends though nobody writes to the pipe or closes it.
    ours, theirs = os.pipe()
    other = Window(home, files=["/dev/stdin"], stdin=ours)
    os.close(ours)
    equal(other.post(2), 200, "answer of a window of its own")
    check("/dev/stdin" in other.said(), "said:", other.said())
    other.process.send_signal(signal.SIGTERM)
    equal(other.process.wait(timeout=60), 0, "its end: " + other.said())
    os.close(theirs)
    window.process.send_signal(signal.SIGTERM)
    equal(window.process.wait(timeout=60), 0, "the end of the first")


for test in (killed_and_ended, one_window_a_user, nothing_kept, what_only_one_process_has):
    test()
    print("ok", test.__name__)
