import Libav
import MediaModel

/// Which picture of a file is the film: the one that lasts, not the largest still nor a track that holds nothing.
struct PictureChoice {
    /// One picture track and what its packets say.
    struct Candidate {
        var stream: MediaStream
        /// That are shown.
        var pictures: Int
        /// Seconds on the source's clock; both 0 where nothing has a time.
        var start: Rational
        var end: Rational

        var length: Rational { end - start }
        var area: Int { stream.width * stream.height }

        init(_ stream: MediaStream, _ track: PacketScan.Picture?) {
            self.stream = stream
            let shown = (track?.packets ?? []).filter { !$0.isDiscarded }
            let times = shown.compactMap { $0.presentation ?? $0.decoding }
            pictures = shown.count
            start = times.min().map { Rational($0) * stream.timeBase } ?? .zero
            end = times.max().map { Rational($0) * stream.timeBase } ?? .zero
        }
    }

    /// nil: no track has a picture.
    private(set) var main: Candidate?
    /// Where the film goes on in another track; nil: it does not.
    private(set) var sequel: Candidate?

    /// A track with less than this share of the longest one's length or pictures is a preview or a row of stills.
    private static let least: Int64 = 10
    /// Seconds; tracks that follow each other by more or less than this are one film in two pieces.
    private static let seam = Rational(1)

    init(_ candidates: [Candidate]) {
        let filled = candidates.filter { $0.pictures > 0 }
        let moving = filled.filter { $0.pictures > 1 }
        let lasting = Self.lasting(moving.isEmpty ? filled : moving)
        let usable = lasting.filter(\.stream.isDecodable)
        let byChoice = usable.filter(\.stream.isDefault)
        let best = (byChoice.count == 1 ? byChoice : usable)
            .max { ($0.area, -$0.stream.index) < ($1.area, -$1.stream.index) }
        // A film that nothing here decodes is not replaced by its preview.
        main = best ?? lasting.first ?? candidates.first { !$0.stream.isDecodable }
        guard let main else { return }
        sequel = moving.first { other in
            other.stream.index != main.stream.index && other.length > Self.seam
                && (other.start > main.end - Self.seam || other.end < main.start + Self.seam)
        }
    }

    private static func lasting(_ tracks: [Candidate]) -> [Candidate] {
        let longest = tracks.map(\.length).max() ?? .zero
        let most = tracks.map(\.pictures).max() ?? 0
        return tracks.filter {
            $0.length * Rational(least) >= longest
                && ($0.pictures * Int(least) >= most || $0.length * Rational(2) > longest && $0.stream.isDefault)
        }
    }
}
