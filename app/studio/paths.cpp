// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/paths.h"

#include <QDir>
#include <QFile>
#include <QStandardPaths>

namespace spanreel::app {

namespace {

QString made(const QString& path) {
    if (!QDir(path).exists() && QDir().mkpath(path)) QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    return path;
}

QString folder(const char* variable, const QString& fallback) {
    if (const QString home = qEnvironmentVariable("SPANREEL_HOME"); !home.isEmpty()) return made(home);
    const QString base = qEnvironmentVariable(variable);
    return made((base.isEmpty() || QDir::isRelativePath(base) ? fallback : base) + QStringLiteral("/spanreel"));
}

}  // namespace

QString configFolder() { return folder("XDG_CONFIG_HOME", QDir::homePath() + QStringLiteral("/.config")); }
QString dataFolder() { return folder("XDG_DATA_HOME", QDir::homePath() + QStringLiteral("/.local/share")); }
QString cacheFolder() { return folder("XDG_CACHE_HOME", QDir::homePath() + QStringLiteral("/.cache")); }
QString runtimeFolder() { return folder("XDG_RUNTIME_DIR", QStandardPaths::writableLocation(QStandardPaths::TempLocation)); }

}  // namespace spanreel::app
