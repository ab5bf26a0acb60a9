package import Curl
import Foundation
package import MediaModel

/// Requests without a signature, tried again as signed ones are.
package struct PlainRequests: Sendable {
    package var client: HTTPClient
    package var policy: RetryPolicy
    package var isStopped: @Sendable () -> Bool
    /// What people read of a request that got no answer.
    package var words: @Sendable (CurlError) -> String

    package init(
        client: HTTPClient, policy: RetryPolicy = RetryPolicy(), isStopped: @escaping @Sendable () -> Bool = { false },
        words: @escaping @Sendable (CurlError) -> String = { "\($0)" }
    ) {
        self.client = client
        self.policy = policy
        self.isStopped = isStopped
        self.words = words
    }

    /// - Throws: `unreachable` when there is no answer; one with any status is an answer.
    package func send(_ request: HTTPRequest, operation: String) throws(TransferError) -> HTTPResponse {
        var state = RetryState(policy)
        var budget = RetryBudget()
        while true {
            let outcome: RetryState.Outcome
            let result: Result<HTTPResponse, TransferError>
            do throws(CurlError) {
                let answer = try client.send(request, isStopped: isStopped)
                guard let fault = S3Fault(answer) else { return answer }
                outcome = .refused(fault, retryAfter: answer["retry-after"], serverTime: nil)
                result = .success(answer)
            } catch {
                if error.code == .notPartial { throw TransferError(.changed, operation: operation, detail: error.detail) }
                outcome = .broken(isTransient: error.isTransient)
                result = .failure(TransferError(.init(error), operation: operation, detail: words(error)))
            }
            guard !isStopped() else { throw Self.cancelled(operation) }
            let decision = state.decide(outcome, now: Date(), chance: Double.random(in: 0..<1), budget: &budget)
            guard case .retry(let seconds) = decision else { return try result.get() }
            guard pause(seconds: seconds, isStopped: isStopped) else { throw Self.cancelled(operation) }
        }
    }

    private static func cancelled(_ operation: String) -> TransferError {
        TransferError(.cancelled, operation: operation, detail: "it was asked to stop")
    }
}

extension TransferError.Code {
    /// What a request that got no answer means: mostly that nobody was there, sometimes that this machine cannot keep what came.
    package init(_ error: CurlError) {
        switch error.code {
        case .diskFull: self = .diskFull
        case .unwritable, .unreadable: self = .inputOutput
        case .tooLarge: self = .tooLarge
        case .notPartial: self = .changed
        case .malformed: self = .invalidSettings
        default: self = .unreachable
        }
    }
}
