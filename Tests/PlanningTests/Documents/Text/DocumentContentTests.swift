import MediaModel
import Testing

@testable import Planning

@Suite("A preset's content: what it says, however it is written")
struct DocumentContentTests {
    private func content(_ text: String) throws -> String {
        let tree = DocumentTree.read(DocumentFile(name: "p.yaml", text: text))
        return try #require(tree.value).contentSHA256(without: ["description"])
    }

    @Test("Comments, the order of keys, the form and the description do not count")
    func form() throws {
        let one = try content("version: 1\ndescription: One\nvideo:\n  codec: h264\n  rungs: [{ name: a, crf: 23 }]\n")
        let other = try content("# Another\nvideo: { rungs: [{ crf: '23', name: \"a\" }], codec: h264 }\nversion: 1\n")
        #expect(one == other)
    }

    @Test("Values, keys, the order of a list and what is nothing count")
    func values() throws {
        let texts = [
            "a: 1", "a: 2", "b: 1", "a: [1, 2]", "a: [2, 1]", "a: ['12']", "a: { b: 1 }", "a:", "a: {}", "a: '-'", "c: { description: x }",
        ]
        #expect(try Set(texts.map(content)).count == texts.count)
    }
}
