// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/studio.h"

#include <QApplication>
#include <QFileInfo>
#include <array>
#include <charconv>
#include <csignal>
#include <cstdio>

#include "app/commands/memory_option.h"
#include "app/problem_text.h"
#include "app/studio/end_signals.h"
#include "app/studio/instance_door.h"
#include "app/studio/language.h"
#include "app/studio/main_window.h"
#include "app/studio/settings.h"
#include "app/studio/studio_options.h"
#include "views/theme.h"

namespace spanreel::app {

namespace {

int usage(const std::string& message) {
    std::fprintf(stderr, "spanreel: %s\nTry 'spanreel --help'.\n", message.c_str());
    return kExitUsage;
}

std::string translated(const char* english) { return QCoreApplication::translate("Problem", english).toStdString(); }

bool readPort(const Arguments& arguments, const char* name, std::optional<quint16>& port) {
    if (!arguments.has(name)) return true;
    const std::string text = arguments.value(name);
    quint16 value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return false;
    port = value;
    return true;
}

/// The path under which other processes find a file too; empty for a pipe or terminal of ours ("/dev/stdin", "/dev/fd/63").
QString pathForAll(const QString& file) {
    const QFileInfo info(file);
    const QString path = info.absoluteFilePath();
    if (!path.startsWith(QLatin1String("/dev/")) && !path.startsWith(QLatin1String("/proc/"))) return path;
    return info.isFile() || info.isDir() ? info.canonicalFilePath() : QString();
}

}  // namespace

std::vector<Command> studioCommands() { return {renderCommand(), reportCommand()}; }

int runStudio(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    constexpr std::array<std::string_view, 3> kFlags{"no-receivers", "new-window", "no-session"};
    constexpr std::array<std::string_view, 3> kValued{"grpc-port", "http-port", kMemoryOption};
    const Arguments arguments = parseArguments(words, kFlags, kValued);
    if (!arguments.error.empty()) return usage(arguments.error);
    StudioOptions options;
    QString onlyOurs;
    for (const auto& word : arguments.files) {
        const QString file = QString::fromStdString(word), path = pathForAll(file);
        if (path.isEmpty()) onlyOurs = file;
        options.files << (path.isEmpty() ? QFileInfo(file).absoluteFilePath() : path);
    }
    options.receivers = !arguments.has("no-receivers");
    options.newWindow = arguments.has("new-window");
    options.keep = !arguments.has("no-session");
    if (!readPort(arguments, "grpc-port", options.grpcPort)) return usage("option --grpc-port needs a port, 0 to 65535");
    if (!readPort(arguments, "http-port", options.httpPort)) return usage("option --http-port needs a port, 0 to 65535");
    if (arguments.has(kMemoryOption)) {
        const auto memory = memoryBudget(arguments);
        if (!memory) return usage(kMemoryUsage);
        options.memoryBudget = *memory;
    }
    if (!qEnvironmentVariableIsSet("DISPLAY") && !qEnvironmentVariableIsSet("WAYLAND_DISPLAY") && !qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        return usage("there is no display to open a window on (none of DISPLAY, WAYLAND_DISPLAY, QT_QPA_PLATFORM is set)");

    InstanceDoor door;
    const auto answer = options.newWindow ? InstanceDoor::Answer::CannotTell : onlyOurs.isEmpty() ? door.knock(options.files) : door.enter();
    if (answer == InstanceDoor::Answer::HandedOver) {
        for (const char* name : {"no-receivers", "no-session", "grpc-port", "http-port", "memory-budget"})
            if (arguments.has(name)) std::fprintf(stderr, "spanreel: --%s has no effect on the window that is open; --new-window opens another\n", name);
        return kExitOk;
    }
    if (answer == InstanceDoor::Answer::Taken) std::fprintf(stderr, "spanreel: the window that is open cannot read %s of this start; opening another\n", qUtf8Printable(onlyOurs));
    if (answer == InstanceDoor::Answer::NoAnswer) std::fputs("spanreel: the window that is open does not answer; opening another\n", stderr);

    EndSignals::block();
    int count = 1;
    QApplication application(count, argv);
    // At once: who knocks while the window is being made waits in line.
    if (answer == InstanceDoor::Answer::First && !door.listen()) std::fputs("spanreel: cannot listen for later starts: each opens a window of its own\n", stderr);
    QApplication::setApplicationName(QStringLiteral("spanreel"));
    QApplication::setApplicationDisplayName(QStringLiteral("Spanreel"));
    QApplication::setDesktopFileName(QStringLiteral("org.spanreel.Spanreel"));
    installTranslations(application);
    setProblemTranslator(&translated);

    Settings settings;
    views::Theme::instance().setChoice(settings.theme());
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/spanreel.svg")));
    EndSignals ends;  // before senders can take the last descriptor
    MainWindow window(settings, options);
    window.show();
    window.begin();
    QObject::connect(&door, &InstanceDoor::visited, &window, &MainWindow::visit);
    QObject::connect(&ends, &EndSignals::asked, &window, [&door, &window] {
        door.shut();  // a visit would show the window again
        window.close();
        QApplication::quit();  // whatever other windows are open
    });
    return QApplication::exec();
}

}  // namespace spanreel::app
