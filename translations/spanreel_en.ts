<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>SpanWords</name>
    <message numerus="yes">
        <source>%n equal copies of it have come, shown as one.</source>
        <translation>
            <numerusform>%n equal copy of it has come, shown with it.</numerusform>
            <numerusform>%n equal copies of it have come, shown as one.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spanreel::app::ImportSummary</name>
    <message numerus="yes">
        <source>%n inputs. Records: %1 read = %2 kept + %3 skipped; %4 of the kept with a warning.</source>
        <translation>
            <numerusform>%n input. Records: %1 read = %2 kept + %3 skipped; %4 of the kept with a warning.</numerusform>
            <numerusform>%n inputs. Records: %1 read = %2 kept + %3 skipped; %4 of the kept with a warning.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spanreel::app::MainWindow</name>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>%n file</numerusform>
            <numerusform>%n files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting files were not read.</source>
        <translation>
            <numerusform>%n waiting file was not read.</numerusform>
            <numerusform>%n waiting files were not read.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spanreel::app::NotesKeeper</name>
    <message numerus="yes">
        <source>%n of the notes of %1 cannot be read. They stay where they are.</source>
        <translation>
            <numerusform>%n of the notes of %1 cannot be read. It stays where it is.</numerusform>
            <numerusform>%n of the notes of %1 cannot be read. They stay where they are.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spanreel::app::SessionsDesk</name>
    <message numerus="yes">
        <source>%n old sessions were removed from the disk, %1 in all: %2.</source>
        <translation>
            <numerusform>%n old session was removed from the disk, %1: %2.</numerusform>
            <numerusform>%n old sessions were removed from the disk, %1 in all: %2.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spanreel::app::SessionsDialog</name>
    <message numerus="yes">
        <source>%n sessions take %1.</source>
        <translation>
            <numerusform>%n session takes %1.</numerusform>
            <numerusform>%n sessions take %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Remove %n sessions?</source>
        <translation>
            <numerusform>Remove %n session?</numerusform>
            <numerusform>Remove %n sessions?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Its %n spans, its logs and its notes are deleted from the disk. That cannot be undone.</source>
        <translation>
            <numerusform>Its %n span, its logs and its notes are deleted from the disk. That cannot be undone.</numerusform>
            <numerusform>Its %n spans, its logs and its notes are deleted from the disk. That cannot be undone.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spanreel::views::Banner</name>
    <message numerus="yes">
        <source>%1 (%n times)</source>
        <translation>
            <numerusform>%1 (%n time)</numerusform>
            <numerusform>%1 (%n times)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spanreel::views::BannerStack</name>
    <message numerus="yes">
        <source>%n messages</source>
        <translation>
            <numerusform>%n message</numerusform>
            <numerusform>%n messages</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spanreel::views::DetailsModel</name>
    <message numerus="yes">
        <source>%n attributes</source>
        <translation>
            <numerusform>%n attribute</numerusform>
            <numerusform>%n attributes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n events</source>
        <translation>
            <numerusform>%n event</numerusform>
            <numerusform>%n events</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n links</source>
        <translation>
            <numerusform>%n link</numerusform>
            <numerusform>%n links</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spanreel::views::ScatterView</name>
    <message numerus="yes">
        <source>%n spans with errors</source>
        <translation>
            <numerusform>%n span with errors</numerusform>
            <numerusform>%n spans with errors</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more traces here</source>
        <translation>
            <numerusform>and %n more trace here</numerusform>
            <numerusform>and %n more traces here</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spanreel::views::ServiceMapView</name>
    <message numerus="yes">
        <source>%n services</source>
        <translation>
            <numerusform>%n service</numerusform>
            <numerusform>%n services</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n peers without spans of their own</source>
        <translation>
            <numerusform>%n peer without spans of its own</numerusform>
            <numerusform>%n peers without spans of their own</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n kinds of calls</source>
        <translation>
            <numerusform>%n kind of call</numerusform>
            <numerusform>%n kinds of calls</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spanreel::views::TimelineView</name>
    <message numerus="yes">
        <source>%n spans inside are closed away</source>
        <translation>
            <numerusform>%n span inside is closed away</numerusform>
            <numerusform>%n spans inside are closed away</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n events here</source>
        <translation>
            <numerusform>%n event here</numerusform>
            <numerusform>%n events here</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n logs here</source>
        <translation>
            <numerusform>%n log here</numerusform>
            <numerusform>%n logs here</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spanreel::views::TraceHeader</name>
    <message numerus="yes">
        <source>%n services</source>
        <translation>
            <numerusform>%n service</numerusform>
            <numerusform>%n services</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n others</source>
        <translation>
            <numerusform>%n other</numerusform>
            <numerusform>%n others</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spanreel::views::TraceModel</name>
    <message numerus="yes">
        <source>%n spans with errors</source>
        <translation>
            <numerusform>%n span with errors</numerusform>
            <numerusform>%n spans with errors</numerusform>
        </translation>
    </message>
</context>
</TS>
