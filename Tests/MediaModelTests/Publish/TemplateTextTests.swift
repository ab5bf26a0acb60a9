import MediaModel
import Testing

@Suite struct TemplateTextTests {
    private func filled(_ text: String) throws -> String {
        try TemplateText(text).filled { piece in
            switch piece {
            case .field(let field): "<\(field.rawValue)>"
            case .variable(let name): "[\(name)]"
            case .text: nil
            }
        }
    }

    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("{title}/{version}{path}", "<title>/<version><path>"), ("Bearer ${CDN_TOKEN}", "Bearer [CDN_TOKEN]"),
        (#"{ "files": ["{url}/index.m3u8"], "x": {} }"#, #"{ "files": ["<url>/index.m3u8"], "x": {} }"#), ("a $ {1} {", "a $ {1} {"),
    ])
    func whatIsKnownIsFilledInAndTheRestStays(text: String, expected: String) throws {
        #expect(try filled(text) == expected)
        #expect(try TemplateText(text).written == text)
    }

    @Test(arguments: [("{tilte}", "'{tilte}'"), ("${", "variable"), ("${A B}", "variable"), ("${1}", "variable")])
    func slipsAreFaults(text: String, words: String) {
        #expect(throws: TemplateFault.self) { try TemplateText(text) }
        do { _ = try TemplateText(text) } catch { #expect(error.message.contains(words)) }
    }
}
