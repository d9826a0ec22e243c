// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/otlp_json_block.h"

#include <algorithm>
#include <utility>

#include "ingest/importers/otlp_json_reader.h"
#include "ingest/json/json_scan.h"
#include "model/store/trace_store.h"

namespace spanreel::ingest {

namespace {

constexpr std::string_view kSpace = " \t\r\n";

/// Newlines are few here: looking for the next is quicker than counting all.
std::uint64_t countFewNewlines(std::string_view text) {
    std::uint64_t count = 0;
    for (std::size_t at = 0; (at = text.find('\n', at)) != text.npos; ++at) ++count;
    return count;
}

std::size_t skipSpace(std::string_view text, std::size_t at) { return std::min(text.find_first_not_of(kSpace, at), text.size()); }

}  // namespace

/// What a thread keeps from block to block.
struct OtlpJsonBlock::Reader final : OtlpJsonIssues {
    void warn(ProblemCode code, std::string detail, std::size_t byte) override { block->issues.push_back({code, std::move(detail), base + byte, false}); }
    void skip(ProblemCode code, std::string detail, std::size_t byte) override { block->issues.push_back({code, std::move(detail), base + byte, true}); }
    void kept(bool withWarning) override {
        ++block->kept;
        block->warned += withWarning;
    }
    OtlpJsonReader texts{*this, {}};
    OtlpJsonBlock* block = nullptr;
    std::size_t base = 0;  ///< of the text being read, in the block
};

/// Where the value at `at` ends; npos where that cannot be told from this block, or it comes in parts.
std::size_t OtlpJsonBlock::endOfValue(std::size_t at) const {
    JsonScan scan;
    scan.start(at);
    if (scan.scan(*m_text) != JsonScan::Outcome::Done || scan.end() - at > m_options.wholeBytes) return JsonScan::npos;
    return scan.end();
}

bool OtlpJsonBlock::mayBeTooLarge(std::size_t at) const { return m_text->size() - at > m_options.wholeBytes && endOfValue(at) == JsonScan::npos; }

OtlpJsonBlock::Opening OtlpJsonBlock::openingOf(std::string_view text) {
    const std::size_t begin = skipSpace(text, 0);
    std::size_t at = begin;
    const auto take = [&](std::string_view what) {
        at = skipSpace(text, at);
        if (text.substr(at, what.size()) != what) return false;
        at += what.size();
        return true;
    };
    if (!take("{")) return {};
    const std::string_view key = take("\"resourceSpans\"") ? "resourceSpans" : take("\"resourceLogs\"") ? "resourceLogs" : "";
    if (key.empty() || !take(":") || !take("[")) return {};
    return {key, begin, at};
}

void OtlpJsonBlock::run() {
    thread_local Reader reader;
    reader.block = this;
    reader.texts.setDialect({.strict = false, .tempo = m_options.tempo});
    reader.texts.records().reset();
    after = m_context;
    if (m_target) {
        auto front = m_target->lendFront();
        front.get()->begin();
        batch = front.get()->batch();
        batch.keep.push_back(m_text);
        reader.texts.setFront(front.get());
        read(reader);
        reader.texts.setFront(nullptr);
        batch.pending = front.get()->takePending();
    } else {
        batch.keep.push_back(m_text);
        read(reader);
    }
    pending = reader.texts.records().pending();
    reader.texts.trim();
}

void OtlpJsonBlock::read(Reader& reader) {
    if (m_opens) {
        const Opening opening = openingOf(*m_text);
        if (!opening.key.empty()) {
            after = opening.key == "resourceSpans" ? Context::Spans : Context::Logs;
            readElements(reader, opening.element);
            if (passed.bytes == 0) after = Context::Top;
        }
    } else if (m_context == Context::Top) {
        readTop(reader);
    } else {
        readElements(reader, 0);
    }
}

void OtlpJsonBlock::readTop(Reader& reader) {
    const std::string_view text = *m_text;
    OtlpJsonWalk& walk = reader.texts.walk();
    std::size_t newline = std::min(text.find('\n'), text.size());
    if (!reader.texts.startWalk(text, batch)) return;
    for (std::size_t at = skipSpace(text, 0);; at = skipSpace(text, at)) {
        passed.bytes = at;
        for (; newline < at; newline = std::min(text.find('\n', newline + 1), text.size())) ++passed.newlines;
        if (at == text.size() || text[at] != '{') return;
        const std::size_t told = issues.size();
        std::size_t end = JsonScan::npos;
        reader.base = 0;
        if (mayBeTooLarge(at)) return;
        walk.moveTo(at);
        if (reader.texts.mayWalk() && walk.request()) {
            end = walk.behind();
        } else {
            end = endOfValue(at);
            reader.base = at;
            if (end == JsonScan::npos || !reader.texts.parse(text.substr(at, end - at), batch)) return;
            reader.texts.request(reader.texts.root());
        }
        if (newline < end) passed.otherValues = true;
        else ++passed.lineValues;
        for (std::size_t i = told; i < issues.size(); ++i) {
            issues[i].lineValues = passed.lineValues;
            issues[i].otherValues = passed.otherValues;
        }
        at = end;
    }
}

void OtlpJsonBlock::readElements(Reader& reader, std::size_t from) {
    const std::string_view text = *m_text;
    OtlpJsonWalk& walk = reader.texts.walk();
    if (!reader.texts.startWalk(text.substr(from), batch)) return;
    const bool spans = after == Context::Spans;
    while (!walk.atEnd()) {
        const std::size_t at = from + walk.position();
        reader.base = from;
        if (mayBeTooLarge(at)) break;
        if (reader.texts.mayWalk() && (spans ? walk.resourceSpans() : walk.resourceLogs())) {
            passed.bytes = from + walk.behind();
        } else {
            const std::size_t end = text[at] == '{' ? endOfValue(at) : JsonScan::npos;
            reader.base = at;
            if (end == JsonScan::npos || !reader.texts.parse(text.substr(at, end - at), batch)) break;
            if (spans) reader.texts.records().resourceSpans(reader.texts.root());
            else reader.texts.records().resourceLogs(reader.texts.root());
            walk.moveTo(end - from);
            passed.bytes = end;
        }
        nextElement = walk.take(',');
        if (!nextElement) break;
        passed.bytes = from + walk.behind();
    }
    if (passed.bytes && skipSpace(text, passed.bytes) == text.size()) passed.bytes = text.size();
    passed.newlines = countFewNewlines(text.substr(0, passed.bytes));
}

}  // namespace spanreel::ingest
