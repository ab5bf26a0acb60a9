import Foundation
import Testing

@testable import Planning

struct JSONValueTests {
    @Test func membersKeepTheirOrderAndNothingIsLeftOut() {
        let value = JSONValue.object(["b": .whole(1), "a": nil, "c": .list([.text("x"), .bool(true)]), "d": .object([])])
        #expect(value.written() == "{\n  \"b\": 1,\n  \"c\": [\"x\", true],\n  \"d\": {}\n}")
        #expect(JSONValue.list([.object(["a": .number("0.5")])]).written() == "[\n  {\n    \"a\": 0.5\n  }\n]")
    }

    @Test(arguments: ["plain", "quote \" and \\", "line\nand\ttab", "\u{1}", "é 😀", "a\r\nb"])
    func everyTextComesBack(text: String) throws {
        let data = Data(JSONValue.list([.text(text)]).written().utf8)
        #expect(try JSONSerialization.jsonObject(with: data) as? [String] == [text])
    }
}
