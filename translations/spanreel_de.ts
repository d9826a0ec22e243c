<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en_GB">
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export report</source>
        <translation>Bericht ausgeben</translation>
    </message>
    <message>
        <source>Format of the report</source>
        <translation>Format des Berichts</translation>
    </message>
    <message>
        <source>HTML: one page that needs nothing else</source>
        <translation>HTML: eine Seite, die nichts weiter braucht</translation>
    </message>
    <message>
        <source>Markdown, with its pictures as SVG files beside it</source>
        <translation>Markdown, mit seinen Bildern als SVG-Dateien daneben</translation>
    </message>
    <message>
        <source>File to write</source>
        <translation>Zu schreibende Datei</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Durchsuchen…</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>Zeitleiste</translation>
    </message>
    <message>
        <source>Service map</source>
        <translation>Dienstkarte</translation>
    </message>
    <message>
        <source>Notes of this trace</source>
        <translation>Notizen zu diesem Trace</translation>
    </message>
    <message>
        <source>Replace well-known secrets (authorization, cookies, passwords, tokens, keys) by [redacted]</source>
        <translation>Bekannte Geheimnisse (authorization, Cookies, Kennwörter, Tokens, Schlüssel) durch [redacted] ersetzen</translation>
    </message>
    <message>
        <source>Without redaction the report shows attributes, logs and notes as they came. Look at it before you send it.</source>
        <translation>Ohne Schwärzung zeigt der Bericht Attribute, Logs und Notizen, wie sie kamen. Sehen Sie ihn an, bevor Sie ihn versenden.</translation>
    </message>
    <message>
        <source>Progress of the report</source>
        <translation>Fortschritt des Berichts</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Ausgeben</translation>
    </message>
    <message>
        <source>Open the report</source>
        <translation>Den Bericht öffnen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Cancelled; nothing was written.</source>
        <translation>Abgebrochen; nichts wurde geschrieben.</translation>
    </message>
    <message>
        <source>Writing %1</source>
        <translation>Schreibt %1</translation>
    </message>
    <message>
        <source>%1 could not be written: %2</source>
        <translation>%1 ließ sich nicht schreiben: %2</translation>
    </message>
    <message>
        <source>Wrote %1 (%2); secrets replaced: %3.</source>
        <translation>%1 geschrieben (%2); ersetzte Geheimnisse: %3.</translation>
    </message>
    <message>
        <source>Wrote %1 (%2), without redaction.</source>
        <translation>%1 geschrieben (%2), ohne Schwärzung.</translation>
    </message>
    <message>
        <source>Select a trace first: a report tells of one trace.</source>
        <translation>Wählen Sie erst einen Trace: ein Bericht erzählt von einem Trace.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>The file %1 exists already. Replace it?</source>
        <translation>Die Datei %1 gibt es schon. Soll sie ersetzt werden?</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
</context>
<context>
    <name>HelpWindows</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>Zeitleiste</translation>
    </message>
    <message>
        <source>Previous or next row</source>
        <translation>Vorige oder nächste Zeile</translation>
    </message>
    <message>
        <source>Up, Down</source>
        <translation>Auf, Ab</translation>
    </message>
    <message>
        <source>Collapse or expand</source>
        <translation>Zu- oder aufklappen</translation>
    </message>
    <message>
        <source>Left, Right</source>
        <translation>Links, Rechts</translation>
    </message>
    <message>
        <source>Zoom in or out</source>
        <translation>Vergrößern oder verkleinern</translation>
    </message>
    <message>
        <source>+, −, Ctrl+wheel</source>
        <translation>+, −, Strg+Rad</translation>
    </message>
    <message>
        <source>Pan and zoom with the left hand</source>
        <translation>Mit der linken Hand schieben und vergrößern</translation>
    </message>
    <message>
        <source>W, A, S, D</source>
        <translation>W, A, S, D</translation>
    </message>
    <message>
        <source>Fit the selection, fit the trace</source>
        <translation>Auswahl einpassen, Trace einpassen</translation>
    </message>
    <message>
        <source>F, 0</source>
        <translation>F, 0</translation>
    </message>
    <message>
        <source>Next or previous error</source>
        <translation>Nächster oder voriger Fehler</translation>
    </message>
    <message>
        <source>N, P</source>
        <translation>N, P</translation>
    </message>
    <message>
        <source>Next or previous match</source>
        <translation>Nächster oder voriger Treffer</translation>
    </message>
    <message>
        <source>F3, Shift+F3</source>
        <translation>F3, Umschalt+F3</translation>
    </message>
    <message>
        <source>Pan along the time axis</source>
        <translation>Auf der Zeitachse schieben</translation>
    </message>
    <message>
        <source>Shift+wheel, drag</source>
        <translation>Umschalt+Rad, Ziehen</translation>
    </message>
    <message>
        <source>Pick a time range</source>
        <translation>Einen Zeitbereich wählen</translation>
    </message>
    <message>
        <source>Drag on the ruler</source>
        <translation>Auf dem Lineal ziehen</translation>
    </message>
    <message>
        <source>Trace list</source>
        <translation>Liste der Traces</translation>
    </message>
    <message>
        <source>Open the trace</source>
        <translation>Den Trace öffnen</translation>
    </message>
    <message>
        <source>Return, double click</source>
        <translation>Eingabe, Doppelklick</translation>
    </message>
    <message>
        <source>Spanreel manual</source>
        <translation>Spanreel-Handbuch</translation>
    </message>
    <message>
        <source>About Spanreel</source>
        <translation>Über Spanreel</translation>
    </message>
    <message>
        <source>Spanreel&apos;s icon</source>
        <translation>Das Symbol von Spanreel</translation>
    </message>
    <message>
        <source>Spanreel %1

A desktop studio for distributed traces: receive, open, read, replay, explain, share. Nothing leaves this machine unless you send it.

Free software under the GNU General Public License, version 3 or later. It comes with no warranty.
Built on Qt %2.</source>
        <translation>Spanreel %1

Ein Studio für verteilte Traces: empfangen, öffnen, lesen, abspielen, erklären, weitergeben. Nichts verlässt diesen Rechner, das Sie nicht selbst senden.

Freie Software unter der GNU General Public License, Version 3 oder später. Ohne jede Gewährleistung.
Gebaut mit Qt %2.</translation>
    </message>
</context>
<context>
    <name>MapText</name>
    <message>
        <source>under 0.1 %</source>
        <translation>unter 0,1 %</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1 calls, p50 %2, p95 %3</source>
        <translation>%1 Aufrufe, p50 %2, p95 %3</translation>
    </message>
    <message>
        <source>1 span</source>
        <translation>1 Span</translation>
    </message>
    <message>
        <source>%1 spans</source>
        <translation>%1 Spans</translation>
    </message>
    <message>
        <source>1 call</source>
        <translation>1 Aufruf</translation>
    </message>
    <message>
        <source>%1 calls</source>
        <translation>%1 Aufrufe</translation>
    </message>
    <message>
        <source>1 error</source>
        <translation>1 Fehler</translation>
    </message>
    <message>
        <source>%1 errors</source>
        <translation>%1 Fehler</translation>
    </message>
    <message>
        <source>%1 in flight</source>
        <translation>%1 laufen</translation>
    </message>
    <message>
        <source>The text of 1 call is left out for want of room.</source>
        <translation>Der Text von 1 Aufruf fehlt aus Platzmangel.</translation>
    </message>
    <message>
        <source>The texts of %1 calls are left out for want of room.</source>
        <translation>Die Texte von %1 Aufrufen fehlen aus Platzmangel.</translation>
    </message>
    <message>
        <source>p50 %1 · p95 %2</source>
        <translation>p50 %1 · p95 %2</translation>
    </message>
    <message>
        <source>(no service name)</source>
        <translation>(kein Dienstname)</translation>
    </message>
    <message>
        <source>database</source>
        <translation>Datenbank</translation>
    </message>
    <message>
        <source>queue</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <source>external</source>
        <translation>extern</translation>
    </message>
    <message>
        <source>Service map</source>
        <translation>Dienstkarte</translation>
    </message>
    <message>
        <source>Service with %1 spans.</source>
        <translation>Dienst mit %1 Spans.</translation>
    </message>
    <message>
        <source>Database, known only from its %1 callers&apos; spans.</source>
        <translation>Datenbank, nur aus %1 Spans ihrer Aufrufer bekannt.</translation>
    </message>
    <message>
        <source>Queue, known only from its %1 callers&apos; spans.</source>
        <translation>Warteschlange, nur aus %1 Spans ihrer Aufrufer bekannt.</translation>
    </message>
    <message>
        <source>External host, known only from its %1 callers&apos; spans.</source>
        <translation>Fremder Host, nur aus %1 Spans seiner Aufrufer bekannt.</translation>
    </message>
    <message>
        <source>✕ %1 errors (%2).</source>
        <translation>✕ %1 Fehler (%2).</translation>
    </message>
    <message>
        <source>No errors.</source>
        <translation>Keine Fehler.</translation>
    </message>
    <message>
        <source>Answers within %1 (p50) and %2 (p95).</source>
        <translation>Antwortet binnen %1 (p50) und %2 (p95).</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Called by</source>
        <translation>Gerufen von</translation>
    </message>
    <message>
        <source>Calls</source>
        <translation>Ruft</translation>
    </message>
    <message>
        <source>%1 calls %2</source>
        <translation>%1 ruft %2</translation>
    </message>
    <message>
        <source>Took %1 (p50), %2 (p95), %3 (p99).</source>
        <translation>Dauerte %1 (p50), %2 (p95), %3 (p99).</translation>
    </message>
    <message>
        <source>Asynchronous: joined by links or by producer and consumer spans.</source>
        <translation>Asynchron: durch Links oder Producer- und Consumer-Spans verbunden.</translation>
    </message>
    <message>
        <source>1 call, %1</source>
        <translation>1 Aufruf, %1</translation>
    </message>
    <message>
        <source>%1, ✕ %2 errors</source>
        <translation>%1, ✕ %2 Fehler</translation>
    </message>
    <message>
        <source>1 call.</source>
        <translation>1 Aufruf.</translation>
    </message>
    <message>
        <source>%1 calls.</source>
        <translation>%1 Aufrufe.</translation>
    </message>
    <message>
        <source>Service with 1 span.</source>
        <translation>Dienst mit 1 Span.</translation>
    </message>
</context>
<context>
    <name>NoteText</name>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>log at %1</source>
        <translation>Log bei %1</translation>
    </message>
    <message>
        <source>log at %1 of span %2</source>
        <translation>Log bei %1 des Spans %2</translation>
    </message>
    <message>
        <source>time range %1 to %2</source>
        <translation>Zeitbereich %1 bis %2</translation>
    </message>
    <message>
        <source>time range of %1</source>
        <translation>Zeitbereich von %1</translation>
    </message>
    <message>
        <source>span %1</source>
        <translation>Span %1</translation>
    </message>
    <message>
        <source>trace %1</source>
        <translation>Trace %1</translation>
    </message>
    <message>
        <source>Yellow</source>
        <translation>Gelb</translation>
    </message>
    <message>
        <source>Green</source>
        <translation>Grün</translation>
    </message>
    <message>
        <source>Blue</source>
        <translation>Blau</translation>
    </message>
    <message>
        <source>Red</source>
        <translation>Rot</translation>
    </message>
    <message>
        <source>Purple</source>
        <translation>Violett</translation>
    </message>
    <message>
        <source>Grey</source>
        <translation>Grau</translation>
    </message>
    <message>
        <source>(no text)</source>
        <translation>(kein Text)</translation>
    </message>
