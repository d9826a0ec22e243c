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
    if (selection.range)
        note.range = selection.range;
    else if (selection.span)
        note.span = selection.span;
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
    if (text.empty()) return NoteText::tr("(no text)");
    return plain(text.substr(0, 400));
}

}  // namespace spanreel::views
