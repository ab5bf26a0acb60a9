import MediaModel
import Testing

@testable import Pipeline

/// Keys follow from content, parameters and libraries, and from nothing else.
@Suite struct TaskKeyTests {
    private struct Work: Encodable {
        var source = "5ca1ab1e"
        var numbers = ["b": 1, "a": 2]
    }

    private static let libraries = [LibraryIdentity(name: "libx264", version: "164", buildID: "aa")]

    @Test func theSameValueHasTheSameKey() throws {
        let key = try TaskKey("chunk", of: Work(), libraries: Self.libraries)
        #expect(try TaskKey("chunk", of: Work(), libraries: Self.libraries) == key)
        #expect(key.description.count == 64)
        #expect(key.description.allSatisfy { $0.isHexDigit && !$0.isUppercase })
    }

    @Test func whateverShapesBytesChangesIt() throws {
        let key = try TaskKey("chunk", of: Work(), libraries: Self.libraries)
        #expect(try TaskKey("sound", of: Work(), libraries: Self.libraries) != key)
        #expect(try TaskKey("chunk", of: Work(source: "0ther"), libraries: Self.libraries) != key)
        var other = Self.libraries
        other[0].buildID = "bb"
        #expect(try TaskKey("chunk", of: Work(), libraries: other) != key)
        #expect(try TaskKey("chunk", of: Work(), libraries: []) != key)
    }
}