</context>
<context>
    <name>Problem</name>
    <message>
        <source>no problem</source>
        <translation>kein Problem</translation>
    </message>
    <message>
        <source>cannot be opened: {}</source>
        <translation>lässt sich nicht öffnen: {}</translation>
    </message>
    <message>
        <source>cannot be read: {}</source>
        <translation>lässt sich nicht lesen: {}</translation>
    </message>
    <message>
        <source>cannot be written: {}</source>
        <translation>lässt sich nicht schreiben: {}</translation>
    </message>
    <message>
        <source>the input is empty</source>
        <translation>die Eingabe ist leer</translation>
    </message>
    <message>
        <source>not a format Spanreel reads: {}</source>
        <translation>kein Format, das Spanreel liest: {}</translation>
    </message>
    <message>
        <source>text encoding not read here: {}</source>
        <translation>diese Zeichenkodierung wird hier nicht gelesen: {}</translation>
    </message>
    <message>
        <source>an error reply of an API, not a trace: {}</source>
        <translation>die Fehlerantwort einer Schnittstelle, kein Trace: {}</translation>
    </message>
    <message>
        <source>damaged compression: {}</source>
        <translation>beschädigte Kompression: {}</translation>
    </message>
    <message>
        <source>over a limit: {}</source>
        <translation>über einer Grenze: {}</translation>
    </message>
    <message>
        <source>malformed JSON: {}</source>
        <translation>fehlerhaftes JSON: {}</translation>
    </message>
    <message>
        <source>malformed protobuf: {}</source>
        <translation>fehlerhaftes Protobuf: {}</translation>
    </message>
    <message>
        <source>nested too deeply (limit 100): {}</source>
        <translation>zu tief verschachtelt (Grenze 100): {}</translation>
    </message>
    <message>
        <source>not a valid value: {}</source>
        <translation>kein gültiger Wert: {}</translation>
    </message>
    <message>
        <source>not a record: {}</source>
        <translation>kein Datensatz: {}</translation>
    </message>
    <message>
        <source>invalid UTF-8 replaced by U+FFFD: {}</source>
        <translation>ungültiges UTF-8 durch U+FFFD ersetzt: {}</translation>
    </message>
    <message>
        <source>id in base64 instead of hex: {}</source>
        <translation>Kennung in Base64 statt hexadezimal: {}</translation>
    </message>
    <message>
        <source>enum given by name instead of number: {}</source>
        <translation>Aufzählungswert als Name statt als Zahl: {}</translation>
    </message>
    <message>
        <source>id is absent or all zero, the record joins nothing: {}</source>
        <translation>Kennung fehlt oder ist null, der Datensatz gehört zu nichts: {}</translation>
    </message>
    <message>
        <source>id of unusual length: {}</source>
        <translation>Kennung von ungewöhnlicher Länge: {}</translation>
    </message>
    <message>
        <source>id is not hex of the usual length, a stable id stands for it: {}</source>
        <translation>Kennung ist nicht hexadezimal von üblicher Länge, eine feste Kennung steht dafür: {}</translation>
    </message>
    <message>
        <source>key occurs more than once: {}</source>
        <translation>Schlüssel kommt mehrmals vor: {}</translation>
    </message>
    <message>
        <source>snake_case name is not OTLP JSON and was ignored: {}</source>
        <translation>Name in snake_case ist kein OTLP-JSON und wurde übergangen: {}</translation>
    </message>
    <message>
        <source>another signal than the name says: {}</source>
        <translation>anderes Signal, als der Name sagt: {}</translation>
    </message>
    <message>
        <source>unknown enum value kept: {}</source>
        <translation>unbekannter Aufzählungswert behalten: {}</translation>
    </message>
    <message>
        <source>unknown enum value not kept: {}</source>
        <translation>unbekannter Aufzählungswert nicht behalten: {}</translation>
    </message>
    <message>
        <source>names a process that is not in the file: {}</source>
        <translation>nennt einen Prozess, der nicht in der Datei steht: {}</translation>
    </message>
    <message>
        <source>negative duration: {}</source>
        <translation>negative Dauer: {}</translation>
    </message>
    <message>
        <source>time unit guessed from the magnitude: {}</source>
        <translation>Zeiteinheit aus der Größenordnung geschlossen: {}</translation>
    </message>
    <message>
        <source>no usable time: {}</source>
        <translation>keine brauchbare Zeit: {}</translation>
    </message>
    <message>
        <source>kept as a line of text: {}</source>
        <translation>als Textzeile behalten: {}</translation>
    </message>
    <message>
        <source>id found in the text: {}</source>
        <translation>Kennung im Text gefunden: {}</translation>
    </message>
    <message>
        <source>an old format: {}</source>
        <translation>ein altes Format: {}</translation>
    </message>
    <message>
        <source>span is its own parent: {}</source>
        <translation>Span ist sein eigener Elter: {}</translation>
    </message>
    <message>
        <source>parents form a cycle, cut at {}</source>
        <translation>Eltern bilden einen Kreis, aufgetrennt bei {}</translation>
    </message>
    <message>
        <source>missing parent: {}</source>
        <translation>fehlender Elter: {}</translation>
    </message>
    <message>
        <source>more than one root span: {}</source>
        <translation>mehr als ein Wurzel-Span: {}</translation>
    </message>
    <message>
        <source>duplicate span id: {}</source>
        <translation>doppelte Span-Kennung: {}</translation>
    </message>
    <message>
        <source>starts before its parent: {}</source>
        <translation>beginnt vor seinem Elter: {}</translation>
    </message>
    <message>
        <source>kept as it is: {}</source>
        <translation>unverändert behalten: {}</translation>
    </message>
    <message>
        <source>the target format cannot hold: {}</source>
        <translation>das Zielformat kann nicht aufnehmen: {}</translation>
    </message>
    <message>
        <source>no trace with the id {}</source>
        <translation>kein Trace mit der Kennung {}</translation>
    </message>
    <message>
        <source>wrong arguments: {}</source>
        <translation>falsche Argumente: {}</translation>
    </message>
    <message>
        <source>port in use: {}</source>
        <translation>Port ist belegt: {}</translation>
    </message>
    <message>
        <source>internal error: {}</source>
        <translation>innerer Fehler: {}</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>abgebrochen</translation>
    </message>
</context>
<context>
    <name>ReportText</name>
    <message>
        <source>Trace %1</source>
        <translation>Trace %1</translation>
    </message>
    <message>
        <source>Redaction was off: this report shows attributes, logs and notes as they came.</source>
        <translation>Die Schwärzung war aus: dieser Bericht zeigt Attribute, Logs und Notizen, wie sie kamen.</translation>
    </message>
    <message>
        <source>No well-known secrets were found in what this report shows.</source>
        <translation>In dem, was dieser Bericht zeigt, fanden sich keine bekannten Geheimnisse.</translation>
    </message>
    <message>
        <source>Well-known secrets are replaced by [redacted]: %1.</source>
        <translation>Bekannte Geheimnisse sind durch [redacted] ersetzt: %1.</translation>
    </message>
    <message>
        <source>Written by Spanreel at %1. Times are UTC; durations show three significant digits.</source>
        <translation>Von Spanreel geschrieben, %1. Zeiten sind UTC; Dauern zeigen drei gültige Ziffern.</translation>
    </message>
    <message>
        <source>Written by Spanreel. Times are UTC; durations show three significant digits.</source>
        <translation>Von Spanreel geschrieben. Zeiten sind UTC; Dauern zeigen drei gültige Ziffern.</translation>
    </message>
    <message>
        <source>(no service name)</source>
        <translation>(kein Dienstname)</translation>
    </message>
    <message>
        <source>Trace id</source>
        <translation>Trace-Kennung</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>no usable time</source>
        <translation>keine brauchbare Zeit</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Spans</source>
        <translation>Spans</translation>
    </message>
    <message>
        <source>%1, %2 of them copies</source>
        <translation>%1, davon %2 Kopien</translation>
    </message>
    <message>
        <source>no service name</source>
        <translation>kein Dienstname</translation>
    </message>
    <message>
        <source>Services</source>
        <translation>Dienste</translation>
    </message>
    <message>
        <source>Depth</source>
        <translation>Tiefe</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>Logs</translation>
    </message>
    <message>
        <source>Orphans</source>
        <translation>Waisen</translation>
    </message>
    <message>
        <source>%1 spans whose parent never arrived</source>
        <translation>%1 Spans, deren Elter nie ankam</translation>
    </message>
    <message>
        <source>Read from</source>
        <translation>Gelesen aus</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Notizen</translation>
    </message>
    <message>
        <source>At %1, on %2</source>
        <translation>Bei %1, zu %2</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>Zeitleiste</translation>
    </message>
    <message>
        <source>Timeline of the trace. A line under a bar is the critical path; ✕ is an error.</source>
        <translation>Zeitleiste des Traces. Eine Linie unter einem Balken ist der kritische Pfad; ✕ ist ein Fehler.</translation>
    </message>
    <message>
        <source>Service map</source>
        <translation>Dienstkarte</translation>
    </message>
    <message>
        <source>Who calls whom in this trace, with durations of the called side. Dashed edges are asynchronous.</source>
        <translation>Wer in diesem Trace wen ruft, mit Dauern der gerufenen Seite. Gestrichelte Kanten sind asynchron.</translation>
    </message>
    <message>
        <source>Critical path</source>
        <translation>Kritischer Pfad</translation>
    </message>
    <message>
        <source>What the trace waited for, %1 in all. By service: %2.</source>
        <translation>Worauf der Trace wartete, insgesamt %1. Nach Diensten: %2.</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>Dienst</translation>
    </message>
    <message>
        <source>Span</source>
        <translation>Span</translation>
    </message>
    <message>
        <source>On the path</source>
        <translation>Auf dem Pfad</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>Anteil</translation>
    </message>
    <message>
        <source>Slowest spans by self time</source>
        <translation>Langsamste Spans nach Eigenzeit</translation>
    </message>
    <message>
        <source>Self time is what a span spent outside its children.</source>
        <translation>Eigenzeit ist, was ein Span außerhalb seiner Kinder verbrachte.</translation>
    </message>
    <message>
        <source>Self time</source>
        <translation>Eigenzeit</translation>
    </message>
    <message>
        <source>Since start</source>
        <translation>Seit Start</translation>
    </message>
    <message>
        <source>No span of this trace ended in an error.</source>
        <translation>Kein Span dieses Traces endete mit einem Fehler.</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Span id</source>
        <translation>Span-Kennung</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>%1 after the start, for %2</source>
        <translation>%1 nach dem Start, für %2</translation>
    </message>
    <message>
        <source>Severity</source>
        <translation>Schwere</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Log</translation>
    </message>
    <message>
        <source>no time</source>
        <translation>keine Zeit</translation>
    </message>
    <message>
        <source>%1 more attributes are not listed</source>
        <translation>%1 weitere Attribute sind nicht aufgeführt</translation>
    </message>
    <message>
        <source>Root span</source>
        <translation>Wurzel-Span</translation>
    </message>
    <message>
        <source>Shows %1 of %2; %3 are left out.</source>
        <translation>Zeigt %1 von %2; %3 sind weggelassen.</translation>
    </message>
    <message>
        <source>en</source>
        <comment>language code of the translation: en, de</comment>
        <translation>de</translation>
    </message>
</context>
<context>
    <name>SaveTrace</name>
    <message>
        <source>Save trace as OTLP</source>
        <translation>Trace als OTLP speichern</translation>
    </message>
    <message>
        <source>OTLP JSON lines (*.jsonl *.json)</source>
        <translation>OTLP-JSON-Zeilen (*.jsonl *.json)</translation>
    </message>
    <message>
        <source>OTLP protobuf (*.pb *.binpb)</source>
        <translation>OTLP-Protobuf (*.pb *.binpb)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>%1 was not written: %2</source>
        <translation>%1 wurde nicht geschrieben: %2</translation>
    </message>
    <message>
        <source>%1 spans and %2 logs were written to %3.</source>
        <translation>%1 Spans und %2 Logs wurden nach %3 geschrieben.</translation>
    </message>
    <message>
        <source>%1 unknown protobuf fields have no place in JSON and are not in it.</source>
        <translation>%1 unbekannte Protobuf-Felder haben in JSON keinen Platz und fehlen darin.</translation>
    </message>
</context>
<context>
    <name>SourceTitle</name>
    <message>
        <source>Sample: %1</source>
        <translation>Beispiel: %1</translation>
    </message>
    <message>
        <source>Session of %1</source>
        <translation>Sitzung vom %1</translation>
    </message>
</context>
<context>
    <name>SpanWords</name>
    <message>
        <source>unspecified</source>
        <translation>nicht angegeben</translation>
    </message>
    <message>
        <source>internal</source>
        <translation>intern</translation>
    </message>
    <message>
        <source>server</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>client</source>
        <translation>Client</translation>
    </message>
    <message>
        <source>producer</source>
        <translation>Producer</translation>
    </message>
    <message>
        <source>consumer</source>
        <translation>Consumer</translation>
    </message>
    <message>
        <source>kind %1</source>
        <translation>Art %1</translation>
    </message>
    <message>
        <source>unset</source>
        <translation>nicht gesetzt</translation>
    </message>
    <message>
        <source>ok</source>
        <translation>ok</translation>
    </message>
    <message>
        <source>error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>status %1</source>
        <translation>Status %1</translation>
    </message>
    <message>
        <source>Orphan: its parent %1 is not in this trace.</source>
        <translation>Waise: sein Elter %1 ist nicht in diesem Trace.</translation>
    </message>
    <message>
        <source>It names itself as its parent.</source>
        <translation>Er nennt sich selbst als Elter.</translation>
    </message>
    <message>
        <source>Its parent %1 is also its descendant; the circle is cut here.</source>
        <translation>Sein Elter %1 ist auch sein Nachkomme; der Kreis ist hier aufgetrennt.</translation>
    </message>
    <message>
        <source>Another span of this trace has the same id with other content.</source>
        <translation>Ein anderer Span dieses Traces hat dieselbe Kennung mit anderem Inhalt.</translation>
    </message>
    <message>
        <source>It ends %1 before it starts; shown with no duration.</source>
        <translation>Er endet %1, bevor er beginnt; ohne Dauer dargestellt.</translation>
    </message>
    <message>
        <source>It has no usable start time and is not on the time axis.</source>
        <translation>Er hat keine brauchbare Startzeit und steht nicht auf der Zeitachse.</translation>
    </message>
    <message>
        <source>It starts %1 before its parent: the clocks of the two hosts may differ.</source>
        <translation>Er beginnt %1 vor seinem Elter: die Uhren der beiden Rechner gehen womöglich verschieden.</translation>
    </message>
    <message>
        <source>It ends %1 after its parent.</source>
        <translation>Er endet %1 nach seinem Elter.</translation>
    </message>
    <message numerus="yes">
        <source>%n equal copies of it have come, shown as one.</source>
        <translation>
            <numerusform>%n gleiche Kopie davon kam an, als eine gezeigt.</numerusform>
            <numerusform>%n gleiche Kopien davon kamen an, als eine gezeigt.</numerusform>
        </translation>
    </message>
    <message>
        <source>Its id was made by Spanreel from what the input said.</source>
        <translation>Seine Kennung hat Spanreel aus dem gebildet, was in der Eingabe stand.</translation>
    </message>
    <message>
        <source>It came without a usable trace id; spans of that kind are kept together per input.</source>
        <translation>Er kam ohne brauchbare Trace-Kennung; solche Spans bleiben je Eingabe beisammen.</translation>
    </message>
    <message>
        <source>It came without a usable span id; nothing can be its child.</source>
        <translation>Er kam ohne brauchbare Span-Kennung; nichts kann sein Kind sein.</translation>
    </message>
    <message>
        <source>Some of its text was invalid and was repaired.</source>
        <translation>Ein Teil seines Textes war ungültig und wurde repariert.</translation>
    </message>
    <message>
        <source>no usable time</source>
        <translation>keine brauchbare Zeit</translation>
    </message>
    <message>
        <source>(no name)</source>
        <translation>(kein Name)</translation>
    </message>
