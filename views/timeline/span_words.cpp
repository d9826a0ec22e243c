// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/timeline/span_words.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QTimeZone>
#include <cstdlib>
#include <limits>

#include "model/core/text.h"
#include "model/core/time_format.h"

namespace spanreel::views {

namespace {
struct Words {
    Q_DECLARE_TR_FUNCTIONS(SpanWords)
};
QString text(const std::string& s) { return QString::fromStdString(s); }
}  // namespace

QString plainLine(std::string_view raw, std::size_t limit) {
    const bool cut = raw.size() > limit;
    // A cut inside a character is repaired away.
    auto out = text(escapeControls(cut ? repairUtf8(raw.substr(0, limit)) : std::string(raw)));
    return cut ? out + QStringLiteral("…") : out;
}

QString kindInWords(std::int32_t kind) {
    switch (kind) {
    case 0: return Words::tr("unspecified");
    case 1: return Words::tr("internal");
    case 2: return Words::tr("server");
    case 3: return Words::tr("client");
    case 4: return Words::tr("producer");
    case 5: return Words::tr("consumer");
    default: return Words::tr("kind %1").arg(kind);
    }
}

QString statusInWords(std::int32_t status) {
    switch (status) {
    case 0: return Words::tr("unset");
    case 1: return Words::tr("ok");
    case 2: return Words::tr("error");
    default: return Words::tr("status %1").arg(status);
    }
}

QStringList marksInWords(const trace::Trace& trace, trace::NodeId id) {
    QStringList out;
    const auto& node = trace.node(id);
    const auto span = trace.span(id);
    const auto shown = [](SpanId s) { return text(s.toHex()); };
    if (node.has(trace::kOrphan)) out << Words::tr("Orphan: its parent %1 is not in this trace.").arg(shown(span.parentId()));
    if (node.has(trace::kSelfParent)) out << Words::tr("It names itself as its parent.");
    if (node.has(trace::kCycle)) out << Words::tr("Its parent %1 is also its descendant; the circle is cut here.").arg(shown(span.parentId()));
    if (node.has(trace::kSameIdOther)) out << Words::tr("Another span of this trace has the same id with other content.");
    if (node.has(trace::kNegative)) out << Words::tr("It ends %1 before it starts; shown with no duration.").arg(exactDurationInWords(saturatingDifference(span.startNs(), span.endNs())));
    if (node.has(trace::kNoTime)) out << Words::tr("It has no usable start time and is not on the time axis.");
    if (node.parent != trace::kNoNode && node.has(trace::kBeforeParent))
        out << Words::tr("It starts %1 before its parent: the clocks of the two hosts may differ.").arg(text(formatDuration(trace.node(node.parent).startNs - node.startNs)));
    if (node.parent != trace::kNoNode && node.has(trace::kAfterParent))
        out << Words::tr("It ends %1 after its parent.").arg(text(formatDuration(node.endNs() - trace.node(node.parent).endNs())));
    if (node.copies > 1) out << Words::tr("%n equal copies of it have come, shown as one.", nullptr, static_cast<int>(std::min<std::uint32_t>(node.copies, 0x7FFFFFFF)));
    const auto marks = span.marks();
    if (marks & store::kMarkIdMadeByUs) out << Words::tr("Its id was made by Spanreel from what the input said.");
    if (marks & store::kMarkInvalidTraceId) out << Words::tr("It came without a usable trace id; spans of that kind are kept together per input.");
    if (marks & store::kMarkInvalidSpanId) out << Words::tr("It came without a usable span id; nothing can be its child.");
    if (marks & store::kMarkRepaired) out << Words::tr("Some of its text was invalid and was repaired.");
    return out;
}

QString instantInWords(std::uint64_t ns, bool utc, int digits) {
    if (!isUsableTime(ns)) return Words::tr("no usable time");
    const auto seconds = static_cast<qint64>(ns / 1'000'000'000ull);
    const auto fraction = QStringLiteral("%1").arg(ns % 1'000'000'000ull, 9, 10, QLatin1Char('0')).left(digits);
    const auto time = utc ? QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC) : QDateTime::fromSecsSinceEpoch(seconds);
    auto clock = time.toString(QStringLiteral("HH:mm:ss"));
    if (digits > 0) clock += QLatin1Char('.') + fraction;
    if (utc) {
        clock += QStringLiteral(" UTC");
    } else {
        const int offset = time.offsetFromUtc() / 60;
        clock += QStringLiteral(" %1%2:%3").arg(offset < 0 ? QLatin1Char('-') : QLatin1Char('+')).arg(std::abs(offset) / 60, 2, 10, QLatin1Char('0')).arg(std::abs(offset) % 60, 2, 10, QLatin1Char('0'));
    }
    // Where room runs out, the date goes before the digits do.
    return clock + QStringLiteral("  ") + time.toString(QStringLiteral("yyyy-MM-dd"));
}

QString exactDurationInWords(std::int64_t ns) {
    constexpr std::int64_t kSecond = 1'000'000'000, kMinute = 60 * kSecond;
    if ((ns < kMinute && ns > -kMinute) || ns == std::numeric_limits<std::int64_t>::min()) return text(formatDurationExact(ns));
    const std::int64_t whole = std::abs(ns), minutes = whole / kMinute;
    // Written with a hundred seconds more, so that less than a second is told in seconds too; the hundred goes again.
    QString seconds = text(formatDurationExact(whole % kMinute + 100 * kSecond)).mid(1);
    if (seconds.startsWith(QLatin1Char('0'))) seconds.remove(0, 1);
    QStringList parts;
    if (minutes >= 1440) parts << QStringLiteral("%1 d").arg(text(formatCount(static_cast<std::uint64_t>(minutes / 1440))));
    if (minutes >= 60) parts << QStringLiteral("%1 h").arg(minutes / 60 % 24);
    parts << QStringLiteral("%1 min").arg(minutes % 60) << seconds;
    return (ns < 0 ? QStringLiteral("\u2212") : QString()) + parts.join(QLatin1Char(' '));
}

QString offsetInWords(std::int64_t offsetNs) { return (offsetNs < 0 ? QString() : QStringLiteral("+")) + text(formatDuration(offsetNs)); }

QString spanTitle(const store::SpanView& span) {
    const auto name = span.name().empty() ? Words::tr("(no name)") : plainLine(span.name(), 400);
    return span.serviceName().empty() ? name : plainLine(span.serviceName(), 200) + QStringLiteral(" · ") + name;
}

}  // namespace spanreel::views
