// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/banner_stack.h"

#include <QChildEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>
#include <algorithm>

#include "views/theme.h"

namespace spanreel::views {
namespace {

constexpr int kMostLines = 9;   ///< of text, that the banners may be high together
constexpr int kFewBanners = 3;  ///< are dismissed one by one
constexpr int kLayoutMs = 100;  ///< within which a banner has its place

/// As high as what is in it, up to a bound.
class BoundedScroll : public QScrollArea {
public:
    using QScrollArea::QScrollArea;
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override {
        const auto* layout = widget()->layout();
        return std::min(layout->hasHeightForWidth() ? layout->totalHeightForWidth(width) : layout->totalSizeHint().height(), kMostLines * fontMetrics().lineSpacing());
    }
    [[nodiscard]] QSize sizeHint() const override { return {0, 0}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {widget()->minimumSizeHint().width(), 0}; }
};

}  // namespace

BannerStack::BannerStack(QWidget* parent) : QWidget(parent), m_scroll(new BoundedScroll(this)), m_content(new QWidget), m_footer(new QWidget(this)), m_many(new QLabel(m_footer)) {
    setObjectName(QStringLiteral("bannerStack"));
    auto* scroll = m_scroll;
    scroll->setObjectName(QStringLiteral("bannerScroll"));
    scroll->setAccessibleName(tr("Messages"));
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    m_content->setObjectName(QStringLiteral("bannerContent"));
    m_content->installEventFilter(this);
    m_layout = new QVBoxLayout(m_content);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
    scroll->setWidget(m_content);

    // A banner has its place after some rounds of layout; it is followed until then, and no longer.
    const auto follow = [this] {
        if (m_wanted) m_scroll->ensureWidgetVisible(m_wanted, 0, 0);
    };
    connect(m_scroll->verticalScrollBar(), &QScrollBar::rangeChanged, this, follow);
    m_following.setSingleShot(true);
    m_following.setInterval(kLayoutMs);
    connect(&m_following, &QTimer::timeout, this, [this, follow] {
        follow();
        m_wanted.clear();
    });

    m_footer->setObjectName(QStringLiteral("bannerFooter"));
    m_many->setObjectName(QStringLiteral("bannerCount"));
    m_many->setTextFormat(Qt::PlainText);
    auto* dismiss = new QPushButton(tr("Dismiss all"), m_footer);
    dismiss->setObjectName(QStringLiteral("dismissBanners"));
    connect(dismiss, &QPushButton::clicked, this, [this] {
        for (Banner* banner : shown()) banner->dismiss();
    });
    auto* row = new QHBoxLayout(m_footer);
    row->setContentsMargins(Theme::kPadding, 2, Theme::kPadding, 2);
    row->addWidget(m_many, 1);
    row->addWidget(dismiss);
    m_footer->hide();

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(scroll);
    layout->addWidget(m_footer);
}

Banner* BannerStack::say(const QString& name, Banner::Tone tone, const QString& sentence) {
    for (Banner* known : shown())
        if (known->objectName() == name && known->text() == sentence) {
            known->again();
            bringInSight(known);
            return known;
        }
    auto* banner = new Banner(name, tone, m_content);
    banner->setText(sentence);
    connect(banner, &Banner::closed, banner, &QObject::deleteLater);
    m_layout->addWidget(banner);
    return banner;
}

void BannerStack::unsay(const QString& sentence) {
    for (Banner* banner : shown())
        if (banner->text() == sentence) banner->dismiss();
}

QList<Banner*> BannerStack::shown() const {
    auto all = m_content->findChildren<Banner*>(Qt::FindDirectChildrenOnly);
    all.removeIf([](const Banner* banner) { return banner->isHidden() && banner->testAttribute(Qt::WA_WState_ExplicitShowHide); });  // one that is new is about to show
    return all;
}

void BannerStack::bringInSight(QWidget* banner) {
    m_wanted = banner;
    m_following.start();
}

void BannerStack::count() {
    const auto many = shown().size();
    m_many->setText(tr("%n messages", nullptr, static_cast<int>(many)));
    m_footer->setVisible(many > kFewBanners);
}

bool BannerStack::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::ChildAdded)
        if (auto* child = static_cast<QChildEvent*>(event)->child(); child->isWidgetType()) bringInSight(static_cast<QWidget*>(child));
    if (event->type() == QEvent::LayoutRequest) {
        count();
        m_content->parentWidget()->parentWidget()->updateGeometry();
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace spanreel::views
