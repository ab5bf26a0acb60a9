import MediaModel

/// The same cues as a CMAF track, for DASH: WebVTT in ISO base media files (ISO/IEC 14496-30, 7; ISO/IEC 23000-19, 11.2).
package enum WebVTTTrack {
    private static let identityMatrix = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x4000_0000].flatMap { UInt32($0).bigEndianBytes }
    private static let undetermined: UInt16 = 0x55C4

    /// - Parameter timescale: the video's, so that both share segment boundaries to the tick.
    package static func initSegment(timescale: Int64, headerBlocks: [String]) -> [UInt8] {
        let brands = box("ftyp", Array("iso6".utf8), UInt32(0).bigEndianBytes, Array("iso6cmfccwvt".utf8))
        let movieHeader = fullBox(
            "mvhd", zeros(8), UInt32(1000).bigEndianBytes, zeros(4), UInt32(0x10000).bigEndianBytes,
            UInt16(0x100).bigEndianBytes, zeros(10), identityMatrix, zeros(24), UInt32(2).bigEndianBytes)
        // Flags: enabled, in movie.
        let trackHeader = fullBox(
            "tkhd", flags: 3, zeros(8), UInt32(1).bigEndianBytes, zeros(8), zeros(8), zeros(8), identityMatrix, zeros(8))
        let mediaHeader = fullBox(
            "mdhd", zeros(8), UInt32(timescale).bigEndianBytes, zeros(4), undetermined.bigEndianBytes, zeros(2))
        let handler = fullBox("hdlr", zeros(4), Array("text".utf8), zeros(12), Array("TextHandler".utf8), [0])
        let dataInformation = box("dinf", fullBox("dref", UInt32(1).bigEndianBytes, fullBox("url ", flags: 1)))
        let header = ([WebVTTFile.signature] + headerBlocks).joined(separator: "\n\n")
        // The source label is only recommended, but some parsers take no track without one.
        let entry = box(
            "wvtt", zeros(6), UInt16(1).bigEndianBytes, box("vttC", Array(header.utf8)), box("vlab", Array("subtitles".utf8)))
        let table = box(
            "stbl", fullBox("stsd", UInt32(1).bigEndianBytes, entry), fullBox("stts", zeros(4)), fullBox("stsc", zeros(4)),
            fullBox("stsz", zeros(8)), fullBox("stco", zeros(4)))
        let media = box("mdia", mediaHeader, handler, box("minf", fullBox("nmhd"), dataInformation, table))
        let extends = box(
            "mvex", fullBox("trex", UInt32(1).bigEndianBytes, UInt32(1).bigEndianBytes, zeros(12)))
        return brands + box("moov", movieHeader, box("trak", trackHeader, media), extends)
    }

    /// - Parameters:
    ///   - number: of the segment, from 1.
    ///   - ticks: what it covers; its samples fill that without a gap.
    ///   - cues: those that show in it, each with its number in the file.
    package static func segment(number: Int, ticks: Range<Int64>, cues: [(source: Int, cue: Cue)], timescale: Int64) -> [UInt8] {
        let samples = samples(ticks, cues, timescale)
        let run = samples.flatMap { UInt32($0.duration).bigEndianBytes + UInt32($0.content.count).bigEndianBytes }
        func fragment(dataOffset: Int) -> [UInt8] {
            box(
                "moof", fullBox("mfhd", UInt32(number).bigEndianBytes),
                box(
                    "traf",
                    // default-base-is-moof; every sample can be begun with (sample_depends_on 2).
                    fullBox("tfhd", flags: 0x020020, UInt32(1).bigEndianBytes, UInt32(0x0200_0000).bigEndianBytes),
                    fullBox("tfdt", version: 1, UInt64(ticks.lowerBound).bigEndianBytes),
                    // Data offset, then duration and size of each sample.
                    fullBox(
                        "trun", flags: 0x301, UInt32(samples.count).bigEndianBytes, UInt32(dataOffset).bigEndianBytes, run)))
        }
        let dataOffset = fragment(dataOffset: 0).count + 8
        return SegmentType.box + fragment(dataOffset: dataOffset) + box("mdat", Array(samples.map(\.content).joined()))
    }

    /// Every change of what shows begins a new sample; a stretch without a cue is a sample with an empty cue box.
    private static func samples(
        _ ticks: Range<Int64>, _ cues: [(source: Int, cue: Cue)], _ timescale: Int64
    ) -> [(duration: Int64, content: [UInt8])] {
        func tick(_ milliseconds: Int64) -> Int64 { (Rational(milliseconds, 1000) * Rational(timescale)).rounded }
        let spans = cues.map { (start: tick($0.cue.start), end: tick($0.cue.end), content: cueBox($0.source, $0.cue)) }
        let inside = spans.flatMap { [$0.start, $0.end] }.filter { ticks.lowerBound < $0 && $0 < ticks.upperBound }
        let cuts = ([ticks.lowerBound, ticks.upperBound] + inside).sorted()
        return zip(cuts, cuts.dropFirst()).filter { $0 < $1 }.map { start, end in
            let showing = spans.filter { $0.start < end && start < $0.end }.flatMap(\.content)
            return (end - start, showing.isEmpty ? box("vtte") : showing)
        }
    }

    /// `vsid` tells a player that two samples show parts of one cue.
    private static func cueBox(_ source: Int, _ cue: Cue) -> [UInt8] {
        box(
            "vttc", box("vsid", UInt32(source).bigEndianBytes),
            cue.identifier.isEmpty ? [] : box("iden", Array(cue.identifier.utf8)),
            cue.settings.isEmpty ? [] : box("sttg", Array(cue.settings.utf8)), box("payl", Array(cue.text.utf8)))
    }

    private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
}