</context>
<context>
    <name>TimeText</name>
    <message>
        <source>no usable time</source>
        <translation>keine brauchbare Zeit</translation>
    </message>
</context>
<context>
    <name>spanreel::app::ImportStrip</name>
    <message>
        <source>Import progress</source>
        <translation>Fortschritt des Imports</translation>
    </message>
    <message>
        <source>Bytes read of this file</source>
        <translation>Gelesene Bytes dieser Datei</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Stop reading; what has been read stays</source>
        <translation>Nicht weiterlesen; was gelesen ist, bleibt</translation>
    </message>
    <message>
        <source>Reading %1, file %2 of %3: %4 records so far</source>
        <translation>Liest %1, Datei %2 von %3: bisher %4 Datensätze</translation>
    </message>
    <message>
        <source>Reading %1: %2 records so far</source>
        <translation>Liest %1: bisher %2 Datensätze</translation>
    </message>
</context>
<context>
    <name>spanreel::app::ImportSummary</name>
    <message>
        <source>line %1</source>
        <translation>Zeile %1</translation>
    </message>
    <message>
        <source>byte %1</source>
        <translation>Byte %1</translation>
    </message>
    <message>
        <source>Import summary</source>
        <translation>Import-Übersicht</translation>
    </message>
    <message>
        <source>Inputs and their problems</source>
        <translation>Eingaben und ihre Probleme</translation>
    </message>
    <message>
        <source>Input and problems</source>
        <translation>Eingabe und Probleme</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>Gelesen</translation>
    </message>
    <message>
        <source>Kept</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Warned</source>
        <translation>Gewarnt</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>Übergangen</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>place: problem</comment>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>%1 more: %2</source>
        <translation>%1 weitere: %2</translation>
    </message>
    <message>
        <source>No problems</source>
        <translation>Keine Probleme</translation>
    </message>
    <message>
        <source>read %1, kept %2, warned %3, skipped %4, format %5</source>
        <translation>gelesen %1, behalten %2, gewarnt %3, übergangen %4, Format %5</translation>
    </message>
    <message numerus="yes">
        <source>%n inputs. Records: %1 read = %2 kept + %3 skipped; %4 of the kept with a warning.</source>
        <translation>
            <numerusform>%n Eingabe. Datensätze: %1 gelesen = %2 behalten + %3 übergangen; %4 der behaltenen mit einer Warnung.</numerusform>
            <numerusform>%n Eingaben. Datensätze: %1 gelesen = %2 behalten + %3 übergangen; %4 der behaltenen mit einer Warnung.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spanreel::app::MainWindow</name>
    <message>
        <source>Navigator</source>
        <translation>Navigator</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>Logs</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Notizen</translation>
    </message>
    <message>
        <source>Replay</source>
        <translation>Abspielen</translation>
    </message>
    <message>
        <source>Main toolbar</source>
        <translation>Hauptleiste</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Forward</source>
        <translation>Vor</translation>
    </message>
    <message>
        <source>Find traces by operation, service or trace id</source>
        <translation>Traces nach Operation, Dienst oder Trace-Kennung finden</translation>
    </message>
    <message>
        <source>Find an operation, a service or a trace id…</source>
        <translation>Operation, Dienst oder Trace-Kennung suchen…</translation>
    </message>
    <message>
        <source>Switch to the light theme</source>
        <translation>Zum hellen Erscheinungsbild wechseln</translation>
    </message>
    <message>
        <source>Switch to the dark theme</source>
        <translation>Zum dunklen Erscheinungsbild wechseln</translation>
    </message>
    <message>
        <source>Graph</source>
        <translation>Graph</translation>
    </message>
    <message>
        <source>Open trace and log files</source>
        <translation>Trace- und Log-Dateien öffnen</translation>
    </message>
    <message>
        <source>Traces and logs (*.json *.jsonl *.ndjson *.pb *.bin *.binpb *.log *.txt *.gz *.zst *.spanreel)</source>
        <translation>Traces und Logs (*.json *.jsonl *.ndjson *.pb *.bin *.binpb *.log *.txt *.gz *.zst *.spanreel)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Sample session</source>
        <translation>Beispielsitzung</translation>
    </message>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>%n Datei</numerusform>
            <numerusform>%n Dateien</numerusform>
        </translation>
    </message>
    <message>
        <source>Live session</source>
        <translation>Live-Sitzung</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation>Ö&amp;ffnen…</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>Open &amp;sample</source>
        <translation>Beis&amp;piel öffnen</translation>
    </message>
    <message>
        <source>&amp;Export report…</source>
        <translation>Bericht &amp;ausgeben…</translation>
    </message>
    <message>
        <source>Save trace as OT&amp;LP…</source>
        <translation>Trace als O&amp;TLP speichern…</translation>
    </message>
    <message>
        <source>&amp;New session</source>
        <translation>&amp;Neue Sitzung</translation>
    </message>
    <message>
        <source>Se&amp;ttings…</source>
        <translation>&amp;Einstellungen…</translation>
    </message>
    <message>
        <source>&amp;Close tab</source>
        <translation>&amp;Reiter schließen</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>No recent files</source>
        <translation>Keine zuletzt geöffneten Dateien</translation>
    </message>
    <message>
        <source>Clear this list</source>
        <translation>Diese Liste leeren</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Find</source>
        <translation>&amp;Suchen</translation>
    </message>
    <message>
        <source>Find in the &amp;session</source>
        <translation>In der Si&amp;tzung suchen</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>&amp;Erscheinungsbild</translation>
    </message>
    <message>
        <source>As the &amp;system</source>
        <translation>Wie das &amp;System</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>&amp;Hell</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>&amp;Dunkel</translation>
    </message>
    <message>
        <source>&amp;Density</source>
        <translation>&amp;Dichte</translation>
    </message>
    <message>
        <source>&amp;Compact rows</source>
        <translation>&amp;Enge Zeilen</translation>
    </message>
    <message>
        <source>&amp;Normal rows</source>
        <translation>&amp;Normale Zeilen</translation>
    </message>
    <message>
        <source>C&amp;omfortable rows</source>
        <translation>&amp;Weite Zeilen</translation>
    </message>
    <message>
        <source>Times in &amp;UTC</source>
        <translation>Zeiten in &amp;UTC</translation>
    </message>
    <message>
        <source>&amp;Reset layout</source>
        <translation>Anordnung &amp;zurücksetzen</translation>
    </message>
    <message>
        <source>&amp;Full screen</source>
        <translation>&amp;Vollbild</translation>
    </message>
    <message>
        <source>&amp;Go</source>
        <translation>&amp;Gehe zu</translation>
    </message>
    <message>
        <source>&amp;Traces</source>
        <translation>&amp;Traces</translation>
    </message>
    <message>
        <source>&amp;Selected trace</source>
        <translation>&amp;Gewählter Trace</translation>
    </message>
    <message>
        <source>Service &amp;map</source>
        <translation>&amp;Dienstkarte</translation>
    </message>
    <message>
        <source>&amp;Next trace</source>
        <translation>&amp;Nächster Trace</translation>
    </message>
    <message>
        <source>&amp;Previous trace</source>
        <translation>&amp;Voriger Trace</translation>
    </message>
    <message>
        <source>Next ta&amp;b</source>
        <translation>Nächster &amp;Reiter</translation>
    </message>
    <message>
        <source>Previous t&amp;ab</source>
        <translation>Voriger R&amp;eiter</translation>
    </message>
    <message>
        <source>&amp;Replay</source>
        <translation>Abs&amp;pielen</translation>
    </message>
    <message>
        <source>&amp;Notes</source>
        <translation>&amp;Notizen</translation>
    </message>
    <message>
        <source>&amp;Show notes</source>
        <translation>Notizen &amp;zeigen</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Manual</source>
        <translation>&amp;Handbuch</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts</source>
        <translation>&amp;Tastenkürzel</translation>
    </message>
    <message>
        <source>&amp;About Spanreel</source>
        <translation>Ü&amp;ber Spanreel</translation>
    </message>
    <message>
        <source>Cancelled: %1 records of %2 kept, about %3&#xa0;% of the file read.</source>
        <translation>Abgebrochen: %1 Einträge aus %2 behalten, etwa %3&#xa0;% der Datei gelesen.</translation>
    </message>
    <message>
        <source>Cancelled: %1 records of %2 kept.</source>
        <translation>Abgebrochen: %1 Einträge aus %2 behalten.</translation>
    </message>
    <message numerus="yes">
        <source>%n waiting files were not read.</source>
        <translation>
            <numerusform>%n wartende Datei wurde nicht gelesen.</numerusform>
            <numerusform>%n wartende Dateien wurden nicht gelesen.</numerusform>
        </translation>
    </message>
    <message>
        <source>In flight</source>
        <translation>Unterwegs</translation>
    </message>
    <message>
        <source>%1 – %2</source>
        <comment>page in front, files</comment>
        <translation>%1 – %2</translation>
    </message>
    <message>
        <source>Sess&amp;ions…</source>
        <translation>&amp;Sitzungen…</translation>
    </message>
    <message>
        <source>Import summar&amp;y</source>
        <translation>&amp;Import-Übersicht</translation>
    </message>
    <message>
        <source>Settings cannot be saved in %1: the disk is full, or does not allow it. What you change holds for this window; it is tried again with each change.</source>
        <translation>Einstellungen lassen sich nicht in %1 speichern: Der Datenträger ist voll oder erlaubt es nicht. Was Sie ändern, gilt für dieses Fenster; mit jeder Änderung wird es noch einmal versucht.</translation>
    </message>
</context>
<context>
    <name>spanreel::app::MemoryDesk</name>
    <message>
        <source>The memory for records, %1, is used up. Senders are told to come back, and no more is read from files. A new session makes room; Settings give the next window more memory.</source>
        <translation>Der Arbeitsspeicher für Datensätze, %1, ist aufgebraucht. Sender werden gebeten, später wiederzukommen, und aus Dateien wird nichts mehr gelesen. Eine neue Sitzung schafft Platz; die Einstellungen geben dem nächsten Fenster mehr Speicher.</translation>
    </message>
    <message>
        <source>New session</source>
        <translation>Neue Sitzung</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>Einstellungen…</translation>
    </message>
    <message>
        <source>This session has all the records it can hold. Senders are told to come back, and no more is read from files. A new session makes room.</source>
        <translation>Diese Sitzung enthält so viele Datensätze, wie sie fassen kann. Sender werden gebeten, es später zu versuchen, und aus Dateien wird nichts mehr gelesen. Eine neue Sitzung schafft Platz.</translation>
    </message>
    <message>
        <source>Records that have no room in memory cannot be put on disk: %1. They stay in memory; it is tried again all the time.</source>
        <translation>Datensätze, die im Arbeitsspeicher keinen Platz haben, können nicht auf den Datenträger: %1. Sie bleiben im Arbeitsspeicher; es wird immer wieder versucht.</translation>
    </message>
    <message>
        <source>Records that have no room in memory cannot be put on disk. They stay in memory; it is tried again all the time.</source>
        <translation>Datensätze, die im Arbeitsspeicher keinen Platz haben, können nicht auf den Datenträger. Sie bleiben im Arbeitsspeicher; es wird immer wieder versucht.</translation>
    </message>
</context>
<context>
    <name>spanreel::app::NotesKeeper</name>
    <message>
        <source>The notes of %1 cannot be read: %2</source>
        <translation>Die Notizen zu %1 lassen sich nicht lesen: %2</translation>
    </message>
    <message>
        <source>The session&apos;s notes cannot be saved: %1</source>
        <translation>Die Notizen der Sitzung lassen sich nicht speichern: %1</translation>
    </message>
    <message>
        <source>The notes of %1 cannot be saved: %2</source>
        <translation>Die Notizen zu %1 lassen sich nicht speichern: %2</translation>
    </message>
    <message numerus="yes">
        <source>%n of the notes of %1 cannot be read. They stay where they are.</source>
        <translation>
            <numerusform>%n Notiz zu %1 ist nicht lesbar. Sie bleibt, wo sie ist.</numerusform>
            <numerusform>%n Notizen zu %1 sind nicht lesbar. Sie bleiben, wo sie sind.</numerusform>
        </translation>
    </message>
    <message>
        <source>This session has no folder on disk, so notes on the sample or on received traces last only until it ends. File &gt; Export report keeps them.</source>
        <translation>Diese Sitzung hat keinen Ordner auf der Platte; Notizen zum Beispiel oder zu empfangenen Traces bleiben nur bis zu ihrem Ende. Datei &gt; Bericht ausgeben bewahrt sie.</translation>
    </message>
</context>
<context>
    <name>spanreel::app::PageTabs</name>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>Traces</source>
        <translation>Traces</translation>
    </message>
    <message>
        <source>Service map</source>
        <translation>Dienstkarte</translation>
    </message>
    <message>
        <source>Close this tab</source>
        <translation>Diesen Reiter schließen</translation>
    </message>
    <message>
        <source>(no name)</source>
        <translation>(kein Name)</translation>
    </message>
