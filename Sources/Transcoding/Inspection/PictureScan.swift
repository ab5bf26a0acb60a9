import Libav
import MediaModel

extension PacketScan {
    /// The packets of one picture track.
    struct Picture {
        private(set) var packets: [FrameIndex.Packet] = []
        /// Where the heads of the pictures begin to say another size or shape than before; the first run is at 0.
        private(set) var runs = [Run(packet: 0, signature: nil)]
        /// Where the clock breaks and was followed: all times here are those after it.
        var joints: [ClockJoint] = []
        /// Of each packet, in ticks; 0 where unknown.
        private var durations: [Int64] = []
        /// What each picture's headers say; empty where the container's word is enough.
        private var facts: [PictureParser.Facts?] = []
        private let codec: String
        private let parser: PictureParser?
        private let hides: ((borrowing Packet) -> Bool)?
        private let statesPresentation: Bool
        private var vp9 = VP9Size()

        struct Run {
            /// Index of its first packet.
            var packet: Int
            var signature: [UInt8]?
        }

        /// Containers that state every picture's time, and hold a picture a packet.
        private static let explicitContainers: Set<Substring> = ["mov", "matroska", "webm", "flv", "live_flv", "ivf"]
        /// Codecs that show pictures in another order than they store them.
        private static let reordering: Set<String> = ["h264", "hevc", "mpeg1video", "mpeg2video", "mpeg4", "vc1"]

        init(_ stream: MediaStream, of demuxer: Demuxer) {
            codec = stream.codec
            statesPresentation = !["avi", "mxf"].contains(demuxer.formatName)
            let isExplicit = demuxer.formatName.split(separator: ",").contains { Picture.explicitContainers.contains($0) }
            parser = !isExplicit && Picture.reordering.contains(codec) ? demuxer.parser(forStream: stream.index) : nil
            hides = HiddenPicture.test(for: codec)
        }

        mutating func add(_ packet: borrowing Packet) {
            noteShape(packet)
            packets.append(
                FrameIndex.Packet(
                    presentation: Picture.plausible(packet.presentation), decoding: Picture.plausible(packet.decoding),
                    position: packet.position,
                    byteCount: Int32(clamping: packet.byteCount),
                    isKey: packet.isKey, isDiscarded: packet.isDiscarded || hides?(packet) ?? false))
            durations.append(Picture.plausible(max(0, packet.duration)) ?? 0)
            if let parser { note(parser.facts(of: packet)) }
        }

        /// Ticks that no clock reaches are none: from here on differences of times fit.
        private static func plausible(_ ticks: Int64?) -> Int64? { ticks.flatMap { $0.magnitude < 1 << 60 ? $0 : nil } }

        private mutating func note(_ found: PictureParser.Facts) {
            if let before = facts.last ?? nil, !(packets.dropLast().last?.isSecondField ?? true) {
                let areFields = found.structure != .frame && before.structure != .frame
                packets[packets.count - 1].isSecondField = areFields && found.structure != before.structure
            }
            facts.append(found)
        }

        private mutating func noteShape(_ packet: borrowing Packet) {
            let head = packet.head(PictureHeader.length)
            let said = codec == "vp9" ? vp9.take(head) : PictureHeader.signature(codec: codec, head: head)
            guard let signature = packet.newParameters ?? said, signature != runs[runs.count - 1].signature else { return }
            if packets.isEmpty {
                runs[0].signature = signature
            } else {
                runs.append(Run(packet: packets.count, signature: signature))
            }
        }

        /// The packets with every presentation time that can be worked out.
        /// - Parameter delay: packets by which the codec delays pictures for reordering.
        func index(timeBase: Rational, delay: Int) -> FrameIndex {
            var index = FrameIndex(timeBase: timeBase, packets: packets)
            PresentationTimes(index, durations: durations, facts: facts, delay: delay, statesPresentation: statesPresentation).fill(&index)
            return index
        }

        /// Ticks that the picture which is shown last is declared to last; 0 where unknown.
        /// - Parameter length: ticks that the whole track is declared to last: an edit list may end it within its last picture.
        func lastDuration(in index: FrameIndex, length: Int64?) -> Int64 {
            let shown = index.packets.indices.filter { index.packets[$0].isShown && index.packets[$0].presentation != nil }
            let times = shown.map { index.packets[$0].presentation ?? 0 }
            guard let first = times.min(), let last = times.max(), let place = times.lastIndex(of: last) else { return 0 }
            let duration = durations[shown[place]]
            guard let length, case (let end, false) = first.addingReportingOverflow(length), end > last else { return duration }
            return min(duration, end &- last)
        }
    }
}
