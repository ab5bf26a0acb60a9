import MediaModel
import Testing

struct FormatVersionFirstTests {
    private func moved(_ text: String) -> String { String(decoding: FormatVersionFirst.moved(in: Array(text.utf8)), as: UTF8.self) }

    @Test func theMemberComesToTheFront() {
        #expect(moved(#"{"a":[1,{"b":2}],"format_version":1,"z":"x"}"#) == #"{"format_version":1,"a":[1,{"b":2}],"z":"x"}"#)
        #expect(moved("{\"a\":1,\"format_version\":1}\n") == "{\"format_version\":1,\"a\":1}\n")
    }

    @Test func indentedToo() {
        #expect(
            moved("{\n  \"errors\" : [\n\n  ],\n  \"format_version\" : 1\n}\n")
                == "{\n  \"format_version\" : 1,\n  \"errors\" : [\n\n  ]\n}\n")
    }

    @Test func whatOnlyLooksLikeItStays() {
        for text in [
            #"{"a":{"format_version":1},"b":2}"#, #"{"a":"x,\"format_version\":1","b":2}"#, #"{"format_version":1,"a":2}"#, "{}", "[]", "",
        ] {
            #expect(moved(text) == text)
        }
    }
}