</context>
<context>
    <name>spanreel::app::ReceiverDesk</name>
    <message>
        <source>Receivers</source>
        <translation>Empfänger</translation>
    </message>
    <message>
        <source>The receivers are off in this window.</source>
        <translation>Die Empfänger sind in diesem Fenster aus.</translation>
    </message>
    <message>
        <source>The receivers are starting.</source>
        <translation>Die Empfänger starten.</translation>
    </message>
    <message>
        <source>Listening for OTLP over HTTP on port %1 and over gRPC on port %2. Start a program with these variables and its traces and logs appear here:</source>
        <translation>Lauscht auf OTLP über HTTP auf Port %1 und über gRPC auf Port %2. Starten Sie ein Programm mit diesen Variablen, und seine Traces und Logs erscheinen hier:</translation>
    </message>
    <message>
        <source>Listening for OTLP over HTTP on port %1. Start a program with these variables and its traces and logs appear here:</source>
        <translation>Lauscht auf OTLP über HTTP auf Port %1. Starten Sie ein Programm mit diesen Variablen, und seine Traces und Logs erscheinen hier:</translation>
    </message>
    <message>
        <source>Listening for OTLP over gRPC on port %1. Start a program with these variables and its traces and logs appear here:</source>
        <translation>Lauscht auf OTLP über gRPC auf Port %1. Starten Sie ein Programm mit diesen Variablen, und seine Traces und Logs erscheinen hier:</translation>
    </message>
    <message>
        <source>No receiver is listening.</source>
        <translation>Kein Empfänger lauscht.</translation>
    </message>
    <message>
        <source>listening</source>
        <translation>lauscht</translation>
    </message>
    <message>
        <source>not listening</source>
        <translation>lauscht nicht</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>startet</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>%1 on port %2: %3</source>
        <translation>%1 auf Port %2: %3</translation>
    </message>
    <message>
        <source>not receiving</source>
        <translation>empfängt nicht</translation>
    </message>
    <message>
        <source>receivers off</source>
        <translation>Empfänger aus</translation>
    </message>
    <message>
        <source>receiving %1 spans/s</source>
        <translation>empfängt %1 Spans/s</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>bereit</translation>
    </message>
    <message>
        <source>%1 cannot listen: %2 is in use by another program.</source>
        <translation>%1 kann nicht lauschen: %2 ist von einem anderen Programm belegt.</translation>
    </message>
    <message>
        <source>%1 cannot listen: %2 is in use by %3.</source>
        <translation>%1 kann nicht lauschen: %2 ist von %3 belegt.</translation>
    </message>
    <message>
        <source>Use port %1</source>
        <translation>Port %1 nehmen</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>A receiver cannot listen: %1</source>
        <translation>Ein Empfänger kann nicht lauschen: %1</translation>
    </message>
    <message>
        <source>The receivers listen beyond this machine, on %1. Anyone who reaches that address can send data here.</source>
        <translation>Die Empfänger lauschen über diesen Rechner hinaus, auf %1. Wer diese Adresse erreicht, kann hierher senden.</translation>
    </message>
    <message>
        <source>%1 listens on port %2. Programs find it with %3</source>
        <translation>%1 lauscht auf Port %2. Programme finden ihn mit %3</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy endpoint</source>
        <translation>Endpunkt kopieren</translation>
    </message>
    <message>
        <source>A program sent something that was refused.</source>
        <translation>Ein Programm hat etwas gesendet, das abgelehnt wurde.</translation>
    </message>
    <message>
        <source>Programs sent something that was refused %1 times.</source>
        <translation>Programme haben %1-mal etwas gesendet, das abgelehnt wurde.</translation>
    </message>
    <message>
        <source>%1 The reason the last time: %2</source>
        <translation>%1 Der Grund beim letzten Mal: %2</translation>
    </message>
</context>
<context>
    <name>spanreel::app::Session</name>
    <message>
        <source>The sample cannot be unpacked into %1.</source>
        <translation>Das Beispiel lässt sich nicht nach %1 auspacken.</translation>
    </message>
    <message>
        <source>What is received is not kept on disk: %1</source>
        <translation>Was ankommt, wird nicht auf der Platte behalten: %1</translation>
    </message>
    <message>
        <source>What is received can be written again.</source>
        <translation>Empfangenes kann wieder geschrieben werden.</translation>
    </message>
    <message>
        <source>The disk did not take what was received (%1). A new file was begun: %2</source>
        <translation>Der Datenträger hat Empfangenes nicht angenommen (%1). Eine neue Datei wurde begonnen: %2</translation>
    </message>
    <message>
        <source>The folder of this session was removed. What was received goes on in %1</source>
        <translation>Der Ordner dieser Sitzung wurde entfernt. Empfangenes liegt nun in %1</translation>
    </message>
    <message>
        <source>What is received cannot be written (%1). Senders are told to come back until it can.</source>
        <translation>Empfangenes kann nicht geschrieben werden (%1). Sender werden gebeten, es später wieder zu versuchen, bis es geht.</translation>
    </message>
    <message>
        <source>Another program cut the recording of this session short, and what it cut off is lost. A new file was begun: %1</source>
        <translation>Ein anderes Programm hat die Aufzeichnung dieser Sitzung gekürzt; was es abgeschnitten hat, ist verloren. Eine neue Datei wurde begonnen: %1</translation>
    </message>
    <message>
        <source>Another program wrote into the recording of this session; what it wrote is passed over. A new file was begun: %1</source>
        <translation>Ein anderes Programm hat in die Aufzeichnung dieser Sitzung geschrieben; das Geschriebene wird übergangen. Eine neue Datei wurde begonnen: %1</translation>
    </message>
</context>
<context>
    <name>spanreel::app::SessionsDesk</name>
    <message>
        <source>Sessions take more room than Settings allow, and what is left is pinned, has notes or other files, or is in use. Nothing was removed.</source>
        <translation>Die Sitzungen brauchen mehr Platz, als die Einstellungen erlauben; was noch da ist, ist angeheftet, hat Notizen oder andere Dateien oder ist in Gebrauch. Nichts wurde entfernt.</translation>
    </message>
    <message>
        <source>What programs send to this window is kept in %1, for 7 days and up to %2 GiB. Settings change how much, or turn it off.</source>
        <translation>Was Programme an dieses Fenster senden, wird in %1 aufbewahrt, 7 Tage lang und bis zu %2 GiB. Wie viel, oder gar nichts, bestimmen die Einstellungen.</translation>
    </message>
    <message numerus="yes">
        <source>%n old sessions were removed from the disk, %1 in all: %2.</source>
        <translation>
            <numerusform>%n alte Sitzung wurde vom Datenträger entfernt, %1: %2.</numerusform>
            <numerusform>%n alte Sitzungen wurden vom Datenträger entfernt, zusammen %1: %2.</numerusform>
        </translation>
    </message>
    <message>
        <source>The session %1 was cut off. What it had received is kept: %2 spans and %3 log records.</source>
        <translation>Die Sitzung %1 wurde abgebrochen. Was sie empfangen hatte, ist erhalten: %2 Spans und %3 Log-Einträge.</translation>
    </message>
    <message>
        <source>Open it</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>All sessions…</source>
        <translation>Alle Sitzungen…</translation>
    </message>
    <message>
        <source>The session cannot be renamed: %1</source>
        <translation>Die Sitzung kann nicht umbenannt werden: %1</translation>
    </message>
    <message>
        <source>The session cannot be pinned: %1</source>
        <translation>Die Sitzung kann nicht angeheftet werden: %1</translation>
    </message>
    <message>
        <source>A session cannot be removed: %1</source>
        <translation>Eine Sitzung kann nicht entfernt werden: %1</translation>
    </message>
    <message>
        <source>records without a service</source>
        <translation>Datensätze ohne Dienst</translation>
    </message>
    <message>
        <source>There is no room left for sessions. Removed from the disk, of what this one received from %1 to %2: %3 spans and %4 log records (%5), the oldest of the services that sent most: %6. They stay in this window until it is closed.</source>
        <translation>Für Sitzungen ist kein Platz mehr. Vom Datenträger entfernt, von dem, was diese von %1 bis %2 empfangen hat: %3 Spans und %4 Log-Einträge (%5), die ältesten der Dienste, die am meisten gesendet haben: %6. In diesem Fenster bleiben sie, bis es geschlossen wird.</translation>
    </message>
    <message>
        <source>There is no room left for sessions. Removed from the disk, of what this one recorded: %1 that could not be read.</source>
        <translation>Für Sitzungen ist kein Platz mehr. Vom Datenträger entfernt, von dem, was diese aufgezeichnet hat: %1, die nicht lesbar waren.</translation>
    </message>
    <message>
        <source>“%1”</source>
        <comment>a session&apos;s name</comment>
        <translation>„%1“</translation>
    </message>
</context>
<context>
    <name>spanreel::app::SessionsDialog</name>
    <message>
        <source>Sessions</source>
        <translation>Sitzungen</translation>
    </message>
    <message>
        <source>Sessions on disk</source>
        <translation>Sitzungen auf dem Datenträger</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Began</source>
        <translation>Beginn</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Spans</source>
        <translation>Spans</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>Logs</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Kept</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>Ö&amp;ffnen</translation>
    </message>
    <message>
        <source>Re&amp;name</source>
        <translation>Umbe&amp;nennen</translation>
    </message>
    <message>
        <source>&amp;Pin</source>
        <translation>An&amp;heften</translation>
    </message>
    <message>
        <source>&amp;Remove…</source>
        <translation>&amp;Entfernen…</translation>
    </message>
    <message>
        <source>this window</source>
        <translation>dieses Fenster</translation>
    </message>
    <message>
        <source>open elsewhere</source>
        <translation>anderswo offen</translation>
    </message>
    <message>
        <source>ended</source>
        <translation>beendet</translation>
    </message>
    <message>
        <source>was cut off</source>
        <translation>wurde abgebrochen</translation>
    </message>
    <message>
        <source>pinned</source>
        <translation>angeheftet</translation>
    </message>
    <message>
        <source>has notes</source>
        <translation>hat Notizen</translation>
    </message>
    <message>
        <source>Looking for sessions…</source>
        <translation>Sitzungen werden gesucht…</translation>
    </message>
    <message>
        <source>No session is kept. What programs send to a window becomes one.</source>
        <translation>Keine Sitzung ist aufbewahrt. Was Programme an ein Fenster senden, wird zu einer.</translation>
    </message>
    <message numerus="yes">
        <source>%n sessions take %1.</source>
        <translation>
            <numerusform>%n Sitzung belegt %1.</numerusform>
            <numerusform>%n Sitzungen belegen %1.</numerusform>
        </translation>
    </message>
    <message>
        <source>Un&amp;pin</source>
        <translation>&amp;Lösen</translation>
    </message>
    <message>
        <source>Remove sessions</source>
        <translation>Sitzungen entfernen</translation>
    </message>
    <message>
        <source>Remove the session %1?</source>
        <translation>Die Sitzung %1 entfernen?</translation>
    </message>
    <message numerus="yes">
        <source>Remove %n sessions?</source>
        <translation>
            <numerusform>%n Sitzung entfernen?</numerusform>
            <numerusform>%n Sitzungen entfernen?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Its %n spans, its logs and its notes are deleted from the disk. That cannot be undone.</source>
        <translation>
            <numerusform>%n Span, Logs und Notizen werden vom Datenträger gelöscht. Das lässt sich nicht rückgängig machen.</numerusform>
            <numerusform>%n Spans, Logs und Notizen werden vom Datenträger gelöscht. Das lässt sich nicht rückgängig machen.</numerusform>
        </translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>not named</source>
        <translation>ohne Namen</translation>
    </message>
