import Crypto
import Foundation
package import MediaModel

/// What a person asked for, as one hash: the title's files by content, the manifest's keys that shape bytes, a preset file of theirs by
/// content, a built-in preset by name. Nothing that an upgrade changes is in it: no library, no engine, no decision of the planner.
///
/// What is left out or says the default is not in it either, so that a key that a release adds leaves the hashes of all titles as they are.
package struct AskedInputs: Encodable {
    private struct PresetName: Encodable {
        var name: String
        /// nil: a built-in one.
        var sha256: String?
    }

    private struct SoundInput: Encodable {
        var track: Int?
        var file: String?
        var language: String?
        var label: String?
        var role: AudioRole?
        var mixdownGain: Rational?
    }

    private struct TextInput: Encodable {
        var file: String
        /// SubRip or WebVTT may be told by it.
        var ending: String
        var language: String
        var label: String?
        var role: TextRole
        var encoding: TextEncoding?
    }

    private let format = 1
    private let source: String
    private let preset: PresetName
    private let trim: Trim?
    private let crop: Crop?
    private let damage: String?
    private let artwork: String?
    private let audio: [SoundInput]?
    private let text: [TextInput]?
    private let program: Int?
    private let duration: Rational?
    private let telecine: Telecine?
    private let tail: Tail?
    private let mixdownGain: Rational?
    /// Of the title itself: audio tracks have it that say nothing of theirs.
    private let language: String?

    private enum CodingKeys: String, CodingKey {
        case format, source, preset, trim, crop, damage, artwork, audio, text, program, duration, telecine, tail
        case mixdownGain, language
    }

    /// - Parameter fingerprint: SHA-256 of a file that the request names; nil where nobody knows it: then there is no hash.
    package init?(_ request: TitleRequest, fingerprint: (String) -> String?) {
        guard let source = fingerprint(request.source) else { return nil }
        self.source = source
        let content = request.presetContent
        preset = PresetName(name: request.preset.name, sha256: content.isBuiltIn ? nil : content.sha256)
        trim = request.trim == Trim() ? nil : request.trim
        crop = request.crop.isNone ? nil : request.crop
        program = request.program
        duration = request.stillDuration
        telecine = request.telecine == .keep ? nil : request.telecine
        tail = request.tail
        mixdownGain = request.mixdownGain
        language = request.metadata.language?.lowercased()
        damage = request.acceptsDamage ? "accept" : nil
        artwork = request.artwork.flatMap(fingerprint)
        guard request.artwork == nil || artwork != nil else { return nil }
        var sounds: [SoundInput] = []
        for sound in request.audio ?? [] {
            var input = SoundInput(
                language: sound.language?.lowercased(), label: sound.label, role: sound.role, mixdownGain: sound.mixdownGain)
            switch sound.origin {
            case .track(let number): input.track = number
            case .file(let path):
                guard let sha256 = fingerprint(path) else { return nil }
                input.file = sha256
            }
            sounds.append(input)
        }
        audio = request.audio == nil ? nil : sounds
        var texts: [TextInput] = []
        for text in request.subtitles {
            guard let sha256 = fingerprint(text.file) else { return nil }
            texts.append(
                TextInput(
                    file: sha256, ending: Self.ending(of: text.file), language: text.language.lowercased(), label: text.label,
                    role: text.role, encoding: text.encoding))
        }
        text = texts.isEmpty ? nil : texts
    }

    private static func ending(of file: String) -> String {
        let name = RemoteAddress(file)?.name ?? file
        return name.split(separator: ".").last.map { $0.lowercased() } ?? ""
    }

    /// 64 hex digits.
    package var hash: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Texts and whole numbers can always be encoded.
        let data = (try? encoder.encode(self)) ?? Data()
        return SHA256.hash(data: data).map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }
}
