import Engine
import MediaModel
import Transcoding

/// The values that a title's work is made of, and their keys. A key holds content, parameters and libraries, never a path.
struct TitleTasks: Sendable {
    let plan: AssetPlan
    private let libraries = EngineIdentity.libraries

    init(_ plan: AssetPlan) { self.plan = plan }

    /// Everything that shapes the bytes of one rung of one chunk.
    private struct ChunkTask: Encodable {
        var source: String
        var stream: Int
        var origin: Rational
        var frameRate: Rational
        var gopFrames: Int
        var segmentFrames: Int
        var frames: [Int]
        var picture: PicturePlan?
        var rung: RungPlan
        var acceptsDamage: Bool
        /// This chunk's share of the title's bits in the second of two passes.
        var bitRate: Int?
    }

    private func chunkTask(_ chunk: Int, rung: Int, bitRate: Int?) -> ChunkTask {
        let frames = plan.grid.frames(ofChunk: chunk)
        var fitted = plan.rungs[rung]
        // The rung's name and the title's whole length shape no chunk.
        fitted.rung.name = ""
        fitted.frames = 0
        return ChunkTask(
            source: plan.source.fingerprint, stream: plan.source.video?.stream ?? 0, origin: plan.origin, frameRate: plan.grid.frameRate,
            gopFrames: plan.grid.gopFrames, segmentFrames: plan.grid.segmentFrames, frames: [frames.lowerBound, frames.upperBound],
            picture: plan.picture, rung: fitted, acceptsDamage: plan.acceptsDamage, bitRate: bitRate)
    }

    func measureKey(chunk: Int, rung: Int) throws -> TaskKey {
        try TaskKey("measure", of: chunkTask(chunk, rung: rung, bitRate: nil), libraries: libraries)
    }

    /// - Parameter bitRate: of the second of two passes; nil for a single one.
    func chunkKey(chunk: Int, rung: Int, bitRate: Int?) throws -> TaskKey {
        try TaskKey("chunk", of: chunkTask(chunk, rung: rung, bitRate: bitRate), libraries: libraries)
    }

    func isTwoPass(rung: Int) -> Bool {
        if case .twoPass = plan.rungs[rung].rung.rateControl { true } else { false }
    }

    private struct SoundTask: Encodable {
        var file: String
        var stream: Int
        var isOutside: Bool
        var origin: Rational
        var pictureStart: Rational?
        var grid: Grid
        var format: AudioFormat
        var mixdownGain: Rational
        var acceptsDamage: Bool
    }

    func soundKey(_ number: Int) throws -> TaskKey {
        let sound = plan.audio[number]
        var grid = plan.grid
        grid.chunkStarts = []
        return try TaskKey(
            "sound",
            of: SoundTask(
                file: sound.file?.sha256 ?? plan.source.fingerprint, stream: sound.stream, isOutside: sound.file != nil,
                origin: plan.origin, pictureStart: plan.source.video?.start, grid: grid, format: sound.format,
                mixdownGain: sound.mixdownGain,
                acceptsDamage: plan.acceptsDamage), libraries: libraries)
    }

    private struct TextTask: Encodable {
        var file: String
        var isNamedWebVTT: Bool
        /// Names the encoding of a file that does not.
        var language: String
        var encoding: TextEncoding?
        /// Warnings name the track by it.
        var label: String
        var trimStart: Rational
        var grid: Grid
    }

    /// Source time that the title's 0 stands for on a sidecar's clock, which begins with the source's picture.
    var sidecarStart: Rational { plan.origin - (plan.source.video?.start ?? plan.origin) }

    func textKey(_ number: Int) throws -> TaskKey {
        var grid = plan.grid
        grid.chunkStarts = []
        let text = plan.text[number]
        return try TaskKey(
            "text",
            of: TextTask(
                file: text.file.sha256, isNamedWebVTT: text.isNamedWebVTT, language: text.language, encoding: text.encoding,
                label: text.label,
                trimStart: sidecarStart, grid: grid), libraries: [])
    }

    private struct ImagesTask: Encodable {
        var source: String
        var stream: Int
        var origin: Rational
        var frameRate: Rational
        var frames: Int
        var picture: PicturePlan?
        var images: ImagePlan
        var acceptsDamage: Bool
    }

    func imagesKey() throws -> TaskKey? {
        guard let images = plan.images else { return nil }
        return try TaskKey(
            "images",
            of: ImagesTask(
                source: plan.source.fingerprint, stream: plan.source.video?.stream ?? 0, origin: plan.origin,
                frameRate: plan.grid.frameRate,
                frames: plan.grid.frames, picture: plan.picture, images: images, acceptsDamage: plan.acceptsDamage), libraries: libraries)
    }

    private struct PackageTask: Encodable {
        var title: String
        /// A hash over everything else that shapes the package's bytes.
        var version: String
        var provenance: Provenance
        var warnings: [String]
    }

    var provenance: Provenance { Provenance(reelmill: productVersion, preset: plan.presetName, libraries: libraries) }

    func packageKey() throws -> TaskKey {
        try TaskKey(
            "package", of: PackageTask(title: plan.id, version: plan.version, provenance: provenance, warnings: plan.warnings),
            libraries: libraries)
    }
}
