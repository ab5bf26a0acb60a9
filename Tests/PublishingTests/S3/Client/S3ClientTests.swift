import Curl
import Foundation
import MediaModel
import Synchronization
import TestSupport
import Testing

@testable import Publishing

@Suite struct S3ClientTests {
    /// Does not wait long, and tries as often as others.
    static func client(_ server: LoopbackServer, _ change: (inout S3Settings) -> Void = { _ in }) throws -> S3Client {
        var settings = S3Settings(bucket: "films")
        settings.endpoint = server.url
        change(&settings)
        var policy = RetryPolicy()
        policy.base = 0.01
        policy.longest = 0.02
        return try S3Client(settings, FakeBucket.surroundings, policy: policy)
    }

    @Test func theBucketsCertificatesAreNotThoseOfAmazonsTokenService() {
        var bucket = HTTPClient.Settings()
        bucket.certificateBundle = "own.pem"
        var surroundings = FakeBucket.surroundings
        #expect(S3Client.tokenService(bucket, surroundings).certificateBundle == nil)
        surroundings.environment["AWS_ENDPOINT_URL_STS"] = "https://sts.example.com"
        #expect(S3Client.tokenService(bucket, surroundings) == bucket)
    }

    @Test func aBurstOfFaultsInEverythingInFlightIsSurvived() throws {
        let seen = Mutex<[String: Int]>([:])
        let server = try LoopbackServer { request in
            let count = seen.withLock { seen in
                seen[request.path, default: 0] += 1
                return seen[request.path] ?? 0
            }
            return count <= 2 ? .text(503, "<Error><Code>SlowDown</Code></Error>") : .text(200, "")
        }
        let client = try Self.client(server) { $0.concurrency = 64 }
        try ParallelWork.forEach(Array(0..<64), threads: 64) { number throws(PublishingError) in
            try client.demand(S3Request("GetObject", "GET", "\(number)"))
        }
        #expect(server.requests.count == 3 * 64)
    }

    @Test func pagesThatLeadBackAreAFaultAndNoEndlessList() throws {
        let server = try LoopbackServer { request in
            let mark = request.query.contains("token=b") || request.query.contains("marker=b") ? "a" : "b"
            let (name, rest) =
                request.query.contains("list-type")
                ? ("ListBucketResult", "<NextContinuationToken>\(mark)</NextContinuationToken>")
                : request.query.contains("uploadId")
                    ? ("ListPartsResult", "<NextPartNumberMarker>\(mark)</NextPartNumberMarker>")
                    : ("ListMultipartUploadsResult", "<NextKeyMarker>\(mark)</NextKeyMarker>")
            return .text(200, "<\(name)><IsTruncated>true</IsTruncated>\(rest)</\(name)>")
        }
        let client = try Self.client(server)
        #expect(throws: PublishingError.self) { try client.list("") }
        #expect(throws: PublishingError.self) { try client.listUploads("") }
        #expect(throws: PublishingError.self) { try client.listParts("k", "u") }
        #expect(server.requests.count == 3 * 12)
    }
}
