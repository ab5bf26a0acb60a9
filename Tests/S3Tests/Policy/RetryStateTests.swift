import Foundation
import Testing

@testable import S3

@Suite struct RetryStateTests {
    let now = Date(timeIntervalSince1970: 1_440_938_160)

    func refused(
        _ status: Int, _ code: String = "", retryAfter: String? = nil, serverTime: Date? = nil, region: String? = nil, host: String? = nil
    ) -> RetryState.Outcome {
        var fault = S3Fault(status: status, code: code)
        fault.region = region
        fault.host = host
        return .refused(fault, retryAfter: retryAfter, serverTime: serverTime)
    }

    func first(_ outcome: RetryState.Outcome, chance: Double = 0.5) -> RetryState.Decision {
        var state = RetryState()
        var budget = RetryBudget()
        return state.decide(outcome, now: now, chance: chance, budget: &budget)
    }

    @Test(arguments: [408, 425, 429, 500, 502, 503, 504, 509, 520, 521, 522, 523, 524, 525, 527]) func busyServersAreAskedAgain(
        _ status: Int
    ) {
        #expect(first(refused(status)) == .retry(after: 0.125))
    }

    @Test(arguments: [400, 403, 404, 405, 411, 412, 416, 501, 505, 526]) func whatWouldBeSaidAgainIsFinal(_ status: Int) {
        #expect(first(refused(status, "Whatever")) == .giveUp)
    }

    @Test func noSuccessWithAnErrorInsideIsTakenForOne() {
        #expect(first(refused(200, "InternalError")) == .retry(after: 0.125))
        #expect(first(refused(200, "AccessDenied")) == .giveUp)
    }

    @Test func aBodyThatArrivedDamagedIsSentAgain() {
        #expect(first(refused(400, "BadDigest")) == .retry(after: 0.125))
        #expect(first(refused(400, "XAmzContentSHA256Mismatch")) == .retry(after: 0.125))
        var state = RetryState()
        var budget = RetryBudget()
        var tries = 1
        while case .retry = state.decide(refused(400, "BadDigest"), now: now, chance: 0, budget: &budget) { tries += 1 }
        #expect(tries == 4)
    }

    @Test func theNetworksFaultsAreTransientAndOursAreNot() {
        #expect(first(.broken(isTransient: true)) == .retry(after: 0.125))
        #expect(first(.broken(isTransient: false)) == .giveUp)
    }

    @Test func waitsGrowByPowersAndAreBounded() {
        var state = RetryState()
        var budget = RetryBudget()
        var waits: [Double] = []
        while case .retry(let seconds) = state.decide(refused(503), now: now, chance: 1, budget: &budget) { waits.append(seconds) }
        #expect(waits == [0.25, 0.5, 1, 2, 4, 8, 16, 20, 20])
    }

    @Test func jitterGoesDownToNothing() {
        #expect(first(refused(503), chance: 0) == .retry(after: 0))
    }

    @Test func theServersOwnWaitIsHonoured() {
        #expect(first(refused(503, retryAfter: "7"), chance: 0) == .retry(after: 7))
        #expect(first(refused(503, retryAfter: "Sun, 30 Aug 2015 12:36:09 GMT"), chance: 0) == .retry(after: 9))
        #expect(first(refused(503, retryAfter: "soon"), chance: 1) == .retry(after: 0.25))
    }

    @Test(arguments: ["121", "86400", "Sun, 30 Aug 2015 18:36:00 GMT"]) func aServerThatAsksForTooMuchIsAskedOnceMore(_ wait: String) {
        var state = RetryState()
        var budget = RetryBudget()
        #expect(state.decide(refused(503, retryAfter: wait), now: now, chance: 0, budget: &budget) == .retry(after: 120))
        #expect(state.decide(refused(503, retryAfter: "7"), now: now, chance: 0, budget: &budget) == .retry(after: 7))
        #expect(state.decide(refused(503, retryAfter: wait), now: now, chance: 0, budget: &budget) == .giveUp)
    }

    @Test func aServerThatIsDownUsesUpTheBudgetOfAll() {
        var budget = RetryBudget(capacity: 12)
        var decisions: [RetryState.Decision] = []
        for _ in 0..<3 {
            var state = RetryState()
            decisions.append(state.decide(refused(503), now: now, chance: 0, budget: &budget))
        }
        #expect(decisions == [.retry(after: 0), .retry(after: 0), .giveUp])
    }

