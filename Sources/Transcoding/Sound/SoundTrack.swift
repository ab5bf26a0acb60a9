import Libav
import MediaModel

/// Packets of one sound on their way into segments that end within one audio frame of the picture's.
final class SoundTrack {
    private let encoder: Encoder
    private let format: AudioFormat
    private let grid: Grid
    private let folder: SegmentFolder
    private let muxer: FragmentMuxer
    private let samples: Int64
    private let compositionDelay: Int64
    private var segment = 0
    private var inSegment = 0
    private var segmentStart: Int64 = 0
    /// A packet is written when the next one is known, because the last one's length is the rest.
    private var pending: Packet?
    private var pendingStart: Int64 = 0

    /// Ticks per second: the sample rate.
    var timescale: Int64 { Int64(format.sampleRate) }

    /// - Parameters:
    ///   - samples: of the whole track; it ends there exactly.
    ///   - compositionDelay: samples by which packets are composed later than they sound, as video is.
    init(
        encoder: Encoder, format: AudioFormat, grid: Grid, samples: Int64, compositionDelay: Int64, folder: SegmentFolder
    ) throws(LibavError) {
        self.encoder = encoder
        self.format = format
        self.grid = grid
        self.folder = folder
        muxer = try FragmentMuxer(encoder: encoder, timescale: Int64(format.sampleRate), firstSegment: 1)
        self.samples = samples
        self.compositionDelay = compositionDelay
    }

    func begin() throws(TranscodingError) { try folder.writeInit(muxer.takeInitSegment(), compositionStart: compositionDelay) }

    /// - Parameter onProgress: told after every packet; returns false to give up.
    func drain(onProgress: () -> Bool) throws(TranscodingError) {
        while true {
            let next = try writing { () throws(LibavError) in try Packet() }
            guard try writing({ () throws(LibavError) in try encoder.receive(into: next) }) else { return }
            // Opus says when a packet sounds; its decoder drops the pre-skip that `dOps` states, so the packet is put that much later.
            let shift = format.codec == .opus ? Int64(encoder.initialPadding) : 0
            let start = (next.presentation ?? 0) + shift
            // AAC's first packet sounds before the title begins: dropping it costs nothing but the first frame's overlap.
            if start < 0 || start >= samples { continue }
            try flush(until: start)
            pending = consume next
            pendingStart = start
            guard onProgress() else { throw .stopped("write the sound") }
        }
    }

    func finish() throws(TranscodingError) {
        try flush(until: samples)
        try closeSegment(at: samples)
    }

    /// Writes the pending packet, which lasts until `next`.
    private func flush(until next: Int64) throws(TranscodingError) {
        guard let packet = pending.take() else { return }
        // The boundary nearest to the picture's: at most half a frame off.
        let cut = (grid.time(ofFrame: min((segment + 1) * grid.segmentFrames, grid.frames)) * Rational(timescale)).rounded
        // The last packet belongs to the last segment, even one shorter than half a frame: there are as many as of the picture.
        let isLast = next == samples
        if segment + 1 < grid.segmentCount, inSegment > 0, isLast || pendingStart + Int64(format.codec.frameSamples) / 2 >= cut {
            try closeSegment(at: pendingStart)
        }
        let duration = max(1, next - pendingStart)
        try writing { () throws(LibavError) in
            let composition = pendingStart + compositionDelay
            packet.setTimes(presentation: composition, decoding: composition, duration: duration)
            try muxer.write(packet)
        }
        inSegment += 1
    }

    private func closeSegment(at time: Int64) throws(TranscodingError) {
        guard inSegment > 0 else { return }
        let fragment = try writing { () throws(LibavError) in try muxer.takeFragment() }
        try folder.writeSegment(fragment, number: segment + 1, start: segmentStart, duration: time - segmentStart, samples: inSegment)
        segment += 1
        inSegment = 0
        segmentStart = time
    }

    private func writing<Result: ~Copyable>(_ body: () throws(LibavError) -> Result) throws(TranscodingError) -> Result {
        try wrapping(.encoder, "write the sound", body)
    }
}
