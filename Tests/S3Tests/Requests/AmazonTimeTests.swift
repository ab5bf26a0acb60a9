import Foundation
import Testing

@testable import S3

@Suite struct AmazonTimeTests {
    @Test(
        arguments: [
            "2015-08-30T12:36:00Z", "2015-08-30T12:36:00.000Z", "2015-08-30T12:36:00", "2015-08-30T14:36:00+02:00",
            "2015-08-30T14:36:00.123456+0200", "2015-08-30T14:36:00+02", "2015-08-30T07:06:00-05:30", "2015-08-31T01:36:00+13:00",
        ])
    func theSameMomentInManyForms(_ text: String) {
        #expect(AmazonTime.parseISO(text) == Date(timeIntervalSince1970: 1_440_938_160))
    }

    @Test(arguments: ["", "2015-08-30", "2015-08-30T12:36", "2015-08-30T12:36:00 UTC", "2015-08-30T12:36:00+2", "2015-08-30T12:36:00+-200"])
    func whatIsNoMoment(_ text: String) {
        #expect(AmazonTime.parseISO(text) == nil)
    }

    @Test func ofHeadersAndSignatures() {
        let time = Date(timeIntervalSince1970: 1_440_938_160)
        #expect(AmazonTime.parseHeader("Sun, 30 Aug 2015 12:36:00 GMT") == time)
        #expect(AmazonTime.timestamp(time) == "20150830T123600Z")
    }
}
