import Libav
import MediaModel

/// One rung of one chunk: pictures in, segments out. IDR frames stand on the grid alone, decode times count the frames, and every count is
/// asserted.
final class VideoLane {
    let plan: RungPlan
    let target: PictureScaler.Target
    private let grid: Grid
    private let chunk: Range<Int>
    private let encoder: Encoder
    private let writer: Writer?
    private let packet: Packet
    private var kept: Frame?
    private var keptSerial = -1
    private var sent = 0
    /// Bytes of coded pictures so far: what a first pass measures.
    private(set) var codedBytes = 0

    /// Where packets become segments; a first pass has none.
    private struct Writer {
        let muxer: FragmentMuxer
        let folder: SegmentFolder
        /// Ticks of one of the rung's frames.
        let frameTicks: Int64
        /// When the first frame is composed, in ticks: as late as audio is, or later where no frame may be decoded after it is composed.
        let compositionStart: Int64
        let end: Int64
        var packets = 0
        var inSegment = 0
        var segment: Int
    }

    /// - Parameters:
    ///   - chunk: of the grid, counted from 0.
    ///   - folder: where segments go; nil for a first pass.
    init(_ plan: RungPlan, asset: AssetPlan, chunk: Int, pass: EncoderSettings.Pass, coarser: Int, folder: SegmentFolder?)
        throws(TranscodingError)
    {
        self.plan = plan
        grid = asset.grid
        self.chunk = asset.grid.frames(ofChunk: chunk)
        target = PictureScaler.Target(width: plan.width, height: plan.height, bitDepth: plan.rung.bitDepth)
        let settings = try EncoderSettings(plan, gopFrames: asset.grid.gopFrames / plan.frameDivisor, pass: pass, coarser: coarser)
        encoder = try VideoLane.openEncoder(settings, plan: plan, color: asset.picture?.output ?? .bt709)
        do throws(LibavError) {
            packet = try Packet()
            guard let folder else {
                writer = nil
                return
            }
            let firstSegment = asset.grid.segments(ofChunk: chunk).lowerBound
            let muxer = try FragmentMuxer(encoder: encoder, timescale: grid.timescale, firstSegment: firstSegment + 1)
            let frameTicks = grid.frameTicks * Int64(plan.frameDivisor)
            let reordering = Int64(try encoder.reorderedFrames()) * frameTicks
            writer = Writer(
                muxer: muxer, folder: folder, frameTicks: frameTicks,
                compositionStart: max(plan.rung.codec.reordersFrames ? grid.compositionDelay(timescale: grid.timescale) : 0, reordering),
                end: Int64(self.chunk.upperBound) * grid.frameTicks, segment: firstSegment)
        } catch {
            throw TranscodingError(.encoder, "encode the rung '\(plan.rung.name)'", "", underlying: error)
        }
        self.state = writer
        if let writer { try writer.folder.writeInit(writer.muxer.takeInitSegment(), compositionStart: writer.compositionStart) }
    }

    /// The writer as it moves along; the constant above is where it began.
    private var state: Writer?

    static func openEncoder(_ settings: EncoderSettings, plan: RungPlan, color: ColorTags) throws(TranscodingError) -> Encoder {
        try wrapping(.encoder, "encode the rung '\(plan.rung.name)'") { () throws(LibavError) in
            try Encoder(
                settings.encoder,
                video: Encoder.Video(
                    width: plan.width, height: plan.height, pixelFormat: plan.rung.bitDepth == 10 ? "yuv420p10le" : "yuv420p",
                    frameRate: plan.frameRate, timeBase: plan.frameRate.reciprocal, color: color),
                options: settings.options, threads: 1)
        }
    }

