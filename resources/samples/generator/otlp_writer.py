# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds OTLP JSON lines for the sample session.

A `Shop` holds the services and everything they emitted; a `Story` is one trace told by a cursor of simulated time:
entering a span opens it at the cursor, working moves the cursor, leaving closes it. Times are integers (nanoseconds),
randomness is a small generator of our own, so that every Python writes the same bytes.
"""
import json
from contextlib import contextmanager

INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER = 1, 2, 3, 4, 5
OK, ERROR = 1, 2
SEVERITIES = {"DEBUG": 5, "INFO": 9, "WARN": 13, "ERROR": 17}
NS_PER_MS = 1_000_000


class Random:
    """xorshift64*: the same numbers in every version of Python."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        x = self.state
        x ^= x >> 12
        x = (x ^ (x << 25)) & 0xFFFFFFFFFFFFFFFF
        x ^= x >> 27
        self.state = x
        return (x * 0x2545F4914F6CDD1D) & 0xFFFFFFFFFFFFFFFF

    def below(self, n):
        return (self.next() >> 11) % n

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def pick(self, items):
        return items[self.below(len(items))]

    def id(self, size):
        return b"".join(self.next().to_bytes(8, "big") for _ in range(size // 8)).hex()


def any_value(value):
    """A Python value as the JSON of an OTLP AnyValue."""
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    if isinstance(value, str):
        return {"stringValue": value}
    if isinstance(value, (list, tuple)):
        return {"arrayValue": {"values": [any_value(item) for item in value]}}
    raise TypeError(f"no OTLP value for {type(value).__name__}")


def key_values(attributes):
    return [{"key": key, "value": any_value(value)} for key, value in attributes.items()]


class Service:
    """An emitter: its resource, its instrumentation scope, and how far the clock of its host is off."""

    def __init__(self, name, resource, scope, skew_ms=0):
        self.name = name
        self.resource = resource
        self.scope = {"name": scope[0], "version": scope[1]}
        self.skew_ns = skew_ms * NS_PER_MS


class Span:
    def __init__(self, story, service, name, kind, parent, start, attributes):
        self.story, self.service, self.name, self.kind = story, service, name, kind
        self.span_id = story.shop.random.id(8)
        self.parent = parent
        self.start = self.end = start
        self.attributes = dict(attributes or {})
        self.events, self.links = [], []
        self.status = None

    def event(self, name, **attributes):
        self.events.append({"timeUnixNano": str(self.story.now + self.service.skew_ns), "name": name,
                            "attributes": key_values({key.replace("__", "."): v for key, v in attributes.items()})})

    def fail(self, message, error_type=None):
        self.status = {"message": message, "code": ERROR}
        if error_type:
            self.attributes["error.type"] = error_type

    def throw(self, kind, message, stack):
        self.event("exception", exception__type=kind, exception__message=message, exception__stacktrace=stack)
        self.fail(message, kind)

    def link(self, other, **attributes):
        self.links.append({"traceId": other.story.trace_id, "spanId": other.span_id,
                           "attributes": key_values({key.replace("__", "."): v for key, v in attributes.items()})})

    def log(self, severity, body, **attributes):
        self.story.shop.add_log(self.service, self.story.now, severity, body,
                                {key.replace("__", "."): v for key, v in attributes.items()}, self)

    def to_json(self):
        remote = self.parent is not None and (isinstance(self.parent, str) or self.parent.service is not self.service)
        out = {"traceId": self.story.trace_id, "spanId": self.span_id}
        if self.parent is not None:
            out["parentSpanId"] = self.parent if isinstance(self.parent, str) else self.parent.span_id
        out.update(flags=0x301 if remote else 0x101, name=self.name, kind=self.kind,
                   startTimeUnixNano=str(self.start + self.service.skew_ns), endTimeUnixNano=str(self.end + self.service.skew_ns))
        if self.attributes:
            out["attributes"] = key_values(self.attributes)
        if self.events:
            out["events"] = self.events
        if self.links:
            out["links"] = self.links
        out["status"] = self.status or {}
        return out


class Story:
    """One trace. `jitter` is in per cent: every stretch of work varies by as much."""

    def __init__(self, shop, at_ms, jitter=25):
        self.shop, self.jitter = shop, jitter
        self.trace_id = shop.random.id(16)
        self.start = self.now = shop.epoch + at_ms * NS_PER_MS
        self.stack = []

    def work(self, ms):
        """Lets time pass; fractions of a millisecond come from the generator, so no two stretches are alike."""
        us = int(ms * 1000)
        spread = us * self.jitter // 100
        us += self.shop.random.between(-spread, spread) if spread else 0
        self.now += us * 1000 + self.shop.random.below(1000)

    def until(self, ms):
        self.now = max(self.now, self.start + int(ms * NS_PER_MS))

    @contextmanager
    def span(self, service, name, kind=INTERNAL, attributes=None, parent=None):
        parent = parent if parent is not None else (self.stack[-1] if self.stack else None)
        span = Span(self, self.shop.services[service], name, kind, parent, self.now, attributes)
        self.shop.spans.append(span)
        self.stack.append(span)
        yield span
        self.stack.pop()
        span.end = self.now

    @contextmanager
    def call(self, caller, service, method, net_ms=0.6, attributes=None):
        """A gRPC call: client span in the caller, server span in the callee. Yields (client, server)."""
        rpc = {"rpc.system": "grpc", "rpc.service": method.rsplit("/", 1)[0], "rpc.method": method.rsplit("/", 1)[1]}
        with self.span(caller, method, CLIENT, {**rpc, "server.address": service, "server.port": 9090}) as client:
            self.work(net_ms)
            with self.span(service, method, SERVER, {**rpc, **(attributes or {})}) as server:
                self.work(0.25)  # reading the request
                yield client, server
            self.work(net_ms)
            for span in (client, server):
                span.attributes.setdefault("rpc.grpc.status_code", 0)

    def parallel(self, *branches):
        """Runs the branches from the same instant; time goes on when the slowest is done."""
        begin = self.now
        ends = []
        for branch in branches:
            self.now = begin
            branch()
            ends.append(self.now)
        self.now = max(ends)


class Shop:
    """All services and all they emitted."""

    def __init__(self, services, epoch_ns, seed):
        self.services = {service.name: service for service in services}
        self.epoch = epoch_ns
        self.random = Random(seed)
        self.spans, self.logs = [], []

    def add_log(self, service, now, severity, body, attributes=None, span=None):
        record = {"timeUnixNano": str(now + service.skew_ns), "severityNumber": SEVERITIES[severity], "severityText": severity, "body": any_value(body)}
        if attributes:
            record["attributes"] = key_values(attributes)
        if span is not None:
            record.update(traceId=span.story.trace_id, spanId=span.span_id, flags=1)
        self.logs.append((now, service, record))

    def lines(self, batch_ms):
        """One request per signal and batch of time, as the Collector's file exporter writes them."""
        batches = {}
        for span in self.spans:
            batches.setdefault((span.end // (batch_ms * NS_PER_MS), 0), []).append((span.end, span.service, span.to_json()))
        for now, service, record in self.logs:
            batches.setdefault((now // (batch_ms * NS_PER_MS), 1), []).append((now, service, record))
        for (_, signal), rows in sorted(batches.items(), key=lambda item: item[0]):
            yield json.dumps(self._request(signal, rows), separators=(",", ":"), ensure_ascii=False)

    @staticmethod
    def _request(signal, rows):
        outer, inner, leaf = [("resourceSpans", "scopeSpans", "spans"), ("resourceLogs", "scopeLogs", "logRecords")][signal]
        groups = {}
        for end, service, row in sorted(rows, key=lambda r: r[0]):
            groups.setdefault(service, []).append(row)
        return {outer: [{"resource": {"attributes": key_values(service.resource)},
                         inner: [{"scope": service.scope, leaf: rows_of}],
                         "schemaUrl": "https://opentelemetry.io/schemas/1.29.0"} for service, rows_of in groups.items()]}
