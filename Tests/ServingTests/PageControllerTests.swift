import Testing

@testable import Serving

/// One wrong import, and a browser runs nothing of the page.
@Suite struct PageControllerTests {
    @Test func everyImportedNameIsExported() throws {
        let scripts = Dictionary(uniqueKeysWithValues: PageController.scripts.map { ($0.dropLast(3), String(decoding: $1, as: UTF8.self)) })
        var count = 0
        for (name, text) in scripts {
            for found in text.matches(of: /import \{ ([^}]*) \} from '\.\/([a-z]+)\.js'/) {
                let source = try #require(scripts[found.2])
                for wanted in found.1.split(separator: ", ") {
                    count += 1
                    let forms = ["const \(wanted) ", "function \(wanted)(", "async function \(wanted)(", "class \(wanted) "].map {
                        "\nexport " + $0
                    }
                    #expect(forms.contains { source.contains($0) }, "\(name).js imports \(wanted)")
                }
            }
        }
        #expect(count > 30)
    }
}
