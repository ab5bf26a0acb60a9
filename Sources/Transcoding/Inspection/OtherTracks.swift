import Libav
import MediaModel

/// Looks at the tracks that a title does not use, where the container's length makes one ask how long they last.
enum OtherTracks {
    /// Seconds on the file's clock at which the last of them ends; nil where there are none.
    /// - Parameter onProgress: told after every packet; returns false to give up.
    static func end(path: String, not used: Set<Int>, onProgress: () -> Bool) throws(TranscodingError) -> Rational? {
        var last: Rational?
        var wasStopped = false
        // What cannot be read here was read before, or is no reason: the caller takes nil for an answer.
        do throws(LibavError) {
            let demuxer = try Demuxer(path: path)
            let bases = Dictionary(uniqueKeysWithValues: demuxer.streams.map { ($0.index, $0.timeBase) })
            demuxer.select(Set(bases.keys).subtracting(used))
            let packet = try Packet()
            while try demuxer.read(into: packet) {
                wasStopped = !onProgress()
                if wasStopped { break }
                guard let start = packet.presentation ?? packet.decoding, let base = bases[packet.stream] else { continue }
                last = max(last ?? .zero, Rational(start + packet.duration) * base)
            }
        } catch {}
        if wasStopped { throw .stopped("read '\(path)'") }
        return last
    }
}
