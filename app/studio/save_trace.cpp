// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/save_trace.h"

#include <QCoreApplication>
#include <QFileDialog>
#include <QMessageBox>
#include <algorithm>

#include "app/commands/output_file.h"
#include "app/problem_text.h"
#include "model/core/time_format.h"
#include "model/otlp/encode_json.h"
#include "model/otlp/encode_proto.h"
#include "views/context.h"
#include "views/query_runner.h"

namespace spanreel::app {

namespace {

constexpr std::size_t kRecordsPerRequest = 10'000;

struct SaveTrace {
    Q_DECLARE_TR_FUNCTIONS(SaveTrace)
};

struct Saved {
    std::uint64_t spans = 0, logs = 0, lost = 0;
    std::optional<Error> error;
};

/// Rows of a chain, oldest first.
template <class RowAt>
std::vector<store::RowId> chain(store::RowId newest, RowAt previous) {
    std::vector<store::RowId> rows;
    for (auto row = newest; row != store::kNoRow; row = previous(row)) rows.push_back(row);
    std::reverse(rows.begin(), rows.end());
    return rows;
}

template <class Encoder, class Frame, class Row>
void writeRows(const store::StoreSnapshot& snapshot, const std::vector<store::RowId>& rows, Row rowOf, Frame frame, Saved& saved) {
    Encoder encoder(snapshot);
    for (const auto row : rows) {
        encoder.add(rowOf(row));
        if (encoder.records() >= kRecordsPerRequest) frame(encoder.finish());
    }
    if (encoder.records() > 0) frame(encoder.finish());
    for (const auto& [what, n] : encoder.losses().counts()) saved.lost += n;
}

Saved save(const store::SnapshotPtr& snapshot, TraceId id, const std::string& path) {
    Saved saved;
    const auto index = snapshot->findTrace(id);
    if (!index) {
        saved.error = Error{ProblemCode::NoSuchTrace, id.toHex(), {}};
        return saved;
    }
    const auto& trace = snapshot->trace(*index);
    auto file = OutputFile::open(path, compressionOfName(path));
    if (!file) {
        saved.error = file.error();
        return saved;
    }
    OutputFile& out = **file;
    const auto spans = chain(trace.lastRow, [&](store::RowId row) { return snapshot->span(row).previousInTrace(); });
    const auto logs = chain(trace.lastLogRow, [&](store::RowId row) { return snapshot->log(row).previousInTrace(); });
    saved.spans = spans.size();
    saved.logs = logs.size();
    const auto spanOf = [&](store::RowId row) { return snapshot->span(row); };
    const auto logOf = [&](store::RowId row) { return snapshot->log(row); };
    std::string name = path;
    for (const char* ending : {".gz", ".zst"})
        if (name.ends_with(ending)) name.resize(name.size() - std::string_view(ending).size());
    if (name.ends_with(".pb") || name.ends_with(".binpb") || name.ends_with(".bin")) {
        // As the Collector's file exporter frames messages: four bytes of length, big-endian.
        const auto frame = [&](const std::string& request) {
            const auto n = static_cast<std::uint32_t>(request.size());
            const char length[4] = {static_cast<char>(n >> 24), static_cast<char>(n >> 16), static_cast<char>(n >> 8), static_cast<char>(n)};
            out.write({length, sizeof length});
            out.write(request);
        };
        writeRows<otlp::ProtoEncoder>(*snapshot, spans, spanOf, frame, saved);
        writeRows<otlp::ProtoEncoder>(*snapshot, logs, logOf, frame, saved);
    } else {
        const auto line = [&](const std::string& request) {
            out.write(request);
            out.write("\n");
        };
        writeRows<otlp::JsonEncoder>(*snapshot, spans, spanOf, line, saved);
        writeRows<otlp::JsonEncoder>(*snapshot, logs, logOf, line, saved);
    }
    if (const auto done = out.commit(); !done) saved.error = done.error();
    return saved;
}

void tell(QWidget* parent, QMessageBox::Icon icon, const QString& text) {
    auto* box = new QMessageBox(icon, SaveTrace::tr("Save trace as OTLP"), text, QMessageBox::Ok, parent);
    box->setObjectName(QStringLiteral("saveTraceOutcome"));
    box->setTextFormat(Qt::PlainText);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setModal(false);
    box->show();
}

}  // namespace

void saveTraceAs(views::ViewContext& context, QWidget* parent) {
    const auto id = context.selection().trace;
    if (!id) return;
    auto* dialog = new QFileDialog(parent, SaveTrace::tr("Save trace as OTLP"));
    dialog->setObjectName(QStringLiteral("saveTraceDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    dialog->setNameFilters({SaveTrace::tr("OTLP JSON lines (*.jsonl *.json)"), SaveTrace::tr("OTLP protobuf (*.pb *.binpb)"), SaveTrace::tr("All files (*)")});
    dialog->selectFile(QString::fromStdString(id->toHex().substr(0, 16) + ".otlp.jsonl"));
    QObject::connect(dialog, &QFileDialog::fileSelected, parent, [&context, parent, id = *id](const QString& path) {
        context.queries().run(
            QStringLiteral("saveTrace"), parent, [snapshot = context.snapshot(), id, path = path.toStdString()](std::stop_token) { return save(snapshot, id, path); },
            [parent, path](const Saved& saved) {
                if (saved.error) {
                    tell(parent, QMessageBox::Warning, SaveTrace::tr("%1 was not written: %2").arg(path, QString::fromStdString(problemText(*saved.error))));
                    return;
                }
                QString text = SaveTrace::tr("%1 spans and %2 logs were written to %3.").arg(QString::fromStdString(formatCount(saved.spans)), QString::fromStdString(formatCount(saved.logs)), path);
                if (saved.lost) text += QLatin1Char(' ') + SaveTrace::tr("%1 unknown protobuf fields have no place in JSON and are not in it.").arg(QString::fromStdString(formatCount(saved.lost)));
                tell(parent, saved.lost ? QMessageBox::Warning : QMessageBox::Information, text);
            });
    });
    dialog->open();
}

}  // namespace spanreel::app
