import Foundation
import MediaModel
import Testing

@testable import Planning

struct JSONSchemaTests {
    private func parsed(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test(arguments: [ManifestSchema.json, PresetSchema.json])
    func schemasAreJSONOfTheRightDraft(text: String) throws {
        let schema = try parsed(text)
        #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
        #expect(schema["additionalProperties"] as? Bool == false)
        #expect(text.hasSuffix("}\n"))
    }

    @Test func theSchemaSaysWhatTheReaderRefuses() throws {
        let manifest = try parsed(ManifestSchema.json)
        #expect(manifest["required"] as? [String] == ["version", "catalog", "publish", "titles"])
        let properties = try #require(manifest["properties"] as? [String: [String: Any]])
        #expect(properties["version"]?["enum"] as? [AnyHashable] == [1, "1"])
        let title = try #require((properties["titles"]?["items"] as? [String: Any])?["properties"] as? [String: [String: Any]])
        #expect(title["damage"]?["enum"] as? [String] == ["fail", "accept"])
        #expect(title["damage"]?["default"] as? String == "fail")
        #expect(title["id"]?["pattern"] as? String == TextRule.id.pattern)
        let audio = try #require((title["audio"]?["items"] as? [String: Any])?["allOf"] as? [[String: Any]])
        #expect(audio.count == 1)
    }

    @Test func keysOfLaterStagesAreNotOffered() {
        #expect(!ManifestSchema.json.contains("postgres"))
        #expect(ManifestSchema.json.contains("sqlite"))
    }

    @Test func aCapNeedsItsBufferInTheSchemaToo() throws {
        let preset = try parsed(PresetSchema.json)
        let video = try #require((preset["properties"] as? [String: [String: Any]])?["video"]?["properties"] as? [String: [String: Any]])
        let rung = try #require(video["rungs"]?["items"] as? [String: Any])
        #expect(rung["dependentRequired"] as? [String: [String]] == ["max_rate": ["buffer_size"], "buffer_size": ["max_rate"]])
    }

    @Test func aKeyOfEncryptionNeedsItsKindInTheSchemaToo() throws {
        let manifest = try parsed(ManifestSchema.json)
        let publish = try #require((manifest["properties"] as? [String: [String: Any]])?["publish"]?["oneOf"] as? [[String: Any]])
        let wanted = try #require((publish.last?["dependentSchemas"] as? [String: [String: Any]])?["encryption_key"])
        #expect(wanted["required"] as? [String] == ["server_side_encryption"])
        #expect((wanted["properties"] as? [String: [String: String]]) == ["server_side_encryption": ["const": "aws:kms"]])
    }

    @Test func everyKeyIsExplained() {
        func check(_ shape: RecordShape, _ path: String) {
            for field in shape.fields where shape.keys.contains(field.key) {
                #expect(field.doc.hasSuffix("."), "\(path)\(field.key)")
                if let record = field.shape.record { check(record, "\(path)\(field.key).") }
                if case .list(.record(let record), _) = field.shape { check(record, "\(path)\(field.key)[].") }
            }
        }
        check(ManifestSchema.root, "")
        check(PresetSchema.root, "")
    }
}

struct TextRuleTests {
    /// The reader's code and the schema's pattern are two forms of one rule.
    @Test(arguments: [
        "night-train", "1917", "-a", "a-", "A", "", "é", "a b", String(repeating: "a", count: 101), "en", "pt-BR", "zh-Hant-TW", "e",
        "en_US", "en-", "englishlanguage", "4.1", "4", "1b", "41", "4.", "x", "4.11", " ",
        "STANDARD_IA", "a\nb: c", "a\r\nb", "\u{0}", " a", "a ", "eu-central-1", "RegionOne", "eu central", "a\tb", "\u{7F}", "~!",
    ])
    func patternAndCodeAgree(text: String) throws {
        for rule in [TextRule.free, .id, .language, .level, .header, .region] {
            let matches = try Regex(rule.pattern).firstMatch(in: text) != nil
            // The registry of languages is the reader's alone.
            let isRight = if case .language = rule { LanguageTag.hasForm(text) } else { rule.fault(in: text) == nil }
            #expect(matches == isRight, "\(rule) '\(text)'")
        }
    }
}
