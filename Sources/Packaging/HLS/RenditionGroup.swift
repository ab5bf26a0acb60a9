import Formats
import MediaModel

/// The EXT-X-MEDIA members that a variant stream refers to by one GROUP-ID (RFC 8216, 4.3.4.1.1): every sound of the title in one format.
struct AudioGroup {
    let id: String
    var members: [AudioRendition]

    /// Groups in the order in which their first member stands in the package. Tracks of one codec share a group, unless the same sound
    /// comes in that codec twice: then it is another format, and another group.
    static func groups(of audio: [AudioRendition]) -> [AudioGroup] {
        var groups: [AudioGroup] = []
        for track in audio {
            let ofCodec = groups.indices.filter { groups[$0].members[0].codec == track.codec }
            if let index = ofCodec.first(where: { !groups[$0].members.contains { isOtherFormat($0, track) } }) {
                groups[index].members.append(track)
            } else {
                let number = ofCodec.count + 1
                let id = number == 1 ? track.codec.rawValue : "\(track.codec.rawValue)-\(number)"
                groups.append(AudioGroup(id: id, members: [track]))
            }
        }
        return groups
    }

    private static func isOtherFormat(_ a: AudioRendition, _ b: AudioRendition) -> Bool {
        a.language == b.language && a.label == b.label && a.role == b.role
            && (a.channels != b.channels || a.bitRate != b.bitRate)
    }

    /// The member that plays when nobody chooses.
    var defaultIndex: Int { members.firstIndex(where: \.isDefault) ?? 0 }
    var bandwidth: Int { members.map(\.bandwidth).max() ?? 0 }
    var averageBandwidth: Int { members.map(\.averageBandwidth).max() ?? 0 }
    /// Every codec string of the group once.
    var codecs: [String] {
        members.reduce(into: []) { found, member in
            if !found.contains(member.codecs) { found.append(member.codecs) }
        }
    }

    /// The EXT-X-MEDIA lines.
    func text() -> String {
        var text = ""
        var names = UniqueNames()
        var chosenBySystem: Set<[String]> = []
        for (index, member) in members.enumerated() {
            let isDefault = index == defaultIndex
            let characteristics = member.role == .description ? "public.accessibility.describes-video" : nil
            // A player chooses among AUTOSELECT members by language and characteristics: no two may look alike to it.
            let isChoice =
                (isDefault || member.role != .commentary)
                && chosenBySystem.insert([member.language, characteristics ?? ""]).inserted
            var line = TagLine("EXT-X-MEDIA")
            line.plain("TYPE", "AUDIO")
            line.quoted("GROUP-ID", id)
            line.quoted("LANGUAGE", member.language)
            line.quoted("NAME", names.unique(member.label))
            line.flag("DEFAULT", isDefault)
            line.flag("AUTOSELECT", isDefault || isChoice)
            line.quoted("CHANNELS", "\(member.channels)")
            if let characteristics { line.quoted("CHARACTERISTICS", characteristics) }
            line.quoted("URI", "\(member.path)/media.m3u8")
            text += line.text
        }
        return text
    }
}

/// The one group of subtitles, which every variant stream refers to.
struct SubtitleGroup {
    static let id = "text"
    private static let captionCharacteristics =
        "public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound"

    let members: [TextRendition]

    /// The EXT-X-MEDIA lines.
    func text() -> String {
        var text = ""
        var names = UniqueNames()
        var chosenBySystem: Set<[String]> = []
        for member in members {
            let isChoice = chosenBySystem.insert([member.language, member.role.rawValue]).inserted
            var line = TagLine("EXT-X-MEDIA")
            line.plain("TYPE", "SUBTITLES")
            line.quoted("GROUP-ID", Self.id)
            line.quoted("LANGUAGE", member.language)
            line.quoted("NAME", names.unique(member.label))
            line.flag("DEFAULT", false)
            line.flag("AUTOSELECT", isChoice)
            line.flag("FORCED", member.role == .forced)
            if member.role == .captions { line.quoted("CHARACTERISTICS", Self.captionCharacteristics) }
            line.quoted("URI", "\(member.path)/media.m3u8")
            text += line.text
        }
        return text
    }
}

/// Names of one group must differ (RFC 8216, 4.3.4.1.1): the second `English` becomes `English 2`.
struct UniqueNames {
    private var taken: Set<String> = []

    mutating func unique(_ name: String) -> String {
        var candidate = name
        var number = 2
        while !taken.insert(candidate).inserted {
            candidate = "\(name) \(number)"
            number += 1
        }
        return candidate
    }
}
