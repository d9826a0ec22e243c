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
    m_writer.post([this, key, value] { write(key, value); });
}

void SettingsFile::remove(const QString& key) {
    m_values.remove(key);
    m_writer.post([this, key] { write(key, {}); });
}

void SettingsFile::whenFailing(std::function<void(bool)> told) {
    m_told = std::move(told);
    if (m_told && m_fails) m_told(true);
}

/// On the writer's thread.
void SettingsFile::write(const QString& key, const QVariant& value) {
    m_unsaved.insert(key, value);
    QSettings file(m_path, QSettings::IniFormat);
    for (auto it = m_unsaved.cbegin(); it != m_unsaved.cend(); ++it) {
        if (it.value().isValid()) file.setValue(it.key(), it.value());
        else file.remove(it.key());
    }
    file.sync();
    // A line that is no setting does not keep the file from being written, but of two faults only the first is told: asked again
    // while what is to be written waits, it is tried again.
    const auto status = file.status() == QSettings::FormatError ? QSettings(m_path, QSettings::IniFormat).status() : file.status();
    const bool fails = status == QSettings::AccessError;
    if (!fails) m_unsaved.clear();
    const auto tell = [this, fails] {
        if (std::exchange(m_fails, fails) != fails && m_told) m_told(fails);
    };
    QMetaObject::invokeMethod(&m_here, tell, Qt::QueuedConnection);
}

}  // namespace spanreel::app
