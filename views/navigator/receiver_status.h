// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <QtGlobal>

namespace spanreel::views {

/// A receiver as the navigator and the status line show it. Filled by the window twice a second.
struct ReceiverStatus {
    enum class State { Off, Starting, Listening, Failed };
    QString name;           ///< "OTLP/gRPC"
    quint16 port = 0;
    State state = State::Off;
    QStringList addresses;  ///< "127.0.0.1:4317"
    QString endpoint;       ///< the environment line to copy
    quint64 spans = 0, logs = 0, metrics = 0;  ///< accepted
    quint64 rejected = 0;   ///< items and requests told back as rejected
    quint64 dropped = 0;    ///< requests sent back for a retry
    quint64 refused = 0;    ///< by origin, host or protocol
    QString lastError;
    bool operator==(const ReceiverStatus&) const = default;
};

/// A refused page or host name that one click allows.
struct RefusedSender {
    bool isOrigin = false;
    QString value;
    quint64 count = 0;
    bool operator==(const RefusedSender&) const = default;
};

}  // namespace spanreel::views
