// SPDX-License-Identifier: GPL-3.0-or-later
#include <QBuffer>
#include <QGuiApplication>
#include <QImage>
#include <QPainter>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "app/commands/command.h"
#include "app/commands/load_inputs.h"
#include "app/commands/load_notes.h"
#include "app/commands/memory_option.h"
#include "app/commands/output_file.h"
#include "app/commands/pick_trace.h"
#include "app/problem_text.h"
#include "model/analysis/service_map.h"
#include "model/trace/trace.h"
#include "views/geometry/timeline_picture.h"
#include "views/service_map/map_arrange.h"
#include "views/service_map/map_picture.h"
#include "views/timeline/picture_painter.h"

namespace spanreel::app {

namespace {

using views::geometry::Picture;

constexpr double kMostPixels = 16000;  ///< of one side of a PNG

bool endsWith(std::string_view text, std::string_view end) { return text.size() > end.size() && text.substr(text.size() - end.size()) == end; }

/// A whole number in a range; nothing for anything else.
std::optional<int> wholeNumber(const std::string& text, int least, int most) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < least || value > most) return std::nullopt;
    return value;
}

/// Twice as fine as drawn, so that it looks good on every screen; less where that would be too large.
std::string toPng(const Picture& picture, bool dark) {
    const double scale = std::min({2.0, kMostPixels / std::max(1.0, picture.width), kMostPixels / std::max(1.0, picture.height)});
    QImage image(static_cast<int>(std::ceil(picture.width * scale)), static_cast<int>(std::ceil(picture.height * scale)), QImage::Format_RGB32);
    image.fill(views::inkColour(views::geometry::Ink::of(views::geometry::Tone::Page), dark));
    QPainter painter(&image);
    painter.scale(scale, scale);
    views::paintPicture(painter, picture, dark);
    painter.end();
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return buffer.data().toStdString();
}

Picture drawMap(const analysis::ServiceMap& map) {
    const auto words = views::MapWords::english();
    return views::mapPicture(map, views::arrangeMap(views::mapGraph(map, words)), words);
}

bool writeOut(const std::string& path, const std::string& bytes) {
    auto out = OutputFile::open(path, ingest::Compression::None);
    Result<void> done;
    if (out) {
        (*out)->write(bytes);
        done = (*out)->commit();
    } else {
        done = tl::unexpected<Error>(out.error());
    }
    if (!done) std::fprintf(stderr, "spanreel: %s\n", problemTextWithPlace(done.error()).c_str());
    return done.has_value();
}

int run(std::span<const std::string> arguments) {
    static constexpr std::string_view kValued[] = {"o", "output", "trace", "view", "width", "theme", "rows", kMemoryOption};
    const Arguments args = parseArguments(arguments, {}, kValued);
    if (!args.error.empty()) return usageError("render", args.error);
    const auto memory = memoryBudget(args);
    if (!memory) return usageError("render", kMemoryUsage);
    if (args.files.empty()) return usageError("render", "no file given");
    const std::string path = args.has("o") ? args.value("o") : args.value("output");
    const bool png = endsWith(path, ".png"), svg = endsWith(path, ".svg") || path == "-";
    if (path.empty()) return usageError("render", "no output given: -o OUT.svg or -o OUT.png");
    if (!png && !svg) return usageError("render", "the name '" + path + "' does not tell the format: .svg or .png");
    const auto view = args.value("view", "timeline");
    if (view != "timeline" && view != "map") return usageError("render", "there is no view '" + view + "': timeline or map");
    const auto theme = args.value("theme", "light");
    if (theme != "light" && theme != "dark") return usageError("render", "there is no theme '" + theme + "': light or dark");
    const auto width = wholeNumber(args.value("width", "1200"), 400, 8000);
    if (!width) return usageError("render", "--width takes a whole number from 400 to 8000");
    const auto rows = wholeNumber(args.value("rows", "400"), 1, 20000);
    if (!rows) return usageError("render", "--rows takes a whole number from 1 to 20000");

    const LoadedInputs loaded = loadInputs(args.files, *memory);
    const auto snapshot = loaded.snapshot();
    if (snapshot->spanCount() == 0 && loaded.status != kExitOk) return loaded.status;

    // Fonts and colours need no screen.
    qputenv("QT_QPA_PLATFORM", "offscreen");
    int argc = 1;
    char name[] = "spanreel";
    char* argv[] = {name, nullptr};
    std::unique_ptr<QGuiApplication> application;
    if (!QCoreApplication::instance()) application = std::make_unique<QGuiApplication>(argc, argv);

    Picture picture;
    if (view == "map" && !args.has("trace")) {
        picture = drawMap(analysis::mapOfSession(snapshot));
    } else {
        const auto picked = pickTrace(snapshot, args.value("trace"));
        if (!picked) return usageError("render", problemText(picked.error()));
        const auto assembled = trace::Trace::assemble(snapshot, *picked);
        if (!assembled) return usageError("render", problemText(assembled.error()));
        if (view == "map") {
            picture = drawMap(analysis::mapOfTrace(**assembled).map);
        } else {
            views::geometry::TimelinePictureOptions options;
            options.width = *width;
            options.maxRows = static_cast<std::size_t>(*rows);
            options.notes = loadNotesOf(args.files);
            picture = views::geometry::timelinePicture(**assembled, options);
        }
    }
    const bool dark = theme == "dark";
    if (!writeOut(path, png ? toPng(picture, dark) : views::geometry::toSvg(picture, views::themePalette(dark)))) return kExitNothingKept;
    return loaded.status;
}

}  // namespace

Command renderCommand() {
    return {"render", "render FILE\u2026 [--trace ID] [--view timeline|map] -o OUT.(svg|png)", "draws a picture of a view",
            "  --trace ID            the trace; may be left out where the files hold only one; 'largest' is the one with the most\n"
            "                        spans; a map without it is of everything in the files\n"
            "  --view timeline|map   what to draw; timeline where not given\n"
            "  -o OUT                .svg or .png; '-' writes SVG to standard output\n"
            "  --width PIXELS        of a timeline, 400 to 8000; 1200 where not given\n"
            "  --rows N              most rows of a timeline; 400 where not given; the picture says what it leaves out\n"
            "  --theme light|dark    light where not given\n",
            run};
}

}  // namespace spanreel::app
