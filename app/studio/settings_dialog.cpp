// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/settings_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTabWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "app/studio/settings.h"
#include "model/store/memory_policy.h"

namespace spanreel::app {

namespace {

QSpinBox* portBox(quint16 port, const char* name, const QString& accessible, QWidget* parent) {
    auto* box = new QSpinBox(parent);
    box->setObjectName(QLatin1String(name));
    box->setAccessibleName(accessible);
    box->setRange(1, 65535);
    box->setValue(port);
    box->setGroupSeparatorShown(false);
    return box;
}

/// The port in force: the one listened on, else the one asked for, else the stored one.
quint16 portShown(std::optional<quint16> wanted, quint16 now, quint16 stored) {
    if (!wanted) return stored;
    if (now != 0) return now;
    return *wanted != 0 ? *wanted : stored;
}

QPlainTextEdit* listBox(const QStringList& lines, const char* name, const QString& accessible, QWidget* parent) {
    auto* box = new QPlainTextEdit(lines.join(QLatin1Char('\n')), parent);
    box->setObjectName(QLatin1String(name));
    box->setAccessibleName(accessible);
    box->setFixedHeight(60);
    box->setTabChangesFocus(true);
    return box;
}

QStringList linesOf(const QPlainTextEdit* box) {
    QStringList out;
    for (const QString& line : box->toPlainText().split(QLatin1Char('\n')))
        if (!line.trimmed().isEmpty()) out << line.trimmed();
    return out;
}

}  // namespace

SettingsDialog::SettingsDialog(Settings& settings, InForce inForce, QWidget* parent)
    : QDialog(parent),
      m_settings(settings),
      m_inForce(inForce),
      m_shownGrpc(portShown(inForce.grpcPort, inForce.grpcNow, settings.grpcPort())),
      m_shownHttp(portShown(inForce.httpPort, inForce.httpNow, settings.httpPort())),
      m_receivers(new QCheckBox(tr("Listen for traces and logs"), this)),
      m_grpc(portBox(m_shownGrpc, "settingsGrpcPort", tr("Port of OTLP over gRPC"), this)),
      m_http(portBox(m_shownHttp, "settingsHttpPort", tr("Port of OTLP over HTTP"), this)),
      m_host(new QLineEdit(settings.host(), this)),
      m_origins(listBox(settings.allowedOrigins(), "settingsOrigins", tr("Web pages that may send, one a line"), this)),
      m_hosts(listBox(settings.allowedHosts(), "settingsHosts", tr("Host names this machine may be called, one a line"), this)),
      m_theme(new QComboBox(this)),
      m_density(new QComboBox(this)),
      m_utc(new QCheckBox(tr("Show times in UTC"), this)),
      m_keep(new QCheckBox(tr("Keep what is received on disk"), this)),
      m_durable(new QCheckBox(tr("Answer senders only when the disk has it"), this)),
      m_budget(new QSpinBox(this)),
      m_memory(new QSpinBox(this)) {
    setObjectName(QStringLiteral("settingsDialog"));
    setWindowTitle(tr("Settings"));
    m_receivers->setObjectName(QStringLiteral("settingsReceivers"));
    m_receivers->setChecked(settings.receiversOn());
    m_host->setObjectName(QStringLiteral("settingsHost"));
    m_host->setAccessibleName(tr("Address to listen on"));
    m_host->setPlaceholderText(tr("this machine only (127.0.0.1 and ::1)"));
    m_theme->setObjectName(QStringLiteral("settingsTheme"));
    m_theme->setAccessibleName(tr("Theme"));
    m_theme->addItems({tr("As the system"), tr("Light"), tr("Dark")});
    m_theme->setCurrentIndex(static_cast<int>(settings.theme()));
    m_density->setObjectName(QStringLiteral("settingsDensity"));
    m_density->setAccessibleName(tr("Row height"));
    m_density->addItems({tr("Compact rows"), tr("Normal rows"), tr("Comfortable rows")});
    m_density->setCurrentIndex(static_cast<int>(settings.density()));
    m_utc->setObjectName(QStringLiteral("settingsUtc"));
    m_utc->setChecked(settings.showsUtc());
    m_keep->setObjectName(QStringLiteral("settingsKeep"));
    m_keep->setChecked(settings.keepsSessions());

    auto* pages = m_pages = new QTabWidget(this);
    pages->setObjectName(QStringLiteral("settingsPages"));
    pages->setDocumentMode(true);
    const auto page = [pages](const QString& title) {
        auto* widget = new QWidget(pages);
        auto* form = new QFormLayout(widget);
        form->setContentsMargins(12, 12, 12, 12);
        pages->addTab(widget, title);
        return form;
    };
    auto* receiverForm = page(tr("Receivers"));
    receiverForm->addRow(m_receivers);
    receiverForm->addRow(tr("OTLP over gRPC, port"), m_grpc);
    receiverForm->addRow(tr("OTLP over HTTP, port"), m_http);
    auto* now = new QLabel(inForceText(), this);
    now->setObjectName(QStringLiteral("settingsInForce"));
    now->setWordWrap(true);
    now->setVisible(!now->text().isEmpty());
    receiverForm->addRow(now);
    receiverForm->addRow(tr("Address"), m_host);
    auto* warning = new QLabel(tr("An address beyond this machine lets anyone who reaches it send data here."), this);
    warning->setWordWrap(true);
    warning->setForegroundRole(QPalette::PlaceholderText);
    receiverForm->addRow(warning);
    receiverForm->addRow(tr("Allowed web pages"), m_origins);
    receiverForm->addRow(tr("Allowed host names"), m_hosts);
    auto* lookForm = page(tr("Look"));
    lookForm->addRow(tr("Theme"), m_theme);
    lookForm->addRow(tr("Rows"), m_density);
    lookForm->addRow(m_utc);
    auto* keptForm = page(tr("Sessions"));
    keptForm->addRow(m_keep);
    m_durable->setObjectName(QStringLiteral("settingsDurable"));
    m_durable->setChecked(settings.durable());
    m_durable->setToolTip(tr("Slower; what was received then survives a power cut, not just a crash."));
    keptForm->addRow(m_durable);
    m_budget->setObjectName(QStringLiteral("settingsBudget"));
    m_budget->setAccessibleName(tr("Room for sessions on disk, in GiB"));
    m_budget->setRange(1, 10000);
    m_budget->setSuffix(tr(" GiB"));
    m_budget->setValue(settings.sessionBudgetGib());
    keptForm->addRow(tr("Room for all sessions"), m_budget);
    auto* keptFor = new QLabel(tr("Sessions that are neither pinned nor have notes are removed 7 days after they ended, or when there is no room left."), this);
    keptFor->setWordWrap(true);
    keptFor->setForegroundRole(QPalette::PlaceholderText);
    keptForm->addRow(keptFor);
    m_memory->setObjectName(QStringLiteral("settingsMemory"));
    m_memory->setAccessibleName(tr("Memory for the records of a window, in MiB"));
    m_memory->setRange(Settings::kLeastMemoryMib - 1, Settings::kMostMemoryMib);
    m_memory->setSingleStep(256);
    m_memory->setSuffix(tr(" MiB"));
    m_memory->setSpecialValueText(tr("A quarter of the machine's (%1 MiB)").arg(store::defaultMemoryBudget() >> 20));
    m_memory->setValue(settings.memoryBudgetMib());
    m_memory->setToolTip(tr("Records beyond that go to disk and are read back when they are looked at."));
    keptForm->addRow(tr("Memory"), m_memory);
    auto* keepNote = new QLabel(tr("Takes effect with the next window."), this);
    keepNote->setForegroundRole(QPalette::PlaceholderText);
    keptForm->addRow(keepNote);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Apply | QDialogButtonBox::Cancel, this);
    buttons->setObjectName(QStringLiteral("settingsButtons"));
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        apply();
        accept();
    });
    connect(buttons->button(QDialogButtonBox::Apply), &QPushButton::clicked, this, &SettingsDialog::apply);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(pages, 1);
    layout->addWidget(buttons);
    // Wrapped texts need more height than a layout's hint tells.
    const int width = std::max(480, sizeHint().width());
    int extra = 0;
    for (int i = 0; i < pages->count(); ++i) extra = std::max(extra, pages->widget(i)->layout()->heightForWidth(width - 40) - pages->widget(i)->sizeHint().height());
    setMinimumHeight(sizeHint().height() + extra);
    resize(width, minimumHeight());
}

