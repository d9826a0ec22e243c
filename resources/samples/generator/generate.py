#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the sample session, a small shop, as OTLP JSON lines to standard output or to the file named.

The same bytes every time: fixed seed, fixed times, no clock, no hash order.
"""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from otlp_writer import Service, Shop, Story  # noqa: E402
import shop_stories as stories  # noqa: E402

EPOCH_NS = 1_772_452_800 * 1_000_000_000  # 2026-03-02T12:00:00Z
SEED = 0x5EED_5A17
STAR_AT_MS = 190_640  # 12:03:10.640
BATCH_MS = 30_000

# name, language, version, host, scope (name, version), clock off by ms
SERVICES = [
    ("frontend", "nodejs", "2.14.0", "web-1", ("@opentelemetry/instrumentation-http", "0.57.1"), 0),
    ("checkout", "go", "1.31.2", "app-1", ("go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc", "0.58.0"), 0),
    ("cart", "dotnet", "1.9.0", "app-1", ("OpenTelemetry.Instrumentation.GrpcNetClient", "1.11.0"), 0),
    ("catalog", "python", "3.2.1", "app-2", ("opentelemetry.instrumentation.grpc", "0.50b0"), 0),
    ("recommendation", "python", "0.8.0", "app-2", ("opentelemetry.instrumentation.grpc", "0.50b0"), 0),
    ("inventory", "go", "1.12.0", "app-3", ("go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc", "0.58.0"), 40),
    ("shipping", "rust", "0.4.3", "app-1", ("shipping", "0.4.3"), 0),
    ("currency", "cpp", "1.2.0", "app-2", ("currency", "1.2.0"), 0),
    ("payment", "java", "5.0.1", "app-4", ("io.opentelemetry.grpc-1.6", "2.11.0-alpha"), 0),
    ("fraud", "python", "2.0.0", "app-4", ("opentelemetry.instrumentation.grpc", "0.50b0"), 0),
    ("accounting", "dotnet", "1.3.3", "job-1", ("OpenTelemetry.Instrumentation.ConfluentKafka", "0.1.0"), 0),
    ("notification", "ruby", "0.9.2", "job-1", ("OpenTelemetry::Instrumentation::Rdkafka", "0.5.0"), 0),
]


def service(name, language, version, host, scope, skew_ms):
    resource = {"service.name": name, "service.namespace": "shop", "service.version": version, "deployment.environment.name": "staging",
                "telemetry.sdk.language": language, "host.name": host}
    return Service(name, resource, scope, skew_ms)


def background_logs(shop, postgres):
    """Logs that no span wrote: they carry no ids."""
    def add(source, at_ms, severity, body, **attributes):
        shop.add_log(source, shop.epoch + at_ms * 1_000_000, severity, body, {k.replace("__", "."): v for k, v in attributes.items()})

    add(shop.services["frontend"], 20, "INFO", "listening on :8080")
    add(shop.services["payment"], 45, "INFO", "acquirer acquirer.example.com, 3 attempts, 300 ms each")
    for minute in range(5):
        add(shop.services["inventory"], 3_000 + minute * 60_000, "WARN", f"chronyd: system clock is {40.1 + minute / 10:.1f} ms fast, source unreachable", host__clock__offset_ms=40.1 + minute / 10)
        add(postgres, 31_000 + minute * 60_000, "INFO", "checkpoint complete: wrote 212 buffers (1.3%)", log__file__name="postgresql.log")
    add(postgres, 97_640, "INFO", "duration: 2310.482 ms  statement: SELECT * FROM products WHERE description ILIKE $1", log__file__name="postgresql.log")
    add(shop.services["catalog"], 120_500, "WARN", "connection pool at 18 of 20, password=demo-pool-secret ignored in URL")
    add(shop.services["notification"], 241_000, "DEBUG", "mail queue is empty")


def build():
    postgres = Service("", {"host.name": "db-1", "log.source": "filelog"}, ("filelogreceiver", "0.119.0"))
    shop = Shop([service(*row) for row in SERVICES], EPOCH_NS, SEED)
    sent = []
    for at in (1_200, 33_700, 71_300, 108_900, 151_400, 205_000, 248_600):
        stories.home(Story(shop, at))
    for at in (6_400, 41_100, 79_900, 118_200, 160_700, 214_300, 255_100):
        stories.product_page(Story(shop, at))
    for at, slow in ((22_500, False), (95_300, True), (222_800, False)):
        stories.search(Story(shop, at), slow)
    for at, items in ((14_800, 2), (62_400, 3), (127_600, 9), (183_200, 3)):
        stories.cart_page(Story(shop, at), items)
    for at in (11_000, 55_800, 171_500):
        stories.add_to_cart(Story(shop, at))
    sent.append(stories.checkout(Story(shop, 27_300)))
    sent.append(stories.checkout(Story(shop, 88_100), rows=8, items=4))
    stories.checkout(Story(shop, 139_700), attempts=((24, 120, "declined"), (21, 118, "declined"), (23, 115, "declined")))
    # The trace to look at first: an N+1 query, two failed attempts at the payment, a skewed clock, nine services.
    sent.append(stories.checkout(Story(shop, STAR_AT_MS, jitter=4), rows=41, row_ms=16.8, items=24,
                                 attempts=((60, 344, "declined"), (48, 300, "timeout"), (42, 96, None)), total_ms=1840))
    sent.append(stories.checkout(Story(shop, 236_900), rows=5))
    stories.orphan(Story(shop, 102_300))
    stories.refresh_rates(Story(shop, 150_000))
    for index, span in enumerate(sent):
        stories.consume(shop, "notification", "mail", [span], 85 + 31 * index)
    stories.consume(shop, "accounting", "ledger", sent[:2], 1_900)
    for span in sent[2:]:
        stories.consume(shop, "accounting", "ledger", [span], 640)
    background_logs(shop, postgres)
    return shop


def main():
    text = "".join(line + "\n" for line in build().lines(BATCH_MS))
    if len(sys.argv) > 2:
        sys.exit("usage: generate.py [OUT]")
    if len(sys.argv) == 2:
        Path(sys.argv[1]).write_text(text, encoding="utf-8", newline="\n")
    else:
        sys.stdout.buffer.write(text.encode())


if __name__ == "__main__":
    main()
