// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <memory>

namespace spanreel::views {

class ViewContext;

/// The dependency graph of the session or of the selected trace: services and the peers they call, with calls, error
/// rates and durations. Computed and laid out in the query pool, at most every two seconds while data arrives; known
/// nodes keep their places. During replay, what is in flight is lit. GUI thread.
class ServiceMapView : public QWidget {
    Q_OBJECT
public:
    enum class Scope { Session, Trace };

    explicit ServiceMapView(ViewContext& context, QWidget* parent = nullptr);
    ~ServiceMapView() override;

    [[nodiscard]] Scope scope() const;
    void setScope(Scope scope);
    /// Hides the scope switch: for the trace page, which shows its own trace only.
    void setScopeFixed(Scope scope);
    void fit();
    /// Selects the service or peer of this name; nothing where there is none.
    void selectNode(const QString& name);
    /// Nodes laid out now; 0 while empty or computing.
    [[nodiscard]] int nodeCount() const;

signals:
    /// The user asked for the traces of this service (double click or Return on a node).
    void serviceActivated(const QString& service);
    void layoutChanged();

protected:
    void showEvent(QShowEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> m_p;
};

}  // namespace spanreel::views
