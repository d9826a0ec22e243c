// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/settings_file.h"

#include <QSettings>
#include <utility>

namespace spanreel::app {

SettingsFile::SettingsFile(QString path) : m_path(std::move(path)) {
    const QSettings file(m_path, QSettings::IniFormat);
    for (const QString& key : file.allKeys()) m_values.insert(key, file.value(key));
}

void SettingsFile::setValue(const QString& key, const QVariant& value) {
    m_values.insert(key, value);
    m_writer.post([path = m_path, key, value] { QSettings(path, QSettings::IniFormat).setValue(key, value); });
}

void SettingsFile::remove(const QString& key) {
    m_values.remove(key);
    m_writer.post([path = m_path, key] { QSettings(path, QSettings::IniFormat).remove(key); });
}

}  // namespace spanreel::app
