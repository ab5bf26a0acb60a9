import Formats
import MediaModel

/// The multivariant playlist (RFC 8216, 4.3.4), a pure function of the package's facts.
enum MultivariantPlaylist {
    static func text(_ package: AssetPackage) -> String {
        let groups = listedGroups(of: package.audio)
        var text = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n"
        if package.renditions.isEmpty {
            return text + soundAlone(groups, text: package.text)
        }
        for group in groups { text += "\n" + group.text() }
        if !package.text.isEmpty { text += "\n" + SubtitleGroup(members: package.text).text() }
        let variants = inListingOrder(package.renditions)
        for group in groups.isEmpty ? [nil] : groups.map(Optional.some) {
            text += "\n"
            for rendition in variants {
                text += variant(rendition, group: group, hasText: !package.text.isEmpty)
            }
        }
        return text
    }

    /// The groups of one codec: AAC where there is any, else the first that the package has. Sound in further codecs is for DASH, where
    /// a client stays in its adaptation set. In HLS it may switch to any variant that it supports, and Chromium's own player does: it
    /// sorts all variants by BANDWIDTH alone, and fails for good ("Audio codec changes not allowed", seen in 156), whatever their order.
    static func listedGroups(of audio: [AudioRendition]) -> [AudioGroup] {
        let codec = audio.contains { $0.codec == .aac } ? .aac : audio.first?.codec
        return AudioGroup.groups(of: audio.filter { $0.codec == codec })
    }

    /// The rung nearest to 2000 kb/s first, where players begin (Apple, 1.32), of the codec that most devices play; then the others.
    static func inListingOrder(_ renditions: [VideoRendition]) -> [VideoRendition] {
        let codec = renditions.contains { $0.codec == .h264 } ? .h264 : renditions.first?.codec
        func distance(_ index: Int) -> Int { abs(renditions[index].averageBandwidth - 2_000_000) }
        guard let first = renditions.indices.filter({ renditions[$0].codec == codec }).min(by: { distance($0) < distance($1) })
        else { return renditions }
        return [renditions[first]] + renditions[..<first] + renditions[(first + 1)...]
    }

    private static func variant(_ rendition: VideoRendition, group: AudioGroup?, hasText: Bool) -> String {
        var line = TagLine("EXT-X-STREAM-INF")
        line.plain("BANDWIDTH", "\(rendition.bandwidth + (group?.bandwidth ?? 0))")
        line.plain("AVERAGE-BANDWIDTH", "\(rendition.averageBandwidth + (group?.averageBandwidth ?? 0))")
        line.quoted("CODECS", ([rendition.codecs] + (group?.codecs ?? [])).joined(separator: ","))
        line.plain("RESOLUTION", "\(rendition.width)x\(rendition.height)")
        line.plain("FRAME-RATE", DecimalText.seconds(rendition.frameRate, digits: 3))
        if let group { line.quoted("AUDIO", group.id) }
        if hasText { line.quoted("SUBTITLES", SubtitleGroup.id) }
        line.plain("CLOSED-CAPTIONS", "NONE")
        return line.text + "\(rendition.path)/media.m3u8\n"
    }

    /// Without a picture each format of the sound is a variant stream of its own; its members are listed only where there is a choice.
    private static func soundAlone(_ groups: [AudioGroup], text tracks: [TextRendition]) -> String {
        var text = ""
        for group in groups where group.members.count > 1 { text += "\n" + group.text() }
        if !tracks.isEmpty { text += "\n" + SubtitleGroup(members: tracks).text() }
        text += "\n"
        for group in groups {
            var line = TagLine("EXT-X-STREAM-INF")
            line.plain("BANDWIDTH", "\(group.bandwidth)")
            line.plain("AVERAGE-BANDWIDTH", "\(group.averageBandwidth)")
            line.quoted("CODECS", group.codecs.joined(separator: ","))
            if group.members.count > 1 { line.quoted("AUDIO", group.id) }
            if !tracks.isEmpty { line.quoted("SUBTITLES", SubtitleGroup.id) }
            text += line.text + "\(group.members[group.defaultIndex].path)/media.m3u8\n"
        }
        return text
    }
}
