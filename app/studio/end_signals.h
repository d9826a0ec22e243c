// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <memory>

class QSocketNotifier;

namespace spanreel::app {

/// SIGTERM, SIGINT and SIGHUP as a Qt signal, so that a logout closes the session as it should. GUI thread.
class EndSignals : public QObject {
    Q_OBJECT
public:
    /// Before any thread is made: they inherit it.
    static void block();
    explicit EndSignals(QObject* parent = nullptr);
    ~EndSignals() override;

signals:
    void asked();

private:
    int m_fd;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

}  // namespace spanreel::app
