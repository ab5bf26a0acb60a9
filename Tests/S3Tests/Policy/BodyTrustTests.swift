import Testing

@testable import S3

@Suite struct BodyTrustTests {
    @Test func theQuestionIsAskedOnce() {
        var trust = BodyTrust()
        #expect(trust.needsMD5 && trust.isOpenQuestion)
        let begins = [trust.beginTest(), trust.beginTest()]
        #expect(begins == [true, false] && !trust.isOpenQuestion && trust.needsMD5)
    }

    @Test(arguments: ["XAmzContentSHA256Mismatch", "BadDigest", "SignatureDoesNotMatch"]) func aRefusalEndsIt(_ code: String) {
        var trust = BodyTrust()
        trust.sawRefusal(S3Fault(status: 400, code: code))
        #expect(trust.refusesOthers && !trust.needsMD5 && !trust.isOpenQuestion)
    }

    @Test(arguments: ["AccessDenied", "PreconditionFailed", "InternalError", ""]) func whatProvesNothing(_ code: String) {
        var trust = BodyTrust()
        trust.sawRefusal(S3Fault(status: 403, code: code))
        #expect(trust.needsMD5)
    }
}
