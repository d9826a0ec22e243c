// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/json/json_text.h"

#include <vector>

#include "model/core/json_text.h"

namespace spanreel::ingest {

std::string jsonText(JsonValue value) {
    struct Open {
        bool object;
        JsonValue::ItemIterator item, lastItem;
        JsonValue::MemberIterator member, lastMember;
    };
    std::vector<Open> open;
    std::string out;
    const auto put = [&](JsonValue v) {
        switch (v.type()) {
            case JsonType::Null: out += "null"; return;
            case JsonType::True: out += "true"; return;
            case JsonType::False: out += "false"; return;
            case JsonType::Number: out += v.numberText(); return;
            case JsonType::String: appendJsonString(out, v.asString()); return;
            case JsonType::Array:
            case JsonType::Object: break;
        }
        out += v.isObject() ? '{' : '[';
        open.push_back({v.isObject(), v.items().begin(), v.items().end(), v.members().begin(), v.members().end()});
    };
    put(value);
    while (!open.empty()) {
        Open& top = open.back();
        if (top.object ? !(top.member != top.lastMember) : !(top.item != top.lastItem)) {
            out += top.object ? '}' : ']';
            open.pop_back();
            continue;
        }
        if (out.back() != '{' && out.back() != '[') out += ',';
        if (!top.object) {
            const JsonValue item = *top.item;
            ++top.item;
            put(item);
            continue;
        }
        const auto [key, member] = *top.member;
        ++top.member;
        appendJsonString(out, key);
        out += ':';
        put(member);
    }
    return out;
}

}  // namespace spanreel::ingest
