import Testing

@testable import MediaModel

/// The checksum that a document carries of itself.
@Suite struct DocumentSealTests {
    private let document = Array("{\n  \"format_version\" : 1,\n  \"id\" : \"film\"\n}\n".utf8)
    private let sha256 = String(repeating: "a1", count: 32)

    @Test func itStandsBehindTheFormat() throws {
        let sealed = DocumentSeal.sealed(document, sha256: sha256)
        let lines = String(decoding: sealed, as: UTF8.self).split(separator: "\n")
        #expect(lines[1] == "  \"format_version\" : 1," && lines[2] == "  \"document_sha256\" : \"\(sha256)\",")
        let opened = try #require(DocumentSeal.opened(sealed))
        #expect(opened.document == document && opened.sha256 == sha256)
    }

    @Test func anOlderDocumentCarriesNone() {
        #expect(DocumentSeal.opened(document) == nil)
        #expect(DocumentSeal.opened([]) == nil)
        #expect(DocumentSeal.opened(Array("{}".utf8)) == nil)
    }
}
