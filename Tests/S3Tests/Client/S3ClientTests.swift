import Curl
import Foundation
import MediaModel
import Synchronization
import TestSupport
import Testing

@testable import S3

@Suite struct S3ClientTests {
    private static let surroundings = Surroundings(
        environment: ["AWS_ACCESS_KEY_ID": "KEY", "AWS_SECRET_ACCESS_KEY": "geheim", "AWS_EC2_METADATA_DISABLED": "true"], home: "/nowhere")

    /// Does not wait long, and tries as often as others.
    static func client(_ server: LoopbackServer, _ change: (inout S3Settings) -> Void = { _ in }) throws -> S3Client {
        var settings = S3Settings(bucket: "films")
        settings.endpoint = server.url
        change(&settings)
        var policy = RetryPolicy()
        policy.base = 0.01
        policy.longest = 0.02
        return try S3Client(settings, Self.surroundings, policy: policy)
    }

    @Test func theBucketsCertificatesAreNotThoseOfAmazonsTokenService() throws {
        var bucket = HTTPClient.Settings()
        bucket.certificateBundle = "own.pem"
        var surroundings = Self.surroundings
        #expect(try S3Client.tokenService(bucket, surroundings, profile: nil).certificateBundle == nil)
        // A company's proxy stands before Amazon's too.
        surroundings.environment["AWS_CA_BUNDLE"] = "/company.pem"
        #expect(try S3Client.tokenService(bucket, surroundings, profile: nil).certificateBundle == "/company.pem")
        for variable in ["AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"] {
            var surroundings = surroundings
            surroundings.environment[variable] = "https://sts.example.com"
            #expect(try S3Client.tokenService(bucket, surroundings, profile: nil) == bucket)
        }
    }

    @Test func aRefusedLookTellsTheServersWords() throws {
        let server = try LoopbackServer { request in
            let words = "<Error><Code>InvalidAccessKeyId</Code><Message>No such key</Message></Error>"
            return request.method == "HEAD" ? .answer(403) : .text(403, words)
        }
        let error = #expect(throws: TransferError.self) { try Self.client(server).head("k") }
        #expect(error?.detail == "status 403 InvalidAccessKeyId: No such key" && error?.code == .refused)
        // Each is signed twice: the keys may have been renewed.
        #expect(server.requests.map(\.method) == ["HEAD", "HEAD", "GET", "GET"])
        #expect(server.requests.last?.headers["range"] == "bytes=0-0")
    }

    @Test(arguments: [404, 412]) func whatALookSaysByItsStatusIsNotAskedAgain(_ status: Int) throws {
        let server = try LoopbackServer { _ in .answer(status) }
        let client = try Self.client(server)
        if status == 404 { #expect(try client.head("k") == nil) } else { #expect(throws: TransferError.self) { try client.head("k") } }
        #expect(server.requests.map(\.method) == ["HEAD"])
    }

    @Test func aRefusedLookThatCannotBeExplainedStaysOne() throws {
        let server = try LoopbackServer { $0.method == "HEAD" ? .answer(403) : .text(206, "x") }
        let error = #expect(throws: TransferError.self) { try Self.client(server).head("k") }
        #expect(error?.detail == "status 403")
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
        try ParallelWork.forEach(Array(0..<64), threads: 64) { number throws(TransferError) in
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
        #expect(throws: TransferError.self) { try client.list("") }
        #expect(throws: TransferError.self) { try client.listUploads("") }
        #expect(throws: TransferError.self) { try client.listParts("k", "u") }
        #expect(server.requests.count == 3 * 12)
    }
}
