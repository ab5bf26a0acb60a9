import Foundation
import Testing

@testable import Planning

struct DocumentPathTests {
    @Test(arguments: [
        ("a/b.mov", "/m/a/b.mov"), ("./a", "/m/a"), ("../a", "/a"), ("../../../a", "/a"), ("/x//y/./z/..", "/x/y"), ("", "/m"),
        ("/", "/"),
    ])
    func pathsBecomeAbsolute(path: String, expected: String) {
        #expect(DocumentPath.resolve(path, in: "/m") == expected)
    }

    @Test func partsOfPaths() {
        #expect(DocumentPath.folder(of: "m.yaml") == ".")
        #expect(DocumentPath.folder(of: "a/m.yaml") == "a")
        #expect(DocumentPath.folder(of: "/m.yaml") == "/")
        #expect(DocumentPath.stem(of: "a/b.c.yaml") == "b.c")
        #expect(DocumentPath.stem(of: ".yaml") == ".yaml")
        #expect(DocumentPath.absolute("x") == FileManager.default.currentDirectoryPath + "/x")
    }

    @Test func foldersAndFilesAreToldApart() throws {
        let fixture = try DocumentFixture(["b": "", "a/x": ""])
        #expect(DocumentPath.isFolder(fixture.path("a")))
        #expect(!DocumentPath.isFolder(fixture.path("b")))
        #expect(!DocumentPath.isFolder(fixture.path("c")))
        #expect(DocumentPath.names(in: fixture.folder) == ["a", "b"])
        #expect(DocumentPath.names(in: fixture.path("b")) == [])
        #expect(DocumentPath.fault(ofFile: fixture.path("b")) == nil)
        #expect(DocumentPath.fault(ofFile: fixture.path("a"))?.hasSuffix("is a folder; a file is wanted") == true)
    }

    /// Links are followed.
    @Test func aSourceIsAPlainFile() throws {
        let fixture = try DocumentFixture(["b": ""])
        for (link, goal) in [("plain", fixture.path("b")), ("device", "/dev/zero")] {
            try FileManager.default.createSymbolicLink(atPath: fixture.path(link), withDestinationPath: goal)
        }
        #expect(DocumentPath.fault(ofSource: fixture.path("b")) == nil)
        #expect(DocumentPath.fault(ofSource: fixture.path("plain")) == nil)
        #expect(DocumentPath.fault(ofSource: fixture.path("device"))?.hasSuffix("is a pipe or a device; a plain file is wanted") == true)
        #expect(DocumentPath.fault(ofSource: fixture.path("missing"))?.hasPrefix("there is no file") == true)
        // A document itself may come from one.
        #expect(DocumentPath.fault(ofFile: fixture.path("device")) == nil)
    }

    @Test func aMissingFileHasANeighbour() throws {
        let fixture = try DocumentFixture(["night-train.mov": "", "other.mov": ""])
        #expect(DocumentPath.neighbour(of: fixture.path("night_trian.mov"))?.nearest == "night-train.mov")
        #expect(DocumentPath.neighbour(of: fixture.path("quite-something-else.mp4")) == nil)
        #expect(DocumentPath.neighbour(of: fixture.path("none/night-train.mov")) == nil)
    }

    @Test func aLinkToAFileIsAFile() throws {
        let fixture = try DocumentFixture(["a/x": "1"])
        try FileManager.default.createSymbolicLink(atPath: fixture.path("link"), withDestinationPath: fixture.path("a/x"))
        try FileManager.default.createSymbolicLink(atPath: fixture.path("dead"), withDestinationPath: fixture.path("none"))
        #expect(DocumentPath.fault(ofFile: fixture.path("link")) == nil)
        #expect(DocumentPath.fault(ofFile: fixture.path("dead"))?.hasPrefix("there is no file") == true)
    }
}

struct SourceLinesTests {
    private let text = Array("ab\r\nc\rd\nä😀f\u{2028}g".unicodeScalars)

    @Test(arguments: [(1, "ab"), (2, "c"), (3, "d"), (4, "ä😀f"), (5, "g"), (6, ""), (99, "")])
    func linesEndAsTheParserCountsThem(number: Int, line: String) {
        #expect(SourceLines.line(number, of: text) == line)
    }

    @Test func columnsCountScalars() {
        #expect(SourceLines.index(of: Place(line: 4, column: 3), in: text).map { text[$0] } == "f")
        #expect(SourceLines.index(of: Place(line: 5, column: 9), in: text) == nil)
    }
}

struct SurrogatePairsTests {
    @Test(arguments: [
        (#""\ud83d\ude00""#, #""\U0001F600""#), (#""\uD83D\uDE00\u00e9""#, #""\U0001F600\u00e9""#),
        (#""\\ud83d\\ude00""#, #""\\ud83d\\ude00""#),
        (#""\ud83d""#, #""\ud83d""#), (#""\u00e9""#, #""\u00e9""#), ("\"plain\\", "\"plain\\"),
    ])
    func onlyPairsAreJoined(given: String, expected: String) {
        #expect(SurrogatePairs.joined(given) == expected)
    }
}
