import MediaModel

/// Pictures at a file's beginning that refer to what came before it: a recording that was begun or cut in the middle of a group.
struct FileHead {
    /// Pictures that are left out.
    private(set) var pictures = 0
    /// When the first of them would have been shown, in seconds; nil where they have no times, or there are none.
    private(set) var storedStart: Rational?

    /// Codecs whose decoders hold back what refers to nothing.
    private static let reordering: Set = ["h264", "hevc", "mpeg1video", "mpeg2video", "mpeg4", "vc1"]
    /// Packets after the first whole picture's that may still be shown before it.
    private static let reach = 32

    /// Seconds that are no damage. A recording that begins at any place begins with the next group of pictures, which comes after a whole
    /// group at most: as long as the stream's longest one, but at least a second and at most two, so that no group, however long, makes
    /// a loss that a viewer misses pass.
    /// - Parameter index: of the whole stream, once `cut` has been there.
    static func longest(in index: FrameIndex) -> Rational {
        let keys = index.packets.lazy.filter { $0.isKey && !$0.isDiscarded }.compactMap(\.presentation)
        var (group, last) = (Int64(0), Int64?.none)
        for key in keys {
            if let last { group = max(group, key.subtractingReportingOverflow(last).partialValue) }
            last = key
        }
        return min(max(Rational(group) * index.timeBase, Rational(1)), Rational(2))
    }

    /// Finds them and marks them in the index, so that nobody counts, shows or waits for them.
    /// - Parameter firstShown: time of the first picture that came out of the decoder whole, in the index's ticks.
    static func cut(_ index: inout FrameIndex, codec: String, firstShown: Int64?) -> FileHead {
        var head = FileHead()
        guard let key = index.packets.firstIndex(where: \.isKey) else { return head }
        var earliest: Int64?
        func leaveOut(_ number: Int) {
            guard !index.packets[number].isDiscarded else { return }
            index.packets[number].isDiscarded = true
            head.pictures += 1
            if let time = index.packets[number].presentation { earliest = min(earliest ?? time, time) }
        }
        for number in 0..<key { leaveOut(number) }
        if let firstShown, reordering.contains(codec), let shown = index.packets.firstIndex(where: { $0.presentation == firstShown }) {
            for number in key..<min(index.packets.count, shown + reach) {
                if let time = index.packets[number].presentation, time < firstShown { leaveOut(number) }
            }
        }
        head.storedStart = earliest.map { Rational($0) * index.timeBase }
        return head
    }
}