    /// Takes the picture of one output frame, unless the rung's frame rate skips it.
    func take(_ number: Int, serial: Int, from scaler: PictureScaler) throws(TranscodingError) {
        guard number % plan.frameDivisor == 0 else { return }
        if serial != keptSerial || kept == nil {
            kept = try scaler.scaled(to: target)
            keptSerial = serial
        }
        let ownNumber = number / plan.frameDivisor
        let isKey = number % grid.gopFrames == 0
        guard let picture = kept.take() else { return }
        try encoding { () throws(LibavError) in
            let frame = try picture.reference()
            frame.setForEncoding(presentation: Int64(ownNumber), isKey: isKey)
            try encoder.send(frame)
        }
        kept = consume picture
        sent += 1
        try drain { true }
    }

    /// Ends the lane: everything out, the last segment closed, the count asserted against the plan.
    /// - Parameter onProgress: told after every picture that comes out; returns false to give up.
    func finish(onProgress: () -> Bool) throws(TranscodingError) {
        try encoding { () throws(LibavError) in try encoder.finish() }
        try drain(onProgress)
        try closeSegment()
        let expected = (chunk.upperBound + plan.frameDivisor - 1) / plan.frameDivisor - chunk.lowerBound / plan.frameDivisor
        guard let state else { return }
        guard state.packets == expected, sent == expected else {
            throw TranscodingError(
                .encoder, "encode the rung '\(plan.rung.name)'",
                "\(state.packets) frames came out of \(sent) where the plan has \(expected)")
        }
    }

    private func drain(_ onProgress: () -> Bool) throws(TranscodingError) {
        while try encoding({ () throws(LibavError) in try encoder.receive(into: packet) }) {
            codedBytes += packet.byteCount
            try write()
            guard onProgress() else { throw .stopped("encode the rung '\(plan.rung.name)'") }
        }
    }

    /// The k-th packet is decoded at the k-th frame's time. All frames are composed later than they are shown by the same delay, no less
    /// than the encoder's deepest reordering, which the init segment's edit list takes back: then every player shows the first one at once.
    private func write() throws(TranscodingError) {
        guard let state else { return }
        let base = Int64(chunk.lowerBound / plan.frameDivisor)
        let composition = (packet.presentation ?? 0) * state.frameTicks + state.compositionStart
        let decoding = (base + Int64(state.packets)) * state.frameTicks
        if packet.isKey && state.inSegment > 0 {
            let frame = Int(packet.presentation ?? 0) * plan.frameDivisor
            if frame % grid.segmentFrames == 0, frame / grid.segmentFrames < grid.segmentCount { try closeSegment() }
        }
        let duration = min(state.frameTicks, state.end - decoding)
        guard composition >= decoding else {
            throw TranscodingError(
                .encoder, "encode the rung '\(plan.rung.name)'",
                "frame \(packet.presentation ?? 0) came out \((decoding - composition) / state.frameTicks) frames later than the encoder said"
            )
        }
        try encoding { () throws(LibavError) in
            packet.setTimes(presentation: composition, decoding: decoding, duration: duration)
            try state.muxer.write(packet)
        }
        self.state?.packets += 1
        self.state?.inSegment += 1
    }

    private func closeSegment() throws(TranscodingError) {
        guard let state, state.inSegment > 0 else { return }
        let fragment = try encoding { () throws(LibavError) in try state.muxer.takeFragment() }
        let frames = grid.frames(ofSegment: state.segment)
        let expected = (frames.upperBound + plan.frameDivisor - 1) / plan.frameDivisor - frames.lowerBound / plan.frameDivisor
        guard state.inSegment == expected else {
            throw TranscodingError(
                .encoder, "encode the rung '\(plan.rung.name)'",
                "segment \(state.segment + 1) has \(state.inSegment) frames where the plan has \(expected): a key frame is missing or misplaced"
            )
        }
        try state.folder.writeSegment(
            fragment, number: state.segment + 1, start: Int64(frames.lowerBound) * grid.frameTicks,
            duration: Int64(frames.count) * grid.frameTicks, samples: state.inSegment)
        self.state?.inSegment = 0
        self.state?.segment += 1
    }

    private func encoding<Result: ~Copyable>(_ body: () throws(LibavError) -> Result) throws(TranscodingError) -> Result {
        try wrapping(.encoder, "encode the rung '\(plan.rung.name)'", body)
    }
}
