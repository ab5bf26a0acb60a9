import Testing

@testable import Serving

@Suite struct HTTPDateTests {
    @Test(arguments: [
        (Int64(0), "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"),
        (-1, "Wed, 31 Dec 1969 23:59:59 GMT"), (4_102_444_800, "Fri, 01 Jan 2100 00:00:00 GMT"),
    ])
    func isWrittenAndReadAsTheStandardSays(_ seconds: Int64, _ text: String) {
        #expect(HTTPDate(seconds: seconds).description == text)
        #expect(HTTPDate(text)?.seconds == seconds)
    }

    @Test(arguments: ["", "yesterday", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT"])
    func anythingElseIsNoDate(_ text: String) {
        #expect(HTTPDate(text) == nil)
    }
}

@Suite struct ByteRangeTests {
    @Test(arguments: [
        "bytes=", "bytes=-", "bytes=a-b", "bytes=5-2", "bytes=0-1,3-4", "bytes=+1-2", "items=0-1", "bytes 0-1", "bytes=1--2",
    ])
    func whatCannotBeReadIsTheWholeFile(_ header: String) {
        #expect(ByteRange(header: header, size: 10) == .whole)
    }

    @Test func edges() {
        #expect(ByteRange(header: nil, size: 10) == .whole)
        #expect(ByteRange(header: "Bytes= 9-9", size: 10) == .part(9...9))
        #expect(ByteRange(header: "bytes=-0", size: 10) == .unsatisfiable)
        #expect(ByteRange(header: "bytes=0-", size: 0) == .unsatisfiable)
        #expect(ByteRange(header: "bytes=-5", size: 0) == .unsatisfiable)
        #expect(ByteRange(header: "bytes=0-99999999999999999999999", size: 10) == .part(0...9))
        #expect(ByteRange(header: "bytes=99999999999999999999999-", size: 10) == .unsatisfiable)
    }
}

@Suite struct JSONValueTests {
    @Test func keepsTheOrderOfKeysAndEscapesText() {
        let value = JSONValue.fields([
            "z": .integer(1), "a": .array([.null, .bool(true), .number(0.5)]), "t": .string("\"\\\n\u{1}\u{7F}é😀/"),
        ])
        #expect(value.serialized == #"{"z":1,"a":[null,true,0.5],"t":"\"\\\n\u0001\u007fé😀/"}"#)
    }

    @Test func numbersThatJSONLacksAreNull() {
        #expect(JSONValue.array([.number(.nan), .number(.infinity)]).serialized == "[null,null]")
    }
}
