import Testing

@testable import Serving

/// One wrong import, and a browser runs nothing of the page.
@Suite struct PageControllerTests {
    @Test func everyImportedNameIsExported() throws {
        let scripts = [
            "page": PackageResources.page_js, "player": PackageResources.player_js, "subtitles": PackageResources.subtitles_js,
            "dom": PackageResources.dom_js, "words": PackageResources.words_js,
        ].mapValues { String(decoding: $0, as: UTF8.self) }
        var count = 0
        for (name, text) in scripts {
            for found in text.matches(of: /import \{ ([^}]*) \} from '\.\/([a-z]+)\.js'/) {
                let source = try #require(scripts[String(found.2)])
                for wanted in found.1.split(separator: ", ") {
                    count += 1
                    let forms = ["const \(wanted) ", "function \(wanted)(", "async function \(wanted)("].map { "\nexport " + $0 }
                    #expect(forms.contains { source.contains($0) }, "\(name).js imports \(wanted)")
                }
            }
        }
        #expect(count > 10)
    }
}