</context>
<context>
    <name>spanreel::app::SettingsDialog</name>
    <message>
        <source>Listen for traces and logs</source>
        <translation>Auf Traces und Logs lauschen</translation>
    </message>
    <message>
        <source>Port of OTLP over gRPC</source>
        <translation>Port von OTLP über gRPC</translation>
    </message>
    <message>
        <source>Port of OTLP over HTTP</source>
        <translation>Port von OTLP über HTTP</translation>
    </message>
    <message>
        <source>Web pages that may send, one a line</source>
        <translation>Webseiten, die senden dürfen, eine je Zeile</translation>
    </message>
    <message>
        <source>Host names this machine may be called, one a line</source>
        <translation>Hostnamen, die dieser Rechner tragen darf, einer je Zeile</translation>
    </message>
    <message>
        <source>Show times in UTC</source>
        <translation>Zeiten in UTC zeigen</translation>
    </message>
    <message>
        <source>Keep what is received on disk</source>
        <translation>Empfangenes auf der Platte behalten</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Address to listen on</source>
        <translation>Adresse zum Lauschen</translation>
    </message>
    <message>
        <source>this machine only (127.0.0.1 and ::1)</source>
        <translation>nur dieser Rechner (127.0.0.1 und ::1)</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Erscheinungsbild</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Row height</source>
        <translation>Zeilenhöhe</translation>
    </message>
    <message>
        <source>Compact rows</source>
        <translation>Enge Zeilen</translation>
    </message>
    <message>
        <source>Normal rows</source>
        <translation>Normale Zeilen</translation>
    </message>
    <message>
        <source>Comfortable rows</source>
        <translation>Weite Zeilen</translation>
    </message>
    <message>
        <source>Receivers</source>
        <translation>Empfänger</translation>
    </message>
    <message>
        <source>OTLP over gRPC, port</source>
        <translation>OTLP über gRPC, Port</translation>
    </message>
    <message>
        <source>OTLP over HTTP, port</source>
        <translation>OTLP über HTTP, Port</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>An address beyond this machine lets anyone who reaches it send data here.</source>
        <translation>Eine Adresse über diesen Rechner hinaus lässt jeden hierher senden, der sie erreicht.</translation>
    </message>
    <message>
        <source>Allowed web pages</source>
        <translation>Erlaubte Webseiten</translation>
    </message>
    <message>
        <source>Allowed host names</source>
        <translation>Erlaubte Hostnamen</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>Zeilen</translation>
    </message>
    <message>
        <source>Sessions</source>
        <translation>Sitzungen</translation>
    </message>
    <message>
        <source>Takes effect with the next window.</source>
        <translation>Gilt ab dem nächsten Fenster.</translation>
    </message>
    <message>
        <source>This window was started without receivers; what is chosen here holds for the next one.</source>
        <translation>Dieses Fenster wurde ohne Empfänger gestartet; was hier gewählt wird, gilt für das nächste.</translation>
    </message>
    <message>
        <source>gRPC on %1 instead of %2</source>
        <translation>gRPC auf %1 statt %2</translation>
    </message>
    <message>
        <source>HTTP on %1 instead of %2</source>
        <translation>HTTP auf %1 statt %2</translation>
    </message>
    <message>
        <source>In this window only: %1. Ports changed here are kept for all windows.</source>
        <translation>Nur in diesem Fenster: %1. Hier geänderte Ports werden für alle Fenster behalten.</translation>
    </message>
    <message>
        <source>Answer senders only when the disk has it</source>
        <translation>Sendern erst antworten, wenn es auf dem Datenträger ist</translation>
    </message>
    <message>
        <source>Slower; what was received then survives a power cut, not just a crash.</source>
        <translation>Langsamer; Empfangenes übersteht dann auch einen Stromausfall, nicht nur einen Absturz.</translation>
    </message>
    <message>
        <source>Room for sessions on disk, in GiB</source>
        <translation>Platz für Sitzungen auf dem Datenträger, in GiB</translation>
    </message>
    <message>
        <source> GiB</source>
        <translation> GiB</translation>
    </message>
    <message>
        <source>Room for all sessions</source>
        <translation>Platz für alle Sitzungen</translation>
    </message>
    <message>
        <source>Sessions that are neither pinned nor have notes are removed 7 days after they ended, or when there is no room left.</source>
        <translation>Sitzungen, die weder angeheftet sind noch Notizen haben, werden 7 Tage nach ihrem Ende entfernt, oder wenn kein Platz mehr ist.</translation>
    </message>
    <message>
        <source>Memory for the records of a window, in MiB</source>
        <translation>Arbeitsspeicher für die Datensätze eines Fensters, in MiB</translation>
    </message>
    <message>
        <source> MiB</source>
        <translation> MiB</translation>
    </message>
    <message>
        <source>A quarter of the machine&apos;s (%1 MiB)</source>
        <translation>Ein Viertel des Rechners (%1 MiB)</translation>
    </message>
    <message>
        <source>Records beyond that go to disk and are read back when they are looked at.</source>
        <translation>Was darüber hinausgeht, kommt auf den Datenträger und wird beim Ansehen zurückgelesen.</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Arbeitsspeicher</translation>
    </message>
</context>
<context>
    <name>spanreel::views::Banner</name>
    <message>
        <source>Information</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Dismiss this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
    <message numerus="yes">
        <source>%1 (%n times)</source>
        <translation>
            <numerusform>%1 (%n-mal)</numerusform>
            <numerusform>%1 (%n-mal)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spanreel::views::BannerStack</name>
    <message>
        <source>Messages</source>
        <translation>Meldungen</translation>
    </message>
    <message>
        <source>Dismiss all</source>
        <translation>Alle schließen</translation>
    </message>
    <message numerus="yes">
        <source>%n messages</source>
        <translation>
            <numerusform>%n Meldung</numerusform>
            <numerusform>%n Meldungen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spanreel::views::DetailsModel</name>
    <message>
        <source>unspecified</source>
        <translation>nicht angegeben</translation>
    </message>
    <message>
        <source>%1 more</source>
        <translation>%1 weitere</translation>
    </message>
    <message>
        <source>too many to list; the raw record holds them all</source>
        <translation>zu viele zum Aufführen; der rohe Datensatz enthält alle</translation>
    </message>
    <message>
        <source>Resource</source>
        <translation>Ressource</translation>
    </message>
    <message>
        <source>Dropped by the sender</source>
        <translation>Vom Absender weggelassen</translation>
    </message>
    <message numerus="yes">
        <source>%n attributes</source>
        <translation>
            <numerusform>%n Attribut</numerusform>
            <numerusform>%n Attribute</numerusform>
        </translation>
    </message>
    <message>
        <source>Schema URL</source>
        <translation>Schema-URL</translation>
    </message>
    <message>
        <source>Instrumentation</source>
        <translation>Instrumentierung</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>%L1 % of the trace</source>
        <translation>%L1 % des Traces</translation>
    </message>
    <message>
        <source>Worth knowing</source>
        <translation>Wissenswert</translation>
    </message>
    <message>
        <source>Timing</source>
        <translation>Zeiten</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>no usable time</source>
        <translation>keine brauchbare Zeit</translation>
    </message>
    <message>
        <source>Self time</source>
        <translation>Eigenzeit</translation>
    </message>
    <message>
        <source>Starts at</source>
        <translation>Beginnt bei</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>End</source>
        <translation>Ende</translation>
    </message>
    <message>
        <source>Critical path</source>
        <translation>Kritischer Pfad</translation>
    </message>
    <message>
        <source>not on it</source>
        <translation>nicht darauf</translation>
    </message>
    <message>
        <source>Identity</source>
        <translation>Identität</translation>
    </message>
    <message>
        <source>Span id</source>
        <translation>Span-Kennung</translation>
    </message>
    <message>
        <source>Parent id</source>
        <translation>Elter-Kennung</translation>
    </message>
    <message>
        <source>none, it is a root</source>
        <translation>keine, er ist eine Wurzel</translation>
    </message>
    <message>
        <source>Trace id</source>
        <translation>Trace-Kennung</translation>
    </message>
    <message>
        <source>Span id as received</source>
        <translation>Span-Kennung wie empfangen</translation>
    </message>
    <message>
        <source>Parent id as received</source>
        <translation>Elter-Kennung wie empfangen</translation>
    </message>
    <message>
        <source>Trace id as received</source>
        <translation>Trace-Kennung wie empfangen</translation>
    </message>
    <message>
        <source>Trace state</source>
        <translation>Trace-Zustand</translation>
    </message>
    <message>
        <source>Flags</source>
        <translation>Flags</translation>
    </message>
    <message>
        <source>Children</source>
        <translation>Kinder</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>%1, %2 spans below</source>
        <translation>%1, %2 Spans darunter</translation>
    </message>
    <message>
        <source>Copies</source>
        <translation>Kopien</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <source>Attributes</source>
        <translation>Attribute</translation>
    </message>
    <message>
        <source>This span has no attributes.</source>
        <translation>Dieser Span hat keine Attribute.</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>Ereignisse</translation>
    </message>
    <message>
        <source>no time</source>
        <translation>keine Zeit</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message numerus="yes">
        <source>%n events</source>
        <translation>
            <numerusform>%n Ereignis</numerusform>
            <numerusform>%n Ereignisse</numerusform>
        </translation>
    </message>
    <message>
        <source>in this trace</source>
        <translation>in diesem Trace</translation>
    </message>
    <message>
        <source>in trace %1</source>
        <translation>in Trace %1</translation>
    </message>
    <message>
        <source>not in this session: trace %1</source>
        <translation>nicht in dieser Sitzung: Trace %1</translation>
    </message>
    <message>
        <source>Links</source>
        <translation>Links</translation>
    </message>
    <message numerus="yes">
        <source>%n links</source>
        <translation>
            <numerusform>%n Link</numerusform>
            <numerusform>%n Links</numerusform>
        </translation>
    </message>
    <message>
        <source>Linked from</source>
        <translation>Verlinkt von</translation>
    </message>
    <message>
        <source>not listed</source>
        <translation>nicht aufgeführt</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>Logs</translation>
    </message>
    <message>
        <source>Its trace and span ids were found in the text.</source>
        <translation>Seine Trace- und Span-Kennung standen im Text.</translation>
    </message>
    <message>
        <source>The line fits no known form and is kept as it is.</source>
        <translation>Die Zeile passt zu keiner bekannten Form und bleibt, wie sie ist.</translation>
    </message>
    <message>
        <source>Some of its text was invalid and was repaired.</source>
        <translation>Ein Teil seines Textes war ungültig und wurde repariert.</translation>
    </message>
    <message>
        <source>Its id was made by Spanreel from what the input said.</source>
        <translation>Seine Kennung hat Spanreel aus dem gebildet, was in der Eingabe stand.</translation>
    </message>
    <message>
        <source>Body</source>
        <translation>Inhalt</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Severity</source>
        <translation>Schwere</translation>
    </message>
    <message>
        <source>Event name</source>
        <translation>Ereignisname</translation>
    </message>
    <message>
        <source>Observed</source>
        <translation>Beobachtet</translation>
    </message>
    <message>
        <source>This log has no attributes.</source>
        <translation>Dieses Log hat keine Attribute.</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>leer</translation>
    </message>
    <message>
        <source>bool</source>
        <translation>bool</translation>
    </message>
    <message>
        <source>int</source>
        <translation>int</translation>
    </message>
    <message>
        <source>double</source>
        <translation>double</translation>
    </message>
    <message>
        <source>string</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>bytes</source>
        <translation>Bytes</translation>
    </message>
    <message>
        <source>array</source>
        <translation>Liste</translation>
    </message>
    <message>
        <source>map</source>
        <translation>Abbildung</translation>
    </message>
    <message>
        <source>%1  (%2)</source>
        <translation>%1  (%2)</translation>
    </message>
    <message>
        <source>(empty)</source>
        <translation>(leer)</translation>
    </message>
    <message>
        <source>(empty text)</source>
        <translation>(leerer Text)</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Typ</translation>
    </message>
    <message>
        <source>Click or press Return to go there</source>
        <translation>Klick oder Eingabetaste führt dorthin</translation>
    </message>
    <message>
        <source>Root span</source>
        <translation>Wurzelspan</translation>
    </message>
    <message>
        <source>Contents</source>
        <translation>Inhalt</translation>
    </message>
    <message>
        <source>Spans</source>
        <translation>Spans</translation>
    </message>
    <message>
        <source>Services</source>
        <translation>Dienste</translation>
    </message>
    <message>
        <source>Depth</source>
        <translation>Tiefe</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>%1 ✕</source>
        <translation>%1 ✕</translation>
    </message>
    <message>
        <source>Orphans</source>
        <translation>Waisen</translation>
    </message>
    <message>
        <source>%1, whose parents are not here</source>
        <translation>%1, deren Eltern nicht hier sind</translation>
    </message>
    <message>
        <source>Equal copies</source>
        <translation>Gleiche Kopien</translation>
    </message>
    <message>
        <source>(no service)</source>
        <translation>(ohne Dienst)</translation>
    </message>
</context>
<context>
    <name>spanreel::views::DetailsPane</name>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
    <message>
        <source>Details of the selection</source>
        <translation>Einzelheiten der Auswahl</translation>
    </message>
    <message>
        <source>Colour of the service</source>
        <translation>Farbe des Dienstes</translation>
    </message>
    <message>
        <source>Kinds of details</source>
        <translation>Arten von Einzelheiten</translation>
    </message>
    <message>
        <source>Fields</source>
        <translation>Felder</translation>
    </message>
    <message>
        <source>Filter the details</source>
        <translation>Einzelheiten filtern</translation>
    </message>
    <message>
        <source>Filter keys and values</source>
        <translation>Schlüssel und Werte filtern</translation>
    </message>
    <message>
        <source>Rows that match the filter</source>
        <translation>Zeilen, die zum Filter passen</translation>
    </message>
    <message>
        <source>Raw OTLP</source>
        <translation>Rohes OTLP</translation>
    </message>
    <message>
        <source>The record as OTLP JSON</source>
        <translation>Der Datensatz als OTLP-JSON</translation>
    </message>
    <message>
        <source>Copy as OTLP JSON</source>
        <translation>Als OTLP-JSON kopieren</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>%1 shown</source>
        <translation>%1 gezeigt</translation>
    </message>
    <message>
        <source>The span %1 is not in this trace, as far as it has arrived.</source>
        <translation>Der Span %1 ist nicht in diesem Trace, soweit er angekommen ist.</translation>
    </message>
    <message>
        <source>Putting the trace together…</source>
        <translation>Der Trace wird zusammengesetzt…</translation>
    </message>
    <message>
        <source>Select a span in the timeline or a log to see what is known of it: timing, status, attributes, events, links, logs and the raw record.</source>
        <translation>Wählen Sie einen Span in der Zeitleiste oder ein Log, um zu sehen, was darüber bekannt ist: Zeiten, Status, Attribute, Ereignisse, Links, Logs und der rohe Datensatz.</translation>
    </message>
    <message>
        <source>(no name)</source>
        <translation>(kein Name)</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>(no service)</source>
        <translation>(kein Dienst)</translation>
    </message>
    <message>
        <source>no usable time</source>
        <translation>keine brauchbare Zeit</translation>
    </message>
    <message>
        <source>%1 · self %2 · %L3 % of the trace</source>
        <translation>%1 · selbst %2 · %L3 % des Traces</translation>
    </message>
    <message>
        <source>✕ error</source>
        <translation>✕ Fehler</translation>
    </message>
    <message>
        <source>status: %1</source>
        <translation>Status: %1</translation>
    </message>
    <message>
        <source>Log of %1</source>
        <translation>Log von %1</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>without a trace id</source>
        <translation>ohne Trace-Kennung</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>Schreibt…</translation>
    </message>
    <message>
        <source>The first %1 of %2 characters; copying gives all.</source>
        <translation>Die ersten %1 von %2 Zeichen; Kopieren liefert alle.</translation>
    </message>
    <message>
        <source>Copy the value</source>
        <translation>Wert kopieren</translation>
    </message>
    <message>
        <source>Copy the key</source>
        <translation>Schlüssel kopieren</translation>
    </message>
    <message>
        <source>Copy key and value</source>
        <translation>Schlüssel und Wert kopieren</translation>
    </message>
    <message>
        <source>Select this log</source>
        <translation>Dieses Log wählen</translation>
    </message>
    <message>
        <source>Go to this span</source>
        <translation>Zu diesem Span</translation>
    </message>
    <message>
        <source>Show all of it…</source>
        <translation>Alles davon zeigen…</translation>
    </message>
    <message>
        <source>Show only rows with this key</source>
        <translation>Nur Zeilen mit diesem Schlüssel zeigen</translation>
    </message>
    <message>
        <source>Open all sections</source>
        <translation>Alle Abschnitte aufklappen</translation>
    </message>
    <message>
        <source>Close all sections</source>
        <translation>Alle Abschnitte zuklappen</translation>
    </message>
    <message>
        <source>The whole value</source>
        <translation>Der ganze Wert</translation>
    </message>
    <message>
        <source>%1 characters</source>
        <translation>%1 Zeichen</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Trace; select a span to see its own details</source>
        <translation>Trace; wählen Sie einen Span, um seine Einzelheiten zu sehen</translation>
    </message>
    <message>
        <source>Select a span or a log to see its record.</source>
        <translation>Wählen Sie einen Span oder ein Log, um den Datensatz zu sehen.</translation>
    </message>
