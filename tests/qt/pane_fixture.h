// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTest>

#include "model/store/trace_store.h"
#include "tests/unit/test_batch.h"
#include "views/context.h"

namespace spanreel::test {

/// A store with one trace of two services, a peer, an error and logs, and a context that shows it. Spans: 1 front GET 0..100 ms,
/// 2 cart load 10..60, 3 cart SELECT (client, a database) 20..40, 4 front render 70..90 with an error. Logs: at 5 (span 1, INFO),
/// 15 (span 2, DEBUG "cache miss"), 30 (span 3, ERROR), 80 (span 4, WARN), and one without ids at 50.
struct PaneFixture {
    static constexpr std::int64_t kMs = 1'000'000;
    const TraceId trace{0, 1};
    store::TraceStore store;
    views::ViewContext context;

    PaneFixture() {
        TestBatch()
            .span({.id = 1, .service = "front", .name = "GET", .start = 0, .end = 100 * kMs})
            .span({.id = 2, .parent = 1, .service = "cart", .name = "load", .start = 10 * kMs, .end = 60 * kMs})
            .span({.id = 3, .parent = 2, .service = "cart", .name = "SELECT", .start = 20 * kMs, .end = 40 * kMs, .kind = 3, .attributes = {{"db.system", "postgresql"}, {"server.address", "pg"}}})
            .span({.id = 4, .parent = 1, .service = "front", .name = "render", .start = 70 * kMs, .end = 90 * kMs, .status = 2})
            .log({.span = 1, .time = 5 * kMs, .body = "request <b>came</b>", .service = "front", .severity = 9})
            .log({.span = 2, .time = 15 * kMs, .body = "cache miss", .service = "cart", .severity = 5})
            .log({.span = 3, .time = 30 * kMs, .body = "slow query", .service = "cart", .severity = 17})
            .log({.span = 4, .time = 80 * kMs, .body = "template missing", .service = "front", .severity = 13})
            .log({.trace = TraceId{}, .time = 50 * kMs, .body = "a line without ids", .service = "front", .severity = 9})
            .into(store);
        context.setSnapshot(store.snapshot());
    }
    /// Selects the trace and waits until it is assembled.
    void open() {
        context.selectTrace(trace);
        QTRY_VERIFY(context.trace() != nullptr);
        QTRY_VERIFY(context.clock().hasTrace());
    }
};

}  // namespace spanreel::test
