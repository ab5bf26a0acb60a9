import MediaModel
import TestSupport
import Transcoding

/// A source that was inspected, and a plan for its pictures alone, as small as the tests need it.
struct ImageFixture {
    let path: String
    let findings: SourceInspector.Findings
    var plan: AssetPlan
    let folder: TemporaryFolder
    private let artwork: String?

    /// - Parameters:
    ///   - video: a lavfi source.
    ///   - isOnItsSide: a display matrix says that a quarter turn clockwise sets it upright.
    ///   - interval: seconds of one tile.
    ///   - artwork: its path.
    init(
        video: String, name: String = "film.mp4", options: [String] = [], isOnItsSide: Bool = false,
        poster: ImagePlan.Size = .init(width: 320, height: 180),
        cards: [ImagePlan.Size] = [.init(width: 160, height: 90)], tile: ImagePlan.Size = .init(width: 64, height: 36), columns: Int = 3,
        rows: Int = 2, interval: Rational = Rational(1), artwork: String? = nil
    ) throws {
        folder = try TemporaryFolder()
        self.artwork = artwork
        let made = try Clip.make(folder.file(name), video: video, options: options)
        path = isOnItsSide ? folder.file("turned-\(name)") : made
        if isOnItsSide { try Program.demand("ffmpeg", ["-v", "error", "-i", made, "-c", "copy", "-metadata:s:v", "rotate=270", path]) }
        findings = try SourceInspector.inspect(path: path, fingerprint: Fingerprint.ofFile(at: path))
        guard let track = findings.source.video else { throw NoPicture() }
        let frames = Int(((track.end - track.start) * track.frameRate).rounded)
        let grid = Grid(frameRate: track.frameRate, frames: frames, gopFrames: 50, segmentFrames: 150, chunkStarts: [0])
        let upright = track.orientation.swapsSides ? (track.height, track.width) : (track.width, track.height)
        var input = track.color
        // As the planner fills in what the source left out.
        if input.matrix == 2 { input = ColorTags(primaries: 1, transfer: 1, matrix: 1, isFullRange: track.color.isFullRange) }
        let picture = PicturePlan(
            deinterlace: false, orientation: track.orientation, width: max(2, upright.0 & ~1), height: max(2, upright.1 & ~1), input: input,
            output: .bt709)
        let count = Int((grid.duration / interval).ceiling)
        let tiles = (0..<count).map { min(frames - 1, Int(((Rational(Int64($0)) + Rational(1, 2)) * interval * grid.frameRate).floor)) }
        let images = ImagePlan(
            artwork: artwork.map { _ in ContentHash("a7") }, poster: poster, cards: cards, tile: tile, columns: columns, rows: rows,
            tileFrames: tiles, interval: interval,
            quality: 82)
        plan = AssetPlan(
            id: "film", version: "", source: findings.source, presetName: "test", origin: track.start, grid: grid, picture: picture,
            rungs: [], dropped: [], audio: [], text: [], images: images, predicted: Prediction(bytes: 0, cpuSeconds: 0, memoryBytes: 0),
            warnings: [],
            acceptsDamage: false)
    }

    private struct NoPicture: Error {}

    /// Makes the pictures into a folder of their own.
    func write() throws -> WrittenImages {
        let folder = try TemporaryFolder()
        let record = try ImageWriter.run(plan: plan, sourcePath: path, artworkPath: artwork, index: findings.index, into: folder.path)
        return WrittenImages(folder: folder, record: record)
    }
}

/// What was written, as other programs see it.
struct WrittenImages {
    let folder: TemporaryFolder
    let record: ImageRecord

    func path(_ name: String) -> String { folder.file(name) }

    /// `640x360`, as ffprobe reads it.
    func size(_ name: String) throws -> String {
        try Judge.entries(path(name), "stream=width,height").joined(separator: "x")
    }

    /// The picture as ffmpeg decodes it: packed red, green and blue.
    func pixels(_ name: String) throws -> [UInt8] { try decoded(name, "rgb24") }

    /// One byte a pixel.
    func gray(_ name: String) throws -> [UInt8] { try decoded(name, "gray") }

    func meanGray(_ name: String) throws -> Double {
        let gray = try gray(name)
        return Double(gray.reduce(0) { $0 + Int($1) }) / Double(max(1, gray.count))
    }

    /// Mean difference between neighbours in a row: what a blur takes away.
    func steepness(_ name: String) throws -> Double {
        let gray = try gray(name)
        let differences = zip(gray, gray.dropFirst()).map { abs(Int($0) - Int($1)) }
        return Double(differences.reduce(0, +)) / Double(max(1, differences.count))
    }

    private func decoded(_ name: String, _ format: String) throws -> [UInt8] {
        let raw = "decoded-\(name).\(format)"
        try Program.demand(
            "ffmpeg", ["-v", "error", "-y", "-i", path(name), "-f", "rawvideo", "-pix_fmt", format, path(raw)])
        return try folder.bytes(of: raw)
    }

    /// Starts, ends and texts of the map's cues, as written.
    func cues() throws -> [(start: String, end: String, text: String)] {
        let text = String(decoding: try folder.bytes(of: "sprite.vtt"), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.indices.filter { lines[$0].contains(" --> ") }.map { place in
            let times = lines[place].split(separator: " ")
            return (String(times[0]), String(times[2]), String(lines[place + 1]))
        }
    }
}
