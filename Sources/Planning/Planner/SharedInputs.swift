import Crypto
import Foundation
import MediaModel
import Synchronization

/// Hashes of what the titles of a batch have in common, presets and libraries, made once a process and not once a title.
enum SharedInputs {
    private static let presets = Mutex<[Preset: String]>([:])
    private static let libraries = Mutex<[[LibraryIdentity]: String]>([:])

    static func hash(_ preset: Preset) throws -> String {
        if let known = presets.withLock({ $0[preset] }) { return known }
        let hash = try hash(of: PresetInputs(preset))
        presets.withLock { $0[preset] = hash }
        return hash
    }

    /// The same in whatever order they come.
    static func hash(_ libraries: [LibraryIdentity]) throws -> String {
        if let known = Self.libraries.withLock({ $0[libraries] }) { return known }
        let sorted = libraries.sorted { ($0.name, $0.version, $0.buildID) < ($1.name, $1.version, $1.buildID) }
        let hash = try hash(of: sorted)
        Self.libraries.withLock { $0[libraries] = hash }
        return hash
    }

    /// 64 hex digits of the SHA-256 over a value as JSON with sorted keys.
    static func hash(of value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let digits = Array("0123456789abcdef")
        return String(SHA256.hash(data: try encoder.encode(value)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}

/// What of a preset shapes bytes: all but its description.
struct PresetInputs: Encodable {
    private let name: String
    private let segmentDuration: Rational
    private let gopDuration: Rational
    private let chunkDuration: Rational
    private let rungs: [Rung]
    private let audio: [AudioFormat]
    private let images: ImageSettings?

    init(_ preset: Preset) {
        name = preset.name
        segmentDuration = preset.segmentDuration
        gopDuration = preset.gopDuration
        chunkDuration = preset.chunkDuration
        rungs = preset.rungs
        audio = preset.audio
        images = preset.images
    }
}
