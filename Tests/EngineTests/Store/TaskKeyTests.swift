import Testing

@testable import Engine

/// Keys follow from content, parameters and tools, and from nothing else.
@Suite struct TaskKeyTests {
    private struct Work: Encodable {
        var source = "5ca1ab1e"
        var numbers = ["b": 1, "a": 2]
    }

    private func tools(_ build: String, format: Int = 1) throws -> TaskKey.Tools { try TaskKey.Tools(format: format, [build]) }

    @Test func theSameValueHasTheSameKey() throws {
        let key = try TaskKey("chunk", of: Work(), tools: tools("aa"))
        #expect(try TaskKey("chunk", of: Work(), tools: tools("aa")) == key)
        #expect(key.description.count == 64)
        #expect(key.description.allSatisfy { $0.isHexDigit && !$0.isUppercase })
    }

    @Test func whateverShapesBytesChangesIt() throws {
        let key = try TaskKey("chunk", of: Work(), tools: tools("aa"))
        #expect(try TaskKey("sound", of: Work(), tools: tools("aa")) != key)
        #expect(try TaskKey("chunk", of: Work(source: "0ther"), tools: tools("aa")) != key)
        #expect(try TaskKey("chunk", of: Work(), tools: tools("bb")) != key)
        #expect(try TaskKey("chunk", of: Work(), tools: tools("aa", format: 2)) != key)
    }
}