    @Test(arguments: [1, 16, 256]) func aBurstOfEverythingInFlightDoesNotUseItUp(_ concurrency: Int) {
        var budget = RetryBudget(concurrency: concurrency)
        var states = Array(repeating: RetryState(), count: concurrency)
        for _ in 0..<2 {
            for index in states.indices {
                #expect(states[index].decide(.broken(isTransient: true), now: now, chance: 0, budget: &budget) == .retry(after: 0))
            }
        }
    }

    @Test func oneFaultInTenNeverUsesItUp() {
        var budget = RetryBudget()
        for number in 0..<10_000 {
            var state = RetryState()
            let outcome = number.isMultiple(of: 10) ? refused(503) : .succeeded
            #expect(state.decide(outcome, now: now, chance: 0, budget: &budget) != .giveUp)
        }
    }

    @Test func anotherRegionIsFollowedOnce() {
        var state = RetryState()
        var budget = RetryBudget()
        let moved = refused(301, "PermanentRedirect", region: "eu-west-1", host: "b.s3.eu-west-1.amazonaws.com")
        let decision = state.decide(moved, now: now, chance: 0, budget: &budget)
        #expect(decision == .redirect(region: "eu-west-1", host: "b.s3.eu-west-1.amazonaws.com"))
        #expect(state.decide(moved, now: now, chance: 0, budget: &budget) == .giveUp)
        #expect(first(refused(400, "AuthorizationHeaderMalformed", region: "us-west-2")) == .redirect(region: "us-west-2", host: nil))
        #expect(first(refused(301)) == .giveUp)
    }

    @Test func aWrongClockIsCorrectedOnce() {
        var state = RetryState()
        var budget = RetryBudget()
        let skewed = refused(403, "RequestTimeTooSkewed", serverTime: now.addingTimeInterval(7200))
        #expect(state.decide(skewed, now: now, chance: 0, budget: &budget) == .correctClock(by: 7200))
        #expect(state.decide(skewed, now: now, chance: 0, budget: &budget) == .giveUp)
    }

    @Test func keysThatWereGoodOnceAreLookedForAnewOnce() {
        var state = RetryState()
        var budget = RetryBudget()
        let stale = refused(400, "ExpiredToken")
        #expect(state.decide(stale, now: now, chance: 0, budget: &budget) == .renewCredentials)
        #expect(state.decide(stale, now: now, chance: 0, budget: &budget) == .giveUp)
        #expect(first(refused(403, "InvalidAccessKeyId")) == .renewCredentials)
        #expect(first(refused(400)) == .renewCredentials)
        #expect(first(refused(403, "InvalidTokenId")) == .renewCredentials)
    }

    /// Without a code an answer may mean the clock, the keys, or that there is no such right: each is seen to once.
    @Test func aRefusalWithoutAWordIsAskedAgainWithNewKeysOnce() {
        var state = RetryState()
        var budget = RetryBudget()
        let refusal = refused(403, "", serverTime: now.addingTimeInterval(7200))
        #expect(state.decide(refusal, now: now, chance: 0, budget: &budget) == .correctClock(by: 7200))
        let later = now.addingTimeInterval(7200)
        #expect(state.decide(refusal, now: later, chance: 0, budget: &budget) == .renewCredentials)
        #expect(state.decide(refusal, now: later, chance: 0, budget: &budget) == .giveUp)
        #expect(first(refused(403)) == .renewCredentials)
        #expect(first(refused(403, "", serverTime: now.addingTimeInterval(3))) == .renewCredentials)
    }

    @Test func aRefusalWithARightClockIsFinal() {
        #expect(first(refused(403, "AccessDenied", serverTime: now.addingTimeInterval(7200))) == .giveUp)
        #expect(first(refused(403, "RequestTimeTooSkewed", serverTime: now.addingTimeInterval(3))) == .giveUp)
        // A refused HEAD has no code: only the clock can tell.
        #expect(first(refused(403, "", serverTime: now.addingTimeInterval(-7200))) == .correctClock(by: -7200))
    }
}