</context>
<context>
    <name>spanreel::views::EmptyPage</name>
    <message>
        <source>Empty session</source>
        <translation>Leere Sitzung</translation>
    </message>
    <message>
        <source>No traces yet</source>
        <translation>Noch keine Traces</translation>
    </message>
    <message>
        <source>Environment variables for a program to be watched</source>
        <translation>Umgebungsvariablen für ein Programm, das beobachtet werden soll</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy the environment variables</source>
        <translation>Die Umgebungsvariablen kopieren</translation>
    </message>
    <message>
        <source>Open files…</source>
        <translation>Dateien öffnen…</translation>
    </message>
    <message>
        <source>Open the sample</source>
        <translation>Das Beispiel öffnen</translation>
    </message>
    <message>
        <source>Recent files</source>
        <translation>Zuletzt geöffnete Dateien</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>%1 öffnen</translation>
    </message>
    <message>
        <source>Open trace files somebody sent you: OTLP, Jaeger, Zipkin, console output or logs. You can drop them anywhere on this window.</source>
        <translation>Öffnen Sie Trace-Dateien, die Ihnen jemand geschickt hat: OTLP, Jaeger, Zipkin, Konsolenausgaben oder Logs. Sie können sie irgendwo auf diesem Fenster ablegen.</translation>
    </message>
    <message>
        <source>The pane Logs lists them.</source>
        <translation>Der Bereich „Logs“ zählt sie auf.</translation>
    </message>
    <message>
        <source>1 log, no traces</source>
        <translation>1 Log, keine Traces</translation>
    </message>
    <message>
        <source>%1 logs, no traces</source>
        <translation>%1 Logs, keine Traces</translation>
    </message>
</context>
<context>
    <name>spanreel::views::InFlightPanel</name>
    <message>
        <source>Spans in flight at the playhead</source>
        <translation>Offene Spans am Abspielkopf</translation>
    </message>
    <message>
        <source>Select a trace to see which of its spans are open at the playhead.</source>
        <translation>Wählen Sie einen Trace, um zu sehen, welche seiner Spans am Abspielkopf offen sind.</translation>
    </message>
    <message>
        <source>Nothing is in flight at this instant.</source>
        <translation>In diesem Augenblick läuft nichts.</translation>
    </message>
    <message>
        <source>%1 spans in flight; the first %2 are listed.</source>
        <translation>%1 Spans sind offen; die ersten %2 sind aufgeführt.</translation>
    </message>
    <message>
        <source>%1: %2, for %3 of %4</source>
        <translation>%1: %2, seit %3 von %4</translation>
    </message>
    <message>
        <source>(no service name)</source>
        <translation>(kein Dienstname)</translation>
    </message>
    <message>
        <source>1 span in flight.</source>
        <translation>1 Span ist offen.</translation>
    </message>
    <message>
        <source>%1 spans in flight, callers first.</source>
        <translation>%1 Spans sind offen, Aufrufer zuerst.</translation>
    </message>
</context>
<context>
    <name>spanreel::views::LogModel</name>
    <message>
        <source>no time</source>
        <translation>keine Zeit</translation>
    </message>
    <message>
        <source>no span</source>
        <translation>kein Span</translation>
    </message>
    <message>
        <source>Since start</source>
        <translation>Seit Start</translation>
    </message>
    <message>
        <source>Time (UTC)</source>
        <translation>Zeit (UTC)</translation>
    </message>
    <message>
        <source>Time (local)</source>
        <translation>Zeit (Ort)</translation>
    </message>
    <message>
        <source>Severity</source>
        <translation>Schwere</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>Dienst</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>Span</source>
        <translation>Span</translation>
    </message>
</context>
<context>
    <name>spanreel::views::LogPane</name>
    <message>
        <source>Which logs are listed</source>
        <translation>Welche Logs aufgeführt sind</translation>
    </message>
    <message>
        <source>In the trace</source>
        <translation>Im Trace</translation>
    </message>
    <message>
        <source>In the span</source>
        <translation>Im Span</translation>
    </message>
    <message>
        <source>In the span and below</source>
        <translation>Im Span und darunter</translation>
    </message>
    <message>
        <source>In the time range</source>
        <translation>Im Zeitbereich</translation>
    </message>
    <message>
        <source>In the session</source>
        <translation>In der Sitzung</translation>
    </message>
    <message>
        <source>Without a trace id</source>
        <translation>Ohne Trace-Kennung</translation>
    </message>
    <message>
        <source>Least severity listed</source>
        <translation>Geringste aufgeführte Schwere</translation>
    </message>
    <message>
        <source>Any severity</source>
        <translation>Jede Schwere</translation>
    </message>
    <message>
        <source>DEBUG and up</source>
        <translation>Ab DEBUG</translation>
    </message>
    <message>
        <source>INFO and up</source>
        <translation>Ab INFO</translation>
    </message>
    <message>
        <source>WARN and up</source>
        <translation>Ab WARN</translation>
    </message>
    <message>
        <source>ERROR and up</source>
        <translation>Ab ERROR</translation>
    </message>
    <message>
        <source>Text the logs must hold</source>
        <translation>Text, den die Logs enthalten müssen</translation>
    </message>
    <message>
        <source>Filter by text</source>
        <translation>Nach Text filtern</translation>
    </message>
    <message>
        <source>Clock time</source>
        <translation>Uhrzeit</translation>
    </message>
    <message>
        <source>Shows the time of day instead of the offset from the trace&apos;s start</source>
        <translation>Zeigt die Uhrzeit statt des Abstands vom Start des Traces</translation>
    </message>
    <message>
        <source>Clear filter</source>
        <translation>Filter aufheben</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>Logs</translation>
    </message>
    <message>
        <source>Show all logs of the session</source>
        <translation>Alle Logs der Sitzung zeigen</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>%1 of %2 logs; %3 hidden by the filter</source>
        <translation>%1 von %2 Logs; %3 vom Filter verborgen</translation>
    </message>
    <message>
        <source>%1 of the session&apos;s %2 logs</source>
        <translation>%1 von %2 Logs der Sitzung</translation>
    </message>
    <message>
        <source>No logs have come yet. Open a file with logs, or let a program send them to the OTLP port; they are joined to spans by trace id and span id.</source>
        <translation>Noch sind keine Logs da. Öffnen Sie eine Datei mit Logs, oder lassen Sie ein Programm sie an den OTLP-Port senden; Trace- und Span-Kennung verbinden sie mit den Spans.</translation>
    </message>
    <message>
        <source>All %1 logs here are hidden by the filter.</source>
        <translation>Alle %1 Logs hier sind vom Filter verborgen.</translation>
    </message>
    <message>
        <source>No log names this trace.</source>
        <translation>Kein Log nennt diesen Trace.</translation>
    </message>
    <message>
        <source>Select a trace to see its logs.</source>
        <translation>Wählen Sie einen Trace, um seine Logs zu sehen.</translation>
    </message>
    <message>
        <source>No log names this span.</source>
        <translation>Kein Log nennt diesen Span.</translation>
    </message>
    <message>
        <source>Select a span to see its logs.</source>
        <translation>Wählen Sie einen Span, um seine Logs zu sehen.</translation>
    </message>
    <message>
        <source>No logs within the selected time range.</source>
        <translation>Keine Logs im gewählten Zeitbereich.</translation>
    </message>
    <message>
        <source>Select a time range on the timeline&apos;s ruler to see its logs.</source>
        <translation>Wählen Sie auf dem Lineal der Zeitleiste einen Zeitbereich, um dessen Logs zu sehen.</translation>
    </message>
    <message>
        <source>No logs.</source>
        <translation>Keine Logs.</translation>
    </message>
    <message>
        <source>Every log of the session names a trace.</source>
        <translation>Jedes Log der Sitzung nennt einen Trace.</translation>
    </message>
    <message>
        <source>Show in details</source>
        <translation>In den Einzelheiten zeigen</translation>
    </message>
    <message>
        <source>Show its trace</source>
        <translation>Seinen Trace zeigen</translation>
    </message>
    <message>
        <source>Add note on this log…</source>
        <translation>Notiz zu diesem Log…</translation>
    </message>
    <message>
        <source>1 log, hidden by the filter</source>
        <translation>1 Log, vom Filter verborgen</translation>
    </message>
    <message>
        <source>%1 of the session&apos;s 1 log</source>
        <translation>%1 von 1 Log der Sitzung</translation>
    </message>
    <message>
        <source>The one log here is hidden by the filter.</source>
        <translation>Das eine Log hier ist vom Filter verborgen.</translation>
    </message>
</context>
<context>
    <name>spanreel::views::MapCanvas</name>
    <message>
        <source>The map is larger than this; drag to move it, 0 shows all of it.</source>
        <translation>Die Karte ist größer als der Ausschnitt; ziehen verschiebt sie, 0 zeigt sie ganz.</translation>
    </message>
</context>
<context>
    <name>spanreel::views::Minimap</name>
    <message>
        <source>Overview of the whole trace</source>
        <translation>Überblick über den ganzen Trace</translation>
    </message>
    <message>
        <source>The whole trace: spans open at a time (grey), errors (red), and whose time the critical path is (coloured line). Drag the window to move it, its edges to resize it; double click shows everything.</source>
        <translation>Der ganze Trace: gleichzeitig offene Spans (grau), Fehler (rot) und wessen Zeit der kritische Pfad ist (farbige Linie). Ziehen Sie das Fenster, um es zu verschieben, seine Ränder, um es zu ändern; ein Doppelklick zeigt alles.</translation>
    </message>
    <message>
        <source>Whole trace, %1</source>
        <translation>Ganzer Trace, %1</translation>
    </message>
    <message>
        <source>up to %1 spans at once</source>
        <translation>bis zu %1 Spans zugleich</translation>
    </message>
    <message>
        <source>up to 1 span at once</source>
        <translation>bis zu 1 Span zugleich</translation>
    </message>
</context>
<context>
    <name>spanreel::views::NavigatorPane</name>
    <message>
        <source>Sources</source>
        <translation>Quellen</translation>
    </message>
    <message>
        <source>Services</source>
        <translation>Dienste</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Show all services</source>
        <translation>Alle Dienste zeigen</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>Hide all services</source>
        <translation>Alle Dienste ausblenden</translation>
    </message>
    <message>
        <source>reading, %1</source>
        <translation>liest, %1</translation>
    </message>
    <message>
        <source>%1, %2 skipped</source>
        <translation>%1, %2 übergangen</translation>
    </message>
    <message>
        <source>%1, %2 warned</source>
        <translation>%1, %2 mit Warnung</translation>
    </message>
    <message>
        <source>%1
%2 spans, %3 logs, %4 metrics
%5 read = %6 kept + %7 skipped, %8 kept with a warning</source>
        <translation>%1
%2 Spans, %3 Logs, %4 Metriken
%5 gelesen = %6 behalten + %7 übergangen, %8 mit Warnung behalten</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>startet</translation>
    </message>
    <message>
        <source>not listening</source>
        <translation>lauscht nicht</translation>
    </message>
    <message>
        <source>%1 in, %2 refused</source>
        <translation>%1 an, %2 abgewiesen</translation>
    </message>
    <message>
        <source>listening</source>
        <translation>lauscht</translation>
    </message>
    <message>
        <source>%1 on %2
accepted: %3 spans, %4 logs, %5 metrics
rejected: %6
dropped, to be sent again: %7
refused by origin, host or protocol: %8</source>
        <translation>%1 auf %2
