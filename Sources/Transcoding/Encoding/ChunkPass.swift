package import MediaModel

/// One decode of one chunk, feeding every rung that it was handed. How rungs are grouped into passes changes no byte.
package enum ChunkPass {
    /// One rung's part of a pass.
    package struct Lane: Sendable {
        /// Index in `plan.rungs`.
        package var rung: Int
        package var purpose: Purpose
        /// Added to the preset's constant rate factor; see `SoftCap`.
        package var coarser: Int

        package init(rung: Int, purpose: Purpose, coarser: Int = 0) {
            self.rung = rung
            self.purpose = purpose
            self.coarser = coarser
        }
    }

    package enum Purpose: Sendable {
        /// Segments into the folder, which exists and is empty.
        case encode(folder: String)
        /// First of two passes: statistics into the file.
        case measure(statistics: String)
        /// Second of two: segments into the folder, at this chunk's share of the title's bits (bits per second).
        case encodeMeasured(folder: String, statistics: String, bitRate: Int)
    }

    /// What one lane left behind.
    package struct Outcome: Sendable {
        /// nil for a first pass.
        package var record: MediaRecord?
        /// Bytes of coded pictures.
        package var codedBytes: Int
    }

    /// - Parameters:
    ///   - chunk: of the grid, from 0.
    ///   - onFrame: told after every output frame, for people; returns false to give up.
    ///   - onProgress: told whenever anything moves, for a watchdog: at every packet of the source, also of those before the chunk; after
    ///     every output frame; after every picture that an encoder still held at the end. Returns false to give up.
    /// - Returns: one outcome per lane, in their order.
    package static func run(
        source path: String, plan: AssetPlan, index: FrameIndex, chunk: Int, lanes: [Lane], dressing: SegmentDressing,
        onFrame: () -> Bool = { true }, onProgress: () -> Bool = { true }
    ) throws(TranscodingError) -> [Outcome] {
        guard let picture = plan.picture else { throw TranscodingError(.unsupported, "encode '\(path)'", "it has no picture") }
        let reader = try PictureReader(path: path, plan: plan, index: index)
        let scaler = PictureScaler(picture: picture)
        var folders: [SegmentFolder?] = []
        var encoders: [VideoLane] = []
        for lane in lanes {
            let (pass, folder): (EncoderSettings.Pass, String?) =
                switch lane.purpose {
                case .encode(let folder): (.single, folder)
                case .measure(let statistics): (.first(statistics: statistics), nil)
                case .encodeMeasured(let folder, let statistics, let bitRate): (.second(statistics: statistics, bitRate: bitRate), folder)
                }
            let output = folder.map { SegmentFolder($0, dressing: dressing) }
            folders.append(output)
            encoders.append(
                try VideoLane(plan.rungs[lane.rung], asset: plan, chunk: chunk, pass: pass, coarser: lane.coarser, folder: output))
        }
        var wasStopped = false
        try reader.forEach(in: plan.grid.frames(ofChunk: chunk), onProgress: onProgress) { number, frame, serial throws(TranscodingError) in
            try scaler.take(frame, serial: serial)
            for encoder in encoders { try encoder.take(number, serial: serial, from: scaler) }
            wasStopped = !onFrame() || !onProgress()
            return !wasStopped
        }
        if wasStopped { throw .stopped("encode '\(path)'") }
        // Where the inspection saw other sizes coming, the plan says so for the whole title.
        var warnings = reader.warnings
        if plan.source.video?.hasOtherSizes != true {
            warnings += scaler.fitted.map { "some pictures are \($0), not as most of the source: fitted in with bars" }
        }
        var outcomes: [Outcome] = []
        for (encoder, folder) in zip(encoders, folders) {
            try encoder.finish(onProgress: onProgress)
            outcomes.append(
                Outcome(record: folder?.record(timescale: plan.grid.timescale, warnings: warnings), codedBytes: encoder.codedBytes))
        }
        return outcomes
    }
}
