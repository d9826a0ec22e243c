// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointer>
#include <QTimer>
#include <QWidget>

#include "views/widgets/banner.h"

class QLabel;
class QScrollArea;
class QVBoxLayout;

namespace spanreel::views {

/// The banners above the page. However many there are, they take a few lines of height: the rest is scrolled to. What is new,
/// or said again, comes in sight; else nothing moves. All can be dismissed at once. GUI thread.
class BannerStack : public QWidget {
    Q_OBJECT
public:
    explicit BannerStack(QWidget* parent = nullptr);

    /// Where banners are put in.
    [[nodiscard]] QVBoxLayout* banners() const { return m_layout; }
    /// A banner that is deleted when it is closed. The same sentence again counts up on the one that says it.
    Banner* say(const QString& name, Banner::Tone tone, const QString& sentence);
    /// Takes back what `say` told.
    void unsay(const QString& sentence);

private:
    bool eventFilter(QObject* watched, QEvent* event) override;
    [[nodiscard]] QList<Banner*> shown() const;
    void bringInSight(QWidget* banner);
    void count();

    QScrollArea* m_scroll;
    QPointer<QWidget> m_wanted;  ///< to come in sight
    QTimer m_following;
    QWidget* m_content;
    QVBoxLayout* m_layout;
    QWidget* m_footer;
    QLabel* m_many;
};

}  // namespace spanreel::views
