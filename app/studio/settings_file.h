// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QObject>
#include <QString>
#include <QVariant>
#include <QVariantMap>
#include <functional>

#include "app/studio/worker_thread.h"

namespace spanreel::app {

/// The values of an INI file, read when it is made. Changes are known at once and written on a thread of its own, value by
/// value and in order, so that the GUI thread never waits for the disk and what other windows wrote meanwhile stays; the
/// destructor waits until all is written. What could not be written goes with the next change, over what others wrote of it
/// meanwhile. One owner on one thread.
class SettingsFile {
public:
    explicit SettingsFile(QString path);

    [[nodiscard]] const QString& path() const { return m_path; }
    [[nodiscard]] QVariant value(const QString& key, const QVariant& fallback = {}) const { return m_values.value(key, fallback); }
    void setValue(const QString& key, const QVariant& value);
    void remove(const QString& key);
    /// `told` is called on the owner's thread with true when changes cannot be written, also when that is so already, and with
    /// false when they are again.
    void whenFailing(std::function<void(bool)> told);

private:
    void write(const QString& key, const QVariant& value);

    const QString m_path;
    QVariantMap m_values;
    bool m_fails = false;
    std::function<void(bool)> m_told;
    QObject m_here;                     ///< in the owner's thread
    QMap<QString, QVariant> m_unsaved;  ///< of the writer's thread; an invalid one is to be removed
    WorkerThread m_writer;
};

}  // namespace spanreel::app
