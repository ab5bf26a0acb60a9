import Cataloging
import MediaModel

/// Versions of a program that kept no note of what was asked: whether one answers to what is asked today, as far as the catalog's rows
/// know.
///
/// What they do not know (trims without an end, crops, the content of sidecars, the figures of an encoder) is taken to be unchanged: an
/// upgrade makes nothing anew by surprise. From then on the catalog has the note.
enum EarlierProgram {
    /// - Parameters:
    ///   - source: SHA-256 of the source; nil: it is gone, so that nobody can have wished for another content.
    ///   - plan: nil: nobody has planned it.
    static func agrees(_ version: CatalogVersion, _ request: TitleRequest, source: String?, plan: AssetPlan?) -> Bool {
        guard source == nil || source == version.source.sha256, version.provenance.preset == request.preset.name else { return false }
        return (request.presetContent.isBuiltIn || hasLadder(version, request.preset, plan)) && hasSounds(version, request)
            && hasTexts(version, request) && hasLength(version, request.trim)
    }

    /// A built-in preset's ladder is a release's; of a preset file each rung that was made must be as the file says.
    private static func hasLadder(_ version: CatalogVersion, _ preset: Preset, _ plan: AssetPlan?) -> Bool {
        let isAsSaid = version.renditions.allSatisfy { rendition in
            preset.rungs.contains { rung in
                var bitRate: Int?
                if case .twoPass(let asked, _) = rung.rateControl { bitRate = asked }
                return rung.name == rendition.name && rung.codec == rendition.codec && bitRate == rendition.bitRate
                    && rung.rateControl.cap.maxRate == rendition.maxRate
            }
        }
        let made = Set(version.renditions.map(\.name))
        let formats = Set(preset.audio.map { "\($0.codec) \($0.bitRate)" })
        return isAsSaid && (plan?.rungs ?? []).allSatisfy { made.contains($0.rung.name) }
            && version.audio.allSatisfy { formats.contains("\($0.codec) \($0.bitRate)") }
            && (preset.images == nil) == version.images.isEmpty
    }

    private static func hasSounds(_ version: CatalogVersion, _ request: TitleRequest) -> Bool {
        guard let sounds = request.audio else { return true }
        let made = Set(version.audio.map { "\($0.language) \($0.label) \($0.role)" })
        guard made.count == sounds.count else { return false }
        return sounds.allSatisfy { sound in
            version.audio.contains { track in
                (sound.language == nil || isSame(track.language, sound.language)) && (sound.label == nil || track.label == sound.label)
                    && (sound.role == nil || track.role == sound.role)
            }
        }
    }

    private static func hasTexts(_ version: CatalogVersion, _ request: TitleRequest) -> Bool {
        guard version.text.count == request.subtitles.count else { return false }
        return request.subtitles.allSatisfy { text in
            version.text.contains {
                isSame($0.language, text.language) && $0.role == text.role && (text.label == nil || $0.label == text.label)
            }
        }
    }

    /// By the first part alone: how the rest is written is a release's choice.
    private static func isSame(_ one: String, _ other: String?) -> Bool {
        func first(_ tag: String) -> String { tag.lowercased().split { $0 == "-" || $0 == "_" }.first.map { String($0.prefix(2)) } ?? "" }
        return first(one) == first(other ?? "")
    }

    /// A stretch with an end is as long as the manifest says, whatever the engine thinks of the source's length.
    private static func hasLength(_ version: CatalogVersion, _ trim: Trim) -> Bool {
        guard let end = trim.end else { return true }
        let asked = (end - (trim.start ?? .zero)).approximate
        return abs(version.duration.approximate - asked) <= max(1, asked / 100)
    }
}
