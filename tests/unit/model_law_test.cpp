// SPDX-License-Identifier: GPL-3.0-or-later
// Laws of the journal, of redaction and of notes.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "model/core/text.h"
#include "model/journal/journal_parser.h"
#include "model/notes/note.h"
#include "model/report/redact.h"
#include "tests/unit/law.h"

namespace spanreel {
namespace {

using test::Draw;

// Journal -----------------------------------------------------------------------------------------------------------

struct JournalFile {
    std::string bytes;
    std::vector<std::string> payloads;
    std::vector<std::pair<std::size_t, std::size_t>> frames;  ///< from, to
};

JournalFile drawJournal(Draw& draw) {
    JournalFile file;
    const auto header = journal::encodeFileHeader("0123456789abcdef", draw.bits());
    file.bytes.assign(header.data(), header.size());
    for (std::uint64_t n = 1 + draw.below(6), i = 1; i <= n; ++i) {
        std::string payload = std::to_string(i) + ":" + draw.bytes(200);
        if (draw.chance(20)) payload += std::string(journal::kFrameMagic) + draw.bytes(70);
        journal::FrameInfo info;
        info.sequence = i;
        info.signal = static_cast<std::uint8_t>(draw.below(3));
        info.encoding = static_cast<std::uint8_t>(draw.below(2));
        info.receivedUtcNs = draw.bits();
        const auto from = file.bytes.size();
        const auto head = journal::encodeFrameHeader(info, payload);
        file.bytes.append(head.data(), head.size()).append(payload);
        file.frames.emplace_back(from, file.bytes.size());
        file.payloads.push_back(std::move(payload));
    }
    return file;
}

std::vector<std::pair<std::uint64_t, std::string>> parse(std::string_view bytes, Draw& draw, std::uint64_t& damaged) {
    std::vector<std::pair<std::uint64_t, std::string>> out;
    journal::JournalParser parser({[&](const journal::JournalParser::Frame& f) { out.emplace_back(f.info.sequence, f.payload); }, [&](auto, std::uint64_t, std::uint64_t n) { damaged += n; }});
    for (std::size_t at = 0; at < bytes.size();) {
        const auto chunk = bytes.substr(at, 1 + draw.below(300));
        parser.feed(chunk);
        at += chunk.size();
    }
    parser.finish();
    return out;
}

// A stretch of bytes overwritten: all frames outside it are read, in order; what is read is what was written.
TEST(JournalLaw, DamageCostsOnlyTheFramesItLiesIn) {
    test::checkLaw([](Draw& draw) -> std::string {
        const auto file = drawJournal(draw);
        auto bytes = file.bytes;
        const auto from = draw.below(bytes.size()), length = std::min<std::size_t>(1 + draw.below(draw.chance(50) ? 2 : 80), bytes.size() - from);
        for (std::size_t i = 0; i < length; ++i) bytes[from + i] = static_cast<char>(bytes[from + i] ^ static_cast<char>(1 + draw.below(255)));
        std::uint64_t damaged = 0;
        const auto read = parse(bytes, draw, damaged);
        std::size_t at = 0;
        for (std::size_t i = 0; i < file.frames.size(); ++i) {
            const auto [begin, end] = file.frames[i];
            if (from < end && begin < from + length) {
                if (at < read.size() && read[at].first == i + 1) return "a damaged frame is read";
                continue;
            }
            if (at >= read.size() || read[at].first != i + 1 || read[at].second != file.payloads[i]) return "frame " + std::to_string(i + 1) + " is lost by damage at " + std::to_string(from) + "+" + std::to_string(length);
            ++at;
        }
        if (at != read.size()) return "a frame nobody wrote";
        return damaged ? "" : "damage that is not told";
    }, 1000, 1500);
}

// Bytes put in, or taken out, between and inside frames.
TEST(JournalLaw, FramesAreFoundAgainAfterBytesCameOrWent) {
    test::checkLaw([](Draw& draw) -> std::string {
        const auto file = drawJournal(draw);
        auto bytes = file.bytes;
        const auto at = journal::kFileHeaderSize + draw.below(bytes.size() - journal::kFileHeaderSize);
        std::size_t removed = 0;
        if (draw.chance(50)) removed = std::min<std::size_t>(1 + draw.below(90), bytes.size() - at), bytes.erase(at, removed);
        else bytes.insert(at, "!" + draw.bytes(90));
        std::uint64_t damaged = 0;
        const auto read = parse(bytes, draw, damaged);
        std::map<std::uint64_t, std::string> found(read.begin(), read.end());
        for (std::size_t i = 0; i < file.frames.size(); ++i) {
            const auto [begin, end] = file.frames[i];
            // The header of the frame that was hit may still be sound: its length then covers bytes of the ones behind it.
            const bool hit = begin < at + std::max<std::size_t>(removed, 1) && at < end;
            const bool behindHit = i > 0 && file.frames[i - 1].first < at && at < file.frames[i - 1].second + 1 && removed > 0;
            if (hit || behindHit) continue;
            const auto it = found.find(i + 1);
            if (it == found.end() || it->second != file.payloads[i]) {
                const bool covered = i > 0 && at < end;
                if (!covered) return "frame " + std::to_string(i + 1) + " is lost";
            }
        }
        for (const auto& [sequence, payload] : found)
            if (sequence == 0 || sequence > file.payloads.size() || file.payloads[sequence - 1] != payload) return "a frame nobody wrote";
        return {};
    }, 1000, 1500);
}

// Redaction ---------------------------------------------------------------------------------------------------------

std::string drawFrom(Draw& draw, std::string_view alphabet, std::size_t length) {
    std::string out(length, ' ');
    for (auto& c : out) c = alphabet[draw.below(alphabet.size())];
    return out;
}

/// A secret and the text it stands in, as programs log them.
std::pair<std::string, std::string> drawSecret(Draw& draw) {
    static constexpr std::string_view kWord = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    static constexpr std::string_view kKeys[] = {"password", "api_key", "X-Api-Key", "access-token", "client_secret", "Authorization", "db.password", "sessionid", "csrf_token"};
    const std::string secret = "Zq7" + drawFrom(draw, kWord, 17 + draw.below(20));
    const std::string key(kKeys[draw.below(std::size(kKeys))]);
    switch (draw.below(12)) {
        case 0: return {secret, "Authorization: Bearer " + secret};
        case 1: return {secret, key + "=" + secret};
        case 2: return {secret, "\"" + key + "\": \"" + secret + "\""};
        case 3: return {secret, "{\\\"" + key + "\\\":\\\"" + secret + "\\\"}"};
        case 4: return {secret, "postgres://user:" + secret + "@db.example:5432/shop"};
        case 5: return {secret, "https://example.com/login?user=a&" + key + "=" + secret + "&next=b"};
        case 6: return {"eyJhbGciOiJIUzI1NiJ9." + secret, "token eyJhbGciOiJIUzI1NiJ9." + secret + "." + secret};
        case 7: return {"AKIA" + drawFrom(draw, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16), ""};
        case 8: return {"ghp_" + secret, "remote: ghp_" + secret + " rejected"};
        case 9: return {secret, "-----BEGIN RSA PRIVATE KEY-----\n" + secret + "\n" + drawFrom(draw, kWord, 64) + "\n-----END RSA PRIVATE KEY-----"};
        case 10: return {"4111 1111 1111 1111", "card 4111 1111 1111 1111 declined"};
        default: return {secret, key + ": '" + secret + "'"};
    }
}

TEST(RedactLaw, ASecretIsGoneWhateverStandsAroundIt) {
    test::checkLaw([](Draw& draw) -> std::string {
        auto [secret, said] = drawSecret(draw);
        if (said.empty()) said = "key " + secret + " used";
        static constexpr std::string_view kGlue[] = {" ", "\n", ", ", "; ", "\t", " | ", " (", "<"};
        std::string text;
        for (std::size_t n = draw.below(4); n-- > 0;) text += draw.text() + std::string(kGlue[draw.below(std::size(kGlue))]);
        text += (text.empty() ? "" : " ") + said;
        for (std::size_t n = draw.below(4); n-- > 0;) text += std::string(kGlue[draw.below(std::size(kGlue))]) + draw.text();
        report::Redactor redactor;
        const std::string out = redactor.text(text);
        if (out.find(secret) != std::string::npos) return "left in: " + escapeControls(out) + "\nof: " + escapeControls(text);
        // Not a piece of it either that somebody could go on from.
        for (std::size_t i = 0; i + 12 <= secret.size(); ++i)
            if (secret.size() >= 20 && out.find(secret.substr(i, 12)) != std::string::npos) return "a piece is left in: " + escapeControls(out);
        if (redactor.count() == 0) return "not counted";
        if (redactor.value("password", store::Value::ofString(text)) != report::kRedacted) return "the value of a secret's key is left";
        return {};
    }, 3000, 400);
}

// Notes -------------------------------------------------------------------------------------------------------------

notes::Note drawNote(Draw& draw) {
    notes::Note note;
    note.id = "n" + std::to_string(draw.below(6));
    note.trace = {draw.below(2), 1 + draw.below(3)};
    switch (draw.below(4)) {
        case 0: note.span = SpanId{draw.number()}; break;
        case 1: note.logHash = draw.number(); note.logTimeNs = draw.number(); break;
        case 2: {
            const auto [from, to] = std::minmax({draw.number(), draw.number()});
            note.range = TimeRange{from, to};
            break;
        }
        default: break;
    }
    note.text = draw.text();
    note.colour = static_cast<notes::NoteColour>(draw.below(6));
    note.createdNs = draw.number();
    note.changedNs = draw.number();
    return note;
}

// Against a plain list of states: undo and redo lead through exactly the states there were.
TEST(NoteBookLaw, UndoAndRedoAreInverse) {
    test::checkLaw([](Draw& draw) -> std::string {
        notes::NoteBook book;
        std::vector<std::vector<notes::Note>> states{{}};
        std::size_t at = 0;
        for (int step = 0; step < 60 && !draw.ended(); ++step) {
            const auto before = book.notes();
            const auto revision = book.revision();
            switch (draw.below(6)) {
                case 0:
                case 1: book.add(drawNote(draw)); break;
                case 2: book.update(drawNote(draw)); break;
                case 3: book.remove("n" + std::to_string(draw.below(6))); break;
                case 4:
                    if (book.canUndo() != (at > 0)) return "undo where nothing is to undo, or the other way round";
                    book.undo();
                    if (at > 0) --at;
                    if (book.notes() != states[at]) return "undo leads elsewhere";
                    continue;
                default:
                    if (book.canRedo() != (at + 1 < states.size())) return "redo where nothing is to redo, or the other way round";
                    book.redo();
                    if (at + 1 < states.size()) ++at;
                    if (book.notes() != states[at]) return "redo leads elsewhere";
                    continue;
            }
            if (book.notes() == before) {
                if (book.revision() != revision) return "a revision without a change";
                continue;
            }
            if (book.revision() <= revision) return "a change without a revision";
            states.resize(at + 1);
            states.push_back(book.notes());
            ++at;
            book.undo();
            if (book.notes() != before) return "undo is not the way back";
            book.redo();
            if (book.notes() != states[at]) return "redo is not the way forth";
        }
        // Ids stay unique, and the sidecar holds all of it.
        for (const auto& note : book.notes())
            if (book.find(note.id) != &note) return "an id twice";
        const auto read = notes::fromJson(notes::toJson(book.notes()));
        if (!read) return "our sidecar is refused: " + read.error().detail;
        return read->notes == book.notes() && read->unread.empty() ? "" : "the sidecar reads back otherwise";
    }, 500, 1500);
}

}  // namespace
}  // namespace spanreel
