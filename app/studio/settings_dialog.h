// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPlainTextEdit;
class QSpinBox;

namespace spanreel::app {

class Settings;

/// The user's choices: receivers, look, what is kept. Takes effect with OK or Apply. GUI thread.
class SettingsDialog : public QDialog {
    Q_OBJECT
public:
    explicit SettingsDialog(Settings& settings, QWidget* parent = nullptr);

signals:
    void receiversChanged();
    void viewChanged();

private:
    void apply();

    Settings& m_settings;
    QCheckBox* m_receivers;
    QSpinBox *m_grpc, *m_http;
    QLineEdit* m_host;
    QPlainTextEdit *m_origins, *m_hosts;
    QComboBox *m_theme, *m_density;
    QCheckBox *m_utc, *m_keep;
};

}  // namespace spanreel::app