angenommen: %3 Spans, %4 Logs, %5 Metriken
abgelehnt: %6
fallen gelassen, erneut zu senden: %7
abgewiesen nach Herkunft, Host oder Protokoll: %8</translation>
    </message>
    <message>
        <source>last refusal: %1</source>
        <translation>letzte Abweisung: %1</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>receiver and port</comment>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>Page %1</source>
        <translation>Seite %1</translation>
    </message>
    <message>
        <source>Host %1</source>
        <translation>Host %1</translation>
    </message>
    <message>
        <source>%1 refused</source>
        <translation>%1 abgewiesen</translation>
    </message>
    <message>
        <source>%1 of %2 services hidden</source>
        <translation>%1 von %2 Diensten ausgeblendet</translation>
    </message>
    <message>
        <source>Import summary</source>
        <translation>Import-Übersicht</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>Pfad kopieren</translation>
    </message>
    <message>
        <source>Copy endpoint for a program</source>
        <translation>Endpunkt für ein Programm kopieren</translation>
    </message>
    <message>
        <source>Allow %1</source>
        <translation>%1 erlauben</translation>
    </message>
    <message>
        <source>Show only this</source>
        <translation>Nur diesen zeigen</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>Alle zeigen</translation>
    </message>
    <message>
        <source>Hide this</source>
        <translation>Diesen ausblenden</translation>
    </message>
    <message>
        <source>List its traces</source>
        <translation>Seine Traces auflisten</translation>
    </message>
    <message>
        <source>Navigator</source>
        <translation>Navigator</translation>
    </message>
    <message>
        <source>A web page of %1 tried to send. Click to allow it.</source>
        <translation>Eine Webseite von %1 wollte senden. Ein Klick bietet an, es zu erlauben.</translation>
    </message>
    <message>
        <source>A sender called this machine %1. Click to allow that name.</source>
        <translation>Ein Absender nannte diesen Rechner %1. Ein Klick bietet an, den Namen zu erlauben.</translation>
    </message>
    <message>
        <source>cannot be opened</source>
        <translation>lässt sich nicht öffnen</translation>
    </message>
</context>
<context>
    <name>spanreel::views::NewerHint</name>
    <message>
        <source>Go to the top of the list</source>
        <translation>An den Anfang der Liste gehen</translation>
    </message>
    <message>
        <source>1 newer</source>
        <translation>1 neuerer</translation>
    </message>
    <message>
        <source>%1 newer</source>
        <translation>%1 neuere</translation>
    </message>
    <message>
        <source>1 new above</source>
        <translation>1 neuer darüber</translation>
    </message>
    <message>
        <source>%1 new above</source>
        <translation>%1 neue darüber</translation>
    </message>
</context>
<context>
    <name>spanreel::views::NoteEditor</name>
    <message>
        <source>Text or preview of the note</source>
        <translation>Text oder Vorschau der Notiz</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <source>Colour of the note</source>
        <translation>Farbe der Notiz</translation>
    </message>
    <message>
        <source>Text of the note, in Markdown</source>
        <translation>Text der Notiz, in Markdown</translation>
    </message>
    <message>
        <source>What is to be seen here? Markdown: **bold**, *italic*, `code`, - lists</source>
        <translation>Was ist hier zu sehen? Markdown: **fett**, *kursiv*, `Code`, - Listen</translation>
    </message>
    <message>
        <source>Preview of the note</source>
        <translation>Vorschau der Notiz</translation>
    </message>
</context>
<context>
    <name>spanreel::views::NoteListModel</name>
    <message>
        <source>%1, on %2</source>
        <translation>%1, zu %2</translation>
    </message>
</context>
<context>
    <name>spanreel::views::NotesPane</name>
    <message>
        <source>Add note</source>
        <translation>Notiz hinzufügen</translation>
    </message>
    <message>
        <source>Delete note</source>
        <translation>Notiz löschen</translation>
    </message>
    <message>
        <source>Undo note change</source>
        <translation>Notizänderung zurücknehmen</translation>
    </message>
    <message>
        <source>Redo note change</source>
        <translation>Notizänderung wiederholen</translation>
    </message>
    <message>
        <source>Notes in time order</source>
        <translation>Notizen in zeitlicher Folge</translation>
    </message>
    <message>
        <source>On %1</source>
        <translation>Zu %1</translation>
    </message>
    <message>
        <source>%1 of %2 on this trace</source>
        <translation>%1 von %2 zu diesem Trace</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Notizen</translation>
    </message>
    <message>
        <source>Ctrl+Return</source>
        <translation>Strg+Eingabe</translation>
    </message>
    <message>
        <source>What the note is on</source>
        <translation>Wozu die Notiz gehört</translation>
    </message>
    <message>
        <source>No notes yet. Select a trace, a span, a log of a trace or a time range, and press Ctrl+M or “Add note”.</source>
        <translation>Noch keine Notizen. Wählen Sie einen Trace, einen Span, ein Log eines Traces oder einen Zeitbereich und drücken Sie Strg+M oder „Notiz hinzufügen“.</translation>
    </message>
</context>
<context>
    <name>spanreel::views::ReplayBar</name>
    <message>
        <source>To the start of the trace</source>
        <translation>Zum Anfang des Traces</translation>
    </message>
    <message>
        <source>Step back to the previous start or end of a span</source>
        <translation>Zurück zum vorigen Anfang oder Ende eines Spans</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Abspielen</translation>
    </message>
    <message>
        <source>Step to the next start or end of a span</source>
        <translation>Weiter zum nächsten Anfang oder Ende eines Spans</translation>
    </message>
    <message>
        <source>Repeat the selected range, or the whole trace</source>
        <translation>Den gewählten Bereich oder den ganzen Trace wiederholen</translation>
    </message>
    <message>
        <source>Show what is in flight at the playhead</source>
        <translation>Zeigen, was am Abspielkopf läuft</translation>
    </message>
    <message>
        <source>End the replay</source>
        <translation>Das Abspielen beenden</translation>
    </message>
    <message>
        <source>Speed of the replay</source>
        <translation>Geschwindigkeit des Abspielens</translation>
    </message>
    <message>
        <source>Speed: trace time over wall time</source>
        <translation>Geschwindigkeit: Trace-Zeit zu Wanduhrzeit</translation>
    </message>
    <message>
        <source>Playhead on the trace&apos;s time axis</source>
        <translation>Abspielkopf auf der Zeitachse des Traces</translation>
    </message>
    <message>
        <source>Drag to move the playhead. Red ticks are errors.</source>
        <translation>Ziehen bewegt den Abspielkopf. Rote Striche sind Fehler.</translation>
    </message>
    <message>
        <source>Playhead and length of the trace</source>
        <translation>Abspielkopf und Länge des Traces</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>no trace selected</source>
        <translation>kein Trace gewählt</translation>
    </message>
    <message>
        <source>%1 / %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>takes %1</source>
        <translation>dauert %1</translation>
    </message>
    <message>
        <source>Replay</source>
        <translation>Abspielen</translation>
    </message>
</context>
<context>
    <name>spanreel::views::ScatterView</name>
    <message>
        <source>Traces by start and duration</source>
        <translation>Traces nach Start und Dauer</translation>
    </message>
    <message>
        <source>Start and duration of 1 trace. Click opens, drag filters.</source>
        <translation>Start und Dauer von 1 Trace. Klicken öffnet, Ziehen filtert.</translation>
    </message>
    <message>
        <source>Start and duration of %1 traces. Click opens, drag filters.</source>
        <translation>Start und Dauer von %1 Traces. Klicken öffnet, Ziehen filtert.</translation>
    </message>
    <message>
        <source>%1 points stand for them.</source>
        <translation>%1 Punkte stehen dafür.</translation>
    </message>
    <message>
        <source>Diamonds: traces with errors.</source>
        <translation>Rauten: Traces mit Fehlern.</translation>
    </message>
    <message>
        <source>%1 without a usable time are not drawn.</source>
        <translation>%1 ohne brauchbare Zeit sind nicht gezeichnet.</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>service: operation</comment>
        <translation>%1: %2</translation>
    </message>
    <message numerus="yes">
        <source>%n spans with errors</source>
        <translation>
            <numerusform>%n Span mit Fehler</numerusform>
            <numerusform>%n Spans mit Fehlern</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more traces here</source>
        <translation>
            <numerusform>und %n weiterer Trace hier</numerusform>
            <numerusform>und %n weitere Traces hier</numerusform>
        </translation>
    </message>
    <message>
        <source>1 point stands for them.</source>
        <translation>1 Punkt steht für sie.</translation>
    </message>
    <message>
        <source>1 without a usable time is not drawn.</source>
        <translation>1 ohne brauchbare Zeit ist nicht gezeichnet.</translation>
    </message>
    <message>
        <source>No trace to draw.</source>
        <translation>Kein Trace zu zeichnen.</translation>
    </message>
    <message>
        <source>(no name)</source>
        <translation>(kein Name)</translation>
    </message>
</context>
<context>
    <name>spanreel::views::ServiceMapView</name>
    <message>
        <source>What the map shows</source>
        <translation>Was die Karte zeigt</translation>
    </message>
    <message>
        <source>Whole session</source>
        <translation>Ganze Sitzung</translation>
    </message>
    <message>
        <source>Selected trace</source>
        <translation>Gewählter Trace</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>Fit the whole map</source>
        <translation>Ganze Karte einpassen</translation>
    </message>
    <message>
        <source>Arrange anew</source>
        <translation>Neu anordnen</translation>
    </message>
    <message>
        <source>Service map</source>
        <translation>Dienstkarte</translation>
    </message>
    <message>
        <source>Arrow keys move between services, Return shows the traces of one, plus and minus zoom, 0 fits.</source>
        <translation>Pfeiltasten wandern zwischen Diensten, Eingabe zeigt die Traces eines Dienstes, Plus und Minus vergrößern und verkleinern, 0 passt ein.</translation>
    </message>
    <message>
        <source>Show its traces</source>
        <translation>Seine Traces zeigen</translation>
    </message>
    <message>
        <source>Select a trace to see which services it went through.</source>
        <translation>Wählen Sie einen Trace, um zu sehen, durch welche Dienste er lief.</translation>
    </message>
    <message>
        <source>No spans yet. Open a file, or let a program send traces to the OTLP port: services and who calls whom appear here.</source>
        <translation>Noch keine Spans. Öffnen Sie eine Datei, oder lassen Sie ein Programm Traces an den OTLP-Port senden: Hier erscheinen die Dienste und wer wen ruft.</translation>
    </message>
    <message>
        <source>%1; %2 ticked off are drawn faintly</source>
        <translation>%1; %2 abgewählte sind blass gezeichnet</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>Alle zeigen</translation>
    </message>
    <message>
        <source>Busiest only</source>
        <translation>Nur die häufigsten</translation>
    </message>
    <message>
        <source>Draws only the kinds of calls that are made most, so that the map can be read</source>
        <translation>Zeichnet nur die häufigsten Arten von Aufrufen, damit die Karte lesbar bleibt</translation>
    </message>
    <message>
        <source>Draws every kind of call</source>
        <translation>Zeichnet jede Art von Aufruf</translation>
    </message>
    <message>
        <source>%1; the %2 busiest are drawn, %3 with %4 calls are not</source>
        <translation>%1; die %2 häufigsten sind gezeichnet, %3 mit %4 Aufrufen nicht</translation>
    </message>
    <message numerus="yes">
        <source>%n services</source>
        <translation>
            <numerusform>%n Dienst</numerusform>
            <numerusform>%n Dienste</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n peers without spans of their own</source>
        <translation>
            <numerusform>%n Gegenstelle ohne eigene Spans</numerusform>
            <numerusform>%n Gegenstellen ohne eigene Spans</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n kinds of calls</source>
        <translation>
            <numerusform>%n Art von Aufrufen</numerusform>
            <numerusform>%n Arten von Aufrufen</numerusform>
        </translation>
    </message>
    <message>
        <source>Counting who calls whom. Spans to look through: %1.</source>
        <translation>Es wird gezählt, wer wen aufruft. Durchzusehende Spans: %1.</translation>
    </message>
</context>
<context>
    <name>spanreel::views::ServiceModel</name>
    <message>
        <source>(no service name)</source>
        <translation>(kein Dienstname)</translation>
    </message>
    <message>
        <source>%1
%2 spans, %3 with errors, %4 logs</source>
        <translation>%1
%2 Spans, %3 mit Fehlern, %4 Logs</translation>
    </message>
    <message>
        <source>%1, %2 spans, %3 with errors</source>
        <translation>%1, %2 Spans, %3 mit Fehlern</translation>
    </message>
    <message>
        <source>%1 logs</source>
        <translation>%1 Logs</translation>
    </message>
    <message>
        <source>1 log</source>
        <translation>1 Log</translation>
    </message>
</context>
<context>
    <name>spanreel::views::ShareBar</name>
    <message>
        <source>Shares of services in the critical path</source>
        <translation>Anteile der Dienste am kritischen Pfad</translation>
    </message>
