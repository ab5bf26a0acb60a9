import Cataloging
import Foundation
import TestSupport
import Testing

@testable import Pipeline

/// A bucket that says no is not reached, whichever command asks: whoever calls again later need not look at any title.
@Suite struct RefusingBucketTests {
    private let title: PublishedTitle
    /// Answers as to wrong credentials.
    private let server: LoopbackServer
    private static let wrong = ["AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nobody", "AWS_EC2_METADATA_DISABLED": "true"]
    private static let none = [
        "HOME": "/nowhere", "AWS_EC2_METADATA_DISABLED": "true", "AWS_SHARED_CREDENTIALS_FILE": "/nowhere/credentials",
        "AWS_CONFIG_FILE": "/nowhere/config",
    ]

    init() throws {
        title = try PublishedTitle()
        server = try LoopbackServer { _ in .text(403, "<Error><Code>SignatureDoesNotMatch</Code><Message>no</Message></Error>") }
        try title.manifest(publish: "{ url: 's3://films', endpoint: '\(server.url)', region: eu }")
    }

    private func demand69(_ body: () throws -> Void) {
        let failure = failure(body)
        #expect(failure?.status == 69, "\(failure?.words ?? "it went well")")
    }

    @Test(arguments: [wrong, none]) func cleanup(environment: [String: String]) {
        demand69 {
            _ = try Cleanup(manifest: title.folder.file("manifest.yaml"), work: title.folder.file("work"), environment: environment)
        }
    }

    @Test(arguments: [wrong, none]) func rollback(environment: [String: String]) throws {
        let version = PublishedTitle.version("a")
        try title.publish("a", location: "\(server.url)/films/one/\(version)")
        try title.publish("b", day: 1)
        demand69 {
            _ = try Rollback.run(
                "one", to: nil, at: .manifest(title.folder.file("manifest.yaml"), work: title.folder.file("work")), environment: environment
            )
        }
        #expect(try title.current == PublishedTitle.version("b"))
    }

    @Test(arguments: [wrong, none]) func verification(environment: [String: String]) {
        demand69 {
            _ = try Verification.run(
                "s3://films/one/\(PublishedTitle.version("a"))", endpoint: server.url, certificateBundle: nil, environment: environment)
        }
    }

    /// That is the package's fault, and no bucket's.
    @Test func aPackageThatIsNotThereIsNotWhole() throws {
        let empty = try LoopbackServer { _ in .text(404, "<Error><Code>NoSuchKey</Code></Error>") }
        let failure = failure {
            _ = try Verification.run("s3://films/one/0", endpoint: empty.url, certificateBundle: nil, environment: Self.wrong)
        }
        #expect(failure?.status == 1)
    }
}
