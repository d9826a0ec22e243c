// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/report/export_report.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateTime>
#include <QApplication>
#include <QDesktopServices>
#include <QDialog>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMessageBox>
#include <QPointer>
#include <QProgressBar>
#include <QPushButton>
#include <QSaveFile>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>
#include <utility>

#include "model/core/time_format.h"
#include "views/context.h"
#include "views/query_runner.h"
#include "views/report/report_builder.h"
#include "views/theme.h"

namespace spanreel::views {

namespace {

/// What the pool hands back.
struct Written {
    QString file;
    QString problem;  ///< the system's reason; empty = all is well
    quint64 redacted = 0;
    qint64 bytes = 0;
};

QString writeFile(const QString& path, const std::string& text) {
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly)) return file.errorString();
    file.write(text.data(), static_cast<qint64>(text.size()));
    return file.commit() ? QString() : file.errorString();
}

Written writeReport(const trace::Trace& trace, const ReportOptions& options, const QString& path, const std::stop_token& stop) {
    Written out;
    out.file = path;
    const auto built = buildReport(trace, options, stop);
    if (stop.stop_requested()) return out;
    out.redacted = built.redacted;
    if (path.endsWith(QStringLiteral(".md"))) {
        const QFileInfo info(path);
        const auto markdown = report::writeMarkdown(built.document, info.completeBaseName().toStdString());
        for (const auto& [name, svg] : markdown.files)
            if (out.problem.isEmpty()) out.problem = writeFile(info.dir().filePath(QString::fromStdString(name)), svg);
        if (out.problem.isEmpty()) out.problem = writeFile(path, markdown.text);
    } else {
        out.problem = writeFile(path, report::writeHtml(built.document));
    }
    out.bytes = QFileInfo(path).size();
    return out;
}

class ExportDialog : public QDialog {
    Q_DECLARE_TR_FUNCTIONS(ExportDialog)

public:
    ExportDialog(ViewContext& context, QWidget* parent) : QDialog(parent), m_context(context), m_alive(&context), m_trace(context.trace()) {
        setObjectName(QStringLiteral("exportReportDialog"));
        setAttribute(Qt::WA_DeleteOnClose);
        setWindowModality(Qt::WindowModal);
        setWindowTitle(tr("Export report"));
        build();
        showState();
    }
    ~ExportDialog() override {
        if (m_alive) m_context.queries().cancel(kSlot);
    }

private:
    static inline const QString kSlot = QStringLiteral("report.export");

