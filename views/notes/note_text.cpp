// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/notes/note_text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QPainter>
#include <QPixmap>
#include <QUuid>

#include "model/core/text.h"
#include "model/core/time_format.h"
#include "model/notes/note_targets.h"
#include "views/theme.h"

namespace spanreel::views {

namespace {
/// Translations of this file; the name is their context.
struct NoteText {
    Q_DECLARE_TR_FUNCTIONS(NoteText)
};

QString plain(std::string_view text) {
    const std::string safe = escapeControls(text);
    return QString::fromUtf8(safe.data(), static_cast<qsizetype>(safe.size()));
}
QString offsetText(std::uint64_t ns, const trace::Trace& trace) { return QString::fromStdString(formatDuration(saturatingDifference(ns, trace.startNs()))); }

/// One line of Markdown without its marks of emphasis, code and links. Underscores stay: they are in names. O(bytes).
std::string withoutMarks(std::string_view line) {
    std::string out;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (c == '\\' && i + 1 < line.size() && std::string_view("*`~[]\\_#>-").find(line[i + 1]) != std::string_view::npos) {
            out += line[++i];
        } else if (c == '`') {
            continue;
        } else if (c == '*' && !(i > 0 && line[i - 1] == ' ' && i + 1 < line.size() && line[i + 1] == ' ')) {
            continue;
        } else if (c == '~' && line.substr(i, 2) == "~~") {
            ++i;
        } else if (c == '[') {
            const auto middle = line.find("](", i);
            const auto end = middle == std::string_view::npos ? middle : line.find(')', middle);
            if (end == std::string_view::npos) {
                out += c;
            } else {
                for (const char inner : line.substr(i + 1, middle - i - 1))
                    if (inner != '*' && inner != '`') out += inner;
                i = end;
            }
        } else {
            out += c;
        }
    }
    return out;
}
}  // namespace

std::optional<notes::Note> noteOn(const Selection& selection, const store::StoreSnapshot& snapshot) {
    if (!selection.trace) return std::nullopt;
    notes::Note note;
    note.id = QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
    note.trace = *selection.trace;
    note.createdNs = note.changedNs = static_cast<std::uint64_t>(QDateTime::currentMSecsSinceEpoch()) * 1'000'000u;
    if (selection.logRow) {
        const auto log = snapshot.log(*selection.logRow);
        if (log.traceId() == note.trace) {
            note.logHash = notes::logHash(log);
            note.logTimeNs = log.bestTimeNs();
            if (log.spanId().isValid()) note.span = log.spanId();
            return note;
        }
    }
    if (selection.span)
        note.span = selection.span;
    else if (selection.range)
        note.range = selection.range;
    return note;
}

QString noteTarget(const notes::Note& note, const trace::Trace* trace) {
    if (trace && trace->id() != note.trace) trace = nullptr;
    QString span;
    if (note.span) {
        const auto node = trace ? trace->find(*note.span) : std::nullopt;
        if (node) {
            const auto view = trace->span(*node);
            span = NoteText::tr("%1: %2").arg(plain(view.serviceName()), plain(view.name()));
        } else {
            span = QString::fromStdString(note.span->toHex());
        }
    }
    if (note.logHash) {
        const QString when = trace ? offsetText(note.logTimeNs, *trace) : QString::fromStdString(formatUtc(note.logTimeNs));
        return span.isEmpty() ? NoteText::tr("log at %1").arg(when) : NoteText::tr("log at %1 of span %2").arg(when, span);
    }
    if (note.range) {
        if (trace) return NoteText::tr("time range %1 to %2").arg(offsetText(note.range->fromNs, *trace), offsetText(note.range->toNs, *trace));
        return NoteText::tr("time range of %1").arg(QString::fromStdString(formatDuration(saturatingDifference(note.range->toNs, note.range->fromNs))));
    }
    if (note.span) return NoteText::tr("span %1").arg(span);
    if (trace && trace->mainRoot() != trace::kNoNode) return NoteText::tr("trace %1").arg(plain(trace->span(trace->mainRoot()).name()));
    return NoteText::tr("trace %1").arg(QString::fromStdString(note.trace.toHex()));
}

QString noteColourName(notes::NoteColour colour) {
    switch (colour) {
        case notes::NoteColour::Yellow: return NoteText::tr("Yellow");
        case notes::NoteColour::Green: return NoteText::tr("Green");
        case notes::NoteColour::Blue: return NoteText::tr("Blue");
        case notes::NoteColour::Red: return NoteText::tr("Red");
        case notes::NoteColour::Purple: return NoteText::tr("Purple");
        case notes::NoteColour::Grey: return NoteText::tr("Grey");
    }
    return {};
}

QIcon noteColourIcon(notes::NoteColour colour) {
    QPixmap pixmap(12, 12);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(Theme::note(colour, Theme::instance().dark()));
    painter.drawRoundedRect(1, 1, 10, 10, 2, 2);
    return QIcon(pixmap);
}

QString noteTitle(const std::string& markdown) {
    std::string_view text = markdown;
    while (!text.empty() && (text.front() == '\n' || text.front() == ' ' || text.front() == '#' || text.front() == '>')) text.remove_prefix(1);
    text = text.substr(0, text.find('\n'));
    for (const std::string_view mark : {"- ", "* ", "+ "})
        if (text.starts_with(mark)) {
            text.remove_prefix(mark.size());
            break;
        }
    const std::string bare = withoutMarks(text.substr(0, 400));
    if (bare.empty()) return NoteText::tr("(no text)");
    return plain(bare);
}

}  // namespace spanreel::views
