/// Format number of what is written, part of every task's key and every version.
///
/// Raise it when a release writes other bytes for the same source, preset and libraries.
package enum EngineFormat {
    package static let current = 6
}
