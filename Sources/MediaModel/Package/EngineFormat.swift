/// What the same plan becomes, as a number: raised when a new release writes other bytes for the same source, preset and libraries.
package enum EngineFormat {
    package static let current = 3
}