</context>
<context>
    <name>spanreel::views::TimelineView</name>
    <message>
        <source>%1 long</source>
        <translation>%1 lang</translation>
    </message>
    <message>
        <source>starts at %1</source>
        <translation>beginnt bei %1</translation>
    </message>
    <message>
        <source>self %1</source>
        <translation>selbst %1</translation>
    </message>
    <message>
        <source>%1 on the critical path</source>
        <translation>%1 auf dem kritischen Pfad</translation>
    </message>
    <message>
        <source>error</source>
        <translation>Fehler</translation>
    </message>
    <message numerus="yes">
        <source>%n spans inside are closed away</source>
        <translation>
            <numerusform>%n Span darin ist zugeklappt</numerusform>
            <numerusform>%n Spans darin sind zugeklappt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n events here</source>
        <translation>
            <numerusform>%n Ereignis hier</numerusform>
            <numerusform>%n Ereignisse hier</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n logs here</source>
        <translation>
            <numerusform>%n Log hier</numerusform>
            <numerusform>%n Logs hier</numerusform>
        </translation>
    </message>
    <message>
        <source>Zoom to this span</source>
        <translation>Auf diesen Span vergrößern</translation>
    </message>
    <message>
        <source>Close this span</source>
        <translation>Diesen Span zuklappen</translation>
    </message>
    <message>
        <source>Open this span</source>
        <translation>Diesen Span aufklappen</translation>
    </message>
    <message>
        <source>Select its time range</source>
        <translation>Seinen Zeitbereich wählen</translation>
    </message>
    <message>
        <source>Start replay here</source>
        <translation>Ab hier abspielen</translation>
    </message>
    <message>
        <source>Add a note…</source>
        <translation>Notiz hinzufügen…</translation>
    </message>
    <message>
        <source>Copy the span id</source>
        <translation>Span-Kennung kopieren</translation>
    </message>
    <message>
        <source>Copy the trace id</source>
        <translation>Trace-Kennung kopieren</translation>
    </message>
    <message>
        <source>Copy the name</source>
        <translation>Namen kopieren</translation>
    </message>
    <message>
        <source>Open everything</source>
        <translation>Alles aufklappen</translation>
    </message>
    <message>
        <source>Open one level more</source>
        <translation>Eine Ebene mehr aufklappen</translation>
    </message>
    <message>
        <source>Close everything</source>
        <translation>Alles zuklappen</translation>
    </message>
    <message>
        <source>Show the whole trace</source>
        <translation>Den ganzen Trace zeigen</translation>
    </message>
    <message>
        <source>Timeline of the trace</source>
        <translation>Zeitleiste des Traces</translation>
    </message>
    <message>
        <source>Rows of the timeline</source>
        <translation>Zeilen der Zeitleiste</translation>
    </message>
    <message>
        <source>%1 rows</source>
        <translation>%1 Zeilen</translation>
    </message>
    <message>
        <source>%1 of %2 rows open</source>
        <translation>%1 von %2 Zeilen offen</translation>
    </message>
    <message>
        <source>No trace is selected. Choose one in the list of traces.</source>
        <translation>Es ist kein Trace gewählt. Wählen Sie einen in der Liste der Traces.</translation>
    </message>
    <message>
        <source>Putting the trace together…</source>
        <translation>Der Trace wird zusammengesetzt…</translation>
    </message>
    <message>
        <source>Arranging %1 spans…</source>
        <translation>%1 Spans werden angeordnet…</translation>
    </message>
</context>
<context>
    <name>spanreel::views::TraceFilterBar</name>
    <message>
        <source>Filter of the trace list</source>
        <translation>Filter der Trace-Liste</translation>
    </message>
    <message>
        <source>Operation, service or trace id</source>
        <translation>Operation, Dienst oder Trace-Kennung</translation>
    </message>
    <message>
        <source>Show traces with this text in an operation, a service or the trace id</source>
        <translation>Traces mit diesem Text in einer Operation, einem Dienst oder der Trace-Kennung zeigen</translation>
    </message>
    <message>
        <source>Show traces of this service</source>
        <translation>Traces dieses Dienstes zeigen</translation>
    </message>
    <message>
        <source>All services</source>
        <translation>Alle Dienste</translation>
    </message>
    <message>
        <source>At least, e.g. 250ms</source>
        <translation>Mindestens, z. B. 250ms</translation>
    </message>
    <message>
        <source>Show traces that took at least this long</source>
        <translation>Traces zeigen, die mindestens so lange dauerten</translation>
    </message>
    <message>
        <source>Errors only</source>
        <translation>Nur Fehler</translation>
    </message>
    <message>
        <source>Clear filter</source>
        <translation>Filter aufheben</translation>
    </message>
    <message>
        <source>Not a duration. Write a number with ns, us, ms, s or min.</source>
        <translation>Keine Dauer. Schreiben Sie eine Zahl mit ns, us, ms, s oder min.</translation>
    </message>
</context>
<context>
    <name>spanreel::views::TraceHeader</name>
    <message>
        <source>(no service)</source>
        <translation>(kein Dienst)</translation>
    </message>
    <message>
        <source>About this trace</source>
        <translation>Über diesen Trace</translation>
    </message>
    <message>
        <source>No trace selected</source>
        <translation>Kein Trace gewählt</translation>
    </message>
    <message>
        <source>Trace %1</source>
        <translation>Trace %1</translation>
    </message>
    <message numerus="yes">
        <source>%n services</source>
        <translation>
            <numerusform>%n Dienst</numerusform>
            <numerusform>%n Dienste</numerusform>
        </translation>
    </message>
    <message>
        <source>depth %1</source>
        <translation>Tiefe %1</translation>
    </message>
    <message>
        <source>1 span</source>
        <translation>1 Span</translation>
    </message>
    <message>
        <source>%1 spans</source>
        <translation>%1 Spans</translation>
    </message>
    <message>
        <source>1 error ✕</source>
        <translation>1 Fehler ✕</translation>
    </message>
    <message>
        <source>%1 errors ✕</source>
        <translation>%1 Fehler ✕</translation>
    </message>
    <message>
        <source>no errors</source>
        <translation>keine Fehler</translation>
    </message>
    <message>
        <source>1 log</source>
        <translation>1 Log</translation>
    </message>
    <message>
        <source>%1 logs</source>
        <translation>%1 Logs</translation>
    </message>
    <message>
        <source>Starts %1, lasts %2</source>
        <translation>Beginnt %1, dauert %2</translation>
    </message>
    <message>
        <source>1 orphan: its parent is not in this trace</source>
        <translation>1 Waise: ihr Elter ist nicht in diesem Trace</translation>
    </message>
    <message>
        <source>%1 orphans: their parents are not in this trace</source>
        <translation>%1 Waisen: ihre Eltern sind nicht in diesem Trace</translation>
    </message>
    <message>
        <source>1 equal copy shown with the span it repeats</source>
        <translation>1 gleiche Kopie, beim Span gezeigt, den sie wiederholt</translation>
    </message>
    <message>
        <source>%1 equal copies shown with the span they repeat</source>
        <translation>%1 gleiche Kopien, beim Span gezeigt, den sie wiederholen</translation>
    </message>
    <message>
        <source>%1 roots</source>
        <translation>%1 Wurzeln</translation>
    </message>
    <message>
        <source>1 span without a usable time is off the axis</source>
        <translation>1 Span ohne brauchbare Zeit steht nicht auf der Achse</translation>
    </message>
    <message>
        <source>%1 spans without a usable time are off the axis</source>
        <translation>%1 Spans ohne brauchbare Zeit stehen nicht auf der Achse</translation>
    </message>
    <message>
        <source>1 log belongs to no span that is here</source>
        <translation>1 Log gehört zu keinem Span, der hier ist</translation>
    </message>
    <message>
        <source>%1 logs belong to no span that is here</source>
        <translation>%1 Logs gehören zu keinem Span, der hier ist</translation>
    </message>
    <message>
        <source>%1 %2 %</source>
        <translation>%1 %2 %</translation>
    </message>
    <message numerus="yes">
        <source>%n others</source>
        <translation>
            <numerusform>%n weiterer</numerusform>
            <numerusform>%n weitere</numerusform>
        </translation>
    </message>
    <message>
        <source>No critical path: no span has a usable time</source>
        <translation>Kein kritischer Pfad: kein Span hat eine brauchbare Zeit</translation>
    </message>
    <message>
        <source>Critical path: %1</source>
        <translation>Kritischer Pfad: %1</translation>
    </message>
    <message>
        <source>The critical path is the chain of spans the trace waited for; making anything else faster does not make the trace faster.</source>
        <translation>Der kritische Pfad ist die Kette von Spans, auf die der Trace wartete; was sonst schneller wird, macht den Trace nicht schneller.</translation>
    </message>
</context>
<context>
    <name>spanreel::views::TraceListView</name>
    <message>
        <source>No trace matches the filter.</source>
        <translation>Kein Trace passt zum Filter.</translation>
    </message>
    <message>
        <source>Traces</source>
        <translation>Traces</translation>
    </message>
    <message>
        <source>%1 traces</source>
        <translation>%1 Traces</translation>
    </message>
    <message>
        <source>Showing %1 of %2 traces</source>
        <translation>%1 von %2 Traces gezeigt</translation>
    </message>
    <message>
        <source>%1 with errors</source>
        <translation>%1 mit Fehlern</translation>
    </message>
    <message>
        <source>%1 hidden by the filter</source>
        <translation>%1 vom Filter verborgen</translation>
    </message>
    <message>
        <source>%1 hidden by services unticked in the navigator</source>
        <translation>%1 verborgen durch Dienste, die im Navigator abgewählt sind</translation>
    </message>
    <message>
        <source>%1 trace ids occur in logs only</source>
        <translation>%1 Trace-Kennungen kommen nur in Logs vor</translation>
    </message>
    <message>
        <source>%1 to %2, %3 to %4</source>
        <comment>start from, start to, duration from, duration to</comment>
        <translation>%1 bis %2, %3 bis %4</translation>
    </message>
    <message>
        <source>Clear the range picked in the chart</source>
        <translation>Den im Diagramm gewählten Bereich aufheben</translation>
    </message>
    <message>
        <source>Open trace</source>
        <translation>Trace öffnen</translation>
    </message>
    <message>
        <source>Copy trace id</source>
        <translation>Trace-Kennung kopieren</translation>
    </message>
    <message>
        <source>Only traces of %1</source>
        <translation>Nur Traces von %1</translation>
    </message>
    <message>
        <source>1 trace</source>
        <translation>1 Trace</translation>
    </message>
    <message>
        <source>started on %1</source>
        <comment>a day</comment>
        <translation>begonnen am %1</translation>
    </message>
    <message>
        <source>1 trace id occurs in logs only</source>
        <translation>1 Trace-Kennung kommt nur in Logs vor</translation>
    </message>
</context>
<context>
    <name>spanreel::views::TraceModel</name>
    <message>
        <source>%1: %2</source>
        <comment>service: operation</comment>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Trace %1</source>
        <translation>Trace %1</translation>
    </message>
    <message>
        <source>The root span has not arrived; this is the earliest span.</source>
        <translation>Der Wurzel-Span ist nicht da; dies ist der früheste Span.</translation>
    </message>
    <message numerus="yes">
        <source>%n spans with errors</source>
        <translation>
            <numerusform>%n Span mit Fehler</numerusform>
            <numerusform>%n Spans mit Fehlern</numerusform>
        </translation>
    </message>
    <message>
        <source>Trace</source>
        <translation>Trace</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Spans</source>
        <translation>Spans</translation>
    </message>
    <message>
        <source>Services</source>
        <translation>Dienste</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>Logs</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Notizen</translation>
    </message>
    <message>
        <source>(no name)</source>
        <translation>(kein Name)</translation>
    </message>
</context>
<context>
    <name>spanreel::views::TracePage</name>
    <message>
        <source>Trace</source>
        <translation>Trace</translation>
    </message>
    <message>
        <source>Readings of the trace</source>
        <translation>Lesarten des Traces</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>Zeitleiste</translation>
    </message>
    <message>
        <source>What is under the mouse</source>
        <translation>Was unter der Maus ist</translation>
    </message>
    <message>
        <source>Open and close spans</source>
        <translation>Spans auf- und zuklappen</translation>
    </message>
    <message>
        <source>Open everything</source>
        <translation>Alles aufklappen</translation>
    </message>
    <message>
        <source>Open one level more</source>
        <translation>Eine Ebene mehr aufklappen</translation>
    </message>
    <message>
        <source>Close everything</source>
        <translation>Alles zuklappen</translation>
    </message>
    <message>
        <source>Previous error (P)</source>
        <translation>Voriger Fehler (P)</translation>
    </message>
    <message>
        <source>Next error (N)</source>
        <translation>Nächster Fehler (N)</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Zoom in (+)</source>
        <translation>Vergrößern (+)</translation>
    </message>
    <message>
        <source>Zoom out (−)</source>
        <translation>Verkleinern (−)</translation>
    </message>
    <message>
        <source>Show the whole trace (0)</source>
        <translation>Den ganzen Trace zeigen (0)</translation>
    </message>
</context>
<context>
    <name>spanreel::views::TraceSearch</name>
    <message>
        <source>Search in this trace</source>
        <translation>In diesem Trace suchen</translation>
    </message>
    <message>
        <source>Finds spans by service, name, status message, attributes, events or id. Return goes to the next, Shift+Return to the previous.</source>
        <translation>Findet Spans nach Dienst, Name, Statusmeldung, Attributen, Ereignissen oder Kennung. Eingabe geht zum nächsten, Umschalt+Eingabe zum vorigen.</translation>
    </message>
    <message>
        <source>Matches</source>
        <translation>Treffer</translation>
    </message>
    <message>
        <source>Previous match (Shift+F3)</source>
        <translation>Voriger Treffer (Umschalt+F3)</translation>
    </message>
    <message>
        <source>Next match (F3)</source>
        <translation>Nächster Treffer (F3)</translation>
    </message>
    <message>
        <source>searching…</source>
        <translation>sucht…</translation>
    </message>
    <message>
        <source>none found</source>
        <translation>nichts gefunden</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>%1 found</source>
        <translation>%1 gefunden</translation>
    </message>
</context>
</TS>
