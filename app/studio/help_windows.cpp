// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/help_windows.h"

#include <QAction>
#include <QCoreApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFile>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QTextBrowser>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "views/theme.h"

static void initStudioResources() { Q_INIT_RESOURCE(studio); }

namespace spanreel::app {

namespace {

struct HelpWindows {
    Q_DECLARE_TR_FUNCTIONS(HelpWindows)
};

QDialog* window(const QString& title, const char* name, QSize size, QWidget* parent) {
    auto* dialog = new QDialog(parent);
    dialog->setObjectName(QLatin1String(name));
    dialog->setWindowTitle(title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->resize(size);
    new QVBoxLayout(dialog);
    return dialog;
}

void finish(QDialog* dialog) {
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::close);
    dialog->layout()->addWidget(buttons);
    dialog->show();
}

QString plainTitle(QString text) { return text.replace(QLatin1String("&&"), QLatin1String("\x01")).remove(QLatin1Char('&')).replace(QLatin1Char('\x01'), QLatin1Char('&')); }

}  // namespace

void showShortcuts(QMenuBar* menus, QWidget* parent) {
    auto* dialog = window(HelpWindows::tr("Keyboard shortcuts"), "shortcutsWindow", {560, 620}, parent);
    auto* tree = new QTreeWidget(dialog);
    tree->setObjectName(QStringLiteral("shortcutsTree"));
    tree->setAccessibleName(HelpWindows::tr("Keyboard shortcuts"));
    tree->setColumnCount(2);
    tree->setHeaderLabels({HelpWindows::tr("What"), HelpWindows::tr("Keys")});
    tree->setUniformRowHeights(true);
    const auto section = [&](const QString& title) {
        auto* item = new QTreeWidgetItem(tree, {title});
        item->setFont(0, views::Theme::boldFont());
        item->setFirstColumnSpanned(true);
        return item;
    };
    for (const QAction* top : menus->actions()) {
        if (!top->menu()) continue;
        auto* parentItem = section(plainTitle(top->text()));
        for (const QAction* a : top->menu()->actions()) {
            if (a->shortcuts().isEmpty()) continue;
            QStringList keys;
            for (const auto& key : a->shortcuts()) keys << key.toString(QKeySequence::NativeText);
            new QTreeWidgetItem(parentItem, {plainTitle(a->text()), keys.join(QStringLiteral(", "))});
        }
        if (parentItem->childCount() == 0) delete parentItem;
    }
    auto* timeline = section(HelpWindows::tr("Timeline"));
    const QString keys[][2] = {{HelpWindows::tr("Previous or next row"), HelpWindows::tr("Up, Down")},
                               {HelpWindows::tr("Collapse or expand"), HelpWindows::tr("Left, Right")},
                               {HelpWindows::tr("Zoom in or out"), HelpWindows::tr("+, \u2212, Ctrl+wheel")},
                               {HelpWindows::tr("Pan and zoom with the left hand"), HelpWindows::tr("W, A, S, D")},
                               {HelpWindows::tr("Fit the selection, fit the trace"), HelpWindows::tr("F, 0")},
                               {HelpWindows::tr("Next or previous error"), HelpWindows::tr("N, P")},
                               {HelpWindows::tr("Next or previous match"), HelpWindows::tr("F3, Shift+F3")},
                               {HelpWindows::tr("Pan along the time axis"), HelpWindows::tr("Shift+wheel, drag")},
                               {HelpWindows::tr("Pick a time range"), HelpWindows::tr("Drag on the ruler")}};
    for (const auto& row : keys) new QTreeWidgetItem(timeline, {row[0], row[1]});
    auto* list = section(HelpWindows::tr("Trace list"));
    new QTreeWidgetItem(list, {HelpWindows::tr("Open the trace"), HelpWindows::tr("Return, double click")});
    tree->expandAll();
    tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    tree->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    tree->header()->setStretchLastSection(false);
    dialog->layout()->addWidget(tree);
    finish(dialog);
}

void showManual(QWidget* parent) {
    initStudioResources();
    QFile file(QStringLiteral(":/help/manual.md"));
    if (!file.open(QIODevice::ReadOnly)) return;
    auto* dialog = window(HelpWindows::tr("Spanreel manual"), "manualWindow", {760, 680}, parent);
    auto* browser = new QTextBrowser(dialog);
    browser->setObjectName(QStringLiteral("manualText"));
    browser->setAccessibleName(HelpWindows::tr("Spanreel manual"));
    browser->setOpenLinks(false);
    browser->document()->setDocumentMargin(16);
    browser->setMarkdown(QString::fromUtf8(file.readAll()));
    dialog->layout()->addWidget(browser);
    finish(dialog);
}

void showAbout(QWidget* parent) {
    auto* dialog = window(HelpWindows::tr("About Spanreel"), "aboutWindow", {440, 260}, parent);
    auto* icon = new QLabel(dialog);
    icon->setPixmap(QIcon(QStringLiteral(":/icons/spanreel.svg")).pixmap(48, 48));
    icon->setAccessibleName(HelpWindows::tr("Spanreel's icon"));
    auto* text = new QLabel(dialog);
    text->setObjectName(QStringLiteral("aboutText"));
    text->setTextFormat(Qt::PlainText);
    text->setWordWrap(true);
    text->setText(HelpWindows::tr("Spanreel %1\n\nA desktop studio for distributed traces: receive, open, read, replay, explain, share. Nothing leaves this machine unless you send it.\n\n"
                     "Free software under the GNU General Public License, version 3 or later. It comes with no warranty.\nBuilt on Qt %2.")
                      .arg(QStringLiteral(SPANREEL_VERSION), QLatin1String(qVersion())));
    dialog->layout()->addWidget(icon);
    dialog->layout()->addWidget(text);
    finish(dialog);
}

}  // namespace spanreel::app
