// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/otlp/proto_writer.h"

/// Bodies of requests in protobuf, put together field by field, whole and broken.
namespace spanreel::test {

inline const std::string kTrace("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10", 16);
inline const std::string kSpan("\x11\x12\x13\x14\x15\x16\x17\x18", 8);
constexpr std::uint64_t kNow = 1700000000000000000ull;

/// A request with one resource and scope around the given records.
inline std::string request(const std::vector<std::string>& records) {
    otlp::ProtoWriter w;
    const auto resource = w.begin(1);
    const auto scope = w.begin(2);
    for (const auto& record : records) w.alwaysText(2, record);
    w.end(scope);
    w.end(resource);
    return w.take();
}
/// A span with ids, times and a name, and `more` fields.
inline std::string span(std::string_view more = {}, const std::string& trace = kTrace, const std::string& id = kSpan) {
    otlp::ProtoWriter w;
    w.text(1, trace);
    w.text(2, id);
    w.text(5, "op");
    w.fixed64(7, kNow);
    w.fixed64(8, kNow + 5);
    w.raw(more);
    return w.take();
}
inline std::string field(std::uint32_t number, std::string_view bytes) {
    otlp::ProtoWriter w;
    w.alwaysText(number, bytes);
    return w.take();
}
inline std::string attribute(std::uint32_t number, std::string_view key, std::string_view anyValue) { return field(number, field(1, key) + field(2, anyValue)); }
/// `levels` arrays inside each other.
inline std::string nestedArrays(int levels) {
    std::string value;
    for (int i = 0; i < levels; ++i) value = field(5, field(1, value));
    return value;
}

/// Contents of a record that nobody can read, of a span and of a log alike.
inline std::vector<std::string> brokenFields() {
    const std::string deep = nestedArrays(60);
    return {std::string("\x0a\xff\x01", 3),          // longer than what is there
            std::string("\x00\x01", 2),              // field number 0
            std::string("\xa4\x01", 2),              // end of a group that was not begun
            std::string("\x0f", 1),                  // a wire type that does not exist
            std::string("\x09\x01", 2),              // eight bytes of which one is there
            std::string("\xb8\x06") + std::string(11, '\xff'),  // a number without an end
            field(9, std::string("\x0a\x7f", 2)) + field(6, std::string("\x0a\x7f", 2)),  // an attribute of either
            attribute(9, "k", deep) + attribute(6, "k", deep)};
}

}  // namespace spanreel::test
