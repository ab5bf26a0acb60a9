import Libav
import MediaModel

/// Encodes one film into one file: the tracks take turns, so that neither runs far ahead of the other.
struct FilmWriter {
    private let muxer: FileMuxer
    private var picture: PictureTrack
    private var sound: SoundTrack?

    /// Writes `film` to `path`.
    static func write(_ film: Film, to path: String) throws(LibavError) {
        var writer = try FilmWriter(film, path: path)
        try writer.run()
    }

    private init(_ film: Film, path: String) throws(LibavError) {
        muxer = try FileMuxer(path: path, format: film.container)
        picture = try PictureTrack(film.picture, muxer: muxer)
        if let sound = film.sound { self.sound = try SoundTrack(sound, muxer: muxer) }
        try muxer.begin()
    }

    private mutating func run() throws(LibavError) {
        while !picture.isDone || sound?.isDone == false {
            let pictureIsBehind = sound.map { $0.isDone || picture.seconds <= $0.seconds } ?? true
            if !picture.isDone && pictureIsBehind {
                try picture.step(muxer)
            } else {
                try sound?.step(muxer)
            }
        }
        try muxer.finish()
    }

    /// Writes sound alone to `path`.
    static func write(_ sound: Sound, format: String, to path: String) throws(LibavError) {
        let muxer = try FileMuxer(path: path, format: format)
        var track = try SoundTrack(sound, muxer: muxer)
        try muxer.begin()
        while !track.isDone { try track.step(muxer) }
        try muxer.finish()
    }
}

/// The picture on its way through graph and encoder.
private struct PictureTrack {
    private let picture: Picture
    private let graph: FilterGraph
    private let encoder: Encoder
    private let track: Int
    private var frames = 0
    private(set) var seconds = 0.0
    private(set) var isDone = false

    init(_ picture: Picture, muxer: FileMuxer) throws(LibavError) {
        self.picture = picture
        let (width, height) = (picture.width, picture.height)
        // libavfilter's sources draw in RGB at heart: the matrix is chosen here, and tagged as chosen.
        let ending =
            "scale=\(width):\(height):flags=bicubic+accurate_rnd+bitexact:out_color_matrix=bt709:out_range=tv,format=yuv420p"
            + (picture.hasVariableRate ? ",settb=1/1000" : "")
        graph = try FilterGraph("\(picture.graph),\(ending)", input: nil)
        encoder = try Encoder(
            "libx264",
            video: Encoder.Video(
                width: width, height: height, pixelFormat: "yuv420p", frameRate: picture.frameRate,
                timeBase: picture.hasVariableRate ? Rational(1, 1000) : picture.frameRate.reciprocal, color: .bt709),
            // x264 164 reads memory that it never wrote in its macroblock tree (AVX-512): without it, every run writes the same bytes.
            options: [("preset", "veryfast"), ("crf", "23"), ("g", "120"), ("x264-params", "mbtree=0")], threads: 1)
        track = try muxer.addTrack(
            encoder,
            FileMuxer.Track(orientation: picture.orientation, frameRate: picture.hasVariableRate ? nil : picture.frameRate))
    }

    mutating func step(_ muxer: FileMuxer) throws(LibavError) {
        let frame = try Frame()
        if frames < picture.frames, try graph.pull(into: frame) {
            let time = picture.hasVariableRate ? frame.presentation ?? Int64(frames) : Int64(frames)
            frame.setForEncoding(presentation: time, isKey: false)
            frame.setColor(.bt709)
            try encoder.send(frame)
            frames += 1
            seconds = Double(frames) / picture.frameRate.approximate
        } else {
            try encoder.finish()
            isDone = true
        }
        let packet = try Packet()
        while try encoder.receive(into: packet) { try muxer.write(packet, track: track) }
    }
}

/// The sound on its way through graph and encoder.
private struct SoundTrack {
    private let graph: FilterGraph
    private let encoder: Encoder
    private let track: Int
    private var samples: Int64 = 0
    private(set) var isDone = false

    var seconds: Double { Double(samples) / 48000 }

    init(_ sound: Sound, muxer: FileMuxer) throws(LibavError) {
        graph = try Narration.speaking("\(sound.graph),aformat=sample_fmts=\(sound.sampleFormat):sample_rates=48000")
        encoder = try Encoder(
            sound.encoder,
            audio: Encoder.Audio(
                sampleRate: 48000, channels: sound.channels, sampleFormat: sound.sampleFormat, bitRate: sound.bitRate))
        track = try muxer.addTrack(encoder, FileMuxer.Track(language: sound.language))
    }

    mutating func step(_ muxer: FileMuxer) throws(LibavError) {
        let frame = try Frame()
        // PCM takes any count.
        let wanted = encoder.frameSamples > 0 ? encoder.frameSamples : 1024
        if try graph.pull(samples: wanted, into: frame) {
            frame.setForEncoding(presentation: samples, isKey: false)
            samples += Int64(frame.samples)
            try encoder.send(frame)
        } else {
            try encoder.finish()
            isDone = true
        }
        let packet = try Packet()
        while try encoder.receive(into: packet) { try muxer.write(packet, track: track) }
    }
}
