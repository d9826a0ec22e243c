# SPDX-License-Identifier: GPL-3.0-or-later
"""Nobody reads what `serve` tells: senders are answered all the same, it is told later, and `serve` ends when it is to."""
import fcntl, http.client, json, os, select, signal, subprocess, time

from e2e_server import arguments, check, equal, temporary

args = arguments()
PAD = "p" * 1_000_000


def fill(pipe):
    os.set_blocking(pipe, False)
    try:
        while True:
            os.write(pipe, b"x")
    except BlockingIOError:
        os.set_blocking(pipe, True)


def drain(pipe, seconds=0.0):
    out = b""
    while select.select([pipe], [], [], seconds)[0]:
        out += os.read(pipe, 65536)
    return out.decode()


def send(address, first, count):
    connection = http.client.HTTPConnection(address, timeout=60)
    for number in range(first, first + count):
        span = {"traceId": "%032x" % number, "spanId": "%016x" % number, "name": "x", "startTimeUnixNano": "1", "endTimeUnixNano": "2", "attributes": [{"key": "pad", "value": {"stringValue": PAD}}]}
        connection.request("POST", "/v1/traces", json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        while answer.status == 503:  # faster than what is oldest can go
            time.sleep(0.05)
            connection.request("POST", "/v1/traces", json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
        equal(answer.status, 200, "status")
    connection.close()


reader, writer = os.pipe()
fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
home = temporary()
command = [args.spanreel, "serve", "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0", "--disk-budget", "16M"]
process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=writer, env=dict(os.environ, SPANREEL_HOME=home), text=True)
try:
    address = json.loads(process.stdout.readline())["http"][0]
    fill(writer)
    send(address, 1, 40)  # a new file every 2 MiB, and the oldest go
    check("recording to" in drain(reader), "what fitted")
    later = drain(reader, 2.0)
    check("is full; recording to" in later and "no more room" in later, "told once somebody reads:", later)
    fill(writer)
    send(address, 100, 20)
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=60)
    equal(process.returncode, 0, "exit status")
    equal(json.loads(out.strip().split("\n")[-1])["spans"], 60, "spans")
finally:
    process.kill()
    process.wait()
print("passed")
