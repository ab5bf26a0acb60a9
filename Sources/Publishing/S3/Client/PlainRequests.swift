import Curl
import Foundation

/// Requests without a signature, tried again as signed ones are.
struct PlainRequests: Sendable {
    var client: HTTPClient
    var policy = RetryPolicy()
    var isStopped: @Sendable () -> Bool = { false }

    /// - Throws: `unreachable` when there is no answer; one with any status is an answer.
    func send(_ request: HTTPRequest, operation: String) throws(PublishingError) -> HTTPResponse {
        var state = RetryState(policy)
        var budget = RetryBudget()
        while true {
            let outcome: RetryState.Outcome
            let result: Result<HTTPResponse, PublishingError>
            do throws(CurlError) {
                let answer = try client.send(request)
                guard let fault = S3Fault(answer) else { return answer }
                outcome = .refused(fault, retryAfter: answer["retry-after"], serverTime: nil)
                result = .success(answer)
            } catch {
                outcome = .broken(isTransient: error.isTransient)
                result = .failure(PublishingError(.unreachable, operation: operation, detail: "\(error)"))
            }
            guard !isStopped() else { throw PublishingError(.cancelled, operation: operation, detail: "it was asked to stop") }
            let decision = state.decide(outcome, now: Date(), chance: Double.random(in: 0..<1), budget: &budget)
            guard case .retry(let seconds) = decision else { return try result.get() }
            Thread.sleep(forTimeInterval: seconds)
        }
    }
}
