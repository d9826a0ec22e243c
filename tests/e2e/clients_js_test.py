# SPDX-License-Identifier: GPL-3.0-or-later
"""The OpenTelemetry JavaScript SDK: what it says it made equals what `spanreel serve` holds, id by id."""
import glob, json, os, shutil, subprocess
import signal

from e2e_server import Log, Server, Span, arguments, counts, equal, free_ports, held, need, same, shared, skip, stats, temporary

args = arguments()
need("node", "npm")
source = shared("clients", "otel-js")
client = os.path.join(args.work, "otel-js")
lock = (source / "package-lock.json").read_bytes()
stamp = os.path.join(client, "installed")
if not os.path.exists(stamp) or open(stamp, "rb").read() != lock:
    shutil.rmtree(client, ignore_errors=True)
    os.makedirs(client)
    for name in os.listdir(source):
        if (source / name).is_file():
            shutil.copyfile(source / name, os.path.join(client, name))
    done = subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=client, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        skip("npm ci failed: " + done.stderr[-300:])
    with open(stamp, "wb") as file:
        file.write(lock)


def nanoseconds(pair):
    return pair[0] * 10**9 + pair[1]


runs = [(protocol, compression) for protocol in ("grpc", "http/protobuf", "http/json") for compression in ("none", "gzip")]
base = free_ports(4 * len(runs))
waiting = []
for i, (protocol, compression) in enumerate(runs):  # all at once: most of a run is waiting
    out = temporary()
    server = Server(args.spanreel, record=out + "/journal")
    endpoint = "http://" + (server.grpc if protocol == "grpc" else server.http)
    command = ["node", "run.js", "--n", "8", "--protocol", protocol, "--endpoint", endpoint, "--compression", compression, "--out", out, "--base-port", str(base + 4 * i)]
    waiting.append((protocol, compression, out, server, subprocess.Popen(command, cwd=client, stdout=subprocess.PIPE, text=True, start_new_session=True)))
for protocol, compression, out, server, process in waiting:
    name = "%s, compression %s" % (protocol, compression)
    try:
        said = json.loads(process.communicate(timeout=120)[0])
    except subprocess.TimeoutExpired:
        for _, _, _, _, late in waiting:
            if late.poll() is None:
                os.killpg(late.pid, signal.SIGKILL)  # with the services it started
        raise
    live = server.stop()
    truth = [json.loads(line) for line in open(out + "/truth.jsonl")]
    spans, logs = held(args.spanreel, out + "/journal")
    wanted = [Span(t["service"], t["traceId"], t["spanId"], t["parentSpanId"] or "", t["name"], t["kind"] + 1, t["status"], nanoseconds(t["start"]), nanoseconds(t["end"]), t["nAttrs"], t["nEvents"],
                   t["nLinks"], t["scope"]) for t in truth]
    same(spans, wanted, "spans by " + name)
    equal((live["spans"], live["traces"], live["errors"]), (said["spans"], said["traces"], said["errorSpans"]), "counts by " + name)
    pino = [json.loads(line) for path in glob.glob(out + "/*.pino.jsonl") for line in open(path)]
    # The program's own log files leave out what is below INFO: one line for each payment that went well.
    same([(log.trace, log.span) for log in logs if log.severity >= 9], [(p.get("trace_id", ""), p.get("span_id", "")) for p in pino], "logs by " + name)
    equal(sum(1 for log in logs if log.severity < 9), said["requests"] - said["http500"], "debug logs by " + name)
    equal((live["warned"], live["skipped"]), (0, 0), name + " has nothing to complain of")
    equal(live["metrics"] > 0, True, "metrics by " + name)
    equal(counts(stats(args.spanreel, out + "/journal")), counts(live), "counts recorded by " + name)
    print("ok", name, len(spans), "spans", len(logs), "logs", live["metrics"], "metrics")
