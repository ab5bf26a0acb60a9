import MediaModel
import Testing

@testable import Planning

/// The reader by a schema of its own, so that each rule is seen apart from our formats.
struct SchemaReaderTests {
    private let shape = RecordShape(
        fields: [
            Field("id", .text(.id), "The key.", required: true),
            Field("size", .whole(1...10), "How large."),
            Field("colour", .word(["red", "green", "blue"]), "Which one."),
            Field("flags", .options, "Anything."),
            Field("inner", .record(RecordShape(fields: [Field("depth", .decimal(Rational(0)...Rational(1)), "How deep.")])), "More."),
            Field("list", .list(.whole(0...9), atLeast: 1), "Digits."),
            Field("switch", .either(.word(["off"]), RecordShape(fields: [Field("to", .file, "Where.")])), "Either."),
            Field("future", .later("time travel"), ""),
        ],
        rules: [.together("size", "colour", why: "they are sold together"), .notBoth("flags", "list", why: "too much")])

    private func read(_ text: String) -> (record: TypedRecord?, faults: [String]) {
        guard let root = DocumentTree.read(DocumentFile(name: "f", text: text)).value else { return (nil, ["syntax"]) }
        var reader = SchemaReader(file: "f")
        let record = reader.read(root, as: shape)
        return (record, reader.faults.sorted.map(\.description))
    }

    @Test func soundValuesComeBackTypedWithTheirPlaces() throws {
        let (record, faults) = read(
            "id: a\nsize: 07\ncolour: red\ninner: { depth: 0.25 }\nlist: [1, 2]\nswitch: { to: here }\n")
        #expect(faults == [])
        let value = try #require(record)
        #expect(value.text("id") == "a")
        #expect(value.whole("size") == 7)
        #expect(value.record("inner")?.exact("depth") == Rational(1, 4))
        #expect(value.record("inner")?.values["depth"]?.key == "inner.depth")
        #expect(value.list("list")?.map(\.whole) == [1, 2])
        #expect(value.list("list")?.map(\.key) == ["list[0]", "list[1]"])
        #expect(value.record("switch")?.text("to") == "here")
        #expect(value.place(of: "colour") == Place(line: 3, column: 9))
        #expect(value.place(of: "flags") == Place(line: 1, column: 1))
    }

    @Test func optionsKeepTheirOrderAndTheirText() throws {
        let (record, faults) = read("id: a\nflags: { b: 1, a: yes, x264-params: 'k=v:l=w' }\n")
        #expect(faults == [])
        let options = try #require(record?["flags"]?.options)
        #expect(options.map(\.key) == ["b", "a", "x264-params"])
        #expect(options.map(\.value) == ["1", "yes", "k=v:l=w"])
        #expect(options[0].place == Place(line: 2, column: 10))
    }

    @Test func whatIsSoundIsKeptBesideWhatIsNot() throws {
        let (record, faults) = read("id: a\nsize: 11\ncolour: red\nlist: [1, x, 3]\n")
        #expect(
            faults == [
                "f:2:7: error: size: must be a whole number from 1 to 10, not '11'",
                "f:4:11: error: list[1]: must be a whole number from 0 to 9, not 'x'",
            ])
        #expect(record?.text("colour") == "red")
        #expect(record?.list("list")?.map(\.whole) == [1, 3])
        #expect(record?["size"] == nil)
        #expect(record?.given.contains("size") == true)
    }

    @Test(arguments: [
        ("id: [a]", "f:1:5: error: id: must be text, not a list"),
        ("id: { a: 1 }", "f:1:5: error: id: must be text, not a mapping"),
        ("id:", "f:1:4: error: id: has no value; give it one or leave the key out"),
        ("id: a\ninner: 3", "f:2:8: error: inner: must be a mapping of keys to values, not '3'"),
        ("id: a\ninner: [3]", "f:2:8: error: inner: must be a mapping of keys to values, not a list"),
        ("id: a\nlist: 3", "f:2:7: error: list: must be a list, not '3'"),
        ("id: a\nlist: []", "f:2:7: error: list: the list is empty; at least one entry is needed"),
        ("id: a\nflags: x=1", "f:2:8: error: flags: must be a mapping of options to text, not 'x=1'"),
        ("id: a\nflags: { x: [1] }", "f:2:13: error: flags.x: must be text, not a list"),
        ("id: a\nswitch: on", "f:2:9: error: switch: must be off, not 'on'"),
        ("id: a\nswitch: [off]", "f:2:9: error: switch: must be off, or a mapping of keys to values, not a list"),
        ("id: a\nfuture: 1", "f:2:1: error: future: time travel is not supported yet"),
        ("id: a\ndepth: 1", "f:2:1: error: depth: unknown key here; it belongs under 'inner'"),
        ("id: a\nsize: 3", "f:2:7: error: size: size needs colour: they are sold together"),
        ("id: a\ncolour: red", "f:2:9: error: colour: colour needs size: they are sold together"),
        ("id: a\ncolour: grene\nsize: 1", "f:2:9: error: colour: must be red or green or blue, not 'grene' (did you mean 'green'?)"),
        ("id: a\nlist: [1]\nflags: {}", "f:2:7: error: list: flags and list exclude each other: too much"),
        ("ID: a", "f:1:1: error: ID: unknown key (did you mean 'id'?)"),
        ("size: 1\ncolour: red", "f:1:1: error: id: is missing: the key"),
        ("- id: a", "f:1:1: error: must be a mapping of keys to values, not a list"),
    ])
    func eachFaultIsOneSentence(text: String, expected: String) {
        #expect(read(text).faults == [expected])
    }

    @Test func anUnknownKeyWithoutANeighbourListsWhatIsKnown() {
        #expect(
            read("id: a\nzzzzzz: 1\n").faults == [
                "f:2:1: error: zzzzzz: unknown key; known here: id, size, colour, flags, inner, list, switch"
            ])
    }
}
