// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <functional>

class QHBoxLayout;
class QLabel;

namespace spanreel::views {

/// A sentence across the page with what can be done about it; stays until closed or mended. GUI thread.
class Banner : public QFrame {
    Q_OBJECT
public:
    enum class Tone { Info, Warning, Error };
    Banner(const QString& name, Tone tone, QWidget* parent = nullptr);

    void setText(const QString& text);
    [[nodiscard]] const QString& text() const { return m_sentence; }
    /// The same has happened once more.
    void again();
    /// As its button does.
    void dismiss();
    void addButton(const QString& text, const QString& name, std::function<void()> action);
    void clearButtons();

signals:
    void closed();

private:
    void paintEvent(QPaintEvent* event) override;

    Tone m_tone;
    QString m_sentence;
    int m_times = 1;
    QLabel* m_icon;
    QLabel* m_text;
    QHBoxLayout* m_buttons;
};

}  // namespace spanreel::views
