// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "app/studio/language.h"
#include "app/studio/settings.h"
#include "app/studio/studio_options.h"

namespace spanreel::test {

/// A folder for the files and the home of whole windows, which speak English and have been started before.
class WindowHome {
public:
    /// To be called first.
    void begin() {
        QVERIFY(m_folder.isValid());
        qputenv("SPANREEL_HOME", filePath(QStringLiteral("home")).toUtf8());
        app::Settings().setStarted();
        app::installTranslations(*qApp, QLocale(QLocale::English));  // the plurals
    }
    [[nodiscard]] QString filePath(const QString& name) const { return m_folder.filePath(name); }
    /// The path of the new file, empty where it cannot be written.
    QString write(const QString& name, const QByteArray& bytes) const {
        const QString path = filePath(name);
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly)) return {};
        file.write(bytes);
        return path;
    }

private:
    QTemporaryDir m_folder;
};

/// For a window that opens `files` and listens to nobody.
inline app::StudioOptions quietly(const QStringList& files = {}) {
    app::StudioOptions options;
    options.files = files;
    options.receivers = false;
    return options;
}

}  // namespace spanreel::test
