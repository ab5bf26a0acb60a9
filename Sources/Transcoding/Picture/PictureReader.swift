package import Libav
package import MediaModel

/// The source as the title's grid sees it: for every output frame the latest picture whose tick is not after it, deinterlaced, in order.
///
/// Which picture belongs to which frame is the schedule's to say; before the first picture, the first one is shown. So the count of output
/// frames is the plan's, whatever the source's times do, and a stretch gives the same pictures as the whole.
package final class PictureReader {
    private let plan: AssetPlan
    private let reader: SourceReader
    private let deinterlaces: Bool
    private let undoesTelecine: Bool
    private var film: FilmPictures?
    private var deinterlacer: FilterGraph?
    private var deinterlacerShape: FrameShape?
    private let decodedFrame: Frame
    private let path: String
    private let index: FrameIndex
    private let schedule: PictureSchedule
    /// Pictures waiting behind the deinterlacer, which makes two of one.
    private var isDraining = false
    /// The picture in hand has another shape than those behind the deinterlacer, which must come out first.
    private var isWaiting = false

    /// - Parameters:
    ///   - path: of the source.
    ///   - plan: with a picture.
    ///   - index: of the source's picture.
    package init(path: String, plan: AssetPlan, index: FrameIndex) throws(TranscodingError) {
        guard let video = plan.source.video, let picture = plan.picture else {
            throw TranscodingError(.unsupported, "decode '\(path)'", "it has no picture")
        }
        self.plan = plan
        self.path = path
        self.index = index.clocked(video)
        schedule = PictureSchedule(self.index, rate: plan.grid.frameRate, origin: plan.origin, frames: plan.grid.frames)
        deinterlaces = picture.deinterlace
        undoesTelecine = picture.undoesTelecine
        do throws(LibavError) {
            reader = try SourceReader(
                path: path, video: video, index: index, order: schedule.order, joints: plan.source.joints)
            decodedFrame = try Frame()
        } catch {
            throw TranscodingError(.unreadable, "decode '\(path)'", "", underlying: error)
        }
    }

    /// Calls `body` once for every output frame of `range`, in order.
    ///
    /// - Parameters:
    ///   - onProgress: told at every packet, also of those that are read or decoded only to get to the stretch; returns false to give up.
    ///   - body: gets the output frame's number, the picture (lent; take a `reference()` to keep it) and a serial number that is the
    ///     same for repeated pictures, so that nothing is scaled twice. Returns false to stop.
    /// - Throws: `damaged` when a picture does not decode and the plan does not accept damage; `interrupted` when `onProgress` gives up.
    package func forEach(
        in range: Range<Int>, onProgress: () -> Bool = { true },
        _ body: (_ number: Int, _ picture: borrowing Frame, _ serial: Int) throws(TranscodingError) -> Bool
    ) throws(TranscodingError) {
        let operation = "decode '\(path)'"
        let first = schedule.position(at: range.lowerBound)
        // Those before the first chunk have no chunk of their own: what harms them harms what refers to them.
        let half = plan.grid.frameRate.reciprocal / Rational(2)
        reader.countDamage(from: range.lowerBound == 0 ? nil : plan.origin + plan.grid.time(ofFrame: range.lowerBound) - half)
        do {
            try wrapping(.unreadable, operation) { () throws(LibavError) in
                if let first {
                    try reader.begin(at: first, margin: undoesTelecine ? 10 : deinterlaces ? 3 : 0, onProgress: onProgress)
                } else {
                    try reader.beginAtStart()
                }
            }
            if try !walk(range, onProgress, body) {
                // The seek did not bring the first picture of the stretch: from the start, then.
                try wrapping(.unreadable, operation) { () throws(LibavError) in try reader.beginAtStart() }
                _ = try walk(range, onProgress, body)
            }
        }
        if !plan.acceptsDamage, let first = reader.damage.first {
            throw TranscodingError(.damaged, operation, "\(first); `damage: accept` carries on")
        }
    }

    /// What was tolerated so far.
    package var warnings: [String] { reader.damage + reader.notes }

    /// - Returns: false when the first picture lies behind the stretch's start, that is, when the seek went wrong.
    private func walk(
        _ range: Range<Int>, _ onProgress: () -> Bool, _ body: (Int, borrowing Frame, Int) throws(TranscodingError) -> Bool
    ) throws(TranscodingError) -> Bool {
        isDraining = false
        isWaiting = false
        film = nil
        deinterlacer = nil
        deinterlacerShape = nil
        var next = range.lowerBound
        var serial = 0
        var held: Frame? = nil
        let operation = "decode '\(path)'"
        while next < range.upperBound {
            let frame = try wrapping(.unreadable, operation) { () throws(LibavError) in try Frame() }
            let found = try wrapping(.damaged, operation) { () throws(LibavError) in try nextPicture(into: frame, onProgress) }
            if reader.wasStopped { throw .stopped(operation) }
            guard let tick = found else { break }
            if held == nil {
                // From the file's start there is nothing earlier: a first picture that comes late is held from the beginning.
                if tick > next && !reader.beganAtStart { return false }
                held = consume frame
                serial += 1
                continue
            }
            while next < min(tick, range.upperBound) {
                guard try lend(&held, next, serial, body) else { return true }
                next += 1
            }
            // A picture whose time stands still or jumps back replaces nothing that was shown.
            held = consume frame
            serial += 1
        }
        guard held != nil else {
            throw TranscodingError(.damaged, operation, reader.damage.first ?? "no picture comes out")
        }
        while next < range.upperBound {
            guard try lend(&held, next, serial, body) else { return true }
            next += 1
        }
        return true
    }

    private func lend(
        _ held: inout Frame?, _ number: Int, _ serial: Int, _ body: (Int, borrowing Frame, Int) throws(TranscodingError) -> Bool
    ) throws(TranscodingError) -> Bool {
        guard let frame = held.take() else { return false }
        let goesOn = try body(number, frame, serial)
        held = consume frame
        return goesOn
    }

    /// What is made of several pictures has no packet of its own: it goes to the tick nearest to its time.
    private func tick(_ time: Rational) -> Int { Int(((time - plan.origin) * plan.grid.frameRate).rounded) }

    /// The next picture in order, through the deinterlacer where there is one.
    /// - Returns: the output frame at which it begins to be shown; nil at the end.
    private func nextPicture(into frame: borrowing Frame, _ onProgress: () -> Bool) throws(LibavError) -> Int? {
        if undoesTelecine, let video = plan.source.video {
            if film == nil { film = try FilmPictures(video: video, index: index) }
            return try film?.next(from: reader, into: frame, onProgress: onProgress).map(tick)
        }
        if !deinterlaces {
            while let number = try reader.next(into: frame, onProgress: onProgress) {
                let tick = schedule.ticks.indices.contains(number) ? schedule.ticks[number] : PictureSchedule.never
                if tick != PictureSchedule.never { return tick }
            }
            return nil
        }
        while true {
            if let graph = deinterlacer, try graph.pull(into: frame) {
                guard let ticks = frame.presentation else { continue }
                return tick(Rational(ticks) * graph.outputTimeBase)
            }
            if isDraining { return nil }
            if isWaiting {
                isWaiting = false
                try makeDeinterlacer(decodedFrame.shape)
                try deinterlacer?.push(decodedFrame)
                continue
            }
            guard let number = try reader.next(into: decodedFrame, onProgress: onProgress) else {
                if reader.wasStopped { return nil }
                isDraining = true
                guard let graph = deinterlacer else { return nil }
                try graph.finish()
                continue
            }
            guard index.packets.indices.contains(number), let time = index.packets[number].presentation else { continue }
            decodedFrame.presentation = time
            if deinterlacerShape != decodedFrame.shape {
                if let old = deinterlacer {
                    try old.finish()
                    isWaiting = true
                    continue
                }
                try makeDeinterlacer(decodedFrame.shape)
            }
            try deinterlacer?.push(decodedFrame)
        }
    }

    private func makeDeinterlacer(_ shape: FrameShape) throws(LibavError) {
        // Flagged pictures give one frame a field; a progressive one among them passes as it is.
        let chain = "bwdif=mode=send_field:parity=auto:deint=interlaced"
        deinterlacer = try FilterGraph(
            PlanarFormat.prefix(of: shape) + chain,
            input: .video(shape, color: decodedFrame.color, timeBase: index.timeBase, frameRate: nil))
        deinterlacerShape = shape
    }
}
