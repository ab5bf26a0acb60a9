import Curl
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import S3

/// How long the chain keeps what it was lent.
@Suite struct LoanTests {
    func chain(_ agent: LoopbackServer) throws -> CredentialChain {
        let environment = ["AWS_CONTAINER_CREDENTIALS_FULL_URI": agent.url, "AWS_EC2_METADATA_DISABLED": "true"]
        return CredentialChain(
            Surroundings(environment: environment, home: "/nowhere"), profile: nil, web: try HTTPClient(), near: try HTTPClient())
    }

    /// Answers each request with the next reply, and with the last one from then on.
    func agent(_ replies: LoopbackServer.Reply...) throws -> LoopbackServer {
        let left = Mutex(replies)
        return try LoopbackServer { _ in left.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] } }
    }

    @Test func whatIsLentAfterItsEndIsKeptForSomeMinutes() throws {
        let server = try agent(CredentialChainTests.loan("OVER", expiring: -60), CredentialChainTests.loan("NEW", expiring: 3600))
        let chain = try chain(server)
        let start = Date()
        for seconds in [0, 1, 29, 31, 250.0] {
            #expect(try chain.credentials(now: start.addingTimeInterval(seconds)).accessKey == "OVER")
        }
        #expect(server.requests.count == 1)
        #expect(try chain.credentials(now: start.addingTimeInterval(301)).accessKey == "NEW")
    }

    @Test func whatWasLentAfterItsEndIsKeptWhileNobodyLends() throws {
        let server = try agent(CredentialChainTests.loan("OVER", expiring: -60), .text(404, ""))
        let chain = try chain(server)
        let start = Date()
        let keys = try [0, 301, 302, 500.0].map { try chain.credentials(now: start.addingTimeInterval($0)).accessKey }
        #expect(keys == ["OVER", "OVER", "OVER", "OVER"])
        #expect(server.requests.count == 2)
    }

    @Test func whatAServerRefusesIsKeptWhileNobodyLends() throws {
        let server = try agent(CredentialChainTests.loan("HELD", expiring: 3600), .text(404, ""))
        let chain = try chain(server)
        let start = Date()
        for _ in 0..<3 {
            let keys = try chain.credentials(now: start)
            #expect(keys.accessKey == "HELD")
            chain.forget(keys, now: start)
        }
        #expect(server.requests.count == 2)
    }
}
