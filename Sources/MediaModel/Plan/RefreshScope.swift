/// In which respect published titles are made anew though nobody has changed what was asked.
package enum RefreshScope: String, Hashable, Sendable, Codable, CaseIterable {
    /// FFmpeg's libraries and the encoders have other builds now.
    case libraries
    /// A built-in preset says something else now.
    case presets
    /// This program plans or writes otherwise now.
    case engine
}
