// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/text_format.h"

#include <QCoreApplication>
#include <QDateTime>

#include "model/core/text.h"
#include "model/core/time_format.h"

namespace spanreel::views {

QString plain(std::string_view text) { return QString::fromStdString(escapeControls(text)); }

namespace {
QDateTime dateTimeOf(std::uint64_t ns, bool utc) {
    const auto ms = static_cast<qint64>(ns / 1'000'000);
    return utc ? QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC) : QDateTime::fromMSecsSinceEpoch(ms, Qt::LocalTime);
}
QString noTime() { return QCoreApplication::translate("TimeText", "no usable time"); }
}  // namespace

QString dateTimeText(std::uint64_t ns, bool utc) {
    if (!isUsableTime(ns)) return noTime();
    const QDateTime when = dateTimeOf(ns, utc);
    const QDate today = utc ? QDateTime::currentDateTimeUtc().date() : QDate::currentDate();
    const QString text = when.toString(when.date() == today                 ? QStringLiteral("HH:mm:ss.zzz")
                                       : when.date().year() == today.year() ? QStringLiteral("MM-dd HH:mm:ss.zzz")
                                                                            : QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz"));
    return utc ? text + QLatin1Char('Z') : text;
}

QString timeOfDayText(std::uint64_t ns, bool utc) {
    if (!isUsableTime(ns)) return noTime();
    const QString text = dateTimeOf(ns, utc).toString(QStringLiteral("HH:mm:ss.zzz"));
    return utc ? text + QLatin1Char('Z') : text;
}

QString dayText(std::uint64_t ns, bool utc) { return isUsableTime(ns) ? dateTimeOf(ns, utc).toString(QStringLiteral("yyyy-MM-dd")) : noTime(); }

bool sameDay(std::uint64_t a, std::uint64_t b, bool utc) {
    return isUsableTime(a) && isUsableTime(b) && dateTimeOf(a, utc).date() == dateTimeOf(b, utc).date();
}

QString dateTimeTextExact(std::uint64_t ns, bool utc) {
    if (!isUsableTime(ns)) return noTime();
    if (utc) return QString::fromStdString(formatUtc(ns));
    const QDateTime when = dateTimeOf(ns, false);
    const int offset = when.offsetFromUtc() / 60;
    return QStringLiteral("%1.%2 %3%4:%5")
        .arg(when.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")))
        .arg(static_cast<qulonglong>(ns % 1'000'000'000), 9, 10, QLatin1Char('0'))
        .arg(offset < 0 ? QStringLiteral("\u2212") : QStringLiteral("+"))
        .arg(std::abs(offset) / 60, 2, 10, QLatin1Char('0'))
        .arg(std::abs(offset) % 60, 2, 10, QLatin1Char('0'));
}

QString grouped(QString sentence, std::uint64_t n) {
    if (n < 1000) return sentence;
    const QString plainly = QString::number(n);
    if (const auto at = sentence.indexOf(plainly); at >= 0) sentence.replace(at, plainly.size(), QString::fromStdString(formatCount(n)));
    return sentence;
}

QString sourceTitle(const store::SourceInfo& source, const std::map<std::string, std::string>& sessionNames) {
    const QString path = QString::fromStdString(source.name), folder = path.section(QLatin1Char('/'), -2, -2), file = path.section(QLatin1Char('/'), -1);
    if (source.kind == store::SourceKind::Receiver) return plain(source.name);
    if (source.kind == store::SourceKind::Sample) return QCoreApplication::translate("SourceTitle", "Sample: %1").arg(file.section(QLatin1Char('.'), 0, 0));
    if (source.kind == store::SourceKind::Recovered) {
        if (const auto named = sessionNames.find(folder.toStdString()); named != sessionNames.end()) return plain(named->second);
        // The folder of a session is named <UTC>-<random>.
        QDateTime began = QDateTime::fromString(folder.left(16), QStringLiteral("yyyyMMdd'T'HHmmss'Z'"));
        began.setTimeSpec(Qt::UTC);
        if (began.isValid()) return QCoreApplication::translate("SourceTitle", "Session of %1").arg(began.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm")));
    }
    return plain(file.toStdString());
}

}  // namespace spanreel::views
