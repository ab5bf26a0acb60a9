import Foundation
import MediaModel
import Testing

@testable import Planning

struct DocumentTreeTests {
    private func faults(_ text: String, name: String = "f.yaml") -> [String] {
        DocumentTree.read(DocumentFile(name: name, text: text)).diagnostics.map(\.description)
    }

    @Test func everyScalarIsTextWithItsPlace() throws {
        let root = try #require(DocumentTree.read(DocumentFile(name: "f.yaml", text: "a: no\nb: [007, '1:30']\nc:\n")).value)
        guard case .record(let entries) = root.content else {
            Issue.record("not a record")
            return
        }
        #expect(entries.map(\.key) == ["a", "b", "c"])
        #expect(entries[0].value == DocumentNode(place: Place(line: 1, column: 4), content: .scalar("no")))
        #expect(
            entries[1].value.content
                == .list([
                    DocumentNode(place: Place(line: 2, column: 5), content: .scalar("007")),
                    DocumentNode(place: Place(line: 2, column: 10), content: .scalar("1:30")),
                ]))
        #expect(entries[2].value.content == .nothing)
        #expect(entries[2].place == Place(line: 3, column: 1))
    }

    @Test func everyRepeatedKeyIsReportedWithTheFirst() {
        let text = "a: 1\r\nb: { c: 1, \"d\": 2, 'c': 3, d: 4, d: 5 }\r\na: 2\r\nä: 1\r\nä: 2\r\n"
        #expect(
            faults(text) == [
                "f.yaml:2:20: error: b.c: the key is given twice; the first is in line 2",
                "f.yaml:2:28: error: b.d: the key is given twice; the first is in line 2",
                "f.yaml:2:34: error: b.d: the key is given twice; the first is in line 2",
                "f.yaml:3:1: error: a: the key is given twice; the first is in line 1",
                "f.yaml:5:1: error: ä: the key is given twice; the first is in line 4",
            ])
    }

    @Test func aRepeatedKeyThatCannotBeMaskedIsStillAFault() {
        #expect(faults("!!str a: 1\na: 2\n").count == 1)
        #expect(faults("\"\\u0061\": 1\na: 2\n") == ["f.yaml:1:1: error: a: the key is given twice"])
    }

    @Test(arguments: [
        ("", "f.yaml:1:1: error: the file is empty"),
        ("# only a remark\n", "f.yaml:1:1: error: the file is empty"),
        ("---\n", "f.yaml:1:1: error: the file is empty"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2:1: error: a second document begins here; one file holds one manifest or preset"),
        ("a:\n\tb: 1\n", "f.yaml:2:1: error: YAML syntax: the line is indented with a tab; use spaces"),
        (
            "a: b: c\n",
            "f.yaml:1:5: error: YAML syntax: mapping values are not allowed in this context; put quotes around a text that holds ': '"
        ),
        (
            "a: *x\n",
            "f.yaml:1:4: error: YAML syntax: found undefined alias; YAML aliases (*) are not read: put quotes around a "
                + "text that begins with '*'"
        ),
        (
            "a: &x 1\nb: *x\n",
            "f.yaml:1:4: error: a: YAML anchors and aliases (&x) are not read; write the value out, or put it under 'defaults'"
        ),
        ("a: !!int 3\n", "f.yaml:1:4: error: a: YAML tags (tag:yaml.org,2002:int) are not read; the key says what the value is"),
        ("a: !mine {}\n", "f.yaml:1:4: error: a: YAML tags (!mine) are not read; the key says what the value is"),
        (
            "a: { <<: {b: 1} }\n",
            "f.yaml:1:6: error: a.<<: YAML merge keys (<<) are not read; write the values out, or put them under 'defaults'"
        ),
        ("? [a]\n: 1\n", "f.yaml:1:3: error: a key must be a word"),
        ("a: \"open\n", "the quote that opens here is not closed on its line; close it"),
        ("a: 1\n b: 2\n", "mapping values are not allowed"),
        ("a: [1\nb: 2\n", "look at the indentation, quotes and brackets of this line and the one before"),
        ("a: @b\n", "found character that cannot start any token; put quotes around the text"),
        ("a: \u{7}\n", "f.yaml:1:4: error: not a text file: control characters are not allowed"),
    ])
    func whatIsNotReadIsRefusedInWords(text: String, expected: String) {
        let found = faults(text)
        #expect(found.count == 1)
        #expect(found.first?.contains(expected) == true, "\(found)")
    }

    @Test func anchorsThatMultiplyAreNotFollowed() {
        var text = "a0: &a0 [x]\n"
        for level in 1...40 {
            text += "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
        }
        #expect(faults(text).count == 41)
    }

    @Test func jsonsNullIsNothingAndYamlsIsAWord() throws {
        let json = try #require(DocumentTree.read(DocumentFile(name: "f.JSON", text: #"{"a":null,"b":"null"}"#)).value)
        let yaml = try #require(DocumentTree.read(DocumentFile(name: "f.yaml", text: "{a: null, b: ~}")).value)
        #expect(contents(json) == [.nothing, .scalar("null")])
        #expect(contents(yaml) == [.scalar("null"), .nothing])
    }

    private func contents(_ node: DocumentNode) -> [DocumentNode.Content] {
        guard case .record(let entries) = node.content else { return [] }
        return entries.map(\.value.content)
    }
}

struct DocumentFileTests {
    @Test func encodingsOtherThanUTF8AreRefusedByName() {
        func fault(_ bytes: [UInt8]) -> String? { DocumentFile.decode(Data(bytes), name: "f").diagnostics.first?.description }
        #expect(fault([0xFF, 0xFE, 0x61, 0]) == "f:1:1: error: the file is UTF-16; save it as UTF-8")
        #expect(fault(Array("a: 1\nb: ".utf8) + [0xE9, 0x0A]) == "f:2:4: error: the file is not UTF-8 from here on; save it as UTF-8")
        #expect(DocumentFile.decode(Data([0xEF, 0xBB, 0xBF, 0x61]), name: "f").value?.text == "a")
    }

    @Test func whatIsNoFileIsSaidSo() throws {
        let fixture = try DocumentFixture(["sub/x.yaml": ""])
        func fault(_ name: String) -> String? {
            DocumentFile.read(path: fixture.path(name)).diagnostics.first?.description
        }
        #expect(fault("no.yaml") == "\(fixture.path("no.yaml")): error: there is no file '\(fixture.path("no.yaml"))'")
        #expect(fault("sub")?.hasSuffix("is a folder; a file is wanted") == true)
        #expect(fault("sub/x.yaml") == nil)
    }
}
