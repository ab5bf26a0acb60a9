import Curl
import Testing

@testable import Fetching

@Suite struct RemoteIdentityTests {
    @Test func anotherFileOfTheSameSizeIsTold() {
        let one = RemoteIdentity(bytes: 5, etag: "\"a\"", lastModified: "Mon")
        #expect(one.isSame(as: one))
        #expect(!one.isSame(as: RemoteIdentity(bytes: 5, etag: "\"b\"", lastModified: "Mon")))
        #expect(!one.isSame(as: RemoteIdentity(bytes: 6, etag: "\"a\"", lastModified: "Mon")))
        #expect(!one.isSame(as: RemoteIdentity(bytes: 5, lastModified: "Mon")))
        let versioned = RemoteIdentity(bytes: 5, etag: "\"a\"", version: "1")
        #expect(!versioned.isSame(as: RemoteIdentity(bytes: 5, etag: "\"a\"", version: "2")))
        let dated = RemoteIdentity(bytes: 5, lastModified: "Mon")
        #expect(dated.isSame(as: dated) && !dated.isSame(as: RemoteIdentity(bytes: 5, lastModified: "Tue")))
    }

    @Test func withoutAMarkOrASizeNothingIsTheSame() {
        for vague in [RemoteIdentity(bytes: 5), RemoteIdentity(bytes: nil, etag: "\"a\"")] {
            #expect(!vague.isFirm && !vague.isSame(as: vague))
        }
    }

    @Test func anAnswerIsHeldAgainstWhatWasAskedFor() {
        let wanted = RemoteIdentity(bytes: 100, etag: "\"a\"", lastModified: "Mon")
        func isContradicted(_ headers: [String: String]) -> Bool {
            wanted.isContradicted(by: HTTPResponse(status: 206, headers: headers.map { HTTPField($0.key, $0.value) }))
        }
        #expect(!isContradicted(["Content-Range": "bytes 0-9/100", "Content-Length": "10", "ETag": "\"a\""]))
        #expect(!isContradicted(["Content-Range": "bytes 0-9/*", "Content-Length": "10"]))
        #expect(isContradicted(["Content-Range": "bytes 0-9/101", "Content-Length": "10"]))
        #expect(isContradicted(["Content-Range": "bytes 0-9/100", "ETag": "\"b\""]))
        #expect(isContradicted(["Content-Range": "bytes 0-9/100", "Last-Modified": "Tue"]))
    }

    @Test func aWeakTagIsNoCondition() {
        #expect(RemoteIdentity(bytes: 1, etag: "\"a\"", lastModified: "Mon").conditions == [HTTPField("if-match", "\"a\"")])
        #expect(RemoteIdentity(bytes: 1, etag: "W/\"a\"", lastModified: "Mon").conditions == [HTTPField("if-unmodified-since", "Mon")])
        #expect(RemoteIdentity(bytes: 1, etag: "W/\"a\"").conditions.isEmpty)
    }
}
