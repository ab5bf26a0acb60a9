import Curl
import Testing

@testable import Publishing

@Suite struct BodyTrustTests {
    let silent = HTTPResponse(status: 200)
    let write = HTTPRequest("PUT", "http://s/b/k", headers: [HTTPField("x-amz-checksum-sha256", "x=")])

    @Test func onlyAServerThatWasSilentIsTestedAndOnlyOnce() {
        var trust = BodyTrust()
        #expect(trust.needsMD5 && !trust.isOpenQuestion)
        // A copy tells its checksum elsewhere.
        trust.saw(silent, to: HTTPRequest("PUT", "http://s/b/k", headers: [HTTPField("x-amz-checksum-algorithm", "SHA256")]))
        #expect(!trust.isOpenQuestion)
        trust.saw(silent, to: write)
        #expect(trust.isOpenQuestion)
        let begins = [trust.beginTest(), trust.beginTest()]
        #expect(begins == [true, false] && !trust.isOpenQuestion && trust.needsMD5)
    }

    @Test func whatEndsTheQuestion() {
        var told = BodyTrust()
        told.saw(HTTPResponse(status: 200, headers: [HTTPField("x-amz-checksum-sha256", "x=")]), to: write)
        #expect(told.tellsSHA256 && !told.needsMD5 && !told.isOpenQuestion)
        var promised = BodyTrust()
        promised.saw(HTTPResponse(status: 200, headers: [HTTPField("x-amz-checksum-algorithm", "SHA256")]), to: write)
        #expect(!promised.needsMD5)
        var refused = BodyTrust()
        refused.sawRefusal(S3Fault(status: 400, code: "XAmzContentSHA256Mismatch"))
        #expect(refused.refusesOthers && !refused.needsMD5)
    }

    @Test(arguments: ["AccessDenied", "PreconditionFailed", "InternalError", ""]) func whatProvesNothing(_ code: String) {
        var trust = BodyTrust()
        trust.sawRefusal(S3Fault(status: 403, code: code))
        #expect(trust.needsMD5)
    }
}
