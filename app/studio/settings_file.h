// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QVariant>
#include <QVariantMap>

#include "app/studio/worker_thread.h"

namespace spanreel::app {

/// The values of an INI file, read when it is made. Changes are known at once and written on a thread of its own, value by
/// value and in order, so that the GUI thread never waits for the disk and what other windows wrote meanwhile stays; the
/// destructor waits until all is written. One owner on one thread.
class SettingsFile {
public:
    explicit SettingsFile(QString path);

    [[nodiscard]] QVariant value(const QString& key, const QVariant& fallback = {}) const { return m_values.value(key, fallback); }
    void setValue(const QString& key, const QVariant& value);
    void remove(const QString& key);

private:
    const QString m_path;
    QVariantMap m_values;
    WorkerThread m_writer;
};

}  // namespace spanreel::app
