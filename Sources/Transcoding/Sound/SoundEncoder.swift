import Libav
package import MediaModel

/// One sound in one format, whole: decoded, laid on the title's clock, mixed down, encoded, cut where the picture is cut.
///
/// The samples are padded or cut to the exact length of the picture before they are encoded, so that the track lasts as long as the
/// presentation. AAC's priming packet is dropped; Opus is shifted by its pre-skip; either way sound and picture start together.
package enum SoundEncoder {
    /// - Parameters:
    ///   - path: the title's source, or the outside file that `sound` names.
    ///   - folder: exists and is empty.
    ///   - onFrame: told after every frame of sound, for people; returns false to give up.
    ///   - onProgress: told whenever anything moves, for a watchdog: at every packet of the source, also of those before the title's
    ///     start; after every frame; after every packet that the encoder still held at the end. Returns false to give up.
    package static func run(
        _ sound: AudioPlan, path: String, plan: AssetPlan, folder: String, dressing: SegmentDressing,
        onFrame: () -> Bool = { true }, onProgress: () -> Bool = { true }
    ) throws(TranscodingError) -> MediaRecord {
        let encoder = try open(sound.format)
        let output = SegmentFolder(folder, dressing: dressing)
        let samples = (plan.grid.duration * Rational(Int64(sound.format.sampleRate))).ceiling
        let delay = plan.compositionDelay(timescale: Int64(sound.format.sampleRate))
        let operation = "encode the sound '\(sound.name)'"
        let track = try wrapping(.encoder, operation) { () throws(LibavError) in
            try SoundTrack(
                encoder: encoder, format: sound.format, grid: plan.grid, samples: samples, compositionDelay: delay, folder: output)
        }
        try track.begin()
        // An outside file starts with the title's source, so the title's clock is moved by as much as the source's begins early or late.
        let origin = sound.file == nil ? plan.origin : plan.origin - (plan.source.video?.start ?? plan.origin)
        let reader = try SoundReader(path: path, audio: sound, origin: origin, samples: samples)
        let frame = try wrapping(.encoder, operation) { () throws(LibavError) in try Frame() }
        var position: Int64 = 0
        while try reader.next(samples: encoder.frameSamples, into: frame, onProgress: onProgress) {
            frame.setForEncoding(presentation: position, isKey: false)
            position += Int64(frame.samples)
            try wrapping(.encoder, operation) { () throws(LibavError) in try encoder.send(frame) }
            try track.drain(onProgress: onProgress)
            guard onFrame() && onProgress() else { throw .stopped(operation) }
        }
        try wrapping(.encoder, operation) { () throws(LibavError) in try encoder.finish() }
        try track.drain(onProgress: onProgress)
        try track.finish()
        if !plan.acceptsDamage, let first = reader.damage.first {
            throw TranscodingError(.damaged, "decode the sound of '\(path)'", "\(first); `damage: accept` carries on")
        }
        return output.record(timescale: track.timescale, warnings: reader.damage + reader.notes)
    }

    static func open(_ format: AudioFormat) throws(TranscodingError) -> Encoder {
        try wrapping(.encoder, "encode sound as \(format.codec.rawValue)") { () throws(LibavError) in
            try Encoder(
                format.codec == .aac ? "aac" : "libopus",
                audio: Encoder.Audio(
                    sampleRate: format.sampleRate, channels: format.channels, sampleFormat: format.codec == .aac ? "fltp" : "flt",
                    bitRate: format.bitRate))
        }
    }
}