    void build() {
        m_format = new QComboBox(this);
        m_format->setObjectName(QStringLiteral("reportFormat"));
        m_format->setAccessibleName(tr("Format of the report"));
        m_format->addItem(tr("HTML: one page that needs nothing else"), QStringLiteral(".html"));
        m_format->addItem(tr("Markdown, with its pictures as SVG files beside it"), QStringLiteral(".md"));
        m_path = new QLineEdit(this);
        m_path->setObjectName(QStringLiteral("reportPath"));
        m_path->setAccessibleName(tr("File to write"));
        m_path->setText(QDir::home().filePath(suggestedName() + QStringLiteral(".html")));
        suggestFolder();
        auto* browse = new QToolButton(this);
        browse->setObjectName(QStringLiteral("reportBrowse"));
        browse->setText(tr("Browse…"));
        m_timeline = makeBox("reportTimeline", tr("Timeline"), true);
        m_map = makeBox("reportMap", tr("Service map"), true);
        m_notes = makeBox("reportNotes", tr("Notes of this trace"), true);
        m_redact = makeBox("reportRedact", tr("Replace well-known secrets (authorization, cookies, passwords, tokens, keys) by [redacted]"), true);
        m_warning = new QLabel(tr("Without redaction the report shows attributes, logs and notes as they came. Look at it before you send it."), this);
        m_warning->setObjectName(QStringLiteral("reportWarning"));
        m_warning->setWordWrap(true);
        m_progress = new QProgressBar(this);
        m_progress->setObjectName(QStringLiteral("reportProgress"));
        m_progress->setAccessibleName(tr("Progress of the report"));
        m_progress->setRange(0, 100);
        m_state = new QLabel(this);
        m_state->setObjectName(QStringLiteral("reportState"));
        m_state->setTextFormat(Qt::PlainText);
        m_state->setWordWrap(true);
        m_state->setTextInteractionFlags(Qt::TextSelectableByMouse);
        auto* buttons = new QDialogButtonBox(this);
        m_export = buttons->addButton(tr("Export"), QDialogButtonBox::ActionRole);
        m_export->setObjectName(QStringLiteral("reportExport"));
        m_export->setDefault(true);
        m_open = buttons->addButton(tr("Open the report"), QDialogButtonBox::ActionRole);
        m_open->setObjectName(QStringLiteral("reportOpen"));
        m_open->hide();
        m_close = buttons->addButton(tr("Close"), QDialogButtonBox::RejectRole);
        m_close->setObjectName(QStringLiteral("reportClose"));

        auto* pathRow = new QHBoxLayout;
        pathRow->addWidget(m_path, 1);
        pathRow->addWidget(browse);
        auto* form = new QFormLayout;
        form->addRow(tr("Format"), m_format);
        form->addRow(tr("File"), pathRow);
        auto* column = new QVBoxLayout(this);
        column->addLayout(form);
        for (auto* box : {m_timeline, m_map, m_notes, m_redact}) column->addWidget(box);
        column->addWidget(m_warning);
        column->addWidget(m_progress);
        column->addWidget(m_state);
        column->addStretch(1);
        column->addWidget(buttons);
        resize(600, 340);

        connect(m_format, &QComboBox::activated, this, [this] { applyFormat(); });
        connect(m_redact, &QCheckBox::toggled, this, [this] { showState(); });
        connect(browse, &QToolButton::clicked, this, [this] { choosePath(); });
        connect(m_export, &QPushButton::clicked, this, [this] { start(); });
        connect(m_open, &QPushButton::clicked, this, [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(m_written)); });
        connect(m_close, &QPushButton::clicked, this, [this] {
            if (!m_running) {
                reject();
                return;
            }
            m_context.queries().cancel(kSlot);
            m_running = false;
            m_state->setText(tr("Cancelled; nothing was written."));
            showState();
        });
    }

    QCheckBox* makeBox(const char* name, const QString& text, bool checked) {
        auto* box = new QCheckBox(text, this);
        box->setObjectName(QLatin1String(name));
        box->setChecked(checked);
        return box;
    }

    [[nodiscard]] QString suggestedName() const {
        QString name = QStringLiteral("trace");
        if (m_trace && m_trace->mainRoot() != trace::kNoNode) {
            const auto root = m_trace->span(m_trace->mainRoot()).name();
            name.clear();
            for (const QChar c : QString::fromUtf8(root.data(), static_cast<qsizetype>(std::min<std::size_t>(root.size(), 60))))
                name += c.isLetterOrNumber() ? c : QLatin1Char('-');
            name += QLatin1Char('-') + QString::fromStdString(m_trace->id().toHex()).left(8);
        }
        return name;
    }

    /// Proposes the folder of the file the trace came from; the home folder stays for what was received. Looks at the disk
    /// in the pool, and leaves a path alone that the user has changed meanwhile.
    void suggestFolder() {
        if (!m_trace || m_trace->mainRoot() == trace::kNoNode) return;
        const auto source = m_trace->span(m_trace->mainRoot()).source();
        for (const auto& info : m_context.snapshot()->sources()) {
            if (info.id != source || info.kind != store::SourceKind::File) continue;
            m_context.queries().run(
                QStringLiteral("report.folder"), this,
                [file = QFileInfo(QString::fromStdString(info.name))](std::stop_token) {
                    const bool good = file.isAbsolute() && file.isFile() && QFileInfo(file.absolutePath()).isWritable();
                    return good ? file.absolutePath() : QString();
                },
                [this, shown = m_path->text()](const QString& folder) {
                    if (!folder.isEmpty() && m_path->text() == shown) m_path->setText(QDir(folder).filePath(QFileInfo(shown).fileName()));
                });
        }
    }

    void applyFormat() {
        QString path = m_path->text();
        for (const auto* end : {".html", ".md"})
            if (path.endsWith(QLatin1String(end))) path.chop(static_cast<int>(qstrlen(end)));
        m_path->setText(path + m_format->currentData().toString());
    }

    void choosePath() {
        auto* dialog = new QFileDialog(this, tr("Export report"), m_path->text());
        dialog->setObjectName(QStringLiteral("reportFileDialog"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setAcceptMode(QFileDialog::AcceptSave);
        dialog->setOption(QFileDialog::DontConfirmOverwrite, false);
        dialog->setDefaultSuffix(m_format->currentData().toString().mid(1));
        connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
            m_path->setText(file);
            m_agreed = file;  // it has asked already
        });
        dialog->open();
    }

    void start() {
        QString path = m_path->text().trimmed();
        if (path.isEmpty() || m_running) return;
        if (!path.endsWith(m_format->currentData().toString())) path += m_format->currentData().toString();
        if (std::exchange(m_agreed, QString()) == path) {
            write(path);
            return;
        }
        m_context.queries().run(
            kSlot, this, [path](std::stop_token) { return QFileInfo::exists(path); },
            [this, path](bool exists) {
                if (exists) askToReplace(path);
                else write(path);
            });
    }

    void askToReplace(const QString& path) {
        auto* box = new QMessageBox(QMessageBox::Question, tr("Export report"), tr("The file %1 exists already. Replace it?").arg(QDir::toNativeSeparators(path)), QMessageBox::Cancel, this);
        box->setObjectName(QStringLiteral("reportReplace"));
        box->setAttribute(Qt::WA_DeleteOnClose);
        box->setTextFormat(Qt::PlainText);
        auto* replace = box->addButton(tr("Replace"), QMessageBox::AcceptRole);
        box->setDefaultButton(QMessageBox::Cancel);
        connect(replace, &QPushButton::clicked, this, [this, path] { write(path); });
        box->open();
    }

    void write(const QString& path) {
        ReportOptions options;
        options.redact = m_redact->isChecked();
        options.timeline = m_timeline->isChecked();
        options.map = m_map->isChecked();
        if (m_notes->isChecked()) options.notes = m_context.notes().notes();
        options.writtenNs = static_cast<std::uint64_t>(QDateTime::currentMSecsSinceEpoch()) * 1'000'000u;
        options.progress = [bar = QPointer<QProgressBar>(m_progress)](int percent) {
            QMetaObject::invokeMethod(qApp, [bar, percent] {
                if (bar) bar->setValue(percent);
            });
        };
        m_running = true;
        m_progress->setValue(0);
        m_state->setText(tr("Writing %1").arg(path));
        showState();
        m_context.queries().run(
            kSlot, this, [trace = m_trace, options, path](std::stop_token stop) { return writeReport(*trace, options, path, stop); }, [this](const Written& written) { finish(written); });
    }

    void finish(const Written& written) {
        m_running = false;
        if (!written.problem.isEmpty()) {
            m_state->setText(tr("%1 could not be written: %2").arg(written.file, written.problem));
        } else {
            m_written = written.file;
            const QString size = QLocale().formattedDataSize(written.bytes);
            m_state->setText(m_redact->isChecked() ? tr("Wrote %1 (%2); secrets replaced: %3.").arg(written.file, size).arg(written.redacted)
                                                   : tr("Wrote %1 (%2), without redaction.").arg(written.file, size));
        }
        showState();
    }

    void showState() {
        const bool ready = m_trace != nullptr;
        if (!ready) m_state->setText(tr("Select a trace first: a report tells of one trace."));
        for (QWidget* widget : std::initializer_list<QWidget*>{m_format, m_path, m_timeline, m_map, m_notes, m_redact}) widget->setEnabled(ready && !m_running);
        m_export->setEnabled(ready && !m_running);
        m_progress->setVisible(m_running);
        m_warning->setVisible(!m_redact->isChecked());
        m_open->setVisible(!m_running && !m_written.isEmpty());
        m_close->setText(m_running ? tr("Cancel") : tr("Close"));
    }

    ViewContext& m_context;
    QPointer<ViewContext> m_alive;  ///< the window may take it away first
    trace::TracePtr m_trace;
    QString m_written;
    QString m_agreed;  ///< an existing file the user agreed to replace
    bool m_running = false;
    QComboBox* m_format = nullptr;
    QLineEdit* m_path = nullptr;
    QCheckBox *m_timeline = nullptr, *m_map = nullptr, *m_notes = nullptr, *m_redact = nullptr;
    QLabel *m_warning = nullptr, *m_state = nullptr;
    QProgressBar* m_progress = nullptr;
    QPushButton *m_export = nullptr, *m_open = nullptr, *m_close = nullptr;
};

}  // namespace

void exportReport(ViewContext& context, QWidget* parent) {
    auto* dialog = new ExportDialog(context, parent ? parent->window() : nullptr);
    dialog->open();
}

}  // namespace spanreel::views