void SettingsDialog::showMemory() {
    m_pages->setCurrentWidget(m_memory->parentWidget());
    m_memory->setFocus(Qt::OtherFocusReason);
}

QString SettingsDialog::inForceText() const {
    if (m_inForce.off) return tr("This window was started without receivers; what is chosen here holds for the next one.");
    QStringList ports;
    if (m_inForce.grpcPort && m_shownGrpc != m_settings.grpcPort()) ports << tr("gRPC on %1 instead of %2").arg(m_shownGrpc).arg(m_settings.grpcPort());
    if (m_inForce.httpPort && m_shownHttp != m_settings.httpPort()) ports << tr("HTTP on %1 instead of %2").arg(m_shownHttp).arg(m_settings.httpPort());
    if (ports.isEmpty()) return {};
    return tr("In this window only: %1. Ports changed here are kept for all windows.").arg(ports.join(QStringLiteral(", ")));
}

void SettingsDialog::apply() {
    const bool grpc = m_grpc->value() != m_shownGrpc, http = m_http->value() != m_shownHttp;
    const bool receivers = m_receivers->isChecked() != m_settings.receiversOn() || grpc || http || m_host->text().trimmed() != m_settings.host() || linesOf(m_origins) != m_settings.allowedOrigins() || linesOf(m_hosts) != m_settings.allowedHosts();
    m_settings.setReceiversOn(m_receivers->isChecked());
    if (grpc) m_settings.setGrpcPort(m_shownGrpc = static_cast<quint16>(m_grpc->value()));
    if (http) m_settings.setHttpPort(m_shownHttp = static_cast<quint16>(m_http->value()));
    m_settings.setHost(m_host->text().trimmed());
    m_settings.setAllowedOrigins(linesOf(m_origins));
    m_settings.setAllowedHosts(linesOf(m_hosts));
    m_settings.setTheme(static_cast<views::ThemeChoice>(m_theme->currentIndex()));
    m_settings.setDensity(static_cast<Density>(m_density->currentIndex()));
    m_settings.setShowsUtc(m_utc->isChecked());
    m_settings.setKeepsSessions(m_keep->isChecked());
    m_settings.setDurable(m_durable->isChecked());
    m_settings.setSessionBudgetGib(m_budget->value());
    m_settings.setMemoryBudgetMib(m_memory->value() < Settings::kLeastMemoryMib ? 0 : m_memory->value());
    emit viewChanged();
    if (receivers) emit receiversChanged(grpc, http);
}

}  // namespace spanreel::app
