# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording that outlasts the memory budget goes on: what was answered with OK is there, and counted."""
import http.client, json, subprocess, time

from e2e_server import Server, arguments, check, equal, stats, temporary

args = arguments()
SPAN = '{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"s%d"}}]},"scopeSpans":[{"spans":[{"traceId":"%032x","spanId":"%016x","name":"n"}]}]}]}'


def post(server, path, body):
    connection = http.client.HTTPConnection(server.http, timeout=60)
    connection.request("POST", path, body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


for wrong in ("1M", "much", "-5G"):
    told = subprocess.run([args.spanreel, "serve", "--memory-budget", wrong], capture_output=True, text=True, timeout=60)
    equal(told.returncode, 2, "exit status with --memory-budget " + wrong)
    check("--memory-budget" in told.stderr, told.stderr)

journal = temporary() + "/journal.spanreel"
server = Server(args.spanreel, "--memory-budget", "64M", record=journal)
equal(post(server, "/v1/traces", SPAN % (1, 1, 1)).status, 200, "a span while there is room")
refused = 0
for number in range(40):  # metrics are kept as they came, 4 MiB each
    metric = {"name": "m%d" % number, "description": "d" * (4 << 20), "gauge": {"dataPoints": [{"asInt": "1"}]}}
    body = json.dumps({"resourceMetrics": [{"scopeMetrics": [{"metrics": [metric]}]}]})
    while (answer := post(server, "/v1/metrics", body)).status == 503:  # sent faster than anybody looks
        check(int(answer.getheader("Retry-After")) > 0, "Retry-After")
        check((refused := refused + 1) < 1000, "memory that does not come back")
        time.sleep(0.1)
    equal(answer.status, 200, "metrics")
equal(post(server, "/v1/traces", SPAN % (2, 2, 2)).status, 200, "a span after that")
counts = server.stop()
check("the memory budget of 64 MiB is " in server.stderr() and "used up by what is counted" in server.stderr(), server.stderr())
equal([counts[of] for of in ("spans", "metrics", "traces", "services", "operations")], [2, 40, 2, 2, 2], "spans, metrics, traces, services and operations received")
kept = stats(args.spanreel, journal)
equal((kept["spans"], kept["metrics"]), (2, 40), "spans and metrics in the journal")
print("passed")
