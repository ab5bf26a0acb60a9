import Libav
import MediaModel

/// All that is found out about the picture that was chosen: what its packets say, and a few decoded pictures.
struct PictureStudy {
    let video: VideoTrackInfo
    let index: FrameIndex
    private(set) var damage: [String] = []
    private(set) var notes: [String] = []

    init(
        path: String, _ stream: MediaStream, _ track: PacketScan.Picture, onProgress: () -> Bool
    ) throws(TranscodingError) {
        var index = track.index(timeBase: stream.timeBase, delay: stream.reorderDelay)
        var probe = try PictureProbe.run(path: path, stream: stream.index, index: index, onProgress: onProgress)
        probe.markFields(in: &index)
        let first = probe.firstShown.flatMap { index.packets.indices.contains($0) ? index.packets[$0].presentation : nil }
        let head = FileHead.cut(&index, codec: stream.codec, firstShown: first)
        let nominal = stream.averageFrameRate > .zero ? stream.averageFrameRate : stream.realFrameRate
        var others: [ShapeProbe.Share] = []
        if track.runs.count > 1 {
            let shapes = try ShapeProbe.run(
                path: path, stream: stream.index, index: index, runs: track.runs, joints: track.joints,
                isAspectFixed: stream.containerAspectRatio > .zero, nominal: nominal, onProgress: onProgress)
            others = Array(shapes.shares.dropFirst())
            if let main = shapes.shares.first, !others.isEmpty {
                let packets = probe.packets
                probe = main.probe
                probe.packets = packets
            }
        }
        var timing = FrameTiming(
            index: index, nominal: nominal, lastDuration: track.lastDuration(in: index, length: stream.duration))
        if timing.access == .sequential, index.packets.contains(where: \.isInferred), !probe.agrees(with: index) {
            timing.access = .counted
        }
        var video = VideoTrackInfo(stream, probe: probe, timing: timing)
        // A clock that was followed holds for who reads from the start.
        if !track.joints.isEmpty, timing.access == .seekable { video.access = .sequential }
        video.storedStart = head.storedStart
        video.hasOtherSizes = !others.isEmpty
        self.video = video
        self.index = index
        tell(of: head, longest: FileHead.longest(in: index))
        tell(of: others)
    }

    /// - Parameter longest: seconds that may be missing.
    private mutating func tell(of head: FileHead, longest: Rational) {
        guard head.pictures > 0 else { return }
        let late = head.storedStart.map { video.start - $0 } ?? .zero
        let what =
            "stream \(video.stream) begins in the middle of a group of pictures: \(head.pictures) of them "
            + "(\(seconds(late)) s) cannot be decoded, and the title begins with the first whole picture"
        if late > longest { damage.append(what) } else { notes.append(what) }
    }

    private mutating func tell(of others: [ShapeProbe.Share]) {
        for share in others.prefix(5) {
            notes.append(
                "\(seconds(share.length)) s of the picture are \(size(share.probe.shape)), not \(video.width)x\(video.height)"
                    + " as most of it: fitted in with bars")
        }
    }

    private func size(_ shape: FrameShape) -> String {
        let hasSize = shape.width == video.width && shape.height == video.height
        return "\(shape.width)x\(shape.height)" + (hasSize ? " with pixels of \(shape.sampleAspectRatio)" : "")
    }

    private func seconds(_ time: Rational) -> String { "\(Double((time * Rational(100)).rounded) / 100)" }
}
