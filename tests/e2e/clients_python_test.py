# SPDX-License-Identifier: GPL-3.0-or-later
"""The OpenTelemetry Python SDK from PyPI: what it made equals what `spanreel serve` holds, id by id."""
import json, os, pathlib, shutil, subprocess, sys

from e2e_server import Server, Span, arguments, counts, equal, held, same, skip, stats, temporary

args = arguments()
PACKAGES = ["opentelemetry-sdk", "opentelemetry-exporter-otlp-proto-grpc", "opentelemetry-exporter-otlp-proto-http"]
environment = os.path.join(args.work, "python-sdk")
python = os.path.join(environment, "bin", "python")
stamp = os.path.join(environment, "installed")
if not os.path.exists(stamp):
    shutil.rmtree(environment, ignore_errors=True)
    try:
        subprocess.run([sys.executable, "-m", "venv", environment], check=True, capture_output=True, timeout=120)
        subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *PACKAGES], check=True, capture_output=True, timeout=300)
    except (subprocess.SubprocessError, OSError) as error:
        skip("the Python SDK cannot be installed: %s %s" % (error, getattr(error, "stderr", b"")[-300:]))
    open(stamp, "w").close()

sender = pathlib.Path(__file__).with_name("send_python.py")
waiting = []
for protocol in ("grpc", "http/protobuf", "http/json"):
    for compression in ("none", "gzip"):
        journal = temporary() + "/journal"
        server = Server(args.spanreel, record=journal)
        endpoint = "http://" + (server.grpc if protocol == "grpc" else server.http)
        waiting.append((protocol, compression, journal, server, subprocess.Popen([python, "-B", str(sender), protocol, endpoint, compression], stdout=subprocess.PIPE, text=True)))
for protocol, compression, journal, server, process in waiting:
    name = "%s, compression %s" % (protocol, compression)
    out = process.communicate(timeout=120)[0]
    equal(process.returncode, 0, "exit status of the sender by " + name)
    made = json.loads(out.strip().split("\n")[-1])
    live = server.stop()
    spans, logs = held(args.spanreel, journal)
    same(spans, [Span("python-shop", s["trace"], s["span"], s["parent"], s["name"], s["kind"], s["status"], s["start"], s["end"], s["attributes"], s["events"], s["links"], s["scope"]) for s in made["spans"]],
         "spans by " + name)
    same([(r.trace, r.span, r.body) for r in logs], [(r["trace"], r["span"], r["body"]) for r in made["logs"]], "logs by " + name)
    equal((len(spans), len(logs)), (24, 16), "how many by " + name)
    equal((live["warned"], live["skipped"]), (0, 0), name + " has nothing to complain of")
    equal(counts(stats(args.spanreel, journal)), counts(live), "counts recorded by " + name)
    print("ok", name, len(spans), "spans", len(logs), "logs")
