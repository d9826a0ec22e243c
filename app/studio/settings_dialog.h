// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <optional>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPlainTextEdit;
class QSpinBox;
class QTabWidget;

namespace spanreel::app {

class Settings;

/// What the receivers of this window go by where that is not what is stored.
struct InForce {
    bool off = false;                          ///< the command line turned them off
    std::optional<quint16> grpcPort, httpPort; ///< of the command line, or chosen in a banner; 0 = any free one
    quint16 grpcNow = 0, httpNow = 0;          ///< where they listen; 0 = they do not
};

/// The user's choices: receivers, look, what is kept. Shows what is in force; a port that holds for this window only is
/// stored when it is changed here. Takes effect with OK or Apply. GUI thread.
class SettingsDialog : public QDialog {
    Q_OBJECT
public:
    explicit SettingsDialog(Settings& settings, InForce inForce = {}, QWidget* parent = nullptr);

    /// The page with the memory for records is in front.
    void showMemory();

signals:
    /// Of the ports, those that were changed here.
    void receiversChanged(bool grpcPort, bool httpPort);
    void viewChanged();

private:
    void apply();

    [[nodiscard]] QString inForceText() const;

    QTabWidget* m_pages;

    Settings& m_settings;
    InForce m_inForce;
    quint16 m_shownGrpc, m_shownHttp;  ///< ports as the boxes began
    QCheckBox* m_receivers;
    QSpinBox *m_grpc, *m_http;
    QLineEdit* m_host;
    QPlainTextEdit *m_origins, *m_hosts;
    QComboBox *m_theme, *m_density;
    QCheckBox *m_utc, *m_keep, *m_durable;
    QSpinBox *m_budget, *m_memory;
};

}  // namespace spanreel::app
